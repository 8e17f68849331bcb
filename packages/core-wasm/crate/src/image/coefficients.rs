//! Resampling weights as Pillow computes them (Pillow 13.0.0 Resample.c, `precompute_coeffs` and
//! `normalize_coeffs_8bpc`): antialiased, normalised in f64, then rounded to 22 fractional bits.

use core::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::filter::Filter;
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

/// Fractional bits of a weight: 32 less 8 for the sample and 2 for sums beyond one.
pub const PRECISION_BITS: u32 = 32 - 8 - 2;

/// How one axis is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Antialiased, as Pillow does it.
    Pillow(Filter),
    /// Two neighbours whatever the scale, as OpenCV's `INTER_LINEAR` (imgproc/resize.cpp).
    OpencvLinear,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Span {
    first: u32,
    count: u32,
}

/// Four weights, each as `high · 2^11 + low`: halves that fit 16 bits, so that 16-bit multiplications
/// add up to the sums of the whole weights, bit for bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
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

    /// One of the four, whole.
    pub fn weight(&self, place: usize) -> i32 {
        (i32::from(self.high[place]) << Self::LOW_BITS) + i32::from(self.low[place])
    }
}

/// What one output position is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taps<'a> {
    /// First source sample.
    pub first: usize,
    /// Number of samples from there on.
    pub count: usize,
    /// Their weights in fours, filled up with zeros.
    pub quads: &'a [Quad],
}

/// Weights of one axis for a window of output positions. Buffers are reused by every `compute`.
#[derive(Default)]
pub struct Coefficients {
    /// Quads of one output position.
    stride: usize,
    spans: AlignedBytes,
    quads: AlignedBytes,
    exact: AlignedBytes,
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
        sampling: Sampling,
        allocations: &mut u32,
    ) -> Result<(), KernelError> {
        if input == 0 || window.is_empty() || window.end > output {
            return Err(KernelError::BadSize);
        }
        // Pillow keeps the box edges in f32, which all sides here fit; the quotient is f64.
        let scale = f64::from(input) / f64::from(output);
        // OpenCV's two neighbours are a triangle that never widens; at an edge one tap is left, and
        // normalising makes it the edge pixel.
        let (filter, filter_scale) = match sampling {
            Sampling::Pillow(filter) => (filter, scale.max(1.0)),
            Sampling::OpencvLinear => (Filter::Bilinear, 1.0),
        };
        let support = filter.support() * filter_scale;
        let inverse = 1.0 / filter_scale;
        // No span is longer than twice the support and one more for the rounding of its ends.
        let most = (support * 2.0) as usize + 2;
        self.stride = most.div_ceil(4);
        let count = window.len();
        set_count::<Span>(&mut self.spans, count, allocations)?;
        set_count::<f64>(&mut self.exact, most, allocations)?;
        set_count::<Quad>(
            &mut self.quads,
            count.saturating_mul(self.stride),
            allocations,
        )?;

        let exact = self.exact.as_mut_slice::<f64>();
        let spans = self.spans.as_mut_slice::<Span>();
        let rows = self
            .quads
            .as_mut_slice::<Quad>()
            .chunks_exact_mut(self.stride);
        for ((position, span), quads) in window.zip(spans).zip(rows) {
            let center = (f64::from(position) + 0.5) * scale;
            // `as` truncates like the C cast and, unlike it, saturates below zero.
            let first = (center - support + 0.5).max(0.0) as u32;
            let end = ((center + support + 0.5) as u32).min(input);
            let taps = end.saturating_sub(first).min(most as u32);
            *span = Span { first, count: taps };
            let exact = &mut exact[..taps as usize];
            let mut sum = 0.0;
            for (tap, value) in (first..end).zip(exact.iter_mut()) {
                *value = filter.weight((f64::from(tap) - center + 0.5) * inverse);
                sum += *value;
            }
            quads.fill(Quad::default());
            for (tap, value) in exact.iter().enumerate() {
                let share = if sum != 0.0 { value / sum } else { *value };
                quads[tap / 4].set(tap % 4, quantize(share));
            }
        }
        Ok(())
    }

    /// Number of output positions.
    pub fn len(&self) -> usize {
        self.spans().len()
    }

    /// Whether nothing has been computed yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the window's output position `index` is made of.
    pub fn taps(&self, index: usize) -> Taps<'_> {
        let Span { first, count } = self.spans()[index];
        let (count, start) = (count as usize, index * self.stride);
        Taps {
            first: first as usize,
            count,
            quads: &self.quads.as_slice()[start..start + count.div_ceil(4)],
        }
    }

    /// The most taps that any output position may have.
    pub fn most_taps(&self) -> usize {
        self.stride * 4
    }

    /// Source samples that any output position reads.
    pub fn source_range(&self) -> Range<usize> {
        let first = self.spans().first().map_or(0, |span| span.first);
        let end = self
            .spans()
            .last()
            .map_or(0, |span| span.first + span.count);
        first as usize..end as usize
    }

    fn spans(&self) -> &[Span] {
        self.spans.as_slice()
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
        table
            .compute(8, 4, 1..3, Sampling::Pillow(Filter::Bilinear), &mut 0)
            .unwrap();
        let unit = 1 << (PRECISION_BITS - 3);
        assert_eq!(table.len(), 2);
        assert_eq!(table.taps(0).first, 1);
        let weights = [0, 1, 2, 3].map(|place| table.taps(0).quads[0].weight(place));
        assert_eq!(weights, [unit, 3 * unit, 3 * unit, unit]);
        assert_eq!(table.source_range(), 1..7);
    }

    #[test]
    fn a_window_equals_the_part_of_the_whole() {
        let (mut whole, mut part) = (Coefficients::default(), Coefficients::default());
        whole
            .compute(37, 91, 0..91, Sampling::Pillow(Filter::Bicubic), &mut 0)
            .unwrap();
        part.compute(37, 91, 40..50, Sampling::Pillow(Filter::Bicubic), &mut 0)
            .unwrap();
        for index in 0..10 {
            assert_eq!(part.taps(index), whole.taps(index + 40));
        }
    }

    #[test]
    fn refuses_an_empty_axis() {
        let mut table = Coefficients::default();
        let mut compute = |input, window| {
            table.compute(input, 4, window, Sampling::Pillow(Filter::Bilinear), &mut 0)
        };
        assert_eq!(compute(0, 0..4), Err(KernelError::BadSize));
        assert_eq!(compute(4, 2..2), Err(KernelError::BadSize));
        assert_eq!(compute(4, 0..5), Err(KernelError::BadSize));
    }
}
