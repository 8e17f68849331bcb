//! The resize of a video frame: of its three planes, and then to colours.

use core::ops::Range;

use super::coefficients::Sampling;
use super::plan::SLACK;
use super::planes::{Axis, Plane};
use super::resize::{Emit, PIXEL, Scratch};
use super::source::{Format, Shape, to_grey};
use crate::error::KernelError;

const SAMPLE: usize = size_of::<i16>();

/// Resizes I420 and NV12. Buffers are reused by every `compute`.
#[derive(Default)]
pub struct FrameResizer {
    /// Columns and rows.
    luma: [Axis; 2],
    chroma: [Axis; 2],
}

impl FrameResizer {
    /// Makes the tables of both axes: input samples, output samples, and the window of the latter. Makes room
    /// for smaller sources, too; see [`Axis::reserve`].
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    pub fn compute(
        &mut self,
        axes: &[(u32, u32, Range<u32>); 2],
        sides: [(u32, u32); 2],
        most_taps: usize,
        sampling: Sampling,
    ) -> Result<(), KernelError> {
        for (tables, halved) in [(&mut self.luma, false), (&mut self.chroma, true)] {
            for ((table, (input, output, window)), most) in tables.iter_mut().zip(axes).zip(sides) {
                table.reserve(most, most_taps, sampling)?;
                let sides = (*input, *output);
                table.compute(sides, window.clone(), sampling, halved)?;
            }
        }
        Ok(())
    }

    /// Columns and rows of pixels that the window depends on.
    pub fn source_ranges(&self) -> (Range<usize>, Range<usize>) {
        let [columns, rows] = &self.luma;
        (columns.source_range(), rows.source_range())
    }

    /// Bytes of [`Scratch`]: three resized planes and those of NV12 taken apart, a picture between the
    /// passes, and a row of pixels. Enough for a smaller source and for a smaller result.
    pub fn scratch(shape: &Shape, (width, height): (usize, usize)) -> [usize; 3] {
        let [between, target] = Plane::lengths(shape.height as usize, (width, height));
        let apart = match shape.format {
            Format::Nv12(_) => shape.chroma_bytes() + SLACK,
            _ => 0,
        };
        [
            target.saturating_mul(3 * SAMPLE).saturating_add(apart),
            between.saturating_mul(SAMPLE),
            Plane::row_length(width) * PIXEL,
        ]
    }

    /// Resizes. Every row of the window is given to `emit`, from the top. Does nothing for a shape
    /// without chroma samples.
    pub fn run(&self, shape: &Shape, input: &[u8], scratch: Scratch, emit: Emit) {
        let (Format::I420(conversion) | Format::Nv12(conversion)) = shape.format else {
            return;
        };
        let Scratch {
            converted,
            between,
            line,
        } = scratch;
        let [columns, rows] = &self.luma;
        let length = Plane::row_length(columns.positions());
        let target = length * rows.positions();
        let (planes, apart) = converted.split_at_mut(target * 3 * SAMPLE);
        let planes: &mut [i16] = bytemuck::cast_slice_mut(planes);

        // Each plane from its beginning to the end of the buffer: what lies behind it may be read.
        let half = shape.chroma_bytes() / 2;
        let mut chroma = &input[shape.width as usize * shape.height as usize..];
        if let Format::Nv12(_) = shape.format {
            take_apart(chroma, half, apart);
            chroma = apart;
        }
        let stride = shape.width as usize;
        let sources = [
            (input, stride, &self.luma),
            (chroma, stride.div_ceil(2), &self.chroma),
            (&chroma[half..], stride.div_ceil(2), &self.chroma),
        ];
        let resized = planes.chunks_exact_mut(target);
        for ((bytes, stride, [columns, rows]), target) in sources.into_iter().zip(resized) {
            let plane = Plane {
                bytes,
                stride,
                columns,
                rows,
            };
            plane.resize(bytemuck::cast_slice_mut(between), target);
        }
        for row in 0..rows.positions() {
            let samples = core::array::from_fn(|plane| {
                let start = plane * target + row * length;
                &planes[start..start + length]
            });
            conversion.rows(samples, line);
            if shape.luma {
                to_grey(line.as_chunks_mut().0);
            }
            emit(row, &line[..columns.positions() * PIXEL]);
        }
    }
}

/// Writes all U samples of NV12's pairs, then all V samples, `half` of each.
fn take_apart(pairs: &[u8], half: usize, target: &mut [u8]) {
    let (u, v) = target[..half * 2].split_at_mut(half);
    for ((u, v), pair) in u.iter_mut().zip(v).zip(pairs.as_chunks::<2>().0) {
        [*u, *v] = *pair;
    }
}
