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

    /// Writes RGBX `pixels` as 3 × pixel-count floats into `tensor`; the fourth byte is ignored.
    pub fn write(&self, pixels: &[u8], layout: Layout, tensor: &mut [f32]) {
        let pixels = pixels.as_chunks::<4>().0;
        match layout {
            Layout::Nchw => {
                let planes = tensor.chunks_exact_mut(pixels.len().max(1));
                for (channel, (plane, table)) in planes.zip(&self.0).enumerate() {
                    for (value, pixel) in plane.iter_mut().zip(pixels) {
                        *value = table[usize::from(pixel[channel])];
                    }
                }
            }
            Layout::Nhwc => {
                let [red, green, blue] = &self.0;
                let values = tensor.as_chunks_mut::<3>().0;
                for (value, &[r, g, b, _]) in values.iter_mut().zip(pixels) {
                    *value = [
                        red[usize::from(r)],
                        green[usize::from(g)],
                        blue[usize::from(b)],
                    ];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_both_layouts() {
        let table = Table::new([0.0; 3], [1.0, 0.5, 1.0 / 255.0]).unwrap();
        let pixels = [255, 0, 1, 9, 0, 255, 2, 9];
        let mut tensor = [0.0; 6];
        table.write(&pixels, Layout::Nchw, &mut tensor);
        assert_eq!(tensor, [1.0, 0.0, 0.0, 2.0, 1.0, 2.0]);
        table.write(&pixels, Layout::Nhwc, &mut tensor);
        assert_eq!(tensor, [1.0, 0.0, 1.0, 0.0, 2.0, 2.0]);
    }

    #[test]
    fn refuses_a_useless_std() {
        for std in [0.0, -0.0, f64::NAN, f64::INFINITY] {
            assert!(Table::new([0.0; 3], [1.0, std, 1.0]).is_err());
        }
        assert!(Table::new([f64::NAN, 0.0, 0.0], [1.0; 3]).is_err());
    }
}
