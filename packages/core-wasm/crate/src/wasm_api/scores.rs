//! Softmax and top-k.

use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::buffer::{AlignedBytes, set_count};
use crate::error::status_of;
use crate::scores::softmax::softmax;
use crate::scores::top_k::{Candidate, top_k};

/// Scores in, softmax or the k best out; buffers are kept between calls.
#[wasm_bindgen]
#[derive(Default)]
pub struct ScoreBuffer {
    input: AlignedBytes,
    output: AlignedBytes,
    best: Vec<Candidate>,
    indices: AlignedBytes,
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
        status_of(set_count::<f32>(&mut self.input, len, &mut 0))
    }

    /// Address of the input floats; changes with `reserve`.
    pub fn input_ptr(&self) -> *const f32 {
        self.input.as_slice::<f32>().as_ptr()
    }

    /// Softmax of the input into the output.
    pub fn softmax(&mut self) -> u32 {
        let input = self.input.as_slice::<f32>();
        let sized = set_count::<f32>(&mut self.output, input.len(), &mut 0);
        if sized.is_ok() {
            softmax(input, self.output.as_mut_slice());
        }
        status_of(sized)
    }

    /// The `k` best of the input: scores into the output, places into the indices.
    pub fn top_k(&mut self, k: usize) -> u32 {
        status_of((|| {
            top_k(self.input.as_slice(), k, &mut self.best)?;
            set_count::<f32>(&mut self.output, self.best.len(), &mut 0)?;
            set_count::<u32>(&mut self.indices, self.best.len(), &mut 0)?;
            let indices = self.indices.as_mut_slice::<u32>();
            let targets = self.output.as_mut_slice::<f32>().iter_mut().zip(indices);
            for (candidate, (score, index)) in self.best.iter().zip(targets) {
                (*score, *index) = (candidate.score, candidate.index);
            }
            Ok(())
        })())
    }

    /// Address of the output floats of the last call.
    pub fn output_ptr(&self) -> *const f32 {
        self.output.as_slice::<f32>().as_ptr()
    }

    /// Number of output floats, and of indices after `top_k`.
    pub fn output_len(&self) -> usize {
        self.output.as_slice::<f32>().len()
    }

    /// Address of the indices of the last `top_k`.
    pub fn indices_ptr(&self) -> *const u32 {
        self.indices.as_slice::<u32>().as_ptr()
    }
}
