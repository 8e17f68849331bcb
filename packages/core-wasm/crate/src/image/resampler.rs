//! The interface of all ways to resample, and the scratch memory that they share.

use super::job::Job;
use super::source::Region;
use crate::buffer::AlignedBytes;
use crate::error::KernelError;

/// Takes a finished row: its number within the window and its pixels.
pub type Emit<'a> = &'a mut dyn FnMut(usize, &[u8]);

/// A way to compute the pixels of a job's window from those of the source. It owns its tables; [`Self::reserve`]
/// comes before everything else.
pub trait Resampler {
    /// Makes the tables of a job, with room for those of every source that is no wider and no higher.
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    fn reserve(&mut self, job: &Job) -> Result<(), KernelError>;

    /// The part of the source that the window depends on.
    fn region(&self, job: &Job) -> Region;

    /// Bytes that `run` needs of each buffer, for this source and all smaller ones.
    fn scratch(&self, job: &Job, region: &Region) -> ScratchSize;

    /// Gives every row of the window to `emit`, from the top. `input` holds the source and the slack.
    fn run(&self, job: &Job, region: &Region, input: &[u8], scratch: Scratch, emit: Emit);
}

/// Bytes of the buffers of [`Scratch`].
#[derive(Clone, Copy, Debug, Default)]
pub struct ScratchSize {
    pub converted: usize,
    pub between: usize,
    pub line: usize,
}

/// The intermediate buffers of a run.
pub struct Scratch<'a> {
    /// Pixels of the source as RGBX.
    pub converted: &'a mut [u8],
    /// The output of the first pass.
    pub between: &'a mut [u8],
    /// Finished rows.
    pub line: &'a mut [u8],
}

/// The buffers of a [`Scratch`], which the resamplers of a plan share.
#[derive(Default)]
pub struct ScratchBuffers {
    converted: AlignedBytes,
    between: AlignedBytes,
    line: AlignedBytes,
}

impl ScratchBuffers {
    /// Makes room.
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    pub fn reserve(&mut self, size: ScratchSize) -> Result<(), KernelError> {
        self.converted.set_len(size.converted)?;
        self.between.set_len(size.between)?;
        self.line.set_len(size.line)
    }

    /// The buffers, to be written to.
    pub fn get(&mut self) -> Scratch<'_> {
        Scratch {
            converted: self.converted.as_mut_slice(),
            between: self.between.as_mut_slice(),
            line: self.line.as_mut_slice(),
        }
    }

    /// Bytes of all buffers.
    pub fn len(&self) -> usize {
        [&self.converted, &self.between, &self.line]
            .iter()
            .map(|buffer| buffer.as_slice::<u8>().len())
            .sum()
    }

    /// Whether there is no room yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
