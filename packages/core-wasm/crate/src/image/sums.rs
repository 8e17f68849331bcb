//! Weighted sums of bytes, rounded as Pillow rounds them. The scalar and the SIMD form give the
//! same bits: wrapping 32-bit additions may be taken in any order.

use crate::image::coefficients::PRECISION_BITS;

/// Bytes that [`column_sums`] gives at once.
pub const BLOCK: usize = 16;

const HALF: i32 = 1 << (PRECISION_BITS - 1);

#[cfg(not(target_feature = "simd128"))]
pub use scalar::{column_sums, row_sums};
#[cfg(target_feature = "simd128")]
pub use simd::{column_sums, load, row_sums, store};

/// Plain loops: the reference.
pub mod scalar {
    use super::{BLOCK, HALF, PRECISION_BITS};
    use crate::image::coefficients::Taps;

    /// One pixel from each of `rows`, whose first pixel is number `first_column` of the axis. Up to
    /// three pixels behind the last tap must be there to be read; they count for nothing.
    #[inline(always)]
    pub fn row_sums<const ROWS: usize>(
        rows: [&[u8]; ROWS],
        taps: Taps,
        first_column: usize,
    ) -> [[u8; 4]; ROWS] {
        let from = (taps.first - first_column) * 4;
        let to = from + taps.quads.len() * 16;
        rows.map(|row| {
            let mut sums = [HALF; 4];
            for (four, quad) in row[from..to].as_chunks::<16>().0.iter().zip(taps.quads) {
                for place in 0..4 {
                    let weight = quad.weight(place);
                    for (sum, &sample) in sums.iter_mut().zip(&four[place * 4..place * 4 + 4]) {
                        *sum = sum.wrapping_add(i32::from(sample).wrapping_mul(weight));
                    }
                }
            }
            sums.map(to_byte)
        })
    }

    /// Sixteen bytes side by side, each summed downwards over rows that lie `stride` bytes apart.
    #[inline(always)]
    pub fn column_sums(source: &[u8], stride: usize, taps: Taps) -> [u8; BLOCK] {
        let mut sums = [HALF; BLOCK];
        for row in 0..taps.count {
            let weight = taps.quads[row / 4].weight(row % 4);
            let samples = &source[row * stride..row * stride + BLOCK];
            for (sum, &sample) in sums.iter_mut().zip(samples) {
                *sum = sum.wrapping_add(i32::from(sample).wrapping_mul(weight));
            }
        }
        sums.map(to_byte)
    }

    #[inline(always)]
    fn to_byte(sum: i32) -> u8 {
        (sum >> PRECISION_BITS).clamp(0, 255) as u8
    }
}

#[cfg(target_feature = "simd128")]
mod simd {
    use core::arch::wasm32::*;

    use super::{BLOCK, HALF, PRECISION_BITS};
    use crate::image::coefficients::{Quad, Taps};

    /// See [`super::scalar::row_sums`]. Four taps a step.
    #[inline(always)]
    pub fn row_sums<const ROWS: usize>(
        rows: [&[u8]; ROWS],
        taps: Taps,
        first_column: usize,
    ) -> [[u8; 4]; ROWS] {
        let from = (taps.first - first_column) * 4;
        let to = from + taps.quads.len() * 16;
        let rows = rows.map(|row| row[from..to].as_chunks::<16>().0);
        let mut high = [i32x4_splat(0); ROWS];
        let mut low = [i32x4_splat(HALF); ROWS];
        for (step, quad) in taps.quads.iter().enumerate() {
            let [high01, high23] = pairs(quad.high);
            let [low01, low23] = pairs(quad.low);
            for row in 0..ROWS {
                let four = load(&rows[row][step]);
                // The same channel of two neighbours side by side, as the dot product wants them.
                let mixed = i8x16_shuffle::<0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15>(
                    four, four,
                );
                let pixels01 = u16x8_extend_low_u8x16(mixed);
                let pixels23 = u16x8_extend_high_u8x16(mixed);
                high[row] = add_dots(high[row], [pixels01, pixels23], [high01, high23]);
                low[row] = add_dots(low[row], [pixels01, pixels23], [low01, low23]);
            }
        }
        core::array::from_fn(|row| {
            let words = i16x8_narrow_i32x4(whole(high[row], low[row]), i32x4_splat(0));
            let bytes = u8x16_narrow_i16x8(words, words);
            u32x4_extract_lane::<0>(bytes).to_le_bytes()
        })
    }

    /// See [`super::scalar::column_sums`]. Two rows a step.
    #[inline(always)]
    pub fn column_sums(source: &[u8], stride: usize, taps: Taps) -> [u8; BLOCK] {
        let mut high = [i32x4_splat(0); 4];
        let mut low = [i32x4_splat(HALF); 4];
        let at = |row: usize| {
            load(
                (&source[row * stride..][..BLOCK])
                    .try_into()
                    .unwrap_or(&[0; BLOCK]),
            )
        };
        let count = taps.count;
        for row in (0..count).step_by(2) {
            let quad = &taps.quads[row / 4];
            let pair = row % 4 / 2;
            let (upper, lower) = (at(row), at((row + 1).min(count - 1)));
            let left = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(
                upper, lower,
            );
            let right = i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(
                upper, lower,
            );
            let samples = [
                u16x8_extend_low_u8x16(left),
                u16x8_extend_high_u8x16(left),
                u16x8_extend_low_u8x16(right),
                u16x8_extend_high_u8x16(right),
            ];
            let (weight_high, weight_low) = (pairs(quad.high)[pair], pairs(quad.low)[pair]);
            for (part, samples) in samples.into_iter().enumerate() {
                high[part] = i32x4_add(high[part], i32x4_dot_i16x8(samples, weight_high));
                low[part] = i32x4_add(low[part], i32x4_dot_i16x8(samples, weight_low));
            }
        }
        let [a, b, c, d] = core::array::from_fn(|part| whole(high[part], low[part]));
        store(u8x16_narrow_i16x8(
            i16x8_narrow_i32x4(a, b),
            i16x8_narrow_i32x4(c, d),
        ))
    }

    /// Two weights in every 32-bit lane: the first two, and the last two.
    #[inline(always)]
    fn pairs([a, b, c, d]: [i16; 4]) -> [v128; 2] {
        let splat =
            |left: i16, right: i16| i32x4_splat(i32::from(left as u16) | (i32::from(right) << 16));
        [splat(a, b), splat(c, d)]
    }

    #[inline(always)]
    fn add_dots(sum: v128, pixels: [v128; 2], weights: [v128; 2]) -> v128 {
        let first = i32x4_dot_i16x8(pixels[0], weights[0]);
        let second = i32x4_dot_i16x8(pixels[1], weights[1]);
        i32x4_add(sum, i32x4_add(first, second))
    }

    /// Sums of the whole weights, without their fraction.
    #[inline(always)]
    fn whole(high: v128, low: v128) -> v128 {
        i32x4_shr(
            i32x4_add(i32x4_shl(high, Quad::LOW_BITS), low),
            PRECISION_BITS,
        )
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
