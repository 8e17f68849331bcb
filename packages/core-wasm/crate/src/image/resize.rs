//! The two separable passes (Pillow 13.0.0 Resample.c, 8 bits per channel), each rounded to u8 and
//! run as one: a row of the result is made as soon as the rows it needs are there. The horizontal
//! pass comes first unless the height shrinks far more; see [`Geometry::vertical_first`].

use core::ops::Range;

use crate::image::coefficients::Coefficients;
use crate::image::fit::Geometry;
use crate::image::pixel::PIXEL;
use crate::image::resampler::{Emit, Scratch, ScratchSize};
use crate::image::source::Shape;
use crate::image::sums::{BLOCK, GROUP, column_sums, row_sums};
use crate::image::weights::Taps;

/// Extra rows of the buffer between the passes, beyond those that one row of the result needs. When the
/// buffer is full, the rows still needed are moved to its front, so more room means fewer moves.
const ROOM: usize = 32;

/// One resize. `columns` and `rows` are `None` for a pass that Pillow skips because the
/// size does not change.
#[derive(Clone, Copy)]
pub struct Passes<'a> {
    pub geometry: Geometry,
    pub vertical_first: bool,
    pub columns: Option<&'a Coefficients>,
    pub rows: Option<&'a Coefficients>,
}

/// Rows of RGBX pixels, and the position of the first stored one in the image that the weights refer to.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub bytes: &'a [u8],
    pub stride: usize,
    pub first_row: usize,
    pub first_column: usize,
}

impl<'a> Lines<'a> {
    /// The bytes from the first stored pixel of a row on.
    fn row_on(&self, row: usize) -> &'a [u8] {
        &self.bytes[(row - self.first_row) * self.stride..]
    }
}

/// The rows of the horizontal pass.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// As they are.
    Lines(Lines<'a>),
    /// Converted in groups from the given bytes; only these columns.
    Converted(&'a Shape, &'a [u8], &'a Range<usize>),
}

/// The scratch of a resize whose source has to be converted in groups. Enough for any source up to
/// `width` × `height` pixels of which a position has at most `most_taps`, and any window up to `out_width`.
pub fn scratch((width, height): (usize, usize), out_width: usize, most_taps: usize) -> ScratchSize {
    let line = (out_width * PIXEL).next_multiple_of(BLOCK);
    let halfway = halfway_stride(width) * GROUP;
    let rows = (most_taps + ROOM).min(height) + GROUP;
    ScratchSize {
        converted: halfway,
        between: rows.saturating_mul(line).max(halfway),
        line: line * GROUP,
    }
}

impl Passes<'_> {
    /// Whether the first pass takes rows one after the other, so that each can be converted just before;
    /// otherwise all of them have to be converted first.
    pub fn takes_rows_in_turn(&self) -> bool {
        self.columns.is_some() && !(self.rows.is_some() && self.vertical_first)
    }

    /// Resizes. Every row of the window is given to `emit`, from the top.
    pub fn run(&self, source: Source, scratch: Scratch, emit: Emit) {
        let width = self.geometry.width as usize * PIXEL;
        let stride = width.next_multiple_of(BLOCK);
        let top = self.geometry.top as usize;
        let height = self.geometry.height as usize;
        let Scratch {
            converted,
            between,
            line,
        } = scratch;
        match (self.columns, self.rows) {
            (Some(columns), Some(rows)) if !self.vertical_first => {
                let needed = rows.source_range();
                let (mut first, mut end) = (needed.start, needed.start);
                for index in 0..rows.len() {
                    let taps = rows.taps(index);
                    if taps.first > end {
                        (first, end) = (taps.first, taps.first);
                    }
                    while end < taps.first + taps.count {
                        if (end - first + GROUP) * stride > between.len() {
                            let kept = (taps.first - first) * stride..(end - first) * stride;
                            between.copy_within(kept, 0);
                            first = taps.first;
                        }
                        let count = GROUP.min(needed.end - end);
                        let target = &mut between[(end - first) * stride..];
                        horizontal(source, end, count, columns, converted, target, stride);
                        end += count;
                    }
                    let halfway = Lines {
                        bytes: between,
                        stride,
                        first_row: first,
                        first_column: 0,
                    };
                    vertical(halfway, 0, taps, &mut line[..stride]);
                    emit(index, &line[..width]);
                }
            }
            (Some(columns), rows) => {
                let used = columns.source_range();
                let halfway_stride = halfway_stride(used.len());
                for first in (0..height).step_by(GROUP) {
                    let count = GROUP.min(height - first);
                    let (source, row) = match (rows, source) {
                        (Some(rows), Source::Lines(lines)) => {
                            let left = (used.start - lines.first_column) * PIXEL;
                            let halfway = between.chunks_exact_mut(halfway_stride);
                            for (row, line) in halfway.take(count).enumerate() {
                                vertical(lines, left, rows.taps(first + row), line);
                            }
                            let lines = Lines {
                                bytes: between,
                                stride: halfway_stride,
                                first_row: 0,
                                first_column: used.start,
                            };
                            (Source::Lines(lines), 0)
                        }
                        _ => (source, top + first),
                    };
                    horizontal(source, row, count, columns, converted, line, stride);
                    for (row, line) in line.chunks_exact(stride).take(count).enumerate() {
                        emit(first + row, &line[..width]);
                    }
                }
            }
            (None, rows) => {
                let Source::Lines(lines) = source else { return };
                let left = (self.geometry.left as usize - lines.first_column) * PIXEL;
                for index in 0..height {
                    match rows {
                        Some(rows) => {
                            vertical(lines, left, rows.taps(index), &mut line[..stride]);
                            emit(index, &line[..width]);
                        }
                        None => emit(index, &lines.row_on(top + index)[left..left + width]),
                    }
                }
            }
        }
    }
}

/// Bytes between rows of so many columns, with the slack that a horizontal pass needs.
fn halfway_stride(columns: usize) -> usize {
    ((columns + PIXEL) * PIXEL).next_multiple_of(BLOCK)
}

/// Shrinks or stretches `count` rows from `first` on, up to [`GROUP`], into rows of `target`.
fn horizontal(
    source: Source,
    first: usize,
    count: usize,
    columns: &Coefficients,
    converted: &mut [u8],
    target: &mut [u8],
    stride: usize,
) {
    let (lines, first) = match source {
        Source::Lines(lines) => (lines, first),
        Source::Converted(shape, bytes, used) => {
            let stride = halfway_stride(used.len());
            for (row, line) in converted.chunks_exact_mut(stride).take(count).enumerate() {
                shape.read_row(bytes, first + row, used.clone(), line);
            }
            let lines = Lines {
                bytes: converted,
                stride,
                first_row: 0,
                first_column: used.start,
            };
            (lines, 0)
        }
    };
    // The last group repeats its last row; the surplus results are overwritten.
    let rows = core::array::from_fn::<_, GROUP, _>(|row| lines.row_on(first + row.min(count - 1)));
    let mut targets = target
        .chunks_exact_mut(stride)
        .map(|row| row.as_chunks_mut::<PIXEL>().0.iter_mut());
    let (Some(a), Some(b), Some(c), Some(d)) = (
        targets.next(),
        targets.next(),
        targets.next(),
        targets.next(),
    ) else {
        return;
    };
    for ((((taps, a), b), c), d) in columns.iter().zip(a).zip(b).zip(c).zip(d) {
        [*a, *b, *c, *d] = row_sums(rows, taps, lines.first_column).map(u32::to_le_bytes);
    }
}

/// Shrinks or stretches the columns of one row. `line` holds whole blocks, and as many bytes of the
/// source must be readable.
fn vertical(source: Lines, left: usize, taps: Taps, line: &mut [u8]) {
    let column = &source.row_on(taps.first)[left..];
    for (block, out) in line.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        *out = column_sums(&column[block * BLOCK..], source.stride, taps);
    }
}
