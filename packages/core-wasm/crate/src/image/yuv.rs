//! Y'CbCr of video frames to RGB, for samples that have been resized or are taken as they are.

#[cfg(any(test, not(target_feature = "simd128")))]
use super::pixel::PIXEL;
use super::planes::SAMPLE_BITS;
use crate::abi::choice;

/// The weights of Y'CbCr → RGB with 15 fractional bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The luma sample of black.
    black: i16,
    /// Half of luma's weight; a quarter of V's in red, of U's and V's in green, of U's in blue.
    luma: i16,
    red_v: i16,
    green_u: i16,
    green_v: i16,
    blue_u: i16,
}

choice! {
    /// The standard that a frame's colours follow.
    pub enum Matrix {
        /// ITU-R BT.601, WebCodecs' `smpte170m` and `bt470bg`.
        Bt601 = "bt601",
        /// ITU-R BT.709.
        Bt709 = "bt709",
    }
}

choice! {
    /// The range of the samples.
    pub enum Range {
        /// Luma 16 to 235, chroma 16 to 240.
        Limited = "limited",
        /// 0 to 255.
        Full = "full",
    }
}

/// Fractional bits of the sums.
const FRACTION: u32 = SAMPLE_BITS - 1;

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

    /// Converts rows of samples with [`SAMPLE_BITS`] fractional bits, eight at a time; the fourth byte of a
    /// pixel becomes 255.
    pub fn rows(&self, [y, u, v]: [&[i16]; 3], pixels: &mut [u8]) {
        let samples = y
            .as_chunks()
            .0
            .iter()
            .zip(u.as_chunks().0)
            .zip(v.as_chunks().0);
        for (((y, u), v), pixels) in samples.zip(pixels.as_chunks_mut().0) {
            *pixels = self.eight([y, u, v]);
        }
    }

    /// Converts eight pixels.
    #[cfg(not(target_feature = "simd128"))]
    pub fn eight(&self, [y, u, v]: [&[i16; 8]; 3]) -> [u8; 8 * PIXEL] {
        let mut pixels = [0; 8 * PIXEL];
        for (at, pixel) in pixels.as_chunks_mut().0.iter_mut().enumerate() {
            *pixel = self.pixel(y[at], u[at], v[at]);
        }
        pixels
    }

    /// One pixel; the SIMD form does the same steps.
    #[cfg(any(test, not(target_feature = "simd128")))]
    fn pixel(&self, y: i16, u: i16, v: i16) -> [u8; PIXEL] {
        let luma = multiply(y.saturating_sub(self.black << SAMPLE_BITS), self.luma);
        // One half, to round.
        let luma = luma.saturating_add(1 << (FRACTION - 1));
        let centred = |sample: i16| {
            let sample = sample.saturating_sub(128 << SAMPLE_BITS);
            sample.saturating_add(sample)
        };
        let (u, v) = (centred(u), centred(v));
        let green = multiply(u, self.green_u).saturating_add(multiply(v, self.green_v));
        let byte = |sum: i16| (luma.saturating_add(sum) >> FRACTION).clamp(0, 255) as u8;
        [
            byte(multiply(v, self.red_v)),
            byte(green),
            byte(multiply(u, self.blue_u)),
            255,
        ]
    }
}

/// Product with 15 fractional bits, rounded: WebAssembly's `i16x8.q15mulr_sat_s`.
#[cfg(any(test, not(target_feature = "simd128")))]
fn multiply(left: i16, right: i16) -> i16 {
    let product = (i32::from(left) * i32::from(right) + 0x4000) >> 15;
    product.min(i32::from(i16::MAX)) as i16
}

#[cfg(target_feature = "simd128")]
mod simd {
    use core::arch::wasm32::*;

    use super::{Conversion, FRACTION};
    use crate::image::pixel::PIXEL;
    use crate::image::planes::SAMPLE_BITS;
    use crate::image::sums::{load, store};

    impl Conversion {
        /// Converts eight pixels.
        #[inline(always)]
        pub fn eight(&self, [y, u, v]: [&[i16; 8]; 3]) -> [u8; 8 * PIXEL] {
            let [y, u, v] = [y, u, v].map(|samples| load(bytemuck::cast_ref(samples)));
            let times = |sample, weight| i16x8_q15mulr_sat(sample, i16x8_splat(weight));
            let level = i16x8_sub_sat(y, i16x8_splat(self.black << SAMPLE_BITS));
            let luma = i16x8_add_sat(times(level, self.luma), i16x8_splat(1 << (FRACTION - 1)));
            let centred = |sample| {
                let sample = i16x8_sub_sat(sample, i16x8_splat(128 << SAMPLE_BITS));
                i16x8_add_sat(sample, sample)
            };
            let (u, v) = (centred(u), centred(v));
            let green = i16x8_add_sat(times(u, self.green_u), times(v, self.green_v));
            let [red, green, blue] = [times(v, self.red_v), green, times(u, self.blue_u)]
                .map(|part| i16x8_shr(i16x8_add_sat(luma, part), FRACTION));
            let opaque = i16x8_splat(255);
            // Bytes: eight of red and eight of blue, of green and the fourth.
            let (rb, gx) = (
                u8x16_narrow_i16x8(red, blue),
                u8x16_narrow_i16x8(green, opaque),
            );
            let rg =
                i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(rb, gx);
            let bx = i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(
                rb, gx,
            );
            let first = i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(rg, bx);
            let last = i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(rg, bx);
            bytemuck::cast([store(first), store(last)])
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
        assert_eq!(limited.pixel(16 << 6, 128 << 6, 128 << 6), [0, 0, 0, 255]);
        assert_eq!(limited.pixel(235 << 6, 128 << 6, 128 << 6), [255; 4]);
        for level in 0..=255 {
            assert_eq!(
                full.pixel(level << 6, 128 << 6, 128 << 6),
                [level as u8, level as u8, level as u8, 255]
            );
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
                let got = conversion.pixel((luma << 6) as i16, (u << 6) as i16, (v << 6) as i16);
                for (got, want) in got.into_iter().zip([r, g, b]) {
                    let want = (want * 255.0).clamp(0.0, 255.0);
                    assert!((f64::from(got) - want).abs() < 0.55, "{luma} {u} {v}");
                }
            }
        }
    }
}
