//! From bytes to the model's tensor. A byte has 256 values, so the whole formula is a table and
//! the result is exact whatever the instruction set.

use bytemuck::{AnyBitPattern, NoUninit};

use super::filter::round;
use super::pixel::PIXEL;
use crate::abi::choice;
use crate::buffer::AlignedBytes;
use crate::error::KernelError;

choice! {
    /// Order of the tensor's axes for one image.
    pub enum Layout {
        /// One plane for each channel.
        Nchw = "nchw",
        /// The channels of a pixel side by side.
        Nhwc = "nhwc",
    }
}

choice! {
    /// The tensor's channels.
    pub enum Channels {
        Rgb = "rgb",
        Bgr = "bgr",
        /// One, Pillow's `convert('L')`.
        Luma = "luma",
    }
}

impl Channels {
    /// Number of channels.
    pub const fn count(self) -> usize {
        match self {
            Self::Rgb | Self::Bgr => 3,
            Self::Luma => 1,
        }
    }
}

choice! {
    /// The type of the tensor's elements.
    pub enum Element {
        F32 = "float32",
        F16 = "float16",
        U8 = "uint8",
        I8 = "int8",
    }
}

impl Element {
    /// Bytes of one element.
    pub const fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::U8 | Self::I8 => 1,
        }
    }
}

/// The layout of the tensor, and the element of a byte: `x = (byte / 255 − mean) / std` in the order
/// of the tensor's channels, and for whole numbers `round(x / scale) + zero_point`, halves to even,
/// kept within the type.
#[derive(Clone, Copy, Debug)]
pub struct TensorSpec {
    pub layout: Layout,
    pub channels: Channels,
    pub element: Element,
    /// Per channel, in units of the 0..1 range; the first alone counts for luma.
    pub mean: [f64; 3],
    /// Per channel, in units of the 0..1 range; not zero.
    pub std: [f64; 3],
    /// Of quantised elements; not zero.
    pub scale: f64,
    /// Of quantised elements.
    pub zero_point: f64,
}

impl TensorSpec {
    /// Bytes of one pixel of the tensor.
    pub const fn pixel_bytes(&self) -> usize {
        self.channels.count() * self.element.bytes()
    }
}

/// Tables from the bytes of each channel to the bits of their elements.
pub struct Writer {
    layout: Layout,
    channels: Channels,
    element: Element,
    table: [[u32; 256]; 3],
}

/// The position of a row of pixels in the tensor: row, first column, and the tensor's size.
#[derive(Clone, Copy)]
pub struct Place {
    pub row: usize,
    pub column: usize,
    pub width: usize,
    pub height: usize,
}

impl Writer {
    /// Builds the tables.
    ///
    /// Errors: [`KernelError::BadNormalization`] if a number is not finite, or a `std` or the scale
    /// is zero.
    pub fn new(spec: TensorSpec) -> Result<Self, KernelError> {
        let TensorSpec {
            layout,
            channels,
            element,
            mean,
            std,
            scale,
            zero_point,
        } = spec;
        let mut table = [[0; 256]; 3];
        for ((channel, mean), std) in table.iter_mut().zip(mean).zip(std) {
            let finite = [mean, std, scale, zero_point]
                .iter()
                .all(|number| number.is_finite());
            if !finite || std == 0.0 || scale == 0.0 {
                return Err(KernelError::BadNormalization);
            }
            for (byte, bits) in channel.iter_mut().enumerate() {
                let exact = (byte as f64 / 255.0 - mean) / std;
                let whole = || round(exact / scale) + zero_point;
                *bits = match element {
                    Element::F32 => (exact as f32).to_bits(),
                    Element::F16 => u32::from(to_f16(exact as f32)),
                    // `as` saturates.
                    Element::U8 => u32::from(whole() as u8),
                    Element::I8 => u32::from(whole() as i8 as u8),
                };
            }
        }
        Ok(Self {
            layout,
            channels,
            element,
            table,
        })
    }

    /// Writes a row of pixels. `places` are those of red, green and blue within a pixel.
    pub fn write_row(
        &self,
        pixels: &[u8],
        places: [usize; 3],
        place: Place,
        tensor: &mut AlignedBytes,
    ) {
        let places = match self.channels {
            Channels::Bgr => [places[2], places[1], places[0]],
            _ => places,
        };
        let pixels = pixels.as_chunks().0;
        match self.element {
            Element::F32 => self.write(pixels, places, place, tensor.as_mut_slice(), |bits| bits),
            Element::F16 => {
                self.write(pixels, places, place, tensor.as_mut_slice(), |bits| {
                    bits as u16
                });
            }
            Element::U8 | Element::I8 => {
                self.write(pixels, places, place, tensor.as_mut_slice(), |bits| {
                    bits as u8
                });
            }
        }
    }

    /// Fills `columns` pixels of a row with the element of the byte `pad`.
    pub fn pad_row(&self, pad: u8, columns: usize, place: Place, tensor: &mut AlignedBytes) {
        const PIECE: usize = 64;
        let pixels = [pad; PIECE * PIXEL];
        for start in (0..columns).step_by(PIECE) {
            let piece = &pixels[..PIECE.min(columns - start) * PIXEL];
            let column = place.column + start;
            self.write_row(piece, [0, 1, 2], Place { column, ..place }, tensor);
        }
    }

    /// One loop for both layouts: they differ in the first element of a channel and the step between its elements.
    #[inline(never)]
    fn write<T: AnyBitPattern + NoUninit>(
        &self,
        pixels: &[[u8; PIXEL]],
        places: [usize; 3],
        place: Place,
        tensor: &mut [T],
        narrow: impl Fn(u32) -> T,
    ) {
        let count = self.channels.count();
        let start = place.row * place.width + place.column;
        for (channel, (table, byte)) in self.table.iter().zip(places).take(count).enumerate() {
            let (first, step) = match self.layout {
                Layout::Nchw => (channel * place.width * place.height + start, 1),
                Layout::Nhwc => (start * count + channel, count),
            };
            let values = tensor[first..].iter_mut().step_by(step);
            for (value, pixel) in values.zip(pixels) {
                *value = narrow(table[usize::from(pixel[byte % PIXEL])]);
            }
        }
    }
}

/// IEEE 754 binary16, rounded to nearest, halves to even, as NumPy's `astype('float16')`.
fn to_f16(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = value.abs();
    let half = if magnitude >= 65_520.0 {
        0x7c00
    } else if magnitude < 6.103_515_6e-5 {
        // Adding 0.5 puts the last place of a subnormal where f32 rounds.
        (magnitude + 0.5).to_bits().wrapping_sub(0.5f32.to_bits())
    } else {
        let odd = bits >> 13 & 1;
        ((bits & 0x7fff_ffff) + 0xfff + odd).wrapping_sub(112 << 23) >> 13
    };
    sign | half as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: TensorSpec = TensorSpec {
        layout: Layout::Nchw,
        channels: Channels::Rgb,
        element: Element::F32,
        mean: [0.0; 3],
        std: [1.0, 0.5, 1.0 / 255.0],
        scale: 1.0,
        zero_point: 0.0,
    };

    fn write<T: AnyBitPattern>(spec: TensorSpec, pixels: &[u8], places: [usize; 3]) -> Vec<T> {
        let mut tensor = AlignedBytes::default();
        let (width, count) = (pixels.len() / PIXEL, spec.channels.count());
        tensor
            .set_len(width * count * spec.element.bytes())
            .unwrap();
        let place = Place {
            row: 0,
            column: 0,
            width,
            height: 1,
        };
        Writer::new(spec)
            .unwrap()
            .write_row(pixels, places, place, &mut tensor);
        tensor.as_slice().to_vec()
    }

    #[test]
    fn writes_every_order() {
        let pixels = [255, 0, 1, 9, 0, 255, 2, 9];
        let nhwc = TensorSpec {
            layout: Layout::Nhwc,
            ..PLAIN
        };
        let bgr = TensorSpec {
            channels: Channels::Bgr,
            std: [1.0 / 255.0; 3],
            ..nhwc
        };
        let luma = TensorSpec {
            channels: Channels::Luma,
            ..PLAIN
        };
        assert_eq!(
            write::<f32>(PLAIN, &pixels, [0, 1, 2]),
            [1.0, 0.0, 0.0, 2.0, 1.0, 2.0]
        );
        assert_eq!(
            write::<f32>(nhwc, &pixels, [0, 1, 2]),
            [1.0, 0.0, 1.0, 0.0, 2.0, 2.0]
        );
        assert_eq!(
            write::<f32>(nhwc, &pixels, [2, 1, 0]),
            [1.0 / 255.0, 0.0, 255.0, 2.0 / 255.0, 2.0, 0.0].map(|value: f64| value as f32)
        );
        assert_eq!(
            write::<f32>(bgr, &pixels, [0, 1, 2]),
            [1.0, 0.0, 255.0, 2.0, 255.0, 0.0]
        );
        assert_eq!(write::<f32>(luma, &pixels, [0, 1, 2]), [1.0, 0.0]);
    }

    #[test]
    fn quantises_within_the_type() {
        let pixels: Vec<u8> = [0, 1, 127, 255]
            .iter()
            .flat_map(|&byte| [byte; PIXEL])
            .collect();
        let spec = TensorSpec {
            channels: Channels::Luma,
            element: Element::U8,
            std: [1.0; 3],
            scale: 1.0 / 255.0,
            ..PLAIN
        };
        assert_eq!(write::<u8>(spec, &pixels, [0, 1, 2]), [0, 1, 127, 255]);
        let signed = TensorSpec {
            element: Element::I8,
            zero_point: -128.0,
            ..spec
        };
        assert_eq!(
            write::<u8>(signed, &pixels, [0, 1, 2]),
            [-128i8, -127, -1, 127].map(|value| value as u8)
        );
        let loud = TensorSpec {
            scale: 1e-9,
            zero_point: -1.0,
            ..spec
        };
        assert_eq!(write::<u8>(loud, &pixels, [0, 1, 2]), [0, 255, 255, 255]);
    }

    #[test]
    fn halves_every_half() {
        // Every binary16 number, and what lies just beside the middle of two of them.
        for bits in 0..0x7c00u16 {
            let exact = |bits: u16| match bits >> 10 {
                0 => f32::from(bits) * 2f32.powi(-24),
                exponent => {
                    (1.0 + f32::from(bits & 0x3ff) / 1024.0) * 2f32.powi(i32::from(exponent) - 15)
                }
            };
            let (low, high) = (
                exact(bits),
                if bits == 0x7bff {
                    65_536.0
                } else {
                    exact(bits + 1)
                },
            );
            let middle = (low + high) / 2.0;
            assert_eq!(to_f16(low), bits);
            assert_eq!(to_f16(-low), 0x8000 | bits);
            assert_eq!(to_f16(middle.next_down()), bits);
            assert_eq!(to_f16(middle), bits + (bits & 1));
            assert_eq!(to_f16(middle.next_up()), bits + 1);
        }
    }

    #[test]
    fn refuses_useless_numbers() {
        for std in [0.0, -0.0, f64::NAN, f64::INFINITY] {
            assert!(
                Writer::new(TensorSpec {
                    std: [1.0, std, 1.0],
                    ..PLAIN
                })
                .is_err()
            );
        }
        assert!(
            Writer::new(TensorSpec {
                mean: [f64::NAN, 0.0, 0.0],
                ..PLAIN
            })
            .is_err()
        );
        assert!(
            Writer::new(TensorSpec {
                scale: 0.0,
                ..PLAIN
            })
            .is_err()
        );
        assert!(
            Writer::new(TensorSpec {
                zero_point: f64::NAN,
                ..PLAIN
            })
            .is_err()
        );
    }
}
