//! Image plans.

use hayate_kernels::error::{KernelError, status_of};
use hayate_kernels::image::coefficients::Sampling;
use hayate_kernels::image::filter::Filter;
use hayate_kernels::image::fit::{Border, Convention, Fit};
use hayate_kernels::image::plan::{ImagePlan as Plan, PlanSpec};
use hayate_kernels::image::source::Format;
use hayate_kernels::image::tensor::{Channels, Element, Layout, TensorSpec};
use hayate_kernels::image::yuv::{Conversion, Matrix, Range};

/// What a caller writes before `configure`.
const SETTINGS: usize = 18;
/// Where an affine crop's matrix is written before `run`, and the map to the source read after `reserve`.
const MATRIX: usize = SETTINGS;
/// What is read after `reserve`.
const RESERVED: usize = MATRIX + 6;
const NUMBERS: usize = RESERVED + 8;

/// An image plan (see `image::plan::ImagePlan`) and the numbers by which it is told what to do and tells
/// what is there.
pub struct ImagePlan {
    numbers: [f64; NUMBERS],
    plan: Result<Plan, KernelError>,
}

export! {
    ImagePlan: imageplan_new, imageplan_free,
    imageplan_numbers_ptr = numbers_ptr() -> *const f64;
    imageplan_configure = configure() -> u32;
    imageplan_reserve = reserve(width: u32, height: u32, format: u32, matrix: u32, range: u32) -> u32;
    imageplan_run = run() -> u32;
}

/// A plan that does nothing until it is configured.
impl Default for ImagePlan {
    fn default() -> Self {
        Self {
            numbers: [0.0; NUMBERS],
            plan: Err(KernelError::NoInput),
        }
    }
}

impl ImagePlan {
    /// Address of 32 f64.
    ///
    /// Settings, from 0: fit (0 stretch, 1 shorter side and crop, 2 letterbox, 3 affine), width, height,
    /// shorter side, letterbox's convention (0 YOLO, 1 YOLOX, 2 MediaPipe) or affine's border (0 zero,
    /// 1 replicate), pad byte, filter (0 nearest, 1 box, 2 bilinear, 3 Hamming, 4 bicubic, 5 Lanczos,
    /// 6 OpenCV's linear), layout (0 NCHW, 1 NHWC), channels (0 RGB, 1 BGR, 2 luma), element (0 f32,
    /// 1 f16, 2 u8, 3 i8), mean × 3, std × 3, scale, zero point. Matrix, from 18: 6 numbers. Reserved,
    /// from 24: address and bytes of the input, address and bytes of the tensor, and the region's left,
    /// top, right and bottom, the last two just outside.
    pub fn numbers_ptr(&self) -> *const f64 {
        self.numbers.as_ptr()
    }

    /// Takes the settings. Refused ones show as the status of every later call, too.
    pub fn configure(&mut self) -> u32 {
        self.plan = spec(&self.numbers).and_then(Plan::new);
        self.plan.as_ref().err().map_or(0, |error| error.status())
    }

    /// Makes room for a source, in pixels. `format` 0 is RGBX, 1 BGRX, 2 grey, 3 I420, 4 NV12; for the
    /// last two, `matrix` 0 is BT.601, 1 BT.709, and `range` 0 limited, 1 full.
    pub fn reserve(
        &mut self,
        width: u32,
        height: u32,
        format: u32,
        matrix: u32,
        range: u32,
    ) -> u32 {
        let plan = match &mut self.plan {
            Ok(plan) => plan,
            Err(error) => return error.status(),
        };
        let conversion = &CONVERSIONS[matrix as usize % 2 * 2 + range as usize % 2];
        let format = match format {
            0 => Format::Rgbx,
            1 => Format::Bgrx,
            2 => Format::Grey,
            3 => Format::I420(conversion),
            4 => Format::Nv12(conversion),
            _ => return KernelError::BadChoice.status(),
        };
        if let Err(error) = plan.reserve(width, height, format) {
            return error.status();
        }
        self.numbers[MATRIX..RESERVED].copy_from_slice(&plan.to_source());
        let region = plan.region();
        let input = plan.input_mut();
        let input = [input.as_ptr() as usize, input.len()];
        let output = plan.output();
        let reserved = [
            input[0],
            input[1],
            output.as_ptr() as usize,
            output.len(),
            region.columns.start,
            region.rows.start,
            region.columns.end,
            region.rows.end,
        ];
        for (number, value) in self.numbers[RESERVED..].iter_mut().zip(reserved) {
            *number = value as f64;
        }
        0
    }

    /// Converts the source.
    pub fn run(&mut self) -> u32 {
        match &mut self.plan {
            Ok(plan) => {
                plan.set_matrix(core::array::from_fn(|place| self.numbers[MATRIX + place]));
                status_of(plan.run())
            }
            Err(error) => error.status(),
        }
    }
}

/// By matrix and range.
static CONVERSIONS: [Conversion; 4] = [
    Conversion::new(Matrix::Bt601, Range::Limited),
    Conversion::new(Matrix::Bt601, Range::Full),
    Conversion::new(Matrix::Bt709, Range::Limited),
    Conversion::new(Matrix::Bt709, Range::Full),
];

fn spec(numbers: &[f64; NUMBERS]) -> Result<PlanSpec, KernelError> {
    // `as` brings what is out of range to the nearest number there is, which the checks refuse.
    let number = |at: usize| numbers[at] as u32;
    let three = |at: usize| core::array::from_fn(|channel| numbers[at + channel]);
    let (width, height, variant) = (number(1), number(2), number(4));
    let fit = match number(0) {
        0 => Fit::Stretch { width, height },
        1 => Fit::ShorterSideCrop {
            shorter_side: number(3),
            crop_width: width,
            crop_height: height,
        },
        2 => Fit::Letterbox {
            width,
            height,
            convention: match variant {
                0 => Convention::Yolo,
                1 => Convention::Yolox,
                2 => Convention::MediaPipe,
                _ => return Err(KernelError::BadChoice),
            },
            pad: number(5) as u8,
        },
        3 => Fit::Affine {
            width,
            height,
            border: match variant {
                0 => Border::Zero,
                1 => Border::Replicate,
                _ => return Err(KernelError::BadChoice),
            },
        },
        _ => return Err(KernelError::BadChoice),
    };
    let filter = match number(6) {
        1 => Filter::Box,
        2 => Filter::Bilinear,
        3 => Filter::Hamming,
        4 => Filter::Bicubic,
        _ => Filter::Lanczos,
    };
    Ok(PlanSpec {
        fit,
        sampling: match number(6) {
            0 => None,
            1..=5 => Some(Sampling::Pillow(filter)),
            6 => Some(Sampling::OpencvLinear),
            _ => return Err(KernelError::BadChoice),
        },
        tensor: TensorSpec {
            layout: match number(7) {
                0 => Layout::Nchw,
                1 => Layout::Nhwc,
                _ => return Err(KernelError::BadChoice),
            },
            channels: match number(8) {
                0 => Channels::Rgb,
                1 => Channels::Bgr,
                2 => Channels::Luma,
                _ => return Err(KernelError::BadChoice),
            },
            element: match number(9) {
                0 => Element::F32,
                1 => Element::F16,
                2 => Element::U8,
                3 => Element::I8,
                _ => return Err(KernelError::BadChoice),
            },
            mean: three(10),
            std: three(13),
            scale: numbers[16],
            zero_point: numbers[17],
        },
    })
}
