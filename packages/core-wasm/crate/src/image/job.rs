//! What a plan does with sources of one shape: all that a resampler has to know.

use core::ops::Range;

use super::coefficients::{Sampling, taps_at_most};
use super::fit::{Fit, Geometry};
use super::source::Shape;
use crate::error::KernelError;

/// The conversion of sources of one shape.
pub struct Job {
    pub fit: Fit,
    /// `None` is nearest neighbour.
    pub sampling: Option<Sampling>,
    pub shape: Shape,
    pub geometry: Geometry,
    /// Columns and rows.
    pub axes: [AxisJob; 2],
    /// The most taps of a position for any source that is no wider and no higher than this one.
    pub most_taps: usize,
    /// Width and height of the tensor.
    pub output_size: (usize, usize),
}

/// One axis of a job, in samples.
pub struct AxisJob {
    pub input: u32,
    pub output: u32,
    /// The positions of the output that are computed.
    pub window: Range<u32>,
    /// The most positions of a window for any source.
    pub most: u32,
}

impl Job {
    /// Errors: [`KernelError::BadSize`].
    pub fn new(fit: Fit, sampling: Option<Sampling>, shape: Shape) -> Result<Self, KernelError> {
        let Shape { width, height, .. } = shape;
        let geometry = fit.geometry(width, height)?;
        let (out_width, out_height) = fit.output_size();
        let (input, output) = fit.shrinks_at_most(width, height);
        let most_taps = sampling.map_or(0, |sampling| taps_at_most(input, output, sampling));
        let axis = |input, output, start, len, most| AxisJob {
            input,
            output,
            window: start..start + len,
            most,
        };
        let Geometry {
            resized_width,
            resized_height,
            left,
            top,
            ..
        } = geometry;
        let columns = axis(width, resized_width, left, geometry.width, out_width);
        let rows = axis(height, resized_height, top, geometry.height, out_height);
        Ok(Self {
            fit,
            sampling,
            shape,
            geometry,
            axes: [columns, rows],
            most_taps,
            output_size: (out_width as usize, out_height as usize),
        })
    }

    /// Width and height of the source.
    pub fn source_size(&self) -> (usize, usize) {
        (self.shape.width as usize, self.shape.height as usize)
    }
}
