//! Weighted sums of bytes, rounded as Pillow rounds them. The SIMD form multiplies 16-bit numbers by the
//! coarse part of the weights, and by the rest only where the coarse sum does not settle the rounding: the
//! scalar and the SIMD form give the same bits.

use super::weights::PRECISION_BITS;

/// Bytes that [`column_sums`] gives at once.
pub const BLOCK: usize = 16;

/// Rows that [`row_sums`] takes at once, to read the weights once for all of them.
pub const GROUP: usize = 4;

const HALF: i32 = 1 << (PRECISION_BITS - 1);

#[cfg(not(target_feature = "simd128"))]
pub use scalar::{column_sums, row_sums};
#[cfg(target_feature = "simd128")]
pub use simd::{column_sums, load, row_sums, store};

#[cfg(not(target_feature = "simd128"))]
mod scalar {
    use super::{BLOCK, GROUP, HALF, PRECISION_BITS};
    use crate::image::weights::Taps;

    /// One pixel, its first byte the lowest, from each of `rows`, whose first pixel is number
    /// `first_column` of the axis. Up to three pixels behind the last tap must be readable;
    /// their values do not matter.
    pub fn row_sums(rows: [&[u8]; GROUP], taps: Taps, first_column: usize) -> [u32; GROUP] {
        let first = taps.first - first_column;
        rows.map(|row| {
            let mut sums = [HALF; 4];
            for (pixel, weight) in row.as_chunks().0[first..].iter().zip(taps.weights) {
                add(&mut sums, pixel, *weight);
            }
            u32::from_le_bytes(sums.map(to_byte))
        })
    }

    /// Sixteen bytes side by side, each summed downwards over rows that lie `stride` bytes apart.
    pub fn column_sums(source: &[u8], stride: usize, taps: Taps) -> [u8; BLOCK] {
        let mut sums = [HALF; BLOCK];
        for (tap, weight) in taps.weights.iter().enumerate() {
            let samples = source[tap * stride..].first_chunk();
            add(&mut sums, samples.unwrap_or(&[0; BLOCK]), *weight);
        }
        sums.map(to_byte)
    }

    #[inline(always)]
    fn add<const COUNT: usize>(sums: &mut [i32; COUNT], samples: &[u8; COUNT], weight: i32) {
        for (sum, &sample) in sums.iter_mut().zip(samples) {
            *sum = sum.wrapping_add(i32::from(sample).wrapping_mul(weight));
        }
    }

    #[inline(always)]
    fn to_byte(sum: i32) -> u8 {
        (sum >> PRECISION_BITS).clamp(0, 255) as u8
    }
}

#[cfg(target_feature = "simd128")]
mod simd {
    use core::arch::wasm32::*;

    use super::{BLOCK, GROUP, HALF, PRECISION_BITS};
    use crate::image::weights::{Precision, Quad, Taps};

    /// See the scalar form. Engines compile these shuffles to a single instruction.
    #[inline(always)]
    pub fn row_sums(rows: [&[u8]; GROUP], taps: Taps, first_column: usize) -> [u32; GROUP] {
        let from = (taps.first - first_column) * 4;
        let rows = rows.map(|row| row[from..from + taps.coarse.len() * 16].as_chunks().0);
        let start = i32x4_splat(taps.precision.start);
        let sums = row_dots(rows, taps.coarse, start);
        if in_doubt(nearest(sums, taps.precision), taps.precision) {
            return settle_rows(rows, taps, sums);
        }
        let pixels = narrow(sums, PRECISION_BITS - taps.precision.dropped);
        [
            u32x4_extract_lane::<0>(pixels),
            u32x4_extract_lane::<1>(pixels),
            u32x4_extract_lane::<2>(pixels),
            u32x4_extract_lane::<3>(pixels),
        ]
    }

    #[cold]
    #[inline(never)]
    fn settle_rows(rows: [&[[u8; 16]]; GROUP], taps: Taps, sums: [v128; GROUP]) -> [u32; GROUP] {
        core::array::from_fn(|row| {
            let sum = sums[row];
            let bytes = if in_doubt(
                v128_and(sum, i32x4_splat(taps.precision.fraction)),
                taps.precision,
            ) {
                let [rest] = row_dots([rows[row]], taps.rest, i32x4_splat(HALF));
                narrow([settle(sum, rest, taps.precision); 4], PRECISION_BITS)
            } else {
                narrow([sum; 4], PRECISION_BITS - taps.precision.dropped)
            };
            u32x4_extract_lane::<0>(bytes)
        })
    }

    /// Sums of four channels for each row. Four taps a step.
    #[inline(always)]
    fn row_dots<const ROWS: usize>(
        rows: [&[[u8; 16]]; ROWS],
        weights: &[Quad],
        start: v128,
    ) -> [v128; ROWS] {
        let rows = rows.map(|row| &row[..weights.len()]);
        let mut sums = [start; ROWS];
        for (step, weights) in weights.iter().enumerate() {
            let [weights02, weights13] = pairs(*weights);
            for (sum, row) in sums.iter_mut().zip(rows) {
                let [pixels02, pixels13] = unpack(&row[step]);
                let dots02 = i32x4_dot_i16x8(pixels02, weights02);
                let dots13 = i32x4_dot_i16x8(pixels13, weights13);
                *sum = i32x4_add(*sum, i32x4_add(dots02, dots13));
            }
        }
        sums
    }

    /// See the scalar form.
    #[inline(always)]
    pub fn column_sums(source: &[u8], stride: usize, taps: Taps) -> [u8; BLOCK] {
        let start = i32x4_splat(taps.precision.start);
        let sums = column_dots(source, stride, taps.count, taps.coarse, start);
        store(
            match in_doubt(nearest(sums, taps.precision), taps.precision) {
                false => narrow(sums, PRECISION_BITS - taps.precision.dropped),
                true => settle_columns(source, stride, taps, sums),
            },
        )
    }

    #[cold]
    #[inline(never)]
    fn settle_columns(source: &[u8], stride: usize, taps: Taps, sums: [v128; 4]) -> v128 {
        let rest = column_dots(source, stride, taps.count, taps.rest, i32x4_splat(HALF));
        let whole = core::array::from_fn(|at| settle(sums[at], rest[at], taps.precision));
        narrow(whole, PRECISION_BITS)
    }

    /// Sums of sixteen columns. Four rows a step; the last row is repeated where there are fewer.
    #[inline(always)]
    fn column_dots(
        source: &[u8],
        stride: usize,
        count: usize,
        weights: &[Quad],
        start: v128,
    ) -> [v128; 4] {
        let mut sums = [start; 4];
        let at = |row: usize| {
            let start = row.min(count - 1) * stride;
            let block = source[start..start + BLOCK].try_into();
            load(block.unwrap_or(&[0; BLOCK]))
        };
        for (step, weights) in weights.iter().enumerate() {
            let row = step * 4;
            for (weights, row) in pairs(*weights).into_iter().zip([row, row + 1]) {
                let (upper, lower) = (at(row), at(row + 2));
                let left = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(
                    upper, lower,
                );
                let right =
                    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(
                        upper, lower,
                    );
                let samples = [
                    u16x8_extend_low_u8x16(left),
                    u16x8_extend_high_u8x16(left),
                    u16x8_extend_low_u8x16(right),
                    u16x8_extend_high_u8x16(right),
                ];
                for (sum, samples) in sums.iter_mut().zip(samples) {
                    *sum = i32x4_add(*sum, i32x4_dot_i16x8(samples, weights));
                }
            }
        }
        sums
    }

    /// The smallest fraction in each lane.
    #[inline(always)]
    fn nearest(sums: [v128; 4], precision: Precision) -> v128 {
        let fraction = i32x4_splat(precision.fraction);
        let [a, b, c, d] = sums.map(|sum| v128_and(sum, fraction));
        i32x4_min(i32x4_min(a, b), i32x4_min(c, d))
    }

    /// Whether the exact sum may be below the whole part of the coarse one. The fourth byte of a pixel is
    /// not checked.
    #[inline(always)]
    fn in_doubt(fractions: v128, Precision { doubt, .. }: Precision) -> bool {
        v128_any_true(i32x4_lt(fractions, i32x4(doubt, doubt, doubt, 0)))
    }

    /// The exact sum: the coarse one and what the rest of the weights adds.
    #[inline(always)]
    fn settle(sum: v128, rest: v128, precision: Precision) -> v128 {
        let coarse = i32x4_sub(sum, i32x4_splat(precision.start));
        i32x4_add(i32x4_shl(coarse, precision.dropped), rest)
    }

    /// The whole parts of sums with so many fractional bits, clamped to a byte. All of them fit 16 bits, so
    /// the low halves are taken as they are, which costs less than a narrowing with saturation.
    #[inline(always)]
    fn narrow(sums: [v128; 4], bits: u32) -> v128 {
        let [a, b, c, d] = sums.map(|sum| i32x4_shr(sum, bits));
        u8x16_narrow_i16x8(
            i16x8_shuffle::<0, 2, 4, 6, 8, 10, 12, 14>(a, b),
            i16x8_shuffle::<0, 2, 4, 6, 8, 10, 12, 14>(c, d),
        )
    }

    /// Two weights in every 32-bit lane: the first two, and the last two.
    #[inline(always)]
    fn pairs([a, b, c, d]: Quad) -> [v128; 2] {
        let splat =
            |left: i16, right: i16| i32x4_splat(i32::from(left as u16) | (i32::from(right) << 16));
        [splat(a, b), splat(c, d)]
    }

    /// The same channel of pixels 0 and 2, and of 1 and 3, side by side, as the dot product wants them.
    #[inline(always)]
    #[allow(unsafe_code)]
    fn unpack(four: &[u8; 16]) -> [v128; 2] {
        // SAFETY: 16 readable bytes.
        let [left, right] = unsafe {
            [
                u16x8_load_extend_u8x8(four.as_ptr()),
                u16x8_load_extend_u8x8(four.as_ptr().add(8)),
            ]
        };
        [
            i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(left, right),
            i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(left, right),
        ]
    }

    /// Sixteen bytes as a register.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn load(bytes: &[u8; 16]) -> v128 {
        // SAFETY: the reference is to 16 readable bytes, and the load needs no alignment.
        unsafe { v128_load(bytes.as_ptr().cast()) }
    }

    /// A register as sixteen bytes.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn store(value: v128) -> [u8; 16] {
        let mut bytes = [0; 16];
        // SAFETY: the array is 16 writable bytes, and the store needs no alignment.
        unsafe { v128_store(bytes.as_mut_ptr().cast(), value) };
        bytes
    }
}
