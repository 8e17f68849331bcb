//! The formats of sources, and the conversion of their rows to RGBX.

use core::ops::Range;

use super::pixel::{PIXEL, SLACK, grey, to_grey};
use super::planes::SAMPLE_BITS;
use super::yuv::{Conversion, Matrix, Range as Levels};
use crate::abi::choice;

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
    I420(&'static Conversion),
    /// Planes Y and interleaved UV, the latter of half the width and height, rounded up.
    Nv12(&'static Conversion),
}

choice! {
    /// The kinds of [`Format`].
    pub enum FormatKind {
        Rgbx = "rgbx",
        Bgrx = "bgrx",
        Grey = "grey",
        I420 = "i420",
        Nv12 = "nv12",
    }
}

/// By matrix and range.
static CONVERSIONS: [[Conversion; 2]; 2] = [
    [
        Conversion::new(Matrix::Bt601, Levels::Limited),
        Conversion::new(Matrix::Bt601, Levels::Full),
    ],
    [
        Conversion::new(Matrix::Bt709, Levels::Limited),
        Conversion::new(Matrix::Bt709, Levels::Full),
    ],
];

impl Format {
    /// The format of a kind. `matrix` and `range` count for kinds with chroma samples.
    pub fn new(kind: FormatKind, matrix: Matrix, range: Levels) -> Self {
        let conversion = &CONVERSIONS[matrix as usize][range as usize];
        match kind {
            FormatKind::Rgbx => Self::Rgbx,
            FormatKind::Bgrx => Self::Bgrx,
            FormatKind::Grey => Self::Grey,
            FormatKind::I420 => Self::I420(conversion),
            FormatKind::Nv12 => Self::Nv12(conversion),
        }
    }
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

/// Columns and rows of a source, in pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Region {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

impl Region {
    /// Bytes of its pixels as RGBX, with the slack.
    pub fn rgbx_bytes(&self) -> usize {
        let pixels = self.columns.len() * self.rows.len();
        pixels.saturating_mul(PIXEL).saturating_add(SLACK)
    }
}

impl Shape {
    /// Bytes of the source; `usize::MAX` if they do not fit.
    pub fn bytes(&self) -> usize {
        let (width, height) = (self.width as usize, self.height as usize);
        let luma = width.saturating_mul(height);
        match self.format {
            Format::Rgbx | Format::Bgrx => luma.saturating_mul(PIXEL),
            Format::Grey => luma,
            Format::I420(_) | Format::Nv12(_) => luma.saturating_add(self.chroma_bytes()),
        }
    }

    /// Bytes of both chroma planes.
    pub fn chroma_bytes(&self) -> usize {
        (self.width as usize).div_ceil(2) * (self.height as usize).div_ceil(2) * 2
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

    /// The places of red, green and blue in the pixels that a resampler emits.
    pub fn places(&self) -> [usize; 3] {
        match self.format {
            Format::Bgrx if !self.luma => [2, 1, 0],
            _ => [0, 1, 2],
        }
    }

    /// `region` widened to whole chroma samples, where there are any.
    pub fn whole_samples(&self, region: Region) -> Region {
        if !self.is_yuv() {
            return region;
        }
        let widen = |range: Range<usize>, len: u32| {
            range.start & !1..range.end.next_multiple_of(2).min(len as usize)
        };
        Region {
            columns: widen(region.columns, self.width),
            rows: widen(region.rows, self.height),
        }
    }

    /// Writes a region as RGBX, without gaps between its rows. Its first column must be even for formats with
    /// chroma samples.
    #[inline(never)]
    pub fn read_region(&self, source: &[u8], region: &Region, target: &mut [u8]) {
        let rows = target.chunks_exact_mut(region.columns.len() * PIXEL);
        for (row, line) in region.rows.clone().zip(rows) {
            self.read_row(source, row, region.columns.clone(), line);
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
                    *pixel = grey(places.map(|place| from[place]));
                }
            }
            Format::Grey => {
                for (pixel, &grey) in pixels.iter_mut().zip(luma()) {
                    *pixel = [grey; PIXEL];
                }
            }
            Format::I420(conversion) | Format::Nv12(conversion) => {
                // The first sample of a row, the step between samples, and the distance from U to V.
                let (start, step, v) = match self.format {
                    Format::I420(_) => (
                        chroma_row + columns.start / 2,
                        1,
                        chroma_width * (self.height as usize).div_ceil(2),
                    ),
                    _ => (chroma_row * 2 + columns.start, 2, 1),
                };
                let chroma = &source[chroma_at + start..];
                for (at, (luma, pixels)) in luma().chunks(8).zip(pixels.chunks_mut(8)).enumerate() {
                    let (mut y, mut u, mut v_samples) = ([0; 8], [0; 8], [0; 8]);
                    let whole = |sample: u8| i16::from(sample) << SAMPLE_BITS;
                    for (place, &luma) in luma.iter().enumerate() {
                        let sample = (at * 4 + place / 2) * step;
                        y[place] = whole(luma);
                        u[place] = whole(chroma[sample]);
                        v_samples[place] = whole(chroma[sample + v]);
                    }
                    let converted = conversion.eight([&y, &u, &v_samples]);
                    for (pixel, converted) in pixels.iter_mut().zip(converted.as_chunks().0) {
                        *pixel = *converted;
                    }
                }
            }
        }
        if self.luma && self.is_yuv() {
            to_grey(&mut pixels[..columns.len()]);
        }
    }

    /// Whether there are chroma samples.
    pub fn is_yuv(&self) -> bool {
        matches!(self.format, Format::I420(_) | Format::Nv12(_))
    }
}
