//! Sampling of the nearest neighbours in the source, whatever the scale: of one as Pillow's `NEAREST`
//! (Pillow 13.0.0 Geometry.c, `ImagingScaleAffine`), or of two in each direction as OpenCV's `INTER_LINEAR`
//! (OpenCV 4.13.0 imgproc/resize.cpp), both bit for bit.

use core::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::filter::round;
use super::pixel::PIXEL;
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

/// Fractional bits of a weight.
const WEIGHT_BITS: u32 = 11;
const ONE: i16 = 1 << WEIGHT_BITS;

/// Bits dropped from the sum of two columns, so that it fits 16 bits.
const DROPPED: u32 = 4;

/// Bits dropped from such a sum times the weight of its row.
const DROPPED_AGAIN: u32 = 16;

/// Fractional bits of the sum of two rows, which is then rounded.
const LEFT: u32 = 2 * WEIGHT_BITS - DROPPED - DROPPED_AGAIN;

/// The two samples of a position on an axis, and their weights. The order of the fields lets a table, read as
/// `u32`, begin with the first sample that is used and end with the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Pair {
    pub left: u32,
    weights: [i16; 2],
    pub right: u32,
}

/// Fills `pairs` for the output positions `window` of an axis resized from `input` to `output` samples, with
/// room for `most` positions.
///
/// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
pub fn fill_pairs(
    pairs: &mut AlignedBytes,
    (input, output): (u32, u32),
    window: Range<u32>,
    linear: bool,
    most: u32,
) -> Result<(), KernelError> {
    set_count::<Pair>(pairs, most as usize)?;
    set_count::<Pair>(pairs, window.len())?;
    let last = input as i32 - 1;
    let (input, output) = (f64::from(input), f64::from(output));
    // OpenCV's scale is the inverse of an inverse, and Pillow adds up instead of multiplying: rounding errors are
    // part of the results.
    let scale = if linear {
        1.0 / (output / input)
    } else {
        input / output
    };
    let mut place = scale * 0.5;
    for _ in 0..window.start {
        place += scale;
    }
    for (pair, position) in pairs.as_mut_slice::<Pair>().iter_mut().zip(window) {
        let (mut left, mut share) = (place as i32, 0.0);
        if linear {
            let place = ((f64::from(position) + 0.5) * scale - 0.5) as f32;
            left = place as i32 - i32::from(place < 0.0);
            share = place - left as f32;
        }
        let weight = |share: f32| round(f64::from(share * f32::from(ONE))) as i32 as i16;
        // Samples beyond an edge are those at the edge. OpenCV gives one such column all the weight, which is
        // the same: the two weights sum to one, unless a single column becomes more than 5000.
        pair.left = left.max(0).min(last) as u32;
        pair.right = (left + i32::from(linear)).max(0).min(last) as u32;
        pair.weights = [weight(1.0 - share), weight(share)];
        place += scale;
    }
    Ok(())
}

/// Copies the first of the two pixels of each column.
pub fn pick(row: &[u8], columns: &[Pair], line: &mut [u8]) {
    let pixels = row.as_chunks::<PIXEL>().0;
    for (column, out) in columns.iter().zip(line.as_chunks_mut().0) {
        *out = pixels[column.left as usize];
    }
}

/// Sums two pixels of a row for each column, with 7 fractional bits.
pub fn blend_columns(row: &[u8], columns: &[Pair], sums: &mut [i16]) {
    let pixels = row.as_chunks::<PIXEL>().0;
    for (column, sums) in columns.iter().zip(sums.as_chunks_mut::<PIXEL>().0) {
        let (left, right) = (
            &pixels[column.left as usize],
            &pixels[column.right as usize],
        );
        for (channel, sum) in sums.iter_mut().enumerate() {
            let exact = i32::from(left[channel]) * i32::from(column.weights[0])
                + i32::from(right[channel]) * i32::from(column.weights[1]);
            *sum = (exact >> DROPPED) as i16;
        }
    }
}

/// Blends the sums of two rows into one row of pixels.
pub fn blend_rows(upper: &[i16], lower: &[i16], pair: &Pair, line: &mut [u8]) {
    let product = |sum: i16, weight: i16| (i32::from(sum) * i32::from(weight)) >> DROPPED_AGAIN;
    for ((out, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
        let sum = product(*upper, pair.weights[0]) + product(*lower, pair.weights[1]);
        *out = ((sum + (1 << (LEFT - 1))) >> LEFT) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_middle() {
        let mut pairs = AlignedBytes::default();
        let mut nearest = |input, output, window| {
            fill_pairs(&mut pairs, (input, output), window, false, 9).unwrap();
            let pairs = pairs.as_slice::<Pair>().iter();
            pairs.map(|pair| pair.left).collect::<Vec<_>>()
        };
        assert_eq!(nearest(6, 2, 0..2), [1, 4]);
        assert_eq!(nearest(2, 6, 1..5), [0, 0, 1, 1]);
    }

    #[test]
    fn rounds_once() {
        let mut pairs = AlignedBytes::default();
        fill_pairs(&mut pairs, (2, 1), 0..1, true, 1).unwrap();
        let pairs = pairs.as_slice::<Pair>();
        let mut sums = [[0; PIXEL]; 2];
        let rows = [[0, 1, 3, 255, 1, 1, 3, 255], [0, 0, 3, 255, 0, 1, 2, 255]];
        for (row, sums) in rows.iter().zip(&mut sums) {
            blend_columns(row, pairs, sums);
        }
        let mut line = [0; PIXEL];
        blend_rows(&sums[0], &sums[1], &pairs[0], &mut line);
        // Of a quarter, rounding after each direction would make one.
        assert_eq!(line, [0, 1, 3, 255]);
    }

    #[test]
    fn stays_on_the_axis() {
        let mut pairs = AlignedBytes::default();
        fill_pairs(&mut pairs, (2, 8), 0..8, true, 8).unwrap();
        let samples: Vec<_> = pairs
            .as_slice::<Pair>()
            .iter()
            .map(|pair| [pair.left, pair.right])
            .collect();
        assert_eq!(samples[..2], [[0, 0]; 2]);
        assert_eq!(samples[2..6], [[0, 1]; 4]);
        assert_eq!(samples[6..], [[1, 1]; 2]);
    }
}
