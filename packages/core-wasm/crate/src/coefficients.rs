//! Resampling weights as Pillow computes them (Pillow 13.0.0 Resample.c, `precompute_coeffs` and
//! `normalize_coeffs_8bpc`): antialiased, normalised in f64, then rounded to 22 fractional bits.

use std::ops::Range;

use crate::buffer::{product, set_len};
use crate::error::KernelError;

/// Fractional bits of a weight: 32 less 8 for the sample and 2 for sums beyond one.
pub const PRECISION_BITS: u32 = 32 - 8 - 2;

/// Interpolation kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Triangle, support 1.
    Bilinear,
    /// Keys cubic with a = −0.5, support 2.
    Bicubic,
}

impl Filter {
    fn support(self) -> f64 {
        match self {
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
        }
    }

    /// Weight at distance `x`, in units of the (scaled) sample spacing. The order of operations
    /// is part of the contract: another order moves the last bit.
    fn weight(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Bilinear if x < 1.0 => 1.0 - x,
            Self::Bicubic if x < 1.0 => ((CUBIC_A + 2.0) * x - (CUBIC_A + 3.0)) * x * x + 1.0,
            Self::Bicubic if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * CUBIC_A,
            _ => 0.0,
        }
    }
}

const CUBIC_A: f64 = -0.5;

#[derive(Clone, Copy, Default)]
struct Span {
    first: u32,
    count: u32,
}

/// Weights of one axis for a window of output positions. Buffers are reused by every `compute`.
#[derive(Default)]
pub struct Coefficients {
    stride: usize,
    spans: Vec<Span>,
    weights: Vec<i32>,
    exact: Vec<f64>,
}

impl Coefficients {
    /// Fills the table for output positions `window` of an axis resized from `input` to `output`
    /// samples. `window` must be non-empty and inside `0..output`.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    pub fn compute(
        &mut self,
        input: u32,
        output: u32,
        window: Range<u32>,
        filter: Filter,
        allocations: &mut u32,
    ) -> Result<(), KernelError> {
        if input == 0 || window.is_empty() || window.end > output {
            return Err(KernelError::BadSize);
        }
        // Pillow keeps the box edges in f32; the quotient is f64.
        let (low, high) = (0.0f32, input as f32);
        let scale = f64::from(high - low) / f64::from(output);
        let filter_scale = scale.max(1.0);
        let support = filter.support() * filter_scale;
        let inverse = 1.0 / filter_scale;
        let count = window.len();
        self.stride = support.ceil() as usize * 2 + 1;
        set_len(&mut self.spans, count, allocations)?;
        set_len(&mut self.exact, self.stride, allocations)?;
        let total = product(&[count, self.stride])?;
        set_len(&mut self.weights, total, allocations)?;

        let rows = self.weights.chunks_exact_mut(self.stride);
        for ((position, span), row) in window.zip(&mut self.spans).zip(rows) {
            let center = f64::from(low) + (f64::from(position) + 0.5) * scale;
            // `as` truncates like the C cast and, unlike it, saturates below zero.
            let first = (center - support + 0.5).max(0.0) as u32;
            let end = ((center + support + 0.5) as u32).min(input);
            let taps = end.saturating_sub(first).min(self.stride as u32);
            *span = Span { first, count: taps };
            let exact = &mut self.exact[..taps as usize];
            let mut sum = 0.0;
            for (tap, value) in (first..end).zip(exact.iter_mut()) {
                *value = filter.weight((f64::from(tap) - center + 0.5) * inverse);
                sum += *value;
            }
            for (value, weight) in exact.iter().zip(row) {
                let share = if sum != 0.0 { value / sum } else { *value };
                *weight = quantize(share);
            }
        }
        Ok(())
    }

    /// Number of output positions.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether nothing has been computed yet.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// First source sample and fixed-point weights of the window's output position `index`.
    pub fn taps(&self, index: usize) -> (usize, &[i32]) {
        let span = self.spans[index];
        let start = index * self.stride;
        (
            span.first as usize,
            &self.weights[start..start + span.count as usize],
        )
    }

    /// Source samples that any output position reads.
    pub fn source_range(&self) -> Range<usize> {
        let first = self.spans.first().map_or(0, |span| span.first);
        let end = self.spans.last().map_or(0, |span| span.first + span.count);
        first as usize..end as usize
    }
}

fn quantize(weight: f64) -> i32 {
    let scaled = weight * f64::from(1 << PRECISION_BITS);
    (if weight < 0.0 { -0.5 } else { 0.5 } + scaled) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_is_a_triangle() {
        let mut table = Coefficients::default();
        table.compute(8, 4, 1..3, Filter::Bilinear, &mut 0).unwrap();
        let unit = 1 << (PRECISION_BITS - 3);
        assert_eq!(table.len(), 2);
        assert_eq!(table.taps(0), (1, &[unit, 3 * unit, 3 * unit, unit][..]));
        assert_eq!(table.source_range(), 1..7);
    }

    #[test]
    fn a_window_equals_the_part_of_the_whole() {
        let (mut whole, mut part) = (Coefficients::default(), Coefficients::default());
        whole
            .compute(37, 91, 0..91, Filter::Bicubic, &mut 0)
            .unwrap();
        part.compute(37, 91, 40..50, Filter::Bicubic, &mut 0)
            .unwrap();
        for index in 0..10 {
            assert_eq!(part.taps(index), whole.taps(index + 40));
        }
    }

    #[test]
    fn refuses_an_empty_axis() {
        let mut table = Coefficients::default();
        let mut compute = |input, window| table.compute(input, 4, window, Filter::Bilinear, &mut 0);
        assert_eq!(compute(0, 0..4), Err(KernelError::BadSize));
        assert_eq!(compute(4, 2..2), Err(KernelError::BadSize));
        assert_eq!(compute(4, 0..5), Err(KernelError::BadSize));
    }
}
