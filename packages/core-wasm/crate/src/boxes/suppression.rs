//! Greedy non-maximum suppression, as torchvision 0.29 and ONNX define it.

use crate::boxes::{Corners, Detection};

/// The most candidates that are considered, the best first, as in Ultralytics (`max_nms`).
pub const MAX_CANDIDATES: usize = 30_000;

/// Which boxes are suppressed, and how many are kept.
#[derive(Clone, Copy, Debug)]
pub struct Suppression {
    /// A box is removed if its intersection over union with a better one that is kept is greater.
    pub iou_threshold: f64,
    /// The most boxes that are kept.
    pub max_count: usize,
    /// Whether boxes of different classes suppress each other.
    pub class_agnostic: bool,
}

impl Suppression {
    /// Whether `next` is kept, given the better ones in `kept`.
    pub fn keeps(&self, next: &Detection, kept: &[Detection]) -> bool {
        !kept.iter().any(|better| {
            (self.class_agnostic || better.class == next.class)
                && f64::from(iou(&better.corners, &next.corners)) > self.iou_threshold
        })
    }
}

/// Intersection over union with plain areas (no pixel added), in the order of operations of
/// torchvision's CPU kernel; 0 for boxes that do not overlap.
pub fn iou(a: &Corners, b: &Corners) -> f32 {
    let greater = |a: f32, b: f32| if a < b { b } else { a };
    let smaller = |a: f32, b: f32| if b < a { b } else { a };
    let width = smaller(a[2], b[2]) - greater(a[0], b[0]);
    let height = smaller(a[3], b[3]) - greater(a[1], b[1]);
    if width > 0.0 && height > 0.0 {
        let intersection = width * height;
        intersection / (area(a) + area(b) - intersection)
    } else {
        0.0
    }
}

fn area(corners: &Corners) -> f32 {
    (corners[2] - corners[0]) * (corners[3] - corners[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iou_of_known_boxes() {
        let square = [0.0, 0.0, 2.0, 2.0];
        assert_eq!(iou(&square, &square), 1.0);
        assert_eq!(iou(&square, &[1.0, 0.0, 3.0, 2.0]), 2.0 / 6.0);
        assert_eq!(iou(&square, &[2.0, 0.0, 3.0, 2.0]), 0.0);
        assert_eq!(iou(&[1.0; 4], &[1.0; 4]), 0.0);
    }
}
