//! Vectors of floats, and the functions of them that several families have.

use hayate_kernels::buffer::{AlignedBytes, set_count};
use hayate_kernels::error::status_of;
use hayate_kernels::scores::sigmoid::sigmoid;
use hayate_kernels::scores::softmax::softmax;
use hayate_kernels::scores::top_k::{Best, top_k};

/// Vectors in, functions of them or the k best out; buffers are kept between calls.
#[derive(Default)]
pub struct VectorBuffer {
    pub input: AlignedBytes,
    pub output: AlignedBytes,
    best: Best,
}

impl VectorBuffer {
    /// Makes room for `len` input floats.
    pub fn reserve(&mut self, len: usize) -> u32 {
        status_of(set_count::<f32>(&mut self.input, len))
    }

    /// Address of the input floats; changes with `reserve`.
    pub fn input_ptr(&self) -> *const f32 {
        self.input.as_slice::<f32>().as_ptr()
    }

    /// Address of the output floats of the last call.
    pub fn output_ptr(&self) -> *const f32 {
        self.output.as_slice::<f32>().as_ptr()
    }

    /// Number of output floats.
    pub fn output_len(&self) -> usize {
        self.output.as_slice::<f32>().len()
    }

    /// Softmax of the input into the output.
    pub fn softmax(&mut self) -> u32 {
        self.apply(softmax)
    }

    /// Sigmoid of each input into the output.
    pub fn sigmoid(&mut self) -> u32 {
        self.apply(sigmoid)
    }

    /// The `k` best of the input; see `candidates_ptr`.
    pub fn top_k(&mut self, k: usize) -> u32 {
        status_of(top_k(self.input.as_slice(), k, &mut self.best).map(|_| ()))
    }

    /// Address of the candidates of the last `top_k`, best first, each a `Candidate`.
    pub fn candidates_ptr(&self) -> *const f32 {
        self.best.candidates().as_ptr().cast()
    }

    /// Number of candidates.
    pub fn candidates_len(&self) -> usize {
        self.best.candidates().len()
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
