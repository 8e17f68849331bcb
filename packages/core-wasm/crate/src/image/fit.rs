//! Geometry: to which size a source is resized, which window of that is kept, and where in the tensor it lies.

use super::filter::round;
use crate::abi::choice;
use crate::error::KernelError;

/// Largest side of a source, target or crop, in pixels.
pub const MAX_SIDE: u32 = 32_768;

/// How a source is resized to the model's input. All values in pixels.
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
    /// Resize to fit inside, keeping the aspect ratio; the margins are filled with the byte `pad`.
    Letterbox {
        width: u32,
        height: u32,
        convention: Convention,
        pad: u8,
    },
    /// Sample at positions that a matrix gives, another for each picture if need be; see `affine`.
    Affine {
        width: u32,
        height: u32,
        border: Border,
    },
}

choice! {
    /// The kinds of [`Fit`].
    pub enum FitKind {
        Stretch = "stretch",
        ShorterSideCrop = "shorter-side-crop",
        Letterbox = "letterbox",
        Affine = "affine",
    }
}

choice! {
    /// The library whose letterbox is reproduced.
    pub enum Convention {
        /// Ultralytics' `LetterBox` (YOLOv5 to YOLO11): rounded size, centred.
        Yolo = "yolo",
        /// YOLOX' `preproc`: truncated size, upper left corner.
        Yolox = "yolox",
        /// MediaPipe's `ImageToTensorCalculator` on the CPU: centred to a fraction of a pixel, sampled
        /// without antialiasing, black outside. The filter and `pad` do not matter.
        MediaPipe = "mediapipe",
    }
}

choice! {
    /// The pixels outside the source of an affine crop.
    pub enum Border {
        /// Black.
        Zero = "zero",
        /// The nearest pixel of the edge.
        Replicate = "replicate",
    }
}

/// Resized size, the kept window inside it, and where that lies in the tensor, in pixels. Windows
/// are always inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    pub resized_width: u32,
    pub resized_height: u32,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    pub pad_left: u32,
    pub pad_top: u32,
}

impl Geometry {
    fn whole(width: u32, height: u32) -> Self {
        Self {
            resized_width: width,
            resized_height: height,
            left: 0,
            top: 0,
            width,
            height,
            pad_left: 0,
            pad_top: 0,
        }
    }

    /// Whether Pillow runs the vertical pass first for a source of this size (Pillow 13.0.0
    /// Resample.c, `ImagingResampleInner`): the height loses more than twice the pixels that the
    /// width loses. Older versions never do. The order changes the result, as both passes round.
    pub fn vertical_first(self, width: u32, height: u32) -> bool {
        let lost_rows = i64::from(height) - i64::from(self.resized_height);
        let lost_columns = i64::from(width) - i64::from(self.resized_width);
        lost_rows > 0 && lost_rows > lost_columns * 2
    }

    /// The map from the tensor to a source of this size, on coordinates whose integers are pixel edges: x' = m₀x + m₁y + m₂, y' = m₃x + m₄y + m₅.
    pub fn to_source(self, width: u32, height: u32) -> [f64; 6] {
        let scale_x = f64::from(width) / f64::from(self.resized_width);
        let scale_y = f64::from(height) / f64::from(self.resized_height);
        let x = (f64::from(self.left) - f64::from(self.pad_left)) * scale_x;
        let y = (f64::from(self.top) - f64::from(self.pad_top)) * scale_y;
        [scale_x, 0.0, x, 0.0, scale_y, y]
    }
}

impl Fit {
    /// Checks the sizes: 1 to [`MAX_SIDE`], and a crop no larger than the shorter side.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn validate(self) -> Result<(), KernelError> {
        let (width, height) = self.output_size();
        check_sides([width, height])?;
        if let Self::ShorterSideCrop { shorter_side, .. } = self {
            check_sides([shorter_side, shorter_side])?;
            if width.max(height) > shorter_side {
                return Err(KernelError::BadSize);
            }
        }
        Ok(())
    }

    /// Width and height of the result, in pixels; the same for every source.
    pub fn output_size(self) -> (u32, u32) {
        match self {
            Self::Stretch { width, height }
            | Self::Letterbox { width, height, .. }
            | Self::Affine { width, height, .. } => (width, height),
            Self::ShorterSideCrop {
                crop_width,
                crop_height,
                ..
            } => (crop_width, crop_height),
        }
    }

    /// Geometry for a source of `width` × `height` pixels. Crops follow torchvision's `resize`
    /// (longer side truncated) and `center_crop` (offset by Python's `round`).
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn geometry(self, width: u32, height: u32) -> Result<Geometry, KernelError> {
        self.validate()?;
        check_sides([width, height])?;
        let (out_width, out_height) = self.output_size();
        let whole = Geometry::whole(out_width, out_height);
        Ok(match self {
            Self::Stretch { .. } | Self::Affine { .. } => whole,
            Self::ShorterSideCrop { shorter_side, .. } => {
                let short = width.min(height);
                // Both factors are at most 2^15, so the product fits.
                let long = shorter_side * width.max(height) / short;
                let (resized_width, resized_height) = if width <= height {
                    (shorter_side, long)
                } else {
                    (long, shorter_side)
                };
                Geometry {
                    resized_width,
                    resized_height,
                    left: centre_offset(resized_width - out_width),
                    top: centre_offset(resized_height - out_height),
                    ..whole
                }
            }
            Self::Letterbox {
                convention: Convention::MediaPipe,
                ..
            } => whole,
            Self::Letterbox { convention, .. } => {
                let across = f64::from(out_width) / f64::from(width);
                let down = f64::from(out_height) / f64::from(height);
                let ratio = if across < down { across } else { down };
                let side = |length: u32, limit: u32| {
                    let exact = f64::from(length) * ratio;
                    let whole = match convention {
                        Convention::Yolo => round(exact),
                        _ => exact,
                    };
                    (whole as u32).clamp(1, limit)
                };
                let (width, height) = (side(width, out_width), side(height, out_height));
                let margin = |room: u32| match convention {
                    // round(room / 2 − 0.1), as Ultralytics places an odd margin.
                    Convention::Yolo => room / 2,
                    _ => 0,
                };
                Geometry {
                    pad_left: margin(out_width - width),
                    pad_top: margin(out_height - height),
                    ..Geometry::whole(width, height)
                }
            }
        })
    }

    /// Source and output samples whose quotient is an upper bound of the scale of both axes, for any source that
    /// is no wider and no higher. Rounding at most doubles a scale.
    pub fn shrinks_at_most(self, width: u32, height: u32) -> (u32, u32) {
        let (out_width, out_height) = self.output_size();
        if let Self::ShorterSideCrop { shorter_side, .. } = self {
            (width.min(height) * 2, shorter_side)
        } else if width * out_height > height * out_width {
            (width * 2, out_width)
        } else {
            (height * 2, out_height)
        }
    }

    /// Whether the result is sampled by a matrix.
    pub fn is_affine(self) -> bool {
        matches!(
            self,
            Self::Affine { .. }
                | Self::Letterbox {
                    convention: Convention::MediaPipe,
                    ..
                }
        )
    }

    /// The matrix by which MediaPipe samples a source of this size, for its letterbox. It maps pixels of the
    /// tensor to those of the source, and results back.
    pub fn media_pipe(self, width: u32, height: u32) -> Option<[f64; 6]> {
        let Self::Letterbox {
            width: out_width,
            height: out_height,
            convention: Convention::MediaPipe,
            ..
        } = self
        else {
            return None;
        };
        let (source_width, source_height) = (width as f32, height as f32);
        // In f32, like the calculator's own (image_to_tensor_utils.cc, `PadRoi`).
        let aspect = out_height as f32 / out_width as f32;
        let (mut box_width, mut box_height) = (source_width, source_height);
        if aspect > source_height / source_width {
            box_height = source_width * aspect;
        } else {
            box_width = source_height / aspect;
        }
        Some([
            f64::from(box_width) / f64::from(out_width),
            0.0,
            f64::from(source_width - box_width) / 2.0,
            0.0,
            f64::from(box_height) / f64::from(out_height),
            f64::from(source_height - box_height) / 2.0,
        ])
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

    const CLASSIC: Fit = Fit::ShorterSideCrop {
        shorter_side: 256,
        crop_width: 224,
        crop_height: 224,
    };

    fn letterbox(convention: Convention) -> Fit {
        Fit::Letterbox {
            width: 640,
            height: 640,
            convention,
            pad: 114,
        }
    }

    #[test]
    fn rounds_half_offsets_to_even() {
        assert_eq!([0, 1, 2, 3, 5, 7].map(centre_offset), [0, 0, 1, 2, 2, 4]);
    }

    #[test]
    fn truncates_the_longer_side() {
        let geometry = CLASSIC.geometry(500, 375).unwrap();
        assert_eq!(
            (geometry.resized_width, geometry.resized_height),
            (341, 256)
        );
        assert_eq!((geometry.left, geometry.top), (58, 16));
        let extreme = CLASSIC.geometry(1, MAX_SIDE).unwrap();
        assert_eq!(extreme.resized_height, 256 * MAX_SIDE);
    }

    #[test]
    fn places_letterboxes() {
        let of = |convention, width, height| {
            let geometry = letterbox(convention).geometry(width, height).unwrap();
            let Geometry {
                width,
                height,
                pad_left,
                pad_top,
                ..
            } = geometry;
            (width, height, pad_left, pad_top)
        };
        assert_eq!(of(Convention::Yolo, 1920, 1080), (640, 360, 0, 140));
        assert_eq!(of(Convention::Yolo, 451, 300), (640, 426, 0, 107));
        assert_eq!(of(Convention::Yolo, 300, 451), (426, 640, 107, 0));
        assert_eq!(of(Convention::Yolox, 451, 300), (640, 425, 0, 0));
        assert_eq!(of(Convention::Yolo, 1, MAX_SIDE), (1, 640, 319, 0));
    }

    #[test]
    fn maps_back_to_the_source() {
        let wide = letterbox(Convention::Yolo).geometry(1920, 1080).unwrap();
        assert_eq!(
            wide.to_source(1920, 1080),
            [3.0, 0.0, 0.0, 0.0, 3.0, -420.0]
        );
        let crop = CLASSIC.geometry(512, 512).unwrap();
        assert_eq!(crop.to_source(512, 512), [2.0, 0.0, 32.0, 0.0, 2.0, 32.0]);
        let matrix = letterbox(Convention::MediaPipe).media_pipe(1280, 640);
        assert_eq!(matrix, Some([2.0, 0.0, 0.0, 0.0, 2.0, -320.0]));
        assert_eq!(CLASSIC.media_pipe(1, 1), None);
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
