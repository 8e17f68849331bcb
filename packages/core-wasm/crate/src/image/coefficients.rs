//! Resampling weights as Pillow computes them (Pillow 13.0.0 Resample.c, `precompute_coeffs` and
//! `normalize_coeffs_8bpc`): antialiased, normalised in f64, then rounded to 22 fractional bits.

use alloc::vec::Vec;
use core::ops::Range;

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

/// Four weights, each as `high · 2^11 + low`: halves that fit 16 bits, so that 16-bit multiplications
/// add up to the sums of the whole weights, bit for bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quad {
    pub high: [i16; 4],
    pub low: [i16; 4],
}

impl Quad {
    /// Bits of the low half.
    pub const LOW_BITS: u32 = 11;

    fn set(&mut self, place: usize, weight: i32) {
        self.high[place] = (weight >> Self::LOW_BITS) as i16;
        self.low[place] = (weight & ((1 << Self::LOW_BITS) - 1)) as i16;
    }
}

/// What one output position is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taps<'a> {
    /// First source sample.
    pub first: usize,
    /// One fixed-point weight per sample from there on.
    pub weights: &'a [i32],
    /// The same weights in fours, filled up with zeros.
    pub quads: &'a [Quad],
}

/// Weights of one axis for a window of output positions. Buffers are reused by every `compute`.
#[derive(Default)]
pub struct Coefficients {
    stride: usize,
    spans: Vec<Span>,
    weights: Vec<i32>,
    quads: Vec<Quad>,
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
        self.stride = libm::ceil(support) as usize * 2 + 1;
        set_len(&mut self.spans, count, allocations)?;
        set_len(&mut self.exact, self.stride, allocations)?;
        let total = product(&[count, self.stride])?;
        set_len(&mut self.weights, total, allocations)?;
        let quads = self.stride.div_ceil(4);
        set_len(&mut self.quads, product(&[count, quads])?, allocations)?;

        let rows = self
            .weights
            .chunks_exact_mut(self.stride)
            .zip(self.quads.chunks_exact_mut(quads));
        for ((position, span), (row, quads)) in window.zip(&mut self.spans).zip(rows) {
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
            quads.fill(Quad::default());
            for (tap, (value, weight)) in exact.iter().zip(row).enumerate() {
                let share = if sum != 0.0 { value / sum } else { *value };
                *weight = quantize(share);
                quads[tap / 4].set(tap % 4, *weight);
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

    /// What the window's output position `index` is made of.
    pub fn taps(&self, index: usize) -> Taps<'_> {
        let span = self.spans[index];
        let (count, start) = (span.count as usize, index * self.stride);
        let quads = index * self.stride.div_ceil(4);
        Taps {
            first: span.first as usize,
            weights: &self.weights[start..start + count],
            quads: &self.quads[quads..quads + count.div_ceil(4)],
        }
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
        assert_eq!(table.taps(0).first, 1);
        assert_eq!(table.taps(0).weights, [unit, 3 * unit, 3 * unit, unit]);
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
