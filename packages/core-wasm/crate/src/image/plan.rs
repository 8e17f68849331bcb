//! One prepared conversion from source bytes to a tensor. It owns every buffer it needs, so a
//! stream of images of one size allocates only for the first.

use super::coefficients::Sampling;
use super::fit::{Fit, Geometry};
use super::job::Job;
use super::pixel::SLACK;
use super::resampler::{Resampler, ScratchBuffers};
use super::resamplers::Resamplers;
use super::source::{Format, Region, Shape};
use super::tensor::{Channels, Place, TensorSpec, Writer};
use crate::buffer::AlignedBytes;
use crate::error::KernelError;

/// What a plan does with every image.
#[derive(Clone, Copy, Debug)]
pub struct PlanSpec {
    pub fit: Fit,
    /// `None` is nearest neighbour. An affine crop is always sampled linearly.
    pub sampling: Option<Sampling>,
    pub tensor: TensorSpec,
}

/// Resize, crop and normalise with owned buffers: `reserve`, write [`Self::input_mut`], `run`,
/// read [`Self::output`].
pub struct ImagePlan {
    spec: PlanSpec,
    writer: Writer,
    /// The conversion of the present source.
    job: Option<Job>,
    region: Region,
    resamplers: Resamplers,
    input_len: usize,
    input: AlignedBytes,
    scratch: ScratchBuffers,
    tensor: AlignedBytes,
}

impl ImagePlan {
    /// A plan without buffers yet.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::BadNormalization`].
    pub fn new(spec: PlanSpec) -> Result<Self, KernelError> {
        spec.fit.validate()?;
        Ok(Self {
            writer: Writer::new(spec.tensor)?,
            spec,
            job: None,
            region: Region::default(),
            resamplers: Resamplers::default(),
            input_len: 0,
            input: AlignedBytes::default(),
            scratch: ScratchBuffers::default(),
            tensor: AlignedBytes::default(),
        })
    }

    /// Makes room for a source of `width` × `height` pixels and everything `run` needs.
    /// Weights are computed again only if the size or format differs from the one before.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::TooLarge`], [`KernelError::OutOfMemory`];
    /// after an error the plan has no source until the next successful call.
    pub fn reserve(&mut self, width: u32, height: u32, format: Format) -> Result<(), KernelError> {
        let shape = Shape {
            width,
            height,
            format,
            luma: self.spec.tensor.channels == Channels::Luma && format != Format::Grey,
        };
        if matches!(&self.job, Some(job) if job.shape == shape) {
            return Ok(());
        }
        self.job = None;
        let job = Job::new(self.spec.fit, self.spec.sampling, shape)?;
        self.input_len = shape.bytes();
        self.input.set_len(self.input_len.saturating_add(SLACK))?;
        let (out_width, out_height) = job.output_size;
        let pixels = out_width.saturating_mul(out_height);
        let pixel = self.spec.tensor.pixel_bytes();
        self.tensor.set_len(pixels.saturating_mul(pixel))?;
        self.resamplers.reserve(&job)?;
        self.region = shape.whole_samples(self.resamplers.region(&job));
        let size = self.resamplers.scratch(&job, &self.region);
        self.scratch.reserve(size)?;
        self.job = Some(job);
        Ok(())
    }

    /// Where an affine crop reads: from the numbers of the crop's pixels to those of the source's, as
    /// OpenCV's `warpAffine` with `WARP_INVERSE_MAP`. The identity until it is set.
    pub fn set_matrix(&mut self, matrix: [f64; 6]) {
        self.resamplers.affine.matrix = matrix;
    }

    /// The map from the tensor to the present source, x' = m₀x + m₁y + m₂, y' = m₃x + m₄y + m₅: on the
    /// edges of pixels, or for an affine crop and MediaPipe's letterbox the matrix it is sampled by.
    /// The identity before the first `reserve`.
    pub fn to_source(&self) -> [f64; 6] {
        match &self.job {
            Some(job) if !job.fit.is_affine() => {
                job.geometry.to_source(job.shape.width, job.shape.height)
            }
            _ => self.resamplers.affine.matrix,
        }
    }

    /// The source bytes, in the format's order. Empty before the first `reserve`.
    pub fn input_mut(&mut self) -> &mut [u8] {
        &mut self.input.as_mut_slice()[..self.input_len]
    }

    /// The part of the source that the result depends on; nothing else of it has to be written.
    /// Empty before the first `reserve`.
    pub fn region(&self) -> Region {
        self.region.clone()
    }

    /// Converts the source. Never allocates.
    ///
    /// Errors: [`KernelError::NoInput`].
    pub fn run(&mut self) -> Result<(), KernelError> {
        let Some(job) = &self.job else {
            return Err(KernelError::NoInput);
        };
        let geometry = job.geometry;
        let (width, height) = job.output_size;
        let place = Place {
            row: 0,
            column: geometry.pad_left as usize,
            width,
            height,
        };
        let (writer, tensor, places) = (&self.writer, &mut self.tensor, job.shape.places());
        let mut emit = |row: usize, pixels: &[u8]| {
            let row = row + geometry.pad_top as usize;
            writer.write_row(pixels, places, Place { row, ..place }, tensor);
        };
        let (input, scratch) = (self.input.as_slice(), self.scratch.get());
        self.resamplers
            .run(job, &self.region, input, scratch, &mut emit);
        if let Fit::Letterbox { pad, .. } = job.fit
            && !job.fit.is_affine()
        {
            fill_margins(writer, pad, geometry, place, tensor);
        }
        Ok(())
    }

    /// The bytes of the tensor of the last `run`, in the plan's layout and type.
    pub fn output(&self) -> &[u8] {
        self.tensor.as_slice()
    }

    /// Bytes that the plan holds for its own use, beside input and tensor.
    pub fn scratch_len(&self) -> usize {
        self.scratch.len()
    }
}

/// Fills the margins of a letterbox.
fn fill_margins(
    writer: &Writer,
    pad: u8,
    geometry: Geometry,
    place: Place,
    tensor: &mut AlignedBytes,
) {
    let (left, top) = (geometry.pad_left as usize, geometry.pad_top as usize);
    let right = left + geometry.width as usize;
    let bottom = top + geometry.height as usize;
    for row in 0..place.height {
        let spans = if (top..bottom).contains(&row) {
            [0..left, right..place.width]
        } else {
            [0..place.width, 0..0]
        };
        for span in spans {
            let column = span.start;
            let place = Place {
                row,
                column,
                ..place
            };
            writer.pad_row(pad, span.len(), place, tensor);
        }
    }
}
