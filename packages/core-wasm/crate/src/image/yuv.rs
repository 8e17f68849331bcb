//! Y'CbCr of video frames to RGB. Chroma samples are repeated, as the browsers' own conversion does.

use super::resize::PIXEL;

/// The weights of Y'CbCr → RGB in 15 bits after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// What black is.
    black: i16,
    /// Half of luma's weight; a quarter of V's in red, of U's and V's in green, of U's in blue.
    luma: i16,
    red_v: i16,
    green_u: i16,
    green_v: i16,
    blue_u: i16,
}

/// The standard that a frame's colours follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// ITU-R BT.601, WebCodecs' `smpte170m` and `bt470bg`.
    Bt601,
    /// ITU-R BT.709.
    Bt709,
}

/// The range of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Luma 16 to 235, chroma 16 to 240.
    Limited,
    /// 0 to 255.
    Full,
}

/// Chroma samples of one row, one for two pixels.
#[derive(Clone, Copy)]
pub enum Samples<'a> {
    /// All U, all V.
    Planes(&'a [u8], &'a [u8]),
    /// U and V in turns.
    Pairs(&'a [u8]),
}

/// Bits after the point of the sums.
const FRACTION: u32 = 6;

impl Conversion {
    /// The conversion by ITU-R BT.601-7 or BT.709-6.
    pub const fn new(matrix: Matrix, range: Range) -> Self {
        let (red, blue) = match matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
        };
        let green = 1.0 - red - blue;
        let (luma, chroma, black) = match range {
            Range::Limited => (255.0 / 219.0, 255.0 / 224.0, 16),
            Range::Full => (1.0, 1.0, 0),
        };
        const fn fixed(weight: f64) -> i16 {
            (weight * 32_768.0 + if weight < 0.0 { -0.5 } else { 0.5 }) as i16
        }
        Self {
            black,
            luma: fixed(luma / 2.0),
            red_v: fixed(2.0 * (1.0 - red) * chroma / 4.0),
            green_u: fixed(-2.0 * (1.0 - blue) * blue / green * chroma / 4.0),
            green_v: fixed(-2.0 * (1.0 - red) * red / green * chroma / 4.0),
            blue_u: fixed(2.0 * (1.0 - blue) * chroma / 4.0),
        }
    }

    /// Converts a row: one luma sample a pixel, one chroma sample for two; the fourth byte becomes 255.
    pub fn row(&self, luma: &[u8], chroma: Samples, pixels: &mut [[u8; PIXEL]]) {
        #[cfg(target_feature = "simd128")]
        let done = simd::row(self, luma, chroma, pixels);
        #[cfg(not(target_feature = "simd128"))]
        let done = 0;
        let rest = luma.iter().zip(pixels).enumerate().skip(done);
        for (at, (&luma, pixel)) in rest {
            let (u, v) = match chroma {
                Samples::Planes(u, v) => (u[at / 2], v[at / 2]),
                Samples::Pairs(pairs) => (pairs[at & !1], pairs[at | 1]),
            };
            *pixel = self.pixel(luma, u, v);
        }
    }

    /// One pixel; the SIMD form does the same steps.
    fn pixel(&self, luma: u8, u: u8, v: u8) -> [u8; PIXEL] {
        let luma = multiply((i16::from(luma) - self.black) << 7, self.luma);
        let [u, v] = [u, v].map(|sample| (i16::from(sample) - 128) << 8);
        let byte =
            |sum: i16| (sum.saturating_add(1 << (FRACTION - 1)) >> FRACTION).clamp(0, 255) as u8;
        let green = multiply(u, self.green_u).saturating_add(multiply(v, self.green_v));
        [
            byte(luma.saturating_add(multiply(v, self.red_v))),
            byte(luma.saturating_add(green)),
            byte(luma.saturating_add(multiply(u, self.blue_u))),
            255,
        ]
    }
}

/// Product with 15 bits after the point, rounded: WebAssembly's `i16x8.q15mulr_sat_s`.
fn multiply(left: i16, right: i16) -> i16 {
    let product = (i32::from(left) * i32::from(right) + 0x4000) >> 15;
    product.min(i32::from(i16::MAX)) as i16
}

#[cfg(target_feature = "simd128")]
mod simd {
    use core::arch::wasm32::*;

    use super::{Conversion, FRACTION, Samples};
    use crate::image::resize::PIXEL;
    use crate::image::sums::{load, store};

    /// Converts as many whole sixteens of pixels as there are and gives their number.
    pub fn row(
        conversion: &Conversion,
        luma: &[u8],
        chroma: Samples,
        pixels: &mut [[u8; PIXEL]],
    ) -> usize {
        let (sixteens, _) = luma.as_chunks::<16>();
        let (targets, _) = pixels.as_chunks_mut::<16>();
        for (at, (luma, target)) in sixteens.iter().zip(targets).enumerate() {
            let Some((u, v)) = samples(chroma, at) else {
                return at * 16;
            };
            let luma = load(luma);
            let centred = |sample| {
                let wide = u16x8_extend_low_u8x16(sample);
                i16x8_shl(i16x8_sub(wide, i16x8_splat(128)), 8)
            };
            let (u, v) = (centred(u), centred(v));
            let times = |sample, weight| i16x8_q15mulr_sat(sample, i16x8_splat(weight));
            let green = i16x8_add_sat(times(u, conversion.green_u), times(v, conversion.green_v));
            let parts = [
                times(v, conversion.red_v),
                green,
                times(u, conversion.blue_u),
            ];
            let bright = |wide| {
                let level = i16x8_sub(wide, i16x8_splat(conversion.black));
                times(i16x8_shl(level, 7), conversion.luma)
            };
            let low = bright(u16x8_extend_low_u8x16(luma));
            let high = bright(u16x8_extend_high_u8x16(luma));
            let [red, green, blue] = parts.map(|part| {
                let left = i16x8_shuffle::<0, 0, 1, 1, 2, 2, 3, 3>(part, part);
                let right = i16x8_shuffle::<4, 4, 5, 5, 6, 6, 7, 7>(part, part);
                let whole = |sum| {
                    let half = i16x8_splat(1 << (FRACTION - 1));
                    i16x8_shr(i16x8_add_sat(sum, half), FRACTION)
                };
                u8x16_narrow_i16x8(
                    whole(i16x8_add_sat(low, left)),
                    whole(i16x8_add_sat(high, right)),
                )
            });
            let opaque = u8x16_splat(255);
            let zip_low = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>;
            let zip_high =
                i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>;
            let pair_low = i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>;
            let pair_high = i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>;
            let (first, second) = (zip_low(red, green), zip_low(blue, opaque));
            let (third, fourth) = (zip_high(red, green), zip_high(blue, opaque));
            let quads = [
                pair_low(first, second),
                pair_high(first, second),
                pair_low(third, fourth),
                pair_high(third, fourth),
            ];
            for (quad, out) in quads
                .into_iter()
                .zip(target.as_flattened_mut().as_chunks_mut().0)
            {
                *out = store(quad);
            }
        }
        sixteens.len() * 16
    }

    /// Eight samples of U and of V in the low halves, or nothing when they are not all there.
    fn samples(chroma: Samples, at: usize) -> Option<(v128, v128)> {
        match chroma {
            Samples::Planes(u, v) => {
                let eight = |plane: &[u8]| {
                    let bytes = plane.as_chunks::<8>().0.get(at)?;
                    Some(u64x2(u64::from_le_bytes(*bytes), 0))
                };
                Some((eight(u)?, eight(v)?))
            }
            Samples::Pairs(pairs) => {
                let pairs = load(pairs.as_chunks::<16>().0.get(at)?);
                let even = i8x16_shuffle::<0, 2, 4, 6, 8, 10, 12, 14, 0, 0, 0, 0, 0, 0, 0, 0>;
                let odd = i8x16_shuffle::<1, 3, 5, 7, 9, 11, 13, 15, 0, 0, 0, 0, 0, 0, 0, 0>;
                Some((even(pairs, pairs), odd(pairs, pairs)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_greys() {
        let limited = Conversion::new(Matrix::Bt709, Range::Limited);
        let full = Conversion::new(Matrix::Bt601, Range::Full);
        assert_eq!(limited.pixel(16, 128, 128), [0, 0, 0, 255]);
        assert_eq!(limited.pixel(235, 128, 128), [255; 4]);
        for level in 0..=255 {
            assert_eq!(full.pixel(level, 128, 128), [level, level, level, 255]);
        }
    }

    #[test]
    fn is_close_to_the_formula() {
        for (matrix, red, blue) in [
            (Matrix::Bt601, 0.299, 0.114),
            (Matrix::Bt709, 0.2126, 0.0722),
        ] {
            let conversion = Conversion::new(matrix, Range::Limited);
            for sample in 0..4096u32 {
                let [luma, u, v] =
                    [sample % 16, sample / 16 % 16, sample / 256].map(|part| part * 17);
                let [y, cb, cr] = [
                    (f64::from(luma) - 16.0) / 219.0,
                    (f64::from(u) - 128.0) / 224.0,
                    (f64::from(v) - 128.0) / 224.0,
                ];
                let r = y + 2.0 * (1.0 - red) * cr;
                let b = y + 2.0 * (1.0 - blue) * cb;
                let g = (y - red * r - blue * b) / (1.0 - red - blue);
                let got = conversion.pixel(luma as u8, u as u8, v as u8);
                for (got, want) in got.into_iter().zip([r, g, b]) {
                    let want = (want * 255.0).clamp(0.0, 255.0);
                    assert!((f64::from(got) - want).abs() < 0.55, "{luma} {u} {v}");
                }
            }
        }
    }
}
