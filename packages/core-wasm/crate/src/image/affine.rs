//! An affine crop, sampled as OpenCV 4's `warpAffine` with `INTER_LINEAR` does it (imgproc/imgwarp.cpp):
//! coordinates in 32nds of a pixel, weights in 15 bits, no antialiasing. MediaPipe crops faces and hands this way.

use super::filter::round;
use super::fit::{Border, Fit};
use super::job::Job;
use super::pixel::PIXEL;
use super::resampler::{Emit, Resampler, Scratch, ScratchSize};
use super::source::Region;
use crate::error::KernelError;

/// Steps of a pixel in which coordinates are accumulated: 10 fractional bits.
const FINE: f64 = 1024.0;
/// Fractional bits of a sampled coordinate.
const FRACTION: u32 = 5;
const STEPS: i32 = 1 << FRACTION;

/// Whether this is the build for browsers without SIMD, which is made for size.
const SMALL: bool = cfg!(all(target_arch = "wasm32", not(target_feature = "simd128")));

/// Affine crops, and MediaPipe's letterbox.
pub struct Affine {
    /// From the numbers of the crop's pixels to those of the source's.
    pub matrix: [f64; 6],
}

impl Default for Affine {
    fn default() -> Self {
        Self {
            matrix: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        }
    }
}

impl Resampler for Affine {
    fn reserve(&mut self, job: &Job) -> Result<(), KernelError> {
        if let Some(matrix) = job.fit.media_pipe(job.shape.width, job.shape.height) {
            self.matrix = matrix;
        }
        Ok(())
    }

    /// The whole source: the matrix may change with each run.
    fn region(&self, job: &Job) -> Region {
        let (width, height) = job.source_size();
        Region {
            columns: 0..width,
            rows: 0..height,
        }
    }

    fn scratch(&self, job: &Job, region: &Region) -> ScratchSize {
        let plain = job.shape.is_plain();
        ScratchSize {
            converted: if plain { 0 } else { region.rgbx_bytes() },
            between: 0,
            line: job.output_size.0 * PIXEL,
        }
    }

    fn run(&self, job: &Job, region: &Region, input: &[u8], scratch: Scratch, emit: Emit) {
        let (shape, plain) = (&job.shape, job.shape.is_plain());
        let (width, height) = job.source_size();
        let (out_width, out_height) = job.output_size;
        let Scratch {
            converted, line, ..
        } = scratch;
        // A level crop reads few rows when it shrinks, so each is converted when it is first needed.
        let level = self.matrix[3] == 0.0 && !SMALL;
        let convert_rows = !plain && level;
        if !plain && !level {
            shape.read_region(input, region, converted);
        }
        let border = match job.fit {
            Fit::Affine { border, .. } => border,
            _ => Border::Zero,
        };
        let stride = width * PIXEL;
        let line = &mut line[..out_width * PIXEL];
        // The rows of the source that have been converted, for a level crop.
        let mut present = [height; 2];
        for number in 0..out_height {
            let rows = level_rows(&self.matrix, number, height);
            for row in rows {
                if convert_rows && !present.contains(&row) {
                    let target = &mut converted[row * stride..];
                    shape.read_row(input, row, 0..width, target);
                }
            }
            present = rows;
            let picture = Picture {
                bytes: if plain { input } else { converted },
                width,
                height,
                border,
            };
            row(picture, &self.matrix, number, line);
            emit(number, line);
        }
    }
}

/// Where an affine crop reads: RGBX pixels without gaps between the rows.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    pub bytes: &'a [u8],
    pub width: usize,
    pub height: usize,
    pub border: Border,
}

/// The two rows of the source that row `y` of a level crop reads (one that does not rotate: m₃ is 0), clamped
/// to the source whatever the border.
pub fn level_rows(matrix: &[f64; 6], y: usize, height: usize) -> [usize; 2] {
    let row = (start(matrix[4], matrix[5], y) >> FRACTION) as i32 >> FRACTION;
    let last = height as i32 - 1;
    [row, row.saturating_add(1)].map(|row| row.clamp(0, last) as usize)
}

/// A coordinate in those steps.
fn fixed(value: f64) -> i64 {
    // `as` turns NaN and what is out of range into numbers whose sums do not overflow.
    i64::from(round(value * FINE) as i32)
}

/// A coordinate at the start of row `y`, from two numbers of its matrix row.
fn start(by_y: f64, offset: f64, y: usize) -> i64 {
    fixed(by_y * y as f64 + offset) + FINE as i64 / i64::from(STEPS) / 2
}

/// Samples row `y` of a crop. `matrix` maps the numbers of the crop's pixels to those of the source:
/// x' = m₀x + m₁y + m₂, y' = m₃x + m₄y + m₅. Any numbers are accepted, NaN too.
#[inline(always)]
pub fn row(picture: Picture, matrix: &[f64; 6], y: usize, line: &mut [u8]) {
    let [m0, m1, m2, m3, m4, m5] = *matrix;
    let (start_x, start_y) = (start(m1, m2, y), start(m4, m5, y));
    for (x, out) in line.as_chunks_mut::<PIXEL>().0.iter_mut().enumerate() {
        let at_x = start_x + fixed(m0 * x as f64);
        let at_y = start_y + fixed(m3 * x as f64);
        // Sums of two numbers of 32 bits fit them again when the fraction is shorter.
        *out = sample(
            picture,
            (at_x >> FRACTION) as i32,
            (at_y >> FRACTION) as i32,
        );
    }
}

/// The pixel at a position in 32nds of a pixel.
fn sample(picture: Picture, x: i32, y: i32) -> [u8; PIXEL] {
    let (right, below) = (x & (STEPS - 1), y & (STEPS - 1));
    let mut sums = [1u32 << 14; PIXEL];
    for (row, share_y) in [(y >> FRACTION, STEPS - below), ((y >> FRACTION) + 1, below)] {
        for (column, share_x) in [(x >> FRACTION, STEPS - right), ((x >> FRACTION) + 1, right)] {
            let pixel = picture.pixel(column, row);
            let weight = (share_x * share_y) as u32 * 32;
            for (sum, byte) in sums.iter_mut().zip(pixel) {
                *sum += u32::from(byte) * weight;
            }
        }
    }
    sums.map(|sum| (sum >> 15) as u8)
}

impl Picture<'_> {
    fn pixel(&self, column: i32, row: i32) -> [u8; PIXEL] {
        let (width, height) = (self.width as i32, self.height as i32);
        let inside = (0..width).contains(&column) && (0..height).contains(&row);
        if !inside && self.border == Border::Zero {
            return [0; PIXEL];
        }
        let (column, row) = (column.clamp(0, width - 1), row.clamp(0, height - 1));
        self.bytes.as_chunks().0[row as usize * self.width + column as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crop(matrix: [f64; 6], border: Border) -> [u8; 16] {
        let bytes: Vec<u8> = [10, 20, 30, 40]
            .iter()
            .flat_map(|&byte| [byte; PIXEL])
            .collect();
        let picture = Picture {
            bytes: &bytes,
            width: 2,
            height: 2,
            border,
        };
        let mut line = [0; 16];
        row(picture, &matrix, 0, &mut line);
        line
    }

    #[test]
    fn samples_between_and_beyond() {
        let reds = |matrix, border| {
            crop(matrix, border)
                .as_chunks::<PIXEL>()
                .0
                .iter()
                .map(|pixel| pixel[0])
                .collect::<Vec<_>>()
        };
        assert_eq!(
            reds([1.0, 0.0, 0.0, 0.0, 1.0, 0.0], Border::Zero),
            [10, 20, 0, 0]
        );
        assert_eq!(
            reds([1.0, 0.0, -0.5, 0.0, 1.0, 0.5], Border::Replicate),
            [20, 25, 30, 30]
        );
        assert_eq!(
            reds([0.0, 1.0, 1.0, 0.5, 0.0, 0.0], Border::Zero),
            [20, 30, 40, 20]
        );
    }

    #[test]
    fn takes_any_numbers() {
        for value in [f64::NAN, f64::INFINITY, -1e300, 1e300, 2e6] {
            for place in 0..6 {
                let mut matrix = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
                matrix[place] = value;
                crop(matrix, Border::Zero);
                crop(matrix, Border::Replicate);
            }
        }
    }
}
