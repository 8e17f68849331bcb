//! Embeddings, which share the buffers of scores: floats in, floats out.

use super::scores::ScoreBuffer;
use crate::embeddings::{cosine_similarity, mean_pool, normalize};
use crate::error::status_of;

impl ScoreBuffer {
    /// Pools the texts in the input; see `embeddings::mean_pool`.
    pub fn mean_pool(&mut self, length: usize, size: usize) -> u32 {
        status_of(mean_pool(
            self.input.as_slice(),
            length,
            size,
            &mut self.output,
        ))
    }

    /// Brings each vector of `size` floats in the input to length 1.
    pub fn normalize(&mut self, size: usize) -> u32 {
        status_of(normalize(self.input.as_slice(), size, &mut self.output))
    }

    /// Cosine similarity of the first half of the input and the second.
    pub fn cosine_similarity(&self) -> f64 {
        let input = self.input.as_slice::<f32>();
        let halves = input.split_at_checked(input.len() / 2);
        halves.map_or(0.0, |(a, b)| cosine_similarity(a, b))
    }
}
