//! Any plan with any sources: errors, but no panic, and what the plan's documentation promises.

use hayate_kernels::error::KernelError;
use hayate_kernels::image::coefficients::Sampling;
use hayate_kernels::image::filter::Filter;
use hayate_kernels::image::fit::{Border, Convention, Fit, MAX_SIDE};
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::source::Format;
use hayate_kernels::image::tensor::{Channels, Element, Layout, TensorSpec};
use hayate_kernels::image::yuv::{Conversion, Matrix, Range};

use super::Bytes;

/// Pixels of the largest picture that is converted; larger ones are skipped unless they must be refused.
const LARGEST: u64 = 1 << 16;
/// Bytes that no buffer may have.
const TOO_LARGE: u64 = 1 << 28;

pub fn plan(data: &[u8]) {
    let mut bytes = Bytes(data);
    let spec = spec(&mut bytes);
    let (out_width, out_height) = spec.fit.output_size();
    if is_slow(out_width, out_height) {
        return;
    }
    let Ok(mut plan) = ImagePlan::new(spec) else {
        return;
    };
    assert_eq!(plan.run(), Err(KernelError::NoInput));
    for _ in 0..=bytes.byte() % 4 {
        source(&mut plan, spec, &mut bytes);
    }
}

fn is_slow(width: u32, height: u32) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    let legal = width.max(height) <= MAX_SIDE;
    legal && pixels > LARGEST && pixels <= TOO_LARGE
}

fn side(bytes: &mut Bytes) -> u32 {
    match bytes.byte() {
        0 => bytes.u32(),
        1 => bytes.pick([0, MAX_SIDE, MAX_SIDE + 1, u32::MAX]),
        small => u32::from(small) - 1,
    }
}

fn spec(bytes: &mut Bytes) -> PlanSpec {
    let (width, height) = (side(bytes), side(bytes));
    let conventions = [Convention::Yolo, Convention::Yolox, Convention::MediaPipe];
    let fits = [
        Fit::Stretch { width, height },
        Fit::ShorterSideCrop {
            shorter_side: side(bytes),
            crop_width: width,
            crop_height: height,
        },
        Fit::Letterbox {
            width,
            height,
            convention: bytes.pick(conventions),
            pad: bytes.byte(),
        },
        Fit::Affine {
            width,
            height,
            border: bytes.pick([Border::Zero, Border::Replicate]),
        },
    ];
    PlanSpec {
        fit: bytes.pick(fits),
        sampling: bytes.pick([
            None,
            Some(Sampling::OpencvLinear),
            Some(Sampling::Pillow(Filter::Box)),
            Some(Sampling::Pillow(Filter::Bilinear)),
            Some(Sampling::Pillow(Filter::Hamming)),
            Some(Sampling::Pillow(Filter::Bicubic)),
            Some(Sampling::Pillow(Filter::Lanczos)),
        ]),
        tensor: TensorSpec {
            layout: bytes.pick([Layout::Nchw, Layout::Nhwc]),
            channels: bytes.pick([Channels::Rgb, Channels::Bgr, Channels::Luma]),
            element: bytes.pick([Element::F32, Element::F16, Element::U8, Element::I8]),
            mean: [bytes.f64(), bytes.f64(), bytes.f64()],
            std: [bytes.f64(), bytes.f64(), bytes.f64()],
            scale: bytes.f64(),
            zero_point: bytes.f64(),
        },
    }
}

static LIMITED: Conversion = Conversion::new(Matrix::Bt709, Range::Limited);
static FULL: Conversion = Conversion::new(Matrix::Bt601, Range::Full);

fn source(plan: &mut ImagePlan, spec: PlanSpec, bytes: &mut Bytes) {
    let (width, height) = (side(bytes), side(bytes));
    if is_slow(width, height) {
        return;
    }
    let conversion = bytes.pick([&LIMITED, &FULL]);
    let format = bytes.pick([
        Format::Rgbx,
        Format::Bgrx,
        Format::Grey,
        Format::I420(conversion),
        Format::Nv12(conversion),
    ]);
    let (seed, plain) = (bytes.u32() | 1, bytes.byte().is_multiple_of(4));
    if plan.reserve(width, height, format).is_err() {
        assert_eq!(plan.run(), Err(KernelError::NoInput));
        return;
    }
    if matches!(spec.fit, Fit::Affine { .. }) {
        plan.set_matrix(core::array::from_fn(|_| bytes.f64() * 40.0));
    }
    let (out_width, out_height) = spec.fit.output_size();
    let element = spec.tensor.channels.count() * spec.tensor.element.bytes();
    assert_eq!(
        plan.output().len(),
        out_width as usize * out_height as usize * element
    );
    let (columns, rows) = (width as usize, height as usize);
    let region = plan.region();
    assert!(!region.columns.is_empty() && region.columns.end <= columns);
    assert!(!region.rows.is_empty() && region.rows.end <= rows);

    fill(plan.input_mut(), seed, plain);
    plan.run().unwrap();
    let expected = plan.output().to_vec();
    let even = matches!(spec.fit, Fit::Stretch { .. } | Fit::ShorterSideCrop { .. });
    // With more taps than this, the rounding errors of the weights add up to more than a level.
    if plain
        && even
        && width.max(height) <= 2048
        && !matches!(format, Format::I420(_) | Format::Nv12(_))
    {
        assert_one_colour(&expected, spec.tensor);
    }
    // Whatever lies outside the region, and whatever the last run left behind.
    if let Format::Rgbx | Format::Bgrx | Format::Grey = format {
        let step = if format == Format::Grey { 1 } else { 4 };
        for (index, pixel) in plan.input_mut().chunks_exact_mut(step).enumerate() {
            let (x, y) = (index % columns, index / columns);
            if !region.columns.contains(&x) || !region.rows.contains(&y) {
                pixel.fill(!pixel[0]);
            }
        }
    }
    plan.run().unwrap();
    assert_eq!(plan.output(), expected);
}

fn fill(bytes: &mut [u8], seed: u32, plain: bool) {
    if plain {
        bytes.fill(seed as u8);
        return;
    }
    let mut state = seed;
    bytes.fill_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    });
}

/// Every pixel of the tensor equals the first.
fn assert_one_colour(tensor: &[u8], spec: TensorSpec) {
    let element = spec.element.bytes();
    let channels = spec.channels.count();
    let pixels = tensor.len() / element / channels;
    for (index, value) in tensor.chunks_exact(element).enumerate() {
        let channel = match spec.layout {
            Layout::Nchw => index / pixels * pixels,
            Layout::Nhwc => index % channels,
        };
        assert_eq!(value, &tensor[channel * element..][..element]);
    }
}
