//! The resamplers of a plan, and which of them a job needs.

use super::affine::Affine;
use super::coefficients::Sampling;
use super::job::Job;
use super::pairs::Pairs;
use super::planar::Planar;
use super::resampler::{Emit, Resampler, Scratch, ScratchSize};
use super::separable::Separable;
use super::source::Region;
use crate::error::KernelError;

/// All of them: the tables of one stay while another is at work, so that sources of different formats in
/// turn allocate nothing either.
#[derive(Default)]
pub struct Resamplers {
    separable: Separable,
    planar: Planar,
    pairs: Pairs,
    pub affine: Affine,
}

/// Calls a method of the resampler that the job needs. Static calls rather than a `dyn Resampler`: the compiler
/// inlines them, which makes the module some 0.5 kB smaller.
macro_rules! dispatch {
    ($resamplers:ident, $job:ident, $method:ident($($argument:expr),*)) => {
        match $job.sampling {
            _ if $job.fit.is_affine() => $resamplers.affine.$method($($argument),*),
            Some(_) if $job.shape.is_yuv() => $resamplers.planar.$method($($argument),*),
            Some(Sampling::Pillow(_)) => $resamplers.separable.$method($($argument),*),
            Some(Sampling::OpencvLinear) | None => $resamplers.pairs.$method($($argument),*),
        }
    };
}

impl Resampler for Resamplers {
    fn reserve(&mut self, job: &Job) -> Result<(), KernelError> {
        dispatch!(self, job, reserve(job))
    }

    fn region(&self, job: &Job) -> Region {
        dispatch!(self, job, region(job))
    }

    fn scratch(&self, job: &Job, region: &Region) -> ScratchSize {
        dispatch!(self, job, scratch(job, region))
    }

    fn run(&self, job: &Job, region: &Region, input: &[u8], scratch: Scratch, emit: Emit) {
        dispatch!(self, job, run(job, region, input, scratch, emit));
    }
}
