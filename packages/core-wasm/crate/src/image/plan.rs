//! One prepared conversion from source bytes to a tensor. It owns every buffer it needs, so a
//! stream of images of one size allocates only for the first.

use alloc::vec::Vec;
use core::ops::Range;

use crate::buffer::{product, set_len};
use crate::error::KernelError;
use crate::image::coefficients::{Coefficients, Filter};
use crate::image::fit::{Fit, Geometry};
use crate::image::resize::{PIXEL, Passes};
use crate::image::tensor::{ByteOrder, Layout, Table};

/// What a plan does with every image.
#[derive(Clone, Copy, Debug)]
pub struct PlanSpec {
    pub fit: Fit,
    pub filter: Filter,
    pub layout: Layout,
    /// Per channel, in units of the 0..1 range.
    pub mean: [f64; 3],
    /// Per channel, in units of the 0..1 range; not zero.
    pub std: [f64; 3],
}

/// Columns and rows of a source, in pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Region {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

#[derive(Clone, Copy)]
struct Source {
    width: u32,
    height: u32,
    geometry: Geometry,
}

/// Resize, crop and normalise with owned buffers: `reserve`, write [`Self::input_mut`], `run`,
/// read [`Self::output`].
pub struct ImagePlan {
    spec: PlanSpec,
    table: Table,
    source: Option<Source>,
    order: ByteOrder,
    input: Vec<u8>,
    between: Vec<u8>,
    pixels: Vec<u8>,
    tensor: Vec<f32>,
    columns: Coefficients,
    rows: Coefficients,
    allocations: u32,
}

impl ImagePlan {
    /// A plan without buffers yet.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::BadNormalization`].
    pub fn new(spec: PlanSpec) -> Result<Self, KernelError> {
        spec.fit.validate()?;
        Ok(Self {
            table: Table::new(spec.mean, spec.std)?,
            spec,
            source: None,
            order: ByteOrder::Rgbx,
            input: Vec::new(),
            between: Vec::new(),
            pixels: Vec::new(),
            tensor: Vec::new(),
            columns: Coefficients::default(),
            rows: Coefficients::default(),
            allocations: 0,
        })
    }

    /// Makes room for a source of `width` × `height` pixels and everything `run` needs.
    /// Weights are computed again only if the size differs from the one before.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::TooLarge`], [`KernelError::OutOfMemory`];
    /// after an error the plan has no source until the next successful call.
    pub fn reserve(
        &mut self,
        width: u32,
        height: u32,
        order: ByteOrder,
    ) -> Result<(), KernelError> {
        self.order = order;
        if matches!(self.source, Some(source) if (source.width, source.height) == (width, height)) {
            return Ok(());
        }
        self.source = None;
        let geometry = self.spec.fit.geometry(width, height)?;
        let (out_width, out_height) = (geometry.width as usize, geometry.height as usize);
        let input = product(&[width as usize, height as usize, PIXEL])?;
        let pixels = product(&[out_width, out_height, PIXEL])?;
        let tensor = product(&[out_width, out_height, 3])?;
        let (count, filter) = (&mut self.allocations, self.spec.filter);
        set_len(&mut self.input, input, count)?;
        set_len(&mut self.pixels, pixels, count)?;
        set_len(&mut self.tensor, tensor, count)?;
        if geometry.resized_width != width {
            let window = geometry.left..geometry.left + geometry.width;
            let columns = &mut self.columns;
            columns.compute(width, geometry.resized_width, window, filter, count)?;
        }
        if geometry.resized_height != height {
            let window = geometry.top..geometry.top + geometry.height;
            let rows = &mut self.rows;
            rows.compute(height, geometry.resized_height, window, filter, count)?;
        }
        let source = Source {
            width,
            height,
            geometry,
        };
        let between = passes(&source, &self.columns, &self.rows).between_len()?;
        set_len(&mut self.between, between, count)?;
        self.source = Some(source);
        Ok(())
    }

    /// The source bytes: width × height × 4, row by row. Empty before the first `reserve`.
    pub fn input_mut(&mut self) -> &mut [u8] {
        &mut self.input
    }

    /// The part of the source that the result depends on; nothing else of it has to be written.
    /// Empty before the first `reserve`.
    pub fn region(&self) -> Region {
        let Some(source) = self.source else {
            return Region::default();
        };
        let Geometry {
            left,
            top,
            width,
            height,
            ..
        } = source.geometry;
        let passes = passes(&source, &self.columns, &self.rows);
        let unscaled = |start: u32, len: u32| start as usize..(start + len) as usize;
        Region {
            columns: passes
                .columns
                .map_or(unscaled(left, width), Coefficients::source_range),
            rows: passes
                .rows
                .map_or(unscaled(top, height), Coefficients::source_range),
        }
    }

    /// Converts the source. Never allocates.
    ///
    /// Errors: [`KernelError::NoInput`].
    pub fn run(&mut self) -> Result<(), KernelError> {
        let source = self.source.ok_or(KernelError::NoInput)?;
        let passes = passes(&source, &self.columns, &self.rows);
        passes.run(&self.input, &mut self.between, &mut self.pixels);
        let layout = self.spec.layout;
        self.table
            .write(&self.pixels, self.order, layout, &mut self.tensor);
        Ok(())
    }

    /// The tensor of the last `run`: 3 × height × width floats in the plan's layout.
    pub fn output(&self) -> &[f32] {
        &self.tensor
    }

    /// The resized and cropped bytes of the last `run`, in the source's order.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// How often a buffer has been allocated since the plan was made.
    pub fn allocations(&self) -> u32 {
        self.allocations
    }

    /// Bytes of the buffer between the two passes.
    pub fn between_len(&self) -> usize {
        self.between.len()
    }
}

fn passes<'a>(source: &Source, columns: &'a Coefficients, rows: &'a Coefficients) -> Passes<'a> {
    let geometry = source.geometry;
    Passes {
        geometry,
        vertical_first: geometry.vertical_first(source.width, source.height),
        stride: source.width as usize * PIXEL,
        columns: (geometry.resized_width != source.width).then_some(columns),
        rows: (geometry.resized_height != source.height).then_some(rows),
    }
}
