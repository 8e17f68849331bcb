//! The resize of a video frame's planes. A plane is at most a quarter of the work of RGBX, and colours are
//! converted after the resize, when fewer pixels are left. The sums are linear, so the result differs from
//! that of a frame converted first only by rounding, and where a sample lies outside of the RGB cube.
//!
//! Both passes take sums of four lines side by side and write them transposed, so that the second runs
//! along memory as the first does.

use core::ops::Range;

use super::coefficients::{Sampling, shares, taps_at_most};
use super::filter::round;
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

/// Fractional bits of a weight.
const WEIGHT_BITS: u32 = 14;

/// Fractional bits of a resized sample: 16 less those of a byte, a sign and overshoot.
pub const SAMPLE_BITS: u32 = 6;

/// Lines that are summed at once.
const GROUP: usize = 4;

/// Eight weights, as many as one multiplication takes.
type Weights = [i16; 8];

/// The samples of one position.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Span {
    first: u32,
    end: u32,
}

/// Weights of one axis of a plane.
#[derive(Default)]
pub struct Axis {
    /// Weights of one position, in eights.
    stride: usize,
    spans: AlignedBytes,
    weights: AlignedBytes,
    shares: AlignedBytes,
}

impl Axis {
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
        let count = positions as usize;
        set_count::<Span>(&mut self.spans, count)?;
        // The total is largest where every sample counts for every position. Each is rounded up to eights,
        // and those of chroma may begin in the middle of a sample.
        let eights = taps_at_most(input, positions, sampling).div_ceil(8) + 2;
        set_count::<Weights>(&mut self.weights, count.saturating_mul(eights))
    }

    /// Fills the table for positions `window` of an axis resized from `input` to `output` samples. With
    /// `halved`, it is that of chroma samples which count for two pixels each.
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    pub fn compute(
        &mut self,
        (input, output): (u32, u32),
        window: Range<u32>,
        sampling: Sampling,
        halved: bool,
    ) -> Result<(), KernelError> {
        let most = taps_at_most(input, output, sampling);
        self.stride = most.div_ceil(8) + usize::from(halved);
        let count = window.len();
        set_count::<f64>(&mut self.shares, most)?;
        set_count::<Span>(&mut self.spans, count)?;
        let eights = count.saturating_mul(self.stride);
        set_count::<Weights>(&mut self.weights, eights)?;
        let weights = self.weights.as_mut_slice::<Weights>();
        let rows = weights.chunks_exact_mut(self.stride);
        let spans = self.spans.as_mut_slice::<Span>();
        for ((position, span), row) in window.zip(spans).zip(rows) {
            let scratch = self.shares.as_mut_slice();
            let (first, shares) = shares((input, output), position, sampling, scratch);
            let row = row.as_flattened_mut();
            row.fill(0);
            let step = 1 + u32::from(halved);
            let start = first / step;
            // Rounded so that they sum to one: a picture of one colour must keep it.
            let (mut exact, mut given) = (0.0, 0);
            for (tap, share) in (first..).zip(shares.iter()) {
                exact += *share * f64::from(1 << WEIGHT_BITS);
                let total = round(exact) as i32;
                row[(tap / step - start) as usize] += (total - given) as i16;
                given = total;
            }
            let last = (first + shares.len() as u32).max(first + 1) - 1;
            *span = Span {
                first: start,
                end: last / step + 1,
            };
        }
        Ok(())
    }

    /// Number of positions.
    pub fn positions(&self) -> usize {
        self.spans.as_slice::<Span>().len()
    }

    /// Samples that any position reads.
    pub fn source_range(&self) -> Range<usize> {
        let spans = self.spans.as_slice::<Span>();
        let end = spans.last().map_or(0, |span| span.end as usize);
        spans.first().map_or(0, |span| span.first as usize)..end
    }

    /// The first sample of each position and its weights.
    fn iter(&self) -> impl Iterator<Item = (usize, &[Weights])> {
        let rows = self.weights.as_slice::<Weights>().chunks_exact(self.stride);
        self.spans
            .as_slice::<Span>()
            .iter()
            .zip(rows)
            .map(|(span, row)| {
                let eights = ((span.end - span.first) as usize).div_ceil(8);
                (span.first as usize, &row[..eights.min(row.len())])
            })
    }
}

/// One plane of the source, and the axes by which it becomes as large as the window.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    pub bytes: &'a [u8],
    /// Bytes between rows.
    pub stride: usize,
    pub columns: &'a Axis,
    pub rows: &'a Axis,
}

/// Numbers from one line to the next, with room for a last group and a last eight that are not full.
fn padded(length: usize) -> usize {
    length.next_multiple_of(8) + 8
}

impl Plane<'_> {
    /// Numbers of the picture between the passes, and of the resized plane, for a source of at most so many
    /// rows and a result of at most this size.
    pub fn lengths(rows: usize, (width, height): (usize, usize)) -> [usize; 2] {
        let width = padded(width);
        [
            width.saturating_mul(padded(rows)),
            width.saturating_mul(height),
        ]
    }

    /// Numbers from one row of the resized plane to the next.
    pub fn row_length(width: usize) -> usize {
        padded(width)
    }

    /// Resizes into rows of `target`, with [`SAMPLE_BITS`] fractional bits.
    pub fn resize(&self, between: &mut [i16], target: &mut [i16]) {
        let needed = self.rows.source_range();
        let height = padded(needed.len());
        for first in needed.clone().step_by(GROUP) {
            let lines = core::array::from_fn::<_, GROUP, _>(|line| {
                let row = (first + line).min(needed.end - 1);
                &self.bytes[row * self.stride..]
            });
            let columns = between[first - needed.start..].chunks_mut(height);
            for ((at, weights), column) in self.columns.iter().zip(columns) {
                let samples = group_of_bytes(lines, at, weights);
                column[..GROUP].copy_from_slice(&samples);
            }
        }
        let width = padded(self.columns.positions());
        for ((at, weights), row) in self.rows.iter().zip(target.chunks_exact_mut(width)) {
            let at = at - needed.start;
            let groups = row.as_chunks_mut::<GROUP>().0;
            let columns = between.chunks_exact(height * GROUP);
            for (columns, group) in columns.zip(groups) {
                let lines = core::array::from_fn(|line| &columns[line * height..]);
                *group = group_of_samples(lines, at, weights);
            }
        }
    }
}

#[cfg(not(target_feature = "simd128"))]
use scalar::{group_of_bytes, group_of_samples};
#[cfg(target_feature = "simd128")]
use simd::{group_of_bytes, group_of_samples};

#[cfg(not(target_feature = "simd128"))]
mod scalar {
    use super::{GROUP, SAMPLE_BITS, WEIGHT_BITS, Weights};

    /// The sums of bytes from `at` on, one of each line.
    pub fn group_of_bytes(lines: [&[u8]; GROUP], at: usize, weights: &[Weights]) -> [i16; GROUP] {
        lines.map(|line| sum(&line[at..], weights, WEIGHT_BITS - SAMPLE_BITS))
    }

    /// The same of resized samples.
    pub fn group_of_samples(
        lines: [&[i16]; GROUP],
        at: usize,
        weights: &[Weights],
    ) -> [i16; GROUP] {
        lines.map(|line| sum(&line[at..], weights, WEIGHT_BITS))
    }

    fn sum<T: Copy + Into<i32>>(samples: &[T], weights: &[Weights], shift: u32) -> i16 {
        let mut sum = 1_i32 << (shift - 1);
        for (&sample, &weight) in samples.iter().zip(weights.as_flattened()) {
            sum = sum.wrapping_add(sample.into().wrapping_mul(i32::from(weight)));
        }
        (sum >> shift).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
    }
}

#[cfg(target_feature = "simd128")]
mod simd {
    use core::arch::wasm32::*;

    use super::{GROUP, SAMPLE_BITS, WEIGHT_BITS, Weights};
    use crate::image::sums::{load, store};

    /// See the scalar form.
    #[inline(always)]
    pub fn group_of_bytes(lines: [&[u8]; GROUP], at: usize, weights: &[Weights]) -> [i16; GROUP] {
        let widen = |eight: &[u8; 8]| u16x8_extend_low_u8x16(u64x2(u64::from_le_bytes(*eight), 0));
        finish(dots(lines, at, weights, widen), WEIGHT_BITS - SAMPLE_BITS)
    }

    /// See the scalar form.
    #[inline(always)]
    pub fn group_of_samples(
        lines: [&[i16]; GROUP],
        at: usize,
        weights: &[Weights],
    ) -> [i16; GROUP] {
        let same = |eight: &[i16; 8]| load(bytemuck::cast_ref(eight));
        finish(dots(lines, at, weights, same), WEIGHT_BITS)
    }

    /// Each line's sum in four parts. `widen` makes 16-bit numbers of eight samples.
    #[inline(always)]
    fn dots<T>(
        lines: [&[T]; GROUP],
        at: usize,
        weights: &[Weights],
        widen: impl Fn(&[T; 8]) -> v128,
    ) -> [v128; GROUP] {
        let eights =
            lines.map(|line| &line[at..at + weights.len() * 8].as_chunks::<8>().0[..weights.len()]);
        let mut sums = [i32x4_splat(0); GROUP];
        for (step, weights) in weights.iter().enumerate() {
            let weights = load(bytemuck::cast_ref(weights));
            for (sum, line) in sums.iter_mut().zip(eights) {
                *sum = i32x4_add(*sum, i32x4_dot_i16x8(widen(&line[step]), weights));
            }
        }
        sums
    }

    /// Adds up the four parts of each sum, rounds and narrows.
    #[inline(always)]
    fn finish([a, b, c, d]: [v128; GROUP], shift: u32) -> [i16; GROUP] {
        let pair = |a, b| {
            let low = i32x4_shuffle::<0, 4, 1, 5>(a, b);
            i32x4_add(low, i32x4_shuffle::<2, 6, 3, 7>(a, b))
        };
        let (ab, cd) = (pair(a, b), pair(c, d));
        let sums = i32x4_add(i64x2_shuffle::<0, 2>(ab, cd), i64x2_shuffle::<1, 3>(ab, cd));
        let whole = i32x4_shr(i32x4_add(sums, i32x4_splat(1 << (shift - 1))), shift);
        let narrow = store(i16x8_narrow_i32x4(whole, whole));
        let [samples, _]: [[i16; GROUP]; 2] = bytemuck::cast(narrow);
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::filter::Filter;

    #[test]
    fn a_flat_plane_stays_flat() {
        let sampling = Sampling::Pillow(Filter::Lanczos);
        let (mut columns, mut rows) = (Axis::default(), Axis::default());
        for (width, height) in [(40, 30), (1000, 3), (1, 32_768)] {
            columns
                .compute((width, 17), 0..17, sampling, false)
                .unwrap();
            rows.compute((height, 5), 1..4, sampling, false).unwrap();
            let bytes = vec![201; (width * height) as usize + 32];
            let plane = Plane {
                bytes: &bytes,
                stride: width as usize,
                columns: &columns,
                rows: &rows,
            };
            let [between, target] = Plane::lengths(height as usize, (17, 3));
            let (mut between, mut target) = (vec![0; between], vec![0; target]);
            plane.resize(&mut between, &mut target);
            for row in target.chunks_exact(Plane::row_length(17)) {
                assert_eq!(row[..17], [201 << SAMPLE_BITS; 17]);
            }
        }
    }

    #[test]
    fn chroma_samples_stand_for_two() {
        let sampling = Sampling::Pillow(Filter::Bilinear);
        let mut axis = Axis::default();
        axis.compute((8, 4), 1..3, sampling, true).unwrap();
        // 1, 3, 3, 1 eighths from sample 1: half of a pair, a pair, half of a pair.
        let quarter = 1 << (WEIGHT_BITS - 3);
        let (first, weights) = axis.iter().next().unwrap();
        assert_eq!(
            (first, weights[0][..3].to_vec()),
            (0, vec![quarter, 6 * quarter, quarter])
        );
        assert_eq!(axis.source_range(), 0..4);
    }
}
