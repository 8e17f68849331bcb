//! Vectors of floats: softmax, sigmoid and top-k.

use hayate_kernels::buffer::{AlignedBytes, set_count};
use hayate_kernels::error::status_of;
use hayate_kernels::scores::sigmoid::sigmoid;
use hayate_kernels::scores::softmax::{log_softmax, softmax};
use hayate_kernels::scores::top_k::{Best, Candidate, top_k};

/// Scores in, functions of them or the k best out; buffers are kept between calls.
#[derive(Default)]
pub struct ScoreBuffer {
    pub(super) input: AlignedBytes,
    pub(super) output: AlignedBytes,
    best: Best,
}

export! {
    ScoreBuffer: scorebuffer_new, scorebuffer_free,
    scorebuffer_reserve = reserve(len: usize) -> u32;
    scorebuffer_input_ptr = input_ptr() -> *const f32;
    scorebuffer_softmax = softmax() -> u32;
    scorebuffer_log_softmax = log_softmax() -> u32;
    scorebuffer_sigmoid = sigmoid() -> u32;
    scorebuffer_top_k = top_k(k: usize) -> u32;
    scorebuffer_best_ptr = best_ptr() -> *const Candidate;
    scorebuffer_best_len = best_len() -> usize;
    scorebuffer_output_ptr = output_ptr() -> *const f32;
    scorebuffer_output_len = output_len() -> usize;
    scorebuffer_mean_pool = mean_pool(length: usize, size: usize) -> u32;
    scorebuffer_normalize = normalize(size: usize) -> u32;
    scorebuffer_cosine_similarity = cosine_similarity() -> f64;
}

impl ScoreBuffer {
    /// Makes room for `len` input floats.
    pub fn reserve(&mut self, len: usize) -> u32 {
        status_of(set_count::<f32>(&mut self.input, len))
    }

    /// Address of the input floats; changes with `reserve`.
    pub fn input_ptr(&self) -> *const f32 {
        self.input.as_slice::<f32>().as_ptr()
    }

    /// Softmax of the input into the output.
    pub fn softmax(&mut self) -> u32 {
        self.apply(softmax)
    }

    /// Logarithm of the softmax of the input into the output.
    pub fn log_softmax(&mut self) -> u32 {
        self.apply(log_softmax)
    }

    /// Sigmoid of each input into the output.
    pub fn sigmoid(&mut self) -> u32 {
        self.apply(sigmoid)
    }

    /// The `k` best of the input; see `best_ptr`.
    pub fn top_k(&mut self, k: usize) -> u32 {
        status_of(top_k(self.input.as_slice(), k, &mut self.best).map(|_| ()))
    }

    /// Address of the candidates of the last `top_k`, best first: score as a float, place as an
    /// integer.
    pub fn best_ptr(&self) -> *const Candidate {
        self.best.candidates().as_ptr()
    }

    /// Number of candidates, each of 2 words.
    pub fn best_len(&self) -> usize {
        self.best.candidates().len()
    }

    /// Address of the output floats of the last call.
    pub fn output_ptr(&self) -> *const f32 {
        self.output.as_slice::<f32>().as_ptr()
    }

    /// Number of output floats.
    pub fn output_len(&self) -> usize {
        self.output.as_slice::<f32>().len()
    }

    #[inline(never)]
    fn apply(&mut self, kernel: fn(&[f32], &mut [f32])) -> u32 {
        let input = self.input.as_slice();
        let sized = set_count::<f32>(&mut self.output, input.len());
        if sized.is_ok() {
            kernel(input, self.output.as_mut_slice());
        }
        status_of(sized)
    }
}
