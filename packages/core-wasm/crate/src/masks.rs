//! Upsamples the small masks that models give to the size of a picture.

use bytemuck::{Pod, Zeroable};

use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;
use crate::image::fit::MAX_SIDE;

/// The part of a mask that covers the picture, in samples; fractions are allowed. To undo a letterbox,
/// give the part inside of it.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// How one mask is upsampled and drawn.
#[derive(Clone, Copy, Debug)]
pub struct MaskSpec {
    /// Columns of the mask.
    pub width: u32,
    /// Rows of the mask.
    pub height: u32,
    pub window: Window,
    /// Columns of the result.
    pub out_width: u32,
    /// Rows of the result.
    pub out_height: u32,
    /// A pixel is on if its value is greater.
    pub threshold: f32,
    /// Red, green, blue and alpha of a pixel that is on, where others are 0; without a colour a
    /// pixel is one byte, 1 or 0.
    pub colour: Option<[u8; 4]>,
}

/// The two samples of an output position, and the weight of the second.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
struct Pair {
    first: u32,
    second: u32,
    share: f32,
}

/// Upsamples and thresholds, with buffers kept between calls.
#[derive(Default)]
pub struct MaskPainter {
    columns: AlignedBytes,
    rows: AlignedBytes,
    line: AlignedBytes,
    output: AlignedBytes,
}

impl MaskPainter {
    /// Brings the window of `mask` (rows × columns of logits or probabilities) to the output's
    /// size by bilinear interpolation and compares with the threshold; see [`Self::output`].
    ///
    /// Sample centres lie at half-pixel positions and the window's edge samples continue outside
    /// of it, as in torch's `interpolate(mode="bilinear", align_corners=False)` of the window and
    /// in OpenCV's INTER_LINEAR. NaN is off.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::TooLarge`], [`KernelError::OutOfMemory`];
    /// the output is empty then.
    pub fn run(&mut self, mask: &[f32], spec: &MaskSpec) -> Result<(), KernelError> {
        self.output.set_len(0)?;
        let window = spec.window;
        let (width, height) = (spec.width as usize, spec.height as usize);
        if width.checked_mul(height) != Some(mask.len()) {
            return Err(KernelError::BadSize);
        }
        let columns = &mut self.columns;
        pairs(
            window.left,
            window.width,
            spec.width,
            spec.out_width,
            columns,
        )?;
        let rows = &mut self.rows;
        pairs(
            window.top,
            window.height,
            spec.height,
            spec.out_height,
            rows,
        )?;
        set_count::<f32>(&mut self.line, width)?;
        let (columns, rows) = (columns.as_slice::<Pair>(), rows.as_slice::<Pair>());
        // Both counts are at most MAX_SIDE.
        let stride = columns.len() * if spec.colour.is_some() { 4 } else { 1 };
        self.output.set_len(stride.saturating_mul(rows.len()))?;
        let output = self
            .output
            .as_mut_slice::<u8>()
            .chunks_exact_mut(stride.max(1));
        for (row, out) in rows.iter().zip(output) {
            let samples = |row: u32| {
                let start = row as usize * width;
                mask.get(start..start + width).unwrap_or_default()
            };
            let both = samples(row.first).iter().zip(samples(row.second));
            let line = self.line.as_mut_slice::<f32>();
            for (value, (&first, &second)) in line.iter_mut().zip(both) {
                *value = blend(first, second, row.share);
            }
            match spec.colour {
                Some(colour) => {
                    for (pixel, column) in out
                        .as_chunks_mut()
                        .0
                        .iter_mut()
                        .zip(columns.iter().copied())
                    {
                        *pixel = if between(line, column) > spec.threshold {
                            colour
                        } else {
                            [0; 4]
                        };
                    }
                }
                None => {
                    for (pixel, column) in out.iter_mut().zip(columns.iter().copied()) {
                        *pixel = u8::from(between(line, column) > spec.threshold);
                    }
                }
            }
        }
        Ok(())
    }

    /// What the last `run` gave, row by row: RGBA bytes, or one byte for each pixel.
    pub fn output(&self) -> &[u8] {
        self.output.as_slice()
    }
}

/// The value at a position of a row.
#[inline(always)]
fn between(line: &[f32], position: Pair) -> f32 {
    let value = |at: u32| line.get(at as usize).copied().unwrap_or(f32::NAN);
    blend(
        value(position.first),
        value(position.second),
        position.share,
    )
}

#[inline(always)]
fn blend(first: f32, second: f32, share: f32) -> f32 {
    first * (1.0 - share) + second * share
}

/// Fills `pairs` for `count` positions spread over `size` of `samples`, from `start` on.
fn pairs(
    start: f64,
    size: f64,
    samples: u32,
    count: u32,
    pairs: &mut AlignedBytes,
) -> Result<(), KernelError> {
    let end = start + size;
    let inside = start >= 0.0 && size > 0.0 && end <= f64::from(samples);
    if !inside || samples > MAX_SIDE || !(1..=MAX_SIDE).contains(&count) {
        return Err(KernelError::BadSize);
    }
    set_count::<Pair>(pairs, count as usize)?;
    // The samples that the window touches. `as` truncates, which is the floor of what is positive.
    let lowest = (start as u32).min(samples - 1);
    let whole = end as u32;
    let ends = whole + u32::from(f64::from(whole) < end);
    let highest = (ends - 1).max(lowest);
    let step = size / f64::from(count);
    for (position, pair) in (0..count).zip(pairs.as_mut_slice::<Pair>()) {
        let place = start + (f64::from(position) + 0.5) * step - 0.5;
        // Not `max` and `min`, which compile to function calls here.
        let (lowest, highest) = (f64::from(lowest), f64::from(highest));
        let place = if place < lowest { lowest } else { place };
        let place = if place > highest { highest } else { place };
        let first = place as u32;
        *pair = Pair {
            first,
            second: (first + 1).min(highest as u32),
            share: (place - f64::from(first)) as f32,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: MaskSpec = MaskSpec {
        width: 2,
        height: 1,
        window: Window {
            left: 0.0,
            top: 0.0,
            width: 2.0,
            height: 1.0,
        },
        out_width: 4,
        out_height: 2,
        threshold: 0.5,
        colour: None,
    };

    #[test]
    fn places_samples_at_half_pixels() {
        // Between 0 and 1 the four positions are 0, 0.25, 0.75 and 1.
        let mut painter = MaskPainter::default();
        for (threshold, row) in [
            (0.2, [0, 1, 1, 1]),
            (0.25, [0, 0, 1, 1]),
            (0.9, [0, 0, 0, 1]),
        ] {
            let spec = MaskSpec { threshold, ..WHOLE };
            painter.run(&[0.0, 1.0], &spec).unwrap();
            assert_eq!(painter.output(), [row, row].concat());
        }
    }

    #[test]
    fn paints_in_colour() {
        let mut painter = MaskPainter::default();
        let spec = MaskSpec {
            out_width: 2,
            out_height: 1,
            colour: Some([1, 2, 3, 4]),
            ..WHOLE
        };
        painter.run(&[1.0, 0.0], &spec).unwrap();
        assert_eq!(painter.output(), [1, 2, 3, 4, 0, 0, 0, 0]);
    }

    #[test]
    fn refuses_what_is_outside() {
        let mut painter = MaskPainter::default();
        let mut run = |window, out_width| {
            let spec = MaskSpec {
                window,
                out_width,
                ..WHOLE
            };
            painter.run(&[0.0, 1.0], &spec)
        };
        let window = WHOLE.window;
        for left in [-0.1, 0.1, f64::NAN, f64::INFINITY] {
            assert_eq!(run(Window { left, ..window }, 1), Err(KernelError::BadSize));
        }
        for width in [0.0, -1.0, 2.1, f64::NAN, f64::INFINITY] {
            assert_eq!(
                run(Window { width, ..window }, 1),
                Err(KernelError::BadSize)
            );
        }
        for side in [0, 32_769, u32::MAX] {
            assert_eq!(run(window, side), Err(KernelError::BadSize));
        }
        let tiny = Window {
            left: 2.0 - f64::EPSILON,
            width: f64::EPSILON,
            ..window
        };
        assert_eq!(run(tiny, 1), Ok(()));
    }
}
