//! Scratch memory, regions and errors of image plans.

use hayate_kernels::error::KernelError;
use hayate_kernels::image::coefficients::Sampling;
use hayate_kernels::image::filter::Filter;
use hayate_kernels::image::fit::{Border, Convention, Fit};
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::source::Format;
use hayate_kernels::image::tensor::{Channels, Element, Layout, TensorSpec};
use hayate_kernels::image::yuv::{Conversion, Matrix, Range};

fn plan(fit: Fit) -> ImagePlan {
    plan_of(fit, Some(Sampling::Pillow(Filter::Bicubic)))
}

fn plan_of(fit: Fit, sampling: Option<Sampling>) -> ImagePlan {
    ImagePlan::new(PlanSpec {
        fit,
        sampling,
        tensor: TensorSpec {
            layout: Layout::Nchw,
            channels: Channels::Rgb,
            element: Element::F32,
            mean: [0.5; 3],
            std: [0.5; 3],
            scale: 1.0,
            zero_point: 0.0,
        },
    })
    .expect("a valid spec")
}

const CLASSIC: Fit = Fit::ShorterSideCrop {
    shorter_side: 256,
    crop_width: 224,
    crop_height: 224,
};

#[test]
fn an_extreme_aspect_ratio_stays_small() {
    let mut plan = plan(CLASSIC);
    for (width, height) in [(1, 10_000), (10_000, 1), (1, 32_768), (32_768, 1)] {
        plan.reserve(width, height, Format::Rgbx).unwrap();
        plan.run().unwrap();
        // A few rows of the source and of the tensor: the whole resized picture would have millions.
        assert!(plan.scratch_len() <= 16 * (32_768 + 16) + 224 * 224 * 4);
    }
}

#[test]
fn refuses_bad_sources() {
    let mut plan = plan(CLASSIC);
    assert_eq!(plan.run(), Err(KernelError::NoInput));
    assert_eq!(plan.reserve(0, 5, Format::Rgbx), Err(KernelError::BadSize));
    assert_eq!(
        plan.reserve(5, 32_769, Format::Rgbx),
        Err(KernelError::BadSize)
    );
    assert_eq!(
        plan.reserve(32_768, 32_768, Format::Rgbx),
        Err(KernelError::TooLarge)
    );
    assert_eq!(plan.run(), Err(KernelError::NoInput));
}

#[test]
fn refuses_a_large_result() {
    let mut plan = plan(Fit::Stretch {
        width: 32_768,
        height: 32_768,
    });
    assert_eq!(plan.reserve(1, 1, Format::Rgbx), Err(KernelError::TooLarge));
}

#[test]
fn only_the_region_counts() {
    static CONVERSION: Conversion = Conversion::new(Matrix::Bt709, Range::Limited);
    let conversion = &CONVERSION;
    let formats = [
        Format::Rgbx,
        Format::Grey,
        Format::I420(conversion),
        Format::Nv12(conversion),
    ];
    let fits = [
        CLASSIC,
        Fit::Stretch {
            width: 20,
            height: 30,
        },
        Fit::Letterbox {
            width: 64,
            height: 48,
            convention: Convention::Yolo,
            pad: 114,
        },
    ];
    let samplings = [
        None,
        Some(Sampling::OpencvLinear),
        Some(Sampling::Pillow(Filter::Lanczos)),
    ];
    for fit in fits {
        for (width, height) in [(640, 480), (256, 301), (224, 224), (33, 900), (5, 7)] {
            for (format, sampling) in formats
                .into_iter()
                .flat_map(|format| samplings.map(|sampling| (format, sampling)))
            {
                let mut plan = plan_of(fit, sampling);
                plan.reserve(width, height, format).unwrap();
                for (index, byte) in plan.input_mut().iter_mut().enumerate() {
                    *byte = (index * 7919 % 251) as u8;
                }
                plan.run().unwrap();
                let expected = plan.output().to_vec();
                let region = plan.region();
                let (width, height) = (width as usize, height as usize);
                let inside =
                    |x: usize, y: usize| region.columns.contains(&x) && region.rows.contains(&y);
                let bytes = if format == Format::Rgbx { 4 } else { 1 };
                let input = plan.input_mut();
                let (luma, chroma) = input.split_at_mut(width * height * bytes);
                for (index, pixel) in luma.chunks_exact_mut(bytes).enumerate() {
                    if !inside(index % width, index / width) {
                        pixel.fill(255);
                    }
                }
                let columns = width.div_ceil(2);
                for (index, byte) in chroma.iter_mut().enumerate() {
                    let (x, y) = match format {
                        Format::Nv12(_) => (index / 2 % columns, index / 2 / columns),
                        _ => (index % columns, index / columns % height.div_ceil(2)),
                    };
                    if !inside(x * 2, y * 2) {
                        *byte = 255;
                    }
                }
                plan.run().unwrap();
                assert_eq!(
                    plan.output(),
                    expected,
                    "{width} × {height} {format:?} {fit:?} {sampling:?}"
                );
            }
        }
    }
}

#[test]
fn a_crop_converts_what_it_reads() {
    static CONVERSION: Conversion = Conversion::new(Matrix::Bt601, Range::Full);
    let (width, height) = (62, 50);
    let crop = Fit::Affine {
        width: 20,
        height: 16,
        border: Border::Replicate,
    };
    // Shrinking, enlarging, flipped, beyond the edges, and rotated.
    let matrices = [
        [3.1, 0.0, 0.4, 0.0, 3.1, 0.2],
        [0.3, 0.0, 7.0, 0.0, 0.3, 7.5],
        [-2.0, 0.0, 60.0, 0.0, -2.9, 49.0],
        [6.0, 0.0, -30.0, 0.0, 7.0, -40.0],
        [0.0, 3.0, 0.0, 3.0, 0.0, 0.0],
        [2.0, 1.0, 0.0, -1.0, 2.0, 20.0],
    ];
    for format in [
        Format::Grey,
        Format::I420(&CONVERSION),
        Format::Nv12(&CONVERSION),
    ] {
        let fill = |plan: &mut ImagePlan| {
            plan.reserve(width, height, format).unwrap();
            for (index, byte) in plan.input_mut().iter_mut().enumerate() {
                *byte = (index * 7919 % 251) as u8;
            }
        };
        // All pixels without a resize, as floats.
        let mut whole = plan_of(Fit::Stretch { width, height }, None);
        fill(&mut whole);
        whole.run().unwrap();
        let planes = bytemuck::cast_slice::<u8, f32>(whole.output());
        let pixels = (width * height) as usize;
        let rgbx: Vec<u8> = (0..pixels * 4)
            .map(|at| match at % 4 {
                3 => 255,
                channel => ((planes[channel * pixels + at / 4] * 0.5 + 0.5) * 255.0).round() as u8,
            })
            .collect();
        for matrix in matrices {
            let mut direct = plan_of(crop, None);
            fill(&mut direct);
            direct.set_matrix(matrix);
            direct.run().unwrap();
            // Again, with the scratch of the first run.
            direct.run().unwrap();
            let mut converted = plan_of(crop, None);
            converted.reserve(width, height, Format::Rgbx).unwrap();
            converted.input_mut().copy_from_slice(&rgbx);
            converted.set_matrix(matrix);
            converted.run().unwrap();
            assert!(
                direct.output() == converted.output(),
                "{format:?} by {matrix:?}"
            );
        }
    }
}
