//! Image plans.

use hayate_binding::export;
use hayate_kernels::error::{KernelError, status_of};
use hayate_kernels::image::block::PlanBlock;
use hayate_kernels::image::plan::ImagePlan as Plan;
use hayate_kernels::image::source::{Format, FormatKind, Region};
use hayate_kernels::image::yuv::{Matrix, Range};

/// An image plan (see `image::plan::ImagePlan`), and the block of its settings and of what it reports.
pub struct ImagePlan {
    block: PlanBlock,
    plan: Result<Plan, KernelError>,
}

export! {
    ImagePlan: imageplan_new, imageplan_free,
    imageplan_block_ptr = block_ptr() -> *const f64;
    imageplan_configure = configure() -> u32;
    imageplan_reserve = reserve(width: u32, height: u32, format: u32, matrix: u32, range: u32) -> u32;
    imageplan_run = run() -> u32;
}

/// A plan that does nothing until it is configured.
impl Default for ImagePlan {
    fn default() -> Self {
        Self {
            block: PlanBlock::default(),
            plan: Err(KernelError::NoInput),
        }
    }
}

impl ImagePlan {
    /// Address of the [`PlanBlock`].
    pub fn block_ptr(&self) -> *const f64 {
        (&raw const self.block).cast()
    }

    /// Takes the settings. Refused ones show as the status of every later call, too.
    pub fn configure(&mut self) -> u32 {
        self.plan = self.block.spec().and_then(Plan::new);
        self.plan.as_ref().err().map_or(0, |error| error.status())
    }

    /// Makes room for a source, in pixels. `format` is a [`FormatKind`]; `matrix` (a [`Matrix`]) and `range`
    /// (a [`Range`]) count for formats with chroma samples.
    pub fn reserve(
        &mut self,
        width: u32,
        height: u32,
        format: u32,
        matrix: u32,
        range: u32,
    ) -> u32 {
        status_of(self.try_reserve([width, height], format, matrix, range))
    }

    fn try_reserve(
        &mut self,
        [width, height]: [u32; 2],
        format: u32,
        matrix: u32,
        range: u32,
    ) -> Result<(), KernelError> {
        let plan = self.plan.as_mut().map_err(|error| *error)?;
        let kind = FormatKind::from_number(format)?;
        let (matrix, range) = (Matrix::from_number(matrix)?, Range::from_number(range)?);
        plan.reserve(width, height, Format::new(kind, matrix, range))?;
        let block = &mut self.block;
        block.matrix = plan.to_source();
        let Region { columns, rows } = plan.region();
        block.region = [columns.start, rows.start, columns.end, rows.end].map(|bound| bound as f64);
        let place = |bytes: &[u8]| [bytes.as_ptr() as usize, bytes.len()].map(|it| it as f64);
        block.input = place(plan.input_mut());
        block.output = place(plan.output());
        Ok(())
    }

    /// Converts the source.
    pub fn run(&mut self) -> u32 {
        match &mut self.plan {
            Ok(plan) => {
                plan.set_matrix(self.block.matrix);
                status_of(plan.run())
            }
            Err(error) => error.status(),
        }
    }
}
