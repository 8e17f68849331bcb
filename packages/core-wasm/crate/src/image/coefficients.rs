//! Resampling weights as Pillow computes them (Pillow 13.0.0 Resample.c, `precompute_coeffs` and
//! `normalize_coeffs_8bpc`): antialiased, normalised in f64, then rounded to 22 fractional bits.

use core::ops::Range;

use super::filter::Filter;
use super::weights::{Table, Taps};
use crate::abi::choice;
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

/// How one axis is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Antialiased, as Pillow does it.
    Pillow(Filter),
    /// Two neighbours whatever the scale, as OpenCV's `INTER_LINEAR`. Here this is for the planes of a video
    /// frame; see [`super::neighbours`] for pixels.
    OpencvLinear,
}

choice! {
    /// How pixels are sampled: [`Sampling`], or the nearest neighbour.
    pub enum SamplingKind {
        Nearest = "nearest",
        Box = "box",
        Bilinear = "bilinear",
        Hamming = "hamming",
        Bicubic = "bicubic",
        Lanczos = "lanczos",
        OpencvLinear = "opencv-linear",
    }
}

impl SamplingKind {
    /// `None` is nearest neighbour.
    pub fn sampling(self) -> Option<Sampling> {
        let filter = match self {
            Self::Nearest => return None,
            Self::OpencvLinear => return Some(Sampling::OpencvLinear),
            Self::Box => Filter::Box,
            Self::Bilinear => Filter::Bilinear,
            Self::Hamming => Filter::Hamming,
            Self::Bicubic => Filter::Bicubic,
            Self::Lanczos => Filter::Lanczos,
        };
        Some(Sampling::Pillow(filter))
    }
}

/// Extra weights of each position: up to three to fill the last quad, and one for the fraction that
/// [`taps_at_most`] drops.
const ROUNDING: usize = 4;

/// Weights of one axis for a window of output positions. Buffers are reused by every `compute`.
#[derive(Default)]
pub struct Coefficients {
    table: Table,
    /// Weights of one output position before they are rounded, f64.
    shares: AlignedBytes,
}

impl Coefficients {
    /// Makes room for every table of at most `positions` out of at most `input` samples, none of them of
    /// more than `most_taps`.
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    pub fn reserve(
        &mut self,
        (input, positions): (u32, u32),
        most_taps: usize,
        sampling: Sampling,
    ) -> Result<(), KernelError> {
        set_count::<f64>(&mut self.shares, most_taps)?;
        // The total is largest where every sample counts for every position.
        let taps = taps_at_most(input, positions, sampling) + ROUNDING;
        self.table.set_size(positions as usize, taps)
    }

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
    ) -> Result<(), KernelError> {
        if input == 0 || window.is_empty() || window.end > output {
            return Err(KernelError::BadSize);
        }
        let most = taps_at_most(input, output, sampling);
        set_count::<f64>(&mut self.shares, most)?;
        self.table.set_size(window.len(), most)?;
        for (index, position) in window.enumerate() {
            let scratch = self.shares.as_mut_slice();
            let (first, shares) = shares((input, output), position, sampling, scratch);
            self.table.set(index, first, shares);
        }
        Ok(())
    }

    /// Number of output positions.
    pub fn len(&self) -> usize {
        self.table.positions()
    }

    /// Whether nothing has been computed yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The taps of output position `index` of the window.
    pub fn taps(&self, index: usize) -> Taps<'_> {
        self.table.get(index)
    }

    /// The taps of every output position of the window.
    pub fn iter(&self) -> impl Iterator<Item = Taps<'_>> {
        self.table.iter()
    }

    /// Source samples that any output position reads.
    pub fn source_range(&self) -> Range<usize> {
        let Some(last) = self.len().checked_sub(1) else {
            return 0..0;
        };
        let last = self.taps(last);
        self.taps(0).first..last.first + last.count
    }
}

/// The filter, the scale of the axis, and the scale of the filter.
fn scales(input: u32, output: u32, sampling: Sampling) -> (Filter, f64, f64) {
    // Pillow keeps the box edges in f32, which all sides here fit; the quotient is f64.
    let scale = f64::from(input) / f64::from(output);
    // OpenCV's two neighbours are a triangle of fixed width; at an edge one tap is left, and normalising
    // gives it the whole weight.
    match sampling {
        Sampling::Pillow(filter) => (filter, scale, if scale < 1.0 { 1.0 } else { scale }),
        Sampling::OpencvLinear => (Filter::Bilinear, scale, 1.0),
    }
}

/// An upper bound of the taps of a position.
pub fn taps_at_most(input: u32, output: u32, sampling: Sampling) -> usize {
    let (filter, _, filter_scale) = scales(input, output, sampling);
    // Twice the support, and one more for the rounding of its ends.
    (filter.support() * filter_scale * 2.0) as usize + 2
}

/// The first sample of a position, and the shares of that sample and those that follow.
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
    let first = (center - support + 0.5) as u32;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::weights::PRECISION_BITS;

    #[test]
    fn halving_is_a_triangle() {
        let mut table = Coefficients::default();
        table
            .compute(8, 4, 1..3, Sampling::Pillow(Filter::Bilinear))
            .unwrap();
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
            .compute(37, 91, 0..91, Sampling::Pillow(Filter::Bicubic))
            .unwrap();
        part.compute(37, 91, 40..50, Sampling::Pillow(Filter::Bicubic))
            .unwrap();
        for index in 0..10 {
            assert_eq!(part.taps(index), whole.taps(index + 40));
        }
    }

    #[test]
    fn refuses_an_empty_axis() {
        let mut table = Coefficients::default();
        let mut compute =
            |input, window| table.compute(input, 4, window, Sampling::Pillow(Filter::Bilinear));
        assert_eq!(compute(0, 0..4), Err(KernelError::BadSize));
        assert_eq!(compute(4, 2..2), Err(KernelError::BadSize));
        assert_eq!(compute(4, 0..5), Err(KernelError::BadSize));
    }
}
