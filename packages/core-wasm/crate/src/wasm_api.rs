//! The JavaScript face. Data crosses as pointers into wasm memory, which the caller views; every
//! fallible call gives a status (0, or a `KernelError` number) instead of throwing.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::buffer::set_len;
use crate::coefficients::Filter;
use crate::error::{KernelError, status_of};
use crate::fit::Fit;
use crate::image_plan::{ImagePlan as Plan, PlanSpec};
use crate::normalize::{ByteOrder, Layout};
use crate::top_k::{Candidate, top_k};

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
            .map_or(std::ptr::null(), |plan| plan.input_mut().as_ptr())
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
            .map_or(std::ptr::null(), |plan| plan.output().as_ptr())
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

fn choose<T: Copy>(number: u32, choices: [T; 2]) -> Result<T, KernelError> {
    choices
        .get(number as usize)
        .copied()
        .ok_or(KernelError::BadChoice)
}

/// Scores in, softmax or the k best out; buffers are kept between calls.
#[wasm_bindgen]
#[derive(Default)]
pub struct ScoreBuffer {
    input: Vec<f32>,
    output: Vec<f32>,
    best: Vec<Candidate>,
    indices: Vec<u32>,
}

#[wasm_bindgen]
impl ScoreBuffer {
    /// A buffer without memory yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `len` input floats.
    pub fn reserve(&mut self, len: usize) -> u32 {
        status_of(set_len(&mut self.input, len, &mut 0))
    }

    /// Address of the input floats; changes with `reserve`.
    pub fn input_ptr(&self) -> *const f32 {
        self.input.as_ptr()
    }

    /// Softmax of the input into the output.
    pub fn softmax(&mut self) -> u32 {
        let sized = set_len(&mut self.output, self.input.len(), &mut 0);
        if sized.is_ok() {
            crate::softmax::softmax(&self.input, &mut self.output);
        }
        status_of(sized)
    }

    /// The `k` best of the input: scores into the output, places into the indices.
    pub fn top_k(&mut self, k: usize) -> u32 {
        status_of((|| {
            top_k(&self.input, k, &mut self.best)?;
            set_len(&mut self.output, self.best.len(), &mut 0)?;
            set_len(&mut self.indices, self.best.len(), &mut 0)?;
            let targets = self.output.iter_mut().zip(&mut self.indices);
            for (candidate, (score, index)) in self.best.iter().zip(targets) {
                (*score, *index) = (candidate.score, candidate.index);
            }
            Ok(())
        })())
    }

    /// Address of the output floats of the last call.
    pub fn output_ptr(&self) -> *const f32 {
        self.output.as_ptr()
    }

    /// Number of output floats, and of indices after `top_k`.
    pub fn output_len(&self) -> usize {
        self.output.len()
    }

    /// Address of the indices of the last `top_k`.
    pub fn indices_ptr(&self) -> *const u32 {
        self.indices.as_ptr()
    }
}
