//! The two separable passes (Pillow 13.0.0 Resample.c, 8 bits per channel), each rounded to u8.
//! The horizontal one comes first unless the height shrinks far more; see
//! [`Geometry::vertical_first`]. Pixels are four bytes; the fourth is carried along unused,
//! because four equal lanes suit SIMD.

use core::ops::Range;

use crate::buffer::product;
use crate::error::KernelError;
use crate::image::coefficients::Coefficients;
use crate::image::fit::Geometry;
use crate::image::sums::{BLOCK, column_sums, row_sums, scalar};

/// Bytes of one pixel.
pub const PIXEL: usize = 4;

/// What one resize reads and writes. `stride` is the source's row length in bytes; `columns` and
/// `rows` are `None` for a pass that Pillow skips because the size does not change.
pub struct Passes<'a> {
    pub geometry: Geometry,
    pub vertical_first: bool,
    pub stride: usize,
    pub columns: Option<&'a Coefficients>,
    pub rows: Option<&'a Coefficients>,
}

impl Passes<'_> {
    /// Bytes that [`Self::run`] needs between its passes; zero if fewer than two run. Only what
    /// the window depends on is kept, however long the resized image would be.
    ///
    /// Errors: [`KernelError::TooLarge`] if the address space is too small.
    pub fn between_len(&self) -> Result<usize, KernelError> {
        let (width, height) = (self.geometry.width as usize, self.geometry.height as usize);
        match (self.columns, self.rows) {
            (Some(columns), Some(_)) if self.vertical_first => {
                product(&[columns.source_range().len(), height, PIXEL])
            }
            (Some(_), Some(rows)) => product(&[width, rows.source_range().len(), PIXEL]),
            _ => Ok(0),
        }
    }

    /// Resizes `source` into `target` (window width × height × 4 bytes) by way of `between`
    /// ([`Self::between_len`] bytes).
    pub fn run(&self, source: &[u8], between: &mut [u8], target: &mut [u8]) {
        let geometry = self.geometry;
        let width = geometry.width as usize * PIXEL;
        let left = geometry.left as usize * PIXEL;
        let window = geometry.top as usize..(geometry.top + geometry.height) as usize;
        let source = Lines::whole(source, self.stride);
        match (self.columns, self.rows) {
            (Some(columns), Some(rows)) if self.vertical_first => {
                let used = columns.source_range();
                let stride = used.len() * PIXEL;
                vertical(source, used.start * PIXEL, rows, stride, between);
                let halfway = Lines {
                    first_column: used.start,
                    ..Lines::whole(between, stride)
                };
                horizontal(halfway, 0..geometry.height as usize, columns, target);
            }
            (Some(columns), Some(rows)) => {
                let used = rows.source_range();
                horizontal(source, used.clone(), columns, between);
                let halfway = Lines {
                    first_row: used.start,
                    ..Lines::whole(between, width)
                };
                vertical(halfway, 0, rows, width, target);
            }
            (Some(columns), None) => horizontal(source, window, columns, target),
            (None, Some(rows)) => vertical(source, left, rows, width, target),
            (None, None) => {
                for (row, line) in window.zip(target.chunks_exact_mut(width)) {
                    let start = row * self.stride + left;
                    line.copy_from_slice(&source.bytes[start..start + width]);
                }
            }
        }
    }
}

/// Rows of pixels, and where the first stored one lies in the image the weights speak of.
#[derive(Clone, Copy)]
struct Lines<'a> {
    bytes: &'a [u8],
    stride: usize,
    first_row: usize,
    first_column: usize,
}

impl<'a> Lines<'a> {
    fn whole(bytes: &'a [u8], stride: usize) -> Self {
        Self {
            bytes,
            stride,
            first_row: 0,
            first_column: 0,
        }
    }
}

fn horizontal(source: Lines, rows: Range<usize>, columns: &Coefficients, target: &mut [u8]) {
    let stride = source.stride;
    let width = columns.len() * PIXEL;
    let line = |row: usize| &source.bytes[row * stride..(row + 1) * stride];
    let (groups, rest) = target.split_at_mut(rows.len() / ROWS * ROWS * width);
    for (group, out) in groups.chunks_exact_mut(ROWS * width).enumerate() {
        let first = rows.start + group * ROWS;
        let lines = core::array::from_fn::<_, ROWS, _>(|row| line(first + row));
        for index in 0..columns.len() {
            let pixels = row_sums(lines, columns.taps(index), source.first_column);
            for (row, pixel) in pixels.into_iter().enumerate() {
                let at = row * width + index * PIXEL;
                out[at..at + PIXEL].copy_from_slice(&pixel);
            }
        }
    }
    let left_over = rows.end - rest.len() / width..rows.end;
    for (row, out) in left_over.zip(rest.chunks_exact_mut(width)) {
        for (index, out) in out.as_chunks_mut::<PIXEL>().0.iter_mut().enumerate() {
            [*out] = row_sums([line(row)], columns.taps(index), source.first_column);
        }
    }
}

/// Rows that share one reading of the weights.
const ROWS: usize = 4;

fn vertical(source: Lines, left: usize, rows: &Coefficients, width: usize, target: &mut [u8]) {
    let stride = source.stride;
    for (index, line) in target.chunks_exact_mut(width).enumerate() {
        let taps = rows.taps(index);
        let top = (taps.first - source.first_row) * stride + left;
        let (blocks, rest) = line.as_chunks_mut::<BLOCK>();
        let rest_at = top + blocks.len() * BLOCK;
        for (block, out) in blocks.iter_mut().enumerate() {
            *out = column_sums(&source.bytes[top + block * BLOCK..], stride, taps);
        }
        for (pixel, out) in rest.as_chunks_mut::<PIXEL>().0.iter_mut().enumerate() {
            let column = &source.bytes[rest_at + pixel * PIXEL..];
            *out = scalar::column_sums::<PIXEL>(column, stride, taps);
        }
    }
}
