//! Image plans.

use wasm_bindgen::prelude::wasm_bindgen;

use super::choose;
use crate::error::{KernelError, status_of};
use crate::image::coefficients::Sampling;
use crate::image::filter::Filter;
use crate::image::fit::{Border, Convention, Fit};
use crate::image::plan::{ImagePlan as Plan, PlanSpec};
use crate::image::source::Format;
use crate::image::tensor::{Channels, Element, Layout, TensorSpec};
use crate::image::yuv::{Conversion, Matrix, Range};

/// What a caller writes before `configure`.
const SETTINGS: usize = 18;
/// Where an affine crop's matrix is written before `run`, and the map to the source read after `reserve`.
const MATRIX: usize = SETTINGS;
/// What is read after `reserve`.
const RESERVED: usize = MATRIX + 6;
const NUMBERS: usize = RESERVED + 8;

/// An image plan (see `image::plan::ImagePlan`) and the numbers by which it is told what to do and tells
/// what is there.
#[wasm_bindgen]
pub struct ImagePlan {
    numbers: [f64; NUMBERS],
    plan: Result<Plan, KernelError>,
}

#[wasm_bindgen]
impl ImagePlan {
    /// A plan that does nothing until it is configured.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            numbers: [0.0; NUMBERS],
            plan: Err(KernelError::NoInput),
        }
    }

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
        let matrix = [Matrix::Bt601, Matrix::Bt709][matrix as usize % 2];
        let range = [Range::Limited, Range::Full][range as usize % 2];
        let format = match format {
            0 => Format::Rgbx,
            1 => Format::Bgrx,
            2 => Format::Grey,
            3 => Format::I420(Conversion::new(matrix, range)),
            4 => Format::Nv12(Conversion::new(matrix, range)),
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

fn spec(numbers: &[f64; NUMBERS]) -> Result<PlanSpec, KernelError> {
    let [fit, width, height, shorter_side, variant, pad, filter, layout, channels, element, ..] =
        // `as` brings what is out of range to the nearest number there is, which the checks refuse.
        numbers.map(|value| value as u32);
    let [
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        mean_r,
        mean_g,
        mean_b,
        std_r,
        std_g,
        std_b,
        scale,
        zero_point,
        ..,
    ] = *numbers;
    let pillow = |filter| Some(Sampling::Pillow(filter));
    Ok(PlanSpec {
        fit: match fit {
            0 => Fit::Stretch { width, height },
            1 => Fit::ShorterSideCrop {
                shorter_side,
                crop_width: width,
                crop_height: height,
            },
            2 => Fit::Letterbox {
                width,
                height,
                convention: choose(
                    variant,
                    &[Convention::Yolo, Convention::Yolox, Convention::MediaPipe],
                )?,
                pad: pad as u8,
            },
            3 => Fit::Affine {
                width,
                height,
                border: choose(variant, &[Border::Zero, Border::Replicate])?,
            },
            _ => return Err(KernelError::BadChoice),
        },
        sampling: choose(
            filter,
            &[
                None,
                pillow(Filter::Box),
                pillow(Filter::Bilinear),
                pillow(Filter::Hamming),
                pillow(Filter::Bicubic),
                pillow(Filter::Lanczos),
                Some(Sampling::OpencvLinear),
            ],
        )?,
        tensor: TensorSpec {
            layout: choose(layout, &[Layout::Nchw, Layout::Nhwc])?,
            channels: choose(channels, &[Channels::Rgb, Channels::Bgr, Channels::Luma])?,
            element: choose(
                element,
                &[Element::F32, Element::F16, Element::U8, Element::I8],
            )?,
            mean: [mean_r, mean_g, mean_b],
            std: [std_r, std_g, std_b],
            scale,
            zero_point,
        },
    })
}
