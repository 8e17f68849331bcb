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
    precision: Precision,
}

/// Four weights in the order 0, 2, 1, 3, which is how SIMD pairs samples.
pub type Quad = [i16; 4];

/// Where the four stand in a [`Quad`]; its own inverse.
pub const ORDER: [usize; 4] = [0, 2, 1, 3];

/// How the weights of a position are split, and how far sums of the coarse ones can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Precision {
    /// Bits after the point that coarse weights lack: a weight is `(coarse << dropped) + rest`.
    pub dropped: u32,
    /// What a sum with coarse weights begins with: one half, to round, and the most that the exact sum of
    /// any bytes is above it. So the exact sum is in the same whole number, or the coarse one is just
    /// behind the beginning of the next.
    pub start: i32,
    /// How far behind it can be.
    pub doubt: i32,
    /// The bits of the coarse sums' fraction.
    pub fraction: i32,
}

/// What one output position is made of: the weights in fours, filled up with zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taps<'a> {
    /// First source sample.
    pub first: usize,
    /// Number of samples from there on.
    pub count: usize,
    pub coarse: &'a [Quad],
    pub rest: &'a [Quad],
    pub precision: Precision,
}

impl Taps<'_> {
    /// The weight of a sample, with [`PRECISION_BITS`] after the point.
    pub fn weight(&self, tap: usize) -> i32 {
        let (quad, place) = (tap / 4, ORDER[tap % 4]);
        let coarse = i32::from(self.coarse[quad][place]);
        (coarse << self.precision.dropped) + i32::from(self.rest[quad][place])
    }
}

/// Weights of one axis for a window of output positions. Buffers are reused by every `compute`.
#[derive(Default)]
pub struct Coefficients {
    /// Quads of one output position.
    stride: usize,
    spans: AlignedBytes,
    coarse: AlignedBytes,
    rest: AlignedBytes,
    /// Weights of one output position before they are rounded, f64.
    shares: AlignedBytes,
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
        let most = taps_at_most(input, output, sampling);
        self.stride = most.div_ceil(4);
        let count = window.len();
        set_count::<Span>(&mut self.spans, count, allocations)?;
        set_count::<f64>(&mut self.shares, most, allocations)?;
        let quads = count.saturating_mul(self.stride);
        set_count::<Quad>(&mut self.coarse, quads, allocations)?;
        set_count::<Quad>(&mut self.rest, quads, allocations)?;

        let spans = self.spans.as_mut_slice::<Span>();
        let coarse = self.coarse.as_mut_slice::<Quad>();
        let rest = self.rest.as_mut_slice::<Quad>();
        let rows = coarse.chunks_exact_mut(self.stride);
        let rows = rows.zip(rest.chunks_exact_mut(self.stride));
        for ((position, span), (coarse, rest)) in window.zip(spans).zip(rows) {
            let scratch = self.shares.as_mut_slice();
            let (first, shares) = shares((input, output), position, sampling, scratch);
            *span = Span {
                first,
                count: shares.len() as u32,
                precision: split(shares, coarse, rest),
            };
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
        let quads = index * self.stride..(index + 1) * self.stride;
        let (coarse, rest) = (self.coarse.as_slice(), self.rest.as_slice());
        taps(&self.spans()[index], &coarse[quads.clone()], &rest[quads])
    }

    /// What each of the window's output positions is made of.
    pub fn iter(&self) -> impl Iterator<Item = Taps<'_>> {
        let coarse = self.coarse.as_slice().chunks_exact(self.stride);
        let rest = self.rest.as_slice().chunks_exact(self.stride);
        let quads = coarse.zip(rest);
        self.spans()
            .iter()
            .zip(quads)
            .map(|(span, (coarse, rest))| taps(span, coarse, rest))
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

#[inline(always)]
fn taps<'a>(span: &Span, coarse: &'a [Quad], rest: &'a [Quad]) -> Taps<'a> {
    let count = span.count as usize;
    let quads = count.div_ceil(4).min(coarse.len()).min(rest.len());
    Taps {
        first: span.first as usize,
        count,
        coarse: &coarse[..quads],
        rest: &rest[..quads],
        precision: span.precision,
    }
}

/// The filter, what an axis shrinks by, and what the filter widens by.
fn scales(input: u32, output: u32, sampling: Sampling) -> (Filter, f64, f64) {
    // Pillow keeps the box edges in f32, which all sides here fit; the quotient is f64.
    let scale = f64::from(input) / f64::from(output);
    // OpenCV's two neighbours are a triangle that never widens; at an edge one tap is left, and
    // normalising makes it the edge pixel.
    match sampling {
        Sampling::Pillow(filter) => (filter, scale, scale.max(1.0)),
        Sampling::OpencvLinear => (Filter::Bilinear, scale, 1.0),
    }
}

/// A number of taps that no position of an axis exceeds.
pub fn taps_at_most(input: u32, output: u32, sampling: Sampling) -> usize {
    let (filter, _, filter_scale) = scales(input, output, sampling);
    // Twice the support, and one more for the rounding of its ends.
    (filter.support() * filter_scale * 2.0) as usize + 2
}

/// The first sample that a position is made of, and the shares of it and of those that follow.
pub fn shares(
    (input, output): (u32, u32),
    position: u32,
    sampling: Sampling,
    shares: &mut [f64],
) -> (u32, &mut [f64]) {
    let (filter, scale, filter_scale) = scales(input, output, sampling);
    let support = filter.support() * filter_scale;
    let inverse = 1.0 / filter_scale;
    let center = (f64::from(position) + 0.5) * scale;
    // `as` truncates like the C cast and, unlike it, saturates below zero.
    let first = (center - support + 0.5).max(0.0) as u32;
    let end = ((center + support + 0.5) as u32).min(input);
    let count = (end.saturating_sub(first) as usize).min(shares.len());
    let shares = &mut shares[..count];
    let mut sum = 0.0;
    for (tap, share) in (first..end).zip(shares.iter_mut()) {
        *share = filter.weight((f64::from(tap) - center + 0.5) * inverse);
        sum += *share;
    }
    if sum != 0.0 {
        shares.iter_mut().for_each(|share| *share /= sum);
    }
    (first, shares)
}

/// Rounds weights to [`PRECISION_BITS`] and splits them into as many bits as 16-bit multiplications take,
/// rounded, and the rest.
fn split(shares: &[f64], coarse: &mut [Quad], rest: &mut [Quad]) -> Precision {
    let weight = |share: f64| {
        let scaled = share * f64::from(1 << PRECISION_BITS);
        (if share < 0.0 { -0.5 } else { 0.5 } + scaled) as i32
    };
    let magnitudes = shares.iter().map(|share| weight(*share).unsigned_abs());
    // So that the largest weight stays below 2^15.
    let dropped = 17_u32
        .saturating_sub(magnitudes.max().unwrap_or(0).leading_zeros())
        .max(1);
    coarse.fill(Quad::default());
    rest.fill(Quad::default());
    let (mut above, mut below) = (0, 0);
    for (tap, share) in shares.iter().enumerate() {
        let weight = weight(*share);
        let rounded = ((weight + (1 << (dropped - 1))) >> dropped).min(i32::from(i16::MAX));
        let left = weight - (rounded << dropped);
        let (quad, place) = (tap / 4, ORDER[tap % 4]);
        (coarse[quad][place], rest[quad][place]) = (rounded as i16, left as i16);
        above += left.max(0) * 255;
        below += (-left).max(0) * 255;
    }
    let in_sums = |error: i32| (error + (1 << dropped) - 1) >> dropped;
    let above = in_sums(above);
    let bits = PRECISION_BITS - dropped;
    Precision {
        dropped,
        start: (1 << (bits - 1)) + above,
        doubt: above + in_sums(below),
        fraction: (1 << bits) - 1,
    }
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
        assert_eq!(
            [0, 1, 2, 3].map(|tap| table.taps(0).weight(tap)),
            [unit, 3 * unit, 3 * unit, unit]
        );
        // Weights that 16 bits hold leave no doubt.
        assert_eq!(table.taps(0).rest, [[0; 4]]);
        let precision = table.taps(0).precision;
        assert_eq!(
            (precision.dropped, precision.start, precision.doubt),
            (6, 1 << 15, 0)
        );
        assert_eq!(table.source_range(), 1..7);
    }

    #[test]
    fn doubt_covers_the_error() {
        let mut table = Coefficients::default();
        for (input, output) in [
            (1920, 224),
            (7, 31),
            (32_768, 1),
            (1, 9),
            (5, 5000),
            (300, 299),
        ] {
            for filter in [
                Filter::Box,
                Filter::Bilinear,
                Filter::Bicubic,
                Filter::Lanczos,
            ] {
                let sampling = Sampling::Pillow(filter);
                table
                    .compute(input, output, 0..output.min(300), sampling, &mut 0)
                    .unwrap();
                for index in 0..table.len() {
                    let Taps {
                        rest, precision, ..
                    } = table.taps(index);
                    let rest = rest
                        .as_flattened()
                        .iter()
                        .map(|&rest| i64::from(rest) * 255);
                    let above: i64 = rest.clone().filter(|rest| *rest > 0).sum();
                    let below: i64 = -rest.filter(|rest| *rest < 0).sum::<i64>();
                    let Precision {
                        dropped,
                        start,
                        doubt,
                        fraction,
                    } = precision;
                    let most = start - fraction / 2 - 1;
                    assert!(above <= i64::from(most) << dropped);
                    assert!(below <= i64::from(doubt - most) << dropped);
                }
            }
        }
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
            let (part, whole) = (part.taps(index), whole.taps(index + 40));
            assert_eq!((part.first, part.count), (whole.first, whole.count));
            assert!((0..part.count).all(|tap| part.weight(tap) == whole.weight(tap)));
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
