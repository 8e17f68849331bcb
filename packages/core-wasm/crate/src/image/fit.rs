//! Geometry: to which size a source is resized and which window of that is kept.

use crate::error::KernelError;

/// Largest side of a source, target or crop, in pixels.
pub const MAX_SIDE: u32 = 32_768;

/// How a source is brought to the model's size. All values in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Resize to exactly this size; the aspect ratio may change.
    Stretch { width: u32, height: u32 },
    /// Resize so that the shorter side has `shorter_side` pixels, then keep the centre.
    ShorterSideCrop {
        shorter_side: u32,
        crop_width: u32,
        crop_height: u32,
    },
}

/// Resized size and the kept window inside it, in pixels. The window is always inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    pub resized_width: u32,
    pub resized_height: u32,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Geometry {
    /// Whether Pillow runs the vertical pass first for a source of this size (Pillow 13.0.0
    /// Resample.c, `ImagingResampleInner`): the height loses more than twice the pixels that the
    /// width loses. Older versions never do. The order shows, as both passes round.
    pub fn vertical_first(self, width: u32, height: u32) -> bool {
        let lost_rows = i64::from(height) - i64::from(self.resized_height);
        let lost_columns = i64::from(width) - i64::from(self.resized_width);
        lost_rows > 0 && lost_rows > lost_columns * 2
    }
}

impl Fit {
    /// Checks the sizes: 1 to [`MAX_SIDE`], and a crop no larger than the shorter side.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn validate(self) -> Result<(), KernelError> {
        match self {
            Self::Stretch { width, height } => check_sides([width, height]),
            Self::ShorterSideCrop {
                shorter_side,
                crop_width,
                crop_height,
            } => {
                check_sides([shorter_side, crop_width])?;
                check_sides([crop_width, crop_height])?;
                if crop_width.max(crop_height) > shorter_side {
                    return Err(KernelError::BadSize);
                }
                Ok(())
            }
        }
    }

    /// Width and height of the result, in pixels; the same for every source.
    pub fn output_size(self) -> (u32, u32) {
        match self {
            Self::Stretch { width, height } => (width, height),
            Self::ShorterSideCrop {
                crop_width,
                crop_height,
                ..
            } => (crop_width, crop_height),
        }
    }

    /// Geometry for a source of `width` × `height` pixels, by the conventions of torchvision's
    /// `resize` (longer side truncated) and `center_crop` (offset by Python's `round`).
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn geometry(self, width: u32, height: u32) -> Result<Geometry, KernelError> {
        self.validate()?;
        check_sides([width, height])?;
        let (out_width, out_height) = self.output_size();
        let (resized_width, resized_height) = match self {
            Self::Stretch { .. } => (out_width, out_height),
            Self::ShorterSideCrop { shorter_side, .. } => {
                let short = width.min(height);
                // Both factors are at most 2^15, so the product fits.
                let long = shorter_side * width.max(height) / short;
                if width <= height {
                    (shorter_side, long)
                } else {
                    (long, shorter_side)
                }
            }
        };
        Ok(Geometry {
            resized_width,
            resized_height,
            left: centre_offset(resized_width - out_width),
            top: centre_offset(resized_height - out_height),
            width: out_width,
            height: out_height,
        })
    }
}

/// `round(margin / 2)` with halves to the even neighbour, as Python 3 rounds.
fn centre_offset(margin: u32) -> u32 {
    let half = margin / 2;
    half + (margin % 2) * (half % 2)
}

fn check_sides(sides: [u32; 2]) -> Result<(), KernelError> {
    if sides.iter().all(|side| (1..=MAX_SIDE).contains(side)) {
        Ok(())
    } else {
        Err(KernelError::BadSize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_offsets_to_even() {
        assert_eq!([0, 1, 2, 3, 5, 7].map(centre_offset), [0, 0, 1, 2, 2, 4]);
    }

    #[test]
    fn truncates_the_longer_side() {
        let fit = Fit::ShorterSideCrop {
            shorter_side: 256,
            crop_width: 224,
            crop_height: 224,
        };
        let geometry = fit.geometry(500, 375).unwrap();
        assert_eq!(
            (geometry.resized_width, geometry.resized_height),
            (341, 256)
        );
        assert_eq!((geometry.left, geometry.top), (58, 16));
        let extreme = fit.geometry(1, MAX_SIDE).unwrap();
        assert_eq!(extreme.resized_height, 256 * MAX_SIDE);
    }

    #[test]
    fn refuses_bad_sizes() {
        let stretch = |width, height| Fit::Stretch { width, height }.validate();
        assert_eq!(stretch(0, 1), Err(KernelError::BadSize));
        assert_eq!(stretch(1, MAX_SIDE + 1), Err(KernelError::BadSize));
        let crop = Fit::ShorterSideCrop {
            shorter_side: 10,
            crop_width: 11,
            crop_height: 1,
        };
        assert_eq!(crop.geometry(5, 5), Err(KernelError::BadSize));
    }
}
