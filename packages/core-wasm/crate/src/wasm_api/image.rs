//! Image plans.

use wasm_bindgen::prelude::wasm_bindgen;

use super::choose;
use crate::error::{KernelError, status_of};
use crate::image::coefficients::Filter;
use crate::image::fit::Fit;
use crate::image::plan::{ImagePlan as Plan, PlanSpec};
use crate::image::tensor::{ByteOrder, Layout};

/// An image plan; see `image_plan::ImagePlan`.
#[wasm_bindgen]
pub struct ImagePlan(Result<Plan, KernelError>);

#[wasm_bindgen]
impl ImagePlan {
    /// `fit` 0 stretches to `width` × `height`; 1 brings the shorter side to `shorter_side` and
    /// crops to `width` × `height`. `filter` 0 is bilinear, 1 bicubic; `layout` 0 is NCHW, 1
    /// NHWC. Refused arguments show as the status of every later call.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        fit: u32,
        shorter_side: u32,
        width: u32,
        height: u32,
        filter: u32,
        layout: u32,
        mean_r: f64,
        mean_g: f64,
        mean_b: f64,
        std_r: f64,
        std_g: f64,
        std_b: f64,
    ) -> Self {
        let fit = match fit {
            0 => Ok(Fit::Stretch { width, height }),
            1 => Ok(Fit::ShorterSideCrop {
                shorter_side,
                crop_width: width,
                crop_height: height,
            }),
            _ => Err(KernelError::BadChoice),
        };
        let filter = choose(filter, [Filter::Bilinear, Filter::Bicubic]);
        let layout = choose(layout, [Layout::Nchw, Layout::Nhwc]);
        Self((|| {
            Plan::new(PlanSpec {
                fit: fit?,
                filter: filter?,
                layout: layout?,
                mean: [mean_r, mean_g, mean_b],
                std: [std_r, std_g, std_b],
            })
        })())
    }

    /// Status of the constructor's arguments.
    pub fn status(&self) -> u32 {
        self.0.as_ref().err().map_or(0, |error| error.status())
    }

    /// Makes room for a source, in pixels. `order` 0 is RGBX, 1 BGRX.
    pub fn reserve(&mut self, width: u32, height: u32, order: u32) -> u32 {
        self.apply(|plan| {
            let order = choose(order, [ByteOrder::Rgbx, ByteOrder::Bgrx])?;
            plan.reserve(width, height, order)
        })
    }

    /// One bound of the part of the source that counts, in pixels: 0 left, 1 right, 2 top,
    /// 3 bottom; right and bottom are just outside.
    pub fn region(&self, bound: u32) -> usize {
        let region = self.0.as_ref().map(Plan::region).unwrap_or_default();
        match bound {
            0 => region.columns.start,
            1 => region.columns.end,
            2 => region.rows.start,
            _ => region.rows.end,
        }
    }

    /// Address of the source bytes; changes with `reserve`.
    pub fn input_ptr(&mut self) -> *const u8 {
        self.0
            .as_mut()
            .map_or(core::ptr::null(), |plan| plan.input_mut().as_ptr())
    }

    /// Length of the source in bytes.
    pub fn input_len(&mut self) -> usize {
        self.0.as_mut().map_or(0, |plan| plan.input_mut().len())
    }

    /// Converts the source.
    pub fn run(&mut self) -> u32 {
        self.apply(Plan::run)
    }

    /// Address of the tensor; changes with `reserve`.
    pub fn output_ptr(&self) -> *const f32 {
        self.0
            .as_ref()
            .map_or(core::ptr::null(), |plan| plan.output().as_ptr())
    }

    /// Length of the tensor in floats.
    pub fn output_len(&self) -> usize {
        self.0.as_ref().map_or(0, |plan| plan.output().len())
    }

    fn apply(&mut self, action: impl FnOnce(&mut Plan) -> Result<(), KernelError>) -> u32 {
        match &mut self.0 {
            Ok(plan) => status_of(action(plan)),
            Err(error) => error.status(),
        }
    }
}
