//! From bytes to the model's tensor. A byte has 256 values, so the whole formula is a table and
//! the result is exact whatever the instruction set.

use crate::error::KernelError;

/// Order of the tensor's axes for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Three planes: R, G, B.
    Nchw,
    /// Three interleaved values per pixel.
    Nhwc,
}

/// Order of a source pixel's bytes; the fourth has no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Rgbx,
    Bgrx,
}

impl ByteOrder {
    /// Where in a pixel red, green and blue lie.
    fn places(self) -> [usize; 3] {
        match self {
            ByteOrder::Rgbx => [0, 1, 2],
            ByteOrder::Bgrx => [2, 1, 0],
        }
    }
}

/// `(x / 255 − mean) / std` for each byte and channel, computed in f64 and rounded once to f32.
pub struct Table([[f32; 256]; 3]);

impl Table {
    /// Builds the table; `mean` and `std` are in units of the 0..1 range.
    ///
    /// Errors: [`KernelError::BadNormalization`] if a value is not finite or a `std` is zero.
    pub fn new(mean: [f64; 3], std: [f64; 3]) -> Result<Self, KernelError> {
        let finite = mean.iter().chain(&std).all(|value| value.is_finite());
        if !finite || std.contains(&0.0) {
            return Err(KernelError::BadNormalization);
        }
        let mut table = [[0.0; 256]; 3];
        for (channel, (mean, std)) in table.iter_mut().zip(mean.into_iter().zip(std)) {
            for (byte, value) in channel.iter_mut().enumerate() {
                *value = ((byte as f64 / 255.0 - mean) / std) as f32;
            }
        }
        Ok(Self(table))
    }

    /// Writes `pixels` as 3 × pixel-count floats, red first, into `tensor`.
    pub fn write(&self, pixels: &[u8], order: ByteOrder, layout: Layout, tensor: &mut [f32]) {
        let places = order.places();
        let pixels = pixels.as_chunks::<4>().0;
        match layout {
            Layout::Nchw => {
                let planes = tensor.chunks_exact_mut(pixels.len().max(1));
                for (place, (plane, table)) in places.into_iter().zip(planes.zip(&self.0)) {
                    for (value, pixel) in plane.iter_mut().zip(pixels) {
                        *value = table[usize::from(pixel[place])];
                    }
                }
            }
            Layout::Nhwc => {
                let values = tensor.as_chunks_mut::<3>().0;
                for (value, pixel) in values.iter_mut().zip(pixels) {
                    for (channel, place) in places.into_iter().enumerate() {
                        value[channel] = self.0[channel][usize::from(pixel[place])];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_both_layouts_from_both_orders() {
        let table = Table::new([0.0; 3], [1.0, 0.5, 1.0 / 255.0]).unwrap();
        let rgbx = [255, 0, 1, 9, 0, 255, 2, 9];
        let bgrx = [1, 0, 255, 9, 2, 255, 0, 9];
        let mut tensor = [0.0; 6];
        for (pixels, order) in [(rgbx, ByteOrder::Rgbx), (bgrx, ByteOrder::Bgrx)] {
            table.write(&pixels, order, Layout::Nchw, &mut tensor);
            assert_eq!(tensor, [1.0, 0.0, 0.0, 2.0, 1.0, 2.0]);
            table.write(&pixels, order, Layout::Nhwc, &mut tensor);
            assert_eq!(tensor, [1.0, 0.0, 1.0, 0.0, 2.0, 2.0]);
        }
    }

    #[test]
    fn refuses_a_useless_std() {
        for std in [0.0, -0.0, f64::NAN, f64::INFINITY] {
            assert!(Table::new([0.0; 3], [1.0, std, 1.0]).is_err());
        }
        assert!(Table::new([f64::NAN, 0.0, 0.0], [1.0; 3]).is_err());
    }
}
