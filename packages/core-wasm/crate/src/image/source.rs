//! The formats that pictures come in, and rows of them as RGBX.

use core::ops::Range;

use super::resize::PIXEL;
use super::yuv::{Conversion, Samples};

/// How the bytes of a source are arranged; planes follow one another without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Red, green, blue and a byte that is ignored.
    Rgbx,
    /// Blue, green, red and a byte that is ignored.
    Bgrx,
    /// One byte a pixel.
    Grey,
    /// Planes Y, U, V; the last two of half the width and height, rounded up.
    I420(Conversion),
    /// Planes Y and UV in turns, of half the width and height, rounded up.
    Nv12(Conversion),
}

/// A source's format and size, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub width: u32,
    pub height: u32,
    pub format: Format,
    /// Whether the three colours become one: Pillow's `convert('L')` before anything else.
    pub luma: bool,
}

impl Shape {
    /// Bytes of the source, or the largest number there is.
    pub fn bytes(&self) -> usize {
        let (width, height) = (self.width as usize, self.height as usize);
        let luma = width.saturating_mul(height);
        match self.format {
            Format::Rgbx | Format::Bgrx => luma.saturating_mul(PIXEL),
            Format::Grey => luma,
            Format::I420(_) | Format::Nv12(_) => {
                luma.saturating_add(width.div_ceil(2) * height.div_ceil(2) * 2)
            }
        }
    }

    /// Whether the resize can read the source as it is.
    pub fn is_plain(&self) -> bool {
        matches!(self.format, Format::Rgbx | Format::Bgrx) && !self.luma
    }

    /// Bytes of a row of the first plane.
    pub fn stride(&self) -> usize {
        let bytes = match self.format {
            Format::Rgbx | Format::Bgrx => PIXEL,
            _ => 1,
        };
        self.width as usize * bytes
    }

    /// Where red, green and blue lie in the pixels that the resize gives.
    pub fn places(&self) -> [usize; 3] {
        match self.format {
            Format::Bgrx if !self.luma => [2, 1, 0],
            _ => [0, 1, 2],
        }
    }

    /// `range` widened to whole chroma samples, where there are such.
    pub fn sampled(&self, range: Range<usize>, len: u32) -> Range<usize> {
        match self.format {
            Format::I420(_) | Format::Nv12(_) => {
                range.start & !1..range.end.next_multiple_of(2).min(len as usize)
            }
            _ => range,
        }
    }

    /// Writes `columns` of row `row` as RGBX. The first column must be even for formats with chroma samples.
    pub fn read_row(&self, source: &[u8], row: usize, columns: Range<usize>, target: &mut [u8]) {
        let width = self.width as usize;
        let luma = || &source[row * width + columns.start..row * width + columns.end];
        let chroma_width = width.div_ceil(2);
        let chroma_at = width * self.height as usize;
        let chroma_row = row / 2 * chroma_width;
        let pixels = target.as_chunks_mut::<PIXEL>().0;
        match self.format {
            Format::Rgbx | Format::Bgrx => {
                let places = match self.format {
                    Format::Bgrx => [2, 1, 0],
                    _ => [0, 1, 2],
                };
                let start = row * width;
                let from =
                    &source.as_chunks::<PIXEL>().0[start + columns.start..start + columns.end];
                for (pixel, from) in pixels.iter_mut().zip(from) {
                    let [red, green, blue] = places.map(|place| u32::from(from[place]));
                    // Pillow 13.0.0 Convert.c, `rgb2l`.
                    let grey = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
                    *pixel = [grey as u8; PIXEL];
                }
            }
            Format::Grey => {
                for (pixel, &grey) in pixels.iter_mut().zip(luma()) {
                    *pixel = [grey; PIXEL];
                }
            }
            Format::I420(conversion) => {
                let first = chroma_at + chroma_row + columns.start / 2;
                let second = first + chroma_width * (self.height as usize).div_ceil(2);
                let samples = columns.len().div_ceil(2);
                let chroma = Samples::Planes(
                    &source[first..first + samples],
                    &source[second..second + samples],
                );
                conversion.row(luma(), chroma, pixels);
            }
            Format::Nv12(conversion) => {
                let first = chroma_at + chroma_row * 2 + columns.start;
                let samples = columns.len().next_multiple_of(2);
                let chroma = Samples::Pairs(&source[first..first + samples]);
                conversion.row(luma(), chroma, pixels);
            }
        }
        if self.luma && matches!(self.format, Format::I420(_) | Format::Nv12(_)) {
            for pixel in &mut pixels[..columns.len()] {
                let [red, green, blue, _] = pixel.map(u32::from);
                let grey = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
                *pixel = [grey as u8; PIXEL];
            }
        }
    }
}
