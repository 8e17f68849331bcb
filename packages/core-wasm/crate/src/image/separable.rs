//! The antialiased resize of pixels: the tables of both axes, and the rows that the passes read.

use core::ops::Range;

use super::coefficients::Coefficients;
use super::job::{AxisJob, Job};
use super::pixel::PIXEL;
use super::resampler::{Emit, Resampler, Scratch, ScratchSize};
use super::resize::{self, Lines, Passes, Source};
use super::source::Region;
use crate::error::KernelError;

/// Resamples columns and rows one after the other.
#[derive(Default)]
pub struct Separable {
    columns: Coefficients,
    rows: Coefficients,
}

impl Separable {
    fn passes(&self, job: &Job) -> Passes<'_> {
        let (shape, geometry) = (&job.shape, job.geometry);
        Passes {
            geometry,
            vertical_first: geometry.vertical_first(shape.width, shape.height),
            columns: (geometry.resized_width != shape.width).then_some(&self.columns),
            rows: (geometry.resized_height != shape.height).then_some(&self.rows),
        }
    }
}

/// Samples that the window of an axis depends on.
#[inline(never)]
fn source_range(axis: &AxisJob, table: &Coefficients) -> Range<usize> {
    if axis.input == axis.output {
        axis.window.start as usize..axis.window.end as usize
    } else {
        table.source_range()
    }
}

impl Resampler for Separable {
    fn reserve(&mut self, job: &Job) -> Result<(), KernelError> {
        let Some(sampling) = job.sampling else {
            return Ok(());
        };
        let most_taps = job.most_taps;
        for (axis, table) in job.axes.iter().zip([&mut self.columns, &mut self.rows]) {
            table.reserve((axis.input, axis.most), most_taps, sampling)?;
            if axis.input != axis.output {
                table.compute(axis.input, axis.output, axis.window.clone(), sampling)?;
            }
        }
        Ok(())
    }

    fn region(&self, job: &Job) -> Region {
        let [columns, rows] = &job.axes;
        Region {
            columns: source_range(columns, &self.columns),
            rows: source_range(rows, &self.rows),
        }
    }

    fn scratch(&self, job: &Job, region: &Region) -> ScratchSize {
        let (out_width, _) = job.output_size;
        let mut size = resize::scratch(job.source_size(), out_width, job.most_taps);
        if job.shape.is_plain() {
            size.converted = 0;
        } else if !self.passes(job).takes_rows_in_turn() {
            size.converted = size.converted.max(region.rgbx_bytes());
        }
        size
    }

    fn run(&self, job: &Job, region: &Region, input: &[u8], scratch: Scratch, emit: Emit) {
        let (shape, passes) = (&job.shape, self.passes(job));
        let Scratch {
            converted,
            between,
            line,
        } = scratch;
        let (source, converted) = if shape.is_plain() {
            let lines = Lines {
                bytes: input,
                stride: shape.stride(),
                first_row: 0,
                first_column: 0,
            };
            (Source::Lines(lines), &mut [][..])
        } else if passes.takes_rows_in_turn() {
            let source = Source::Converted(shape, input, &region.columns);
            (source, converted)
        } else {
            shape.read_region(input, region, converted);
            let lines = Lines {
                bytes: converted,
                stride: region.columns.len() * PIXEL,
                first_row: region.rows.start,
                first_column: region.columns.start,
            };
            (Source::Lines(lines), &mut [][..])
        };
        let scratch = Scratch {
            converted,
            between,
            line,
        };
        passes.run(source, scratch, emit);
    }
}
