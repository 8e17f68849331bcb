//! The family of embeddings: pooling and similarity, and the scores of models that classify texts.

#![cfg(target_arch = "wasm32")]
#![no_std]
#![deny(unsafe_code)]

use hayate_binding::VectorBuffer;
use hayate_kernels::embeddings::{cosine_similarity, mean_pool, normalize};
use hayate_kernels::error::status_of;

hayate_binding::export_vectors! {
    vectorbuffer_mean_pool = mean_pool(length: usize, size: usize) -> u32;
    vectorbuffer_normalize = normalize(size: usize) -> u32;
    vectorbuffer_cosine_similarity = cosine_similarity() -> f64;
}

/// Functions of vectors that only this family has.
trait Embeddings {
    /// Pools the texts in the input; see `embeddings::mean_pool`.
    fn mean_pool(&mut self, length: usize, size: usize) -> u32;

    /// Normalises each vector of `size` floats in the input to length 1.
    fn normalize(&mut self, size: usize) -> u32;

    /// Cosine similarity of the first half of the input and the second.
    fn cosine_similarity(&self) -> f64;
}

impl Embeddings for VectorBuffer {
    fn mean_pool(&mut self, length: usize, size: usize) -> u32 {
        let (input, output) = (self.input.as_slice(), &mut self.output);
        status_of(mean_pool(input, length, size, output))
    }

    fn normalize(&mut self, size: usize) -> u32 {
        status_of(normalize(self.input.as_slice(), size, &mut self.output))
    }

    fn cosine_similarity(&self) -> f64 {
        let input = self.input.as_slice::<f32>();
        let halves = input.split_at_checked(input.len() / 2);
        halves.map_or(0.0, |(a, b)| cosine_similarity(a, b))
    }
}
