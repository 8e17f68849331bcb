//! The resize of a video frame: resizes its three planes, then converts them to colours.

use super::job::Job;
use super::pixel::{PIXEL, SLACK, to_grey};
use super::planes::{Axis, Plane};
use super::resampler::{Emit, Resampler, Scratch, ScratchSize};
use super::source::{Format, Region};
use crate::error::KernelError;

const SAMPLE: usize = size_of::<i16>();

/// Resamples the planes of I420 and NV12.
#[derive(Default)]
pub struct Planar {
    /// Columns and rows.
    luma: [Axis; 2],
    chroma: [Axis; 2],
}

impl Resampler for Planar {
    fn reserve(&mut self, job: &Job) -> Result<(), KernelError> {
        let Some(sampling) = job.sampling else {
            return Ok(());
        };
        let most_taps = job.most_taps;
        for (tables, halved) in [(&mut self.luma, false), (&mut self.chroma, true)] {
            for (table, axis) in tables.iter_mut().zip(&job.axes) {
                table.reserve((axis.input, axis.most), most_taps, sampling)?;
                table.compute(
                    (axis.input, axis.output),
                    axis.window.clone(),
                    sampling,
                    halved,
                )?;
            }
        }
        Ok(())
    }

    fn region(&self, _: &Job) -> Region {
        let [columns, rows] = &self.luma;
        Region {
            columns: columns.source_range(),
            rows: rows.source_range(),
        }
    }

    /// Three resized planes and the separated chroma planes of NV12, a plane between the passes, and a row of pixels.
    fn scratch(&self, job: &Job, _: &Region) -> ScratchSize {
        let ((_, height), out) = (job.source_size(), job.output_size);
        let [between, target] = Plane::lengths(height, out);
        let apart = match job.shape.format {
            Format::Nv12(_) => job.shape.chroma_bytes() + SLACK,
            _ => 0,
        };
        ScratchSize {
            converted: target.saturating_mul(3 * SAMPLE).saturating_add(apart),
            between: between.saturating_mul(SAMPLE),
            line: Plane::row_length(out.0) * PIXEL,
        }
    }

    /// Does nothing for a shape without chroma samples.
    fn run(&self, job: &Job, _: &Region, input: &[u8], scratch: Scratch, emit: Emit) {
        let shape = &job.shape;
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
