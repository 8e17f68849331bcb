//! The resize that takes one or two neighbours of each axis, whatever the scale: row by row of the
//! source, each read once.

use super::coefficients::Sampling;
use super::job::Job;
use super::neighbours::{Pair, blend_columns, blend_rows, fill_pairs, pick};
use super::pixel::PIXEL;
use super::resampler::{Emit, Resampler, Scratch, ScratchSize};
use super::source::Region;
use crate::buffer::AlignedBytes;
use crate::error::KernelError;

/// Nearest neighbours, and OpenCV's linear resize.
#[derive(Default)]
pub struct Pairs {
    columns: AlignedBytes,
    rows: AlignedBytes,
}

/// Whether two neighbours are used. One gives the same where the size does not change, and is faster.
fn is_linear(job: &Job) -> bool {
    let [columns, rows] = &job.axes;
    let stays = columns.input == columns.output && rows.input == rows.output;
    job.sampling == Some(Sampling::OpencvLinear) && !stays
}

impl Resampler for Pairs {
    fn reserve(&mut self, job: &Job) -> Result<(), KernelError> {
        let linear = is_linear(job);
        for (axis, pairs) in job.axes.iter().zip([&mut self.columns, &mut self.rows]) {
            let sides = (axis.input, axis.output);
            fill_pairs(pairs, sides, axis.window.clone(), linear, axis.most)?;
        }
        Ok(())
    }

    fn region(&self, _: &Job) -> Region {
        let span = |pairs: &AlignedBytes| {
            let samples = pairs.as_slice::<u32>();
            let end = samples.last().map_or(0, |last| *last as usize + 1);
            samples.first().map_or(0, |first| *first as usize)..end
        };
        Region {
            columns: span(&self.columns),
            rows: span(&self.rows),
        }
    }

    fn scratch(&self, job: &Job, _: &Region) -> ScratchSize {
        let (width, _) = job.source_size();
        let line = job.output_size.0 * PIXEL;
        ScratchSize {
            converted: if job.shape.is_plain() {
                0
            } else {
                width * PIXEL
            },
            // The sums of two rows.
            between: line * 2 * size_of::<i16>(),
            line,
        }
    }

    fn run(&self, job: &Job, region: &Region, input: &[u8], scratch: Scratch, emit: Emit) {
        let (shape, linear) = (&job.shape, is_linear(job));
        let Scratch {
            converted,
            between,
            line,
        } = scratch;
        let columns = self.columns.as_slice();
        let length = columns.len() * PIXEL;
        let line = &mut line[..length];
        let sums: &mut [i16] = bytemuck::cast_slice_mut(between);
        // The first row of the source that has not been read.
        let mut next = 0;
        for (number, pair) in self.rows.as_slice::<Pair>().iter().enumerate() {
            let (upper, lower) = (pair.left as usize, pair.right as usize);
            for row in next.max(upper)..lower + 1 {
                let pixels = if shape.is_plain() {
                    &input[row * shape.stride()..]
                } else {
                    let target = &mut converted[region.columns.start * PIXEL..];
                    shape.read_row(input, row, region.columns.clone(), target);
                    &*converted
                };
                if linear {
                    blend_columns(pixels, columns, &mut sums[row % 2 * length..]);
                } else {
                    pick(pixels, columns, line);
                }
            }
            next = lower + 1;
            if linear {
                let (upper, lower) = (upper % 2 * length, lower % 2 * length);
                blend_rows(&sums[upper..], &sums[lower..], pair, line);
            }
            emit(number, line);
        }
    }
}
