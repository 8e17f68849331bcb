//! One prepared conversion from source bytes to a tensor. It owns every buffer it needs, so a
//! stream of images of one size allocates only for the first.

use core::ops::Range;

use super::affine::{self, Picture};
use super::coefficients::{Coefficients, Sampling, taps_at_most};
use super::fit::{Border, Fit, Geometry};
use super::frame::FrameResizer;
use super::neighbours::{Pair, blend_columns, blend_rows, fill_pairs, pick};
use super::resize::{Lines, PIXEL, Passes, Scratch, Source, scratch};
use super::source::{Format, Shape};
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

/// Columns and rows of a source, in pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Region {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

/// How the pixels of the present source are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Separable,
    /// Separable, on the planes of a video frame.
    Planar,
    Nearest,
    /// OpenCV's, unless the size stays: then it is that of the nearest neighbour.
    Linear,
    Affine,
}

#[derive(Clone, Copy)]
struct Current {
    shape: Shape,
    geometry: Geometry,
    method: Method,
    /// Whether the whole region becomes RGBX before anything else.
    converts_all: bool,
}

impl Current {
    fn passes<'a>(&self, columns: &'a Coefficients, rows: &'a Coefficients) -> Passes<'a> {
        let Self {
            shape, geometry, ..
        } = *self;
        Passes {
            geometry,
            vertical_first: geometry.vertical_first(shape.width, shape.height),
            columns: (geometry.resized_width != shape.width).then_some(columns),
            rows: (geometry.resized_height != shape.height).then_some(rows),
        }
    }
}

/// Resize, crop and normalise with owned buffers: `reserve`, write [`Self::input_mut`], `run`,
/// read [`Self::output`].
pub struct ImagePlan {
    spec: PlanSpec,
    writer: Writer,
    current: Option<Current>,
    region: Region,
    matrix: [f64; 6],
    columns: Coefficients,
    rows: Coefficients,
    frame: FrameResizer,
    column_pairs: AlignedBytes,
    row_pairs: AlignedBytes,
    input_len: usize,
    input: AlignedBytes,
    converted: AlignedBytes,
    between: AlignedBytes,
    line: AlignedBytes,
    tensor: AlignedBytes,
}

/// What may be read, but does not count, behind the last pixel of the input or of converted ones.
/// A vertical pass of blocks may read a block further than a row, a horizontal one three pixels.
pub const SLACK: usize = 32;

/// Whether this is the build for browsers without SIMD.
const SMALL: bool = cfg!(all(target_arch = "wasm32", not(target_feature = "simd128")));

const IDENTITY: [f64; 6] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];

impl ImagePlan {
    /// A plan without buffers yet.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::BadNormalization`].
    pub fn new(spec: PlanSpec) -> Result<Self, KernelError> {
        spec.fit.validate()?;
        Ok(Self {
            writer: Writer::new(spec.tensor)?,
            spec,
            current: None,
            region: Region::default(),
            matrix: IDENTITY,
            columns: Coefficients::default(),
            rows: Coefficients::default(),
            frame: FrameResizer::default(),
            column_pairs: AlignedBytes::default(),
            row_pairs: AlignedBytes::default(),
            input_len: 0,
            input: AlignedBytes::default(),
            converted: AlignedBytes::default(),
            between: AlignedBytes::default(),
            line: AlignedBytes::default(),
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
        if matches!(self.current, Some(current) if current.shape == shape) {
            return Ok(());
        }
        self.current = None;
        let fit = self.spec.fit;
        let geometry = fit.geometry(width, height)?;
        let same = [geometry.resized_width, geometry.resized_height] == [width, height];
        let mut current = Current {
            shape,
            converts_all: false,
            geometry,
            method: match self.spec.sampling {
                _ if matches!(fit, Fit::Affine { .. }) => Method::Affine,
                _ if fit.media_pipe(width, height).is_some() => Method::Affine,
                Some(_) if shape.is_yuv() => Method::Planar,
                Some(Sampling::Pillow(_)) => Method::Separable,
                Some(Sampling::OpencvLinear) if !same => Method::Linear,
                Some(Sampling::OpencvLinear) | None => Method::Nearest,
            },
        };
        if let Some(matrix) = fit.media_pipe(width, height) {
            self.matrix = matrix;
        }
        self.input_len = shape.bytes();
        self.input.set_len(self.input_len.saturating_add(SLACK))?;
        let (out_width, out_height) = fit.output_size();
        let tensor = self.spec.tensor;
        let element = tensor.channels.count() * tensor.element.bytes();
        let pixels = (out_width as usize).saturating_mul(out_height as usize);
        self.tensor.set_len(pixels.saturating_mul(element))?;
        self.reserve_sampling(&current)?;
        let passes = current.passes(&self.columns, &self.rows);
        current.converts_all = !shape.is_plain()
            && match current.method {
                Method::Affine => true,
                Method::Nearest | Method::Linear | Method::Planar => false,
                Method::Separable => !passes.takes_rows_in_turn(),
            };
        self.region = self.find_region(&current);
        self.reserve_scratch(&current)?;
        self.current = Some(current);
        Ok(())
    }

    /// The most taps that a position of a source has which is no larger than the shape in both directions.
    fn most_taps(&self, shape: &Shape) -> usize {
        let (input, output) = self.spec.fit.shrinks_at_most(shape.width, shape.height);
        let sampling = self.spec.sampling;
        sampling.map_or(0, |sampling| taps_at_most(input, output, sampling))
    }

    fn reserve_sampling(&mut self, current: &Current) -> Result<(), KernelError> {
        let Current {
            shape, geometry, ..
        } = current;
        let most_taps = self.most_taps(shape);
        let (out_width, out_height) = self.spec.fit.output_size();
        let horizontal = geometry.left..geometry.left + geometry.width;
        let vertical = geometry.top..geometry.top + geometry.height;
        let axes = [
            (shape.width, geometry.resized_width, horizontal),
            (shape.height, geometry.resized_height, vertical),
        ];
        let sides = [(shape.width, out_width), (shape.height, out_height)];
        let tables = [&mut self.columns, &mut self.rows];
        let pairs = [&mut self.column_pairs, &mut self.row_pairs];
        if let (Method::Planar, Some(sampling)) = (current.method, self.spec.sampling) {
            let frame = &mut self.frame;
            return frame.compute(&axes, sides, most_taps, sampling);
        }
        let axes = axes.into_iter().zip(sides).zip(tables).zip(pairs);
        for ((((input, output, window), sides), table), pairs) in axes {
            match (current.method, self.spec.sampling) {
                (Method::Affine, _) => {}
                (Method::Separable, Some(sampling)) => {
                    table.reserve(sides, most_taps, sampling)?;
                    if input != output {
                        table.compute(input, output, window, sampling)?;
                    }
                }
                (method, _) => {
                    let linear = method == Method::Linear;
                    fill_pairs(pairs, (input, output), window, linear, sides.1)?;
                }
            }
        }
        Ok(())
    }

    fn find_region(&self, current: &Current) -> Region {
        let Current {
            shape, geometry, ..
        } = current;
        let unscaled = |start: u32, len: u32| start as usize..(start + len) as usize;
        let span = |pairs: &AlignedBytes| {
            let samples = pairs.as_slice::<u32>();
            let end = samples.last().map_or(0, |last| *last as usize + 1);
            samples.first().map_or(0, |first| *first as usize)..end
        };
        let passes = current.passes(&self.columns, &self.rows);
        let range = |table: Option<&Coefficients>, start, len| {
            table.map_or(unscaled(start, len), Coefficients::source_range)
        };
        let (columns, rows) = match current.method {
            Method::Affine => (unscaled(0, shape.width), unscaled(0, shape.height)),
            Method::Nearest | Method::Linear => (span(&self.column_pairs), span(&self.row_pairs)),
            Method::Planar => self.frame.source_ranges(),
            Method::Separable => (
                range(passes.columns, geometry.left, geometry.width),
                range(passes.rows, geometry.top, geometry.height),
            ),
        };
        Region {
            columns: shape.sampled(columns, shape.width),
            rows: shape.sampled(rows, shape.height),
        }
    }

    /// Makes room for what `run` writes on its way, for any source that is no larger.
    fn reserve_scratch(&mut self, current: &Current) -> Result<(), KernelError> {
        let shape = &current.shape;
        let size = (shape.width as usize, shape.height as usize);
        let (out_width, out_height) = self.spec.fit.output_size();
        let (out_width, out_height) = (out_width as usize, out_height as usize);
        let [mut converted, between, line] = match current.method {
            Method::Separable => scratch(size, out_width, self.most_taps(shape)),
            Method::Nearest | Method::Linear => {
                let line = out_width * PIXEL;
                [size.0 * PIXEL, line * 2 * size_of::<i16>(), line]
            }
            Method::Affine => [0, 0, out_width * PIXEL],
            Method::Planar => FrameResizer::scratch(shape, (out_width, out_height)),
        };
        if current.converts_all {
            let pixels = self.region.columns.len() * self.region.rows.len();
            converted = converted.max(pixels.saturating_mul(PIXEL).saturating_add(SLACK));
        } else if shape.is_plain() {
            converted = 0;
        }
        self.converted.set_len(converted)?;
        self.between.set_len(between)?;
        self.line.set_len(line)
    }

    /// Where an affine crop reads: from the numbers of the crop's pixels to those of the source's, as
    /// OpenCV's `warpAffine` with `WARP_INVERSE_MAP`. The identity until it is set.
    pub fn set_matrix(&mut self, matrix: [f64; 6]) {
        self.matrix = matrix;
    }

    /// The map from the tensor to the present source, x' = m₀x + m₁y + m₂, y' = m₃x + m₄y + m₅: on the
    /// edges of pixels, or for an affine crop and MediaPipe's letterbox the matrix it is sampled by.
    /// The identity before the first `reserve`.
    pub fn to_source(&self) -> [f64; 6] {
        match self.current {
            Some(current) if current.method != Method::Affine => {
                let Shape { width, height, .. } = current.shape;
                current.geometry.to_source(width, height)
            }
            _ => self.matrix,
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
        let current = self.current.ok_or(KernelError::NoInput)?;
        let Current {
            shape,
            geometry,
            converts_all,
            ..
        } = current;
        let (out_width, out_height) = self.spec.fit.output_size();
        let place = Place {
            row: 0,
            column: geometry.pad_left as usize,
            width: out_width as usize,
            height: out_height as usize,
        };
        let (writer, region) = (&self.writer, &self.region);
        let tensor = &mut self.tensor;
        let places = shape.places();
        let mut emit = |row: usize, pixels: &[u8]| {
            let row = row + geometry.pad_top as usize;
            writer.write_row(pixels, places, Place { row, ..place }, tensor);
        };
        let input = self.input.as_slice::<u8>();
        // A crop that turns nothing reads few rows when it shrinks: they are converted when their turn comes. Not in
        // the build without SIMD, which is made for size.
        let level = current.method == Method::Affine && self.matrix[3] == 0.0 && !SMALL;
        if converts_all && !level {
            let stride = region.columns.len() * PIXEL;
            let lines = self.converted.as_mut_slice::<u8>().chunks_exact_mut(stride);
            for (row, line) in region.rows.clone().zip(lines) {
                shape.read_row(input, row, region.columns.clone(), line);
            }
        }
        let line = self.line.as_mut_slice::<u8>();
        match current.method {
            Method::Separable => {
                let passes = current.passes(&self.columns, &self.rows);
                let lines = |bytes, stride, first_row, first_column| {
                    Source::Lines(Lines {
                        bytes,
                        stride,
                        first_row,
                        first_column,
                    })
                };
                let (columns, rows) = (&region.columns, &region.rows);
                let (source, converted) = if converts_all {
                    let bytes = self.converted.as_slice();
                    let stride = columns.len() * PIXEL;
                    (lines(bytes, stride, rows.start, columns.start), &mut [][..])
                } else if shape.is_plain() {
                    (lines(input, shape.stride(), 0, 0), &mut [][..])
                } else {
                    let converted = self.converted.as_mut_slice();
                    (Source::Converted(&shape, input, columns), converted)
                };
                let scratch = Scratch {
                    converted,
                    between: self.between.as_mut_slice(),
                    line,
                };
                passes.run(source, scratch, &mut emit);
            }
            Method::Planar => {
                let scratch = Scratch {
                    converted: self.converted.as_mut_slice(),
                    between: self.between.as_mut_slice(),
                    line,
                };
                self.frame.run(&shape, input, scratch, &mut emit);
            }
            Method::Nearest | Method::Linear => {
                let columns = self.column_pairs.as_slice();
                let length = columns.len() * PIXEL;
                let line = &mut line[..length];
                let converted = self.converted.as_mut_slice::<u8>();
                let linear = current.method == Method::Linear;
                // Room for two rows, one after the other.
                let sums = self.between.as_mut_slice::<i16>();
                // The first row of the source that has not been read.
                let mut next = 0;
                for (number, pair) in self.row_pairs.as_slice::<Pair>().iter().enumerate() {
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
            Method::Affine => {
                let (width, height) = (shape.width as usize, shape.height as usize);
                let border = match self.spec.fit {
                    Fit::Affine { border, .. } => border,
                    _ => Border::Zero,
                };
                let stride = width * PIXEL;
                let line = &mut line[..out_width as usize * PIXEL];
                let mut present = [height; 2];
                for number in 0..out_height as usize {
                    if converts_all && level {
                        let rows = affine::level_rows(&self.matrix, number, height);
                        for row in rows {
                            if !present.contains(&row) {
                                let target = &mut self.converted.as_mut_slice()[row * stride..];
                                shape.read_row(input, row, 0..width, target);
                            }
                        }
                        present = rows;
                    }
                    let bytes = if converts_all {
                        self.converted.as_slice()
                    } else {
                        input
                    };
                    let picture = Picture {
                        bytes,
                        width,
                        height,
                        border,
                    };
                    affine::row(picture, &self.matrix, number, line);
                    emit(number, line);
                }
            }
        }
        self.fill_margins(&current, place);
        Ok(())
    }

    /// Fills what a letterbox leaves over.
    fn fill_margins(&mut self, current: &Current, place: Place) {
        let Fit::Letterbox { pad, .. } = self.spec.fit else {
            return;
        };
        if current.method == Method::Affine {
            return;
        }
        let geometry = current.geometry;
        let (left, top) = (geometry.pad_left as usize, geometry.pad_top as usize);
        let (right, bottom) = (
            left + geometry.width as usize,
            top + geometry.height as usize,
        );
        for row in 0..place.height {
            let spans = if (top..bottom).contains(&row) {
                [0..left, right..place.width]
            } else {
                [0..place.width, 0..0]
            };
            for span in spans {
                let place = Place {
                    row,
                    column: span.start,
                    ..place
                };
                self.writer
                    .pad_row(pad, span.len(), place, &mut self.tensor);
            }
        }
    }

    /// The bytes of the tensor of the last `run`, in the plan's layout and type.
    pub fn output(&self) -> &[u8] {
        self.tensor.as_slice()
    }

    /// Bytes that the plan holds for its own use, beside input and tensor.
    pub fn scratch_len(&self) -> usize {
        let buffers = [&self.converted, &self.between, &self.line];
        buffers
            .iter()
            .map(|buffer| buffer.as_slice::<u8>().len())
            .sum()
    }
}
