//! Faces from BlazeFace's output, as MediaPipe computes them (`SsdAnchorsCalculator`,
//! `TensorsToDetectionsCalculator` and `NonMaxSuppressionCalculator` of 0.10.21 with the options
//! of `face_detection_short_range`).

use crate::boxes::suppression::iou;
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;
use crate::scores::exponential::exp;
use crate::scores::top_k::Best;

/// Anchors of the short-range model: two in each of 16 × 16 cells, then six in each of 8 × 8.
pub const ANCHORS: usize = 896;
const FIRST_ANCHORS: u32 = 16 * 16 * 2;

/// Numbers of one anchor's box: centre, size and six key points.
pub const NUMBERS: usize = 16;

/// Numbers of a face: left, top, right, bottom, score, and x and y of six key points: right eye,
/// left eye, nose tip, mouth, right and left ear. In units of the model's input, 0 to 1.
pub const FACE: usize = 17;

/// The place of the score in a face.
pub const SCORE: usize = 4;

/// The index of a candidate that has been merged into a face.
const GONE: u32 = u32::MAX;

/// The thresholds of detection and merging.
#[derive(Clone, Copy, Debug)]
pub struct FaceRule {
    /// Side of the model's input in pixels, in which the boxes are given.
    pub input_size: f32,
    /// A face's score is at least this.
    pub score_threshold: f32,
    /// Boxes with a greater intersection over union are merged.
    pub iou_threshold: f32,
    /// The most faces that are kept.
    pub max_count: usize,
}

/// Decodes and merges, with buffers kept between calls.
#[derive(Default)]
pub struct FaceDetector {
    best: Best,
    faces: AlignedBytes,
}

impl FaceDetector {
    /// Finds the faces in `values`: [`ANCHORS`] logits, then [`ANCHORS`] × [`NUMBERS`] of boxes;
    /// see [`Self::faces`]. Boxes of negative size or with a number that is not finite are left
    /// out.
    ///
    /// Errors: [`KernelError::BadSize`], [`KernelError::OutOfMemory`]; no face is kept then.
    pub fn run(&mut self, values: &[f32], rule: &FaceRule) -> Result<(), KernelError> {
        self.faces.set_len(0)?;
        if values.len() != ANCHORS * (1 + NUMBERS) {
            return Err(KernelError::BadSize);
        }
        self.best.start(ANCHORS, ANCHORS)?;
        let mut face = [0.0; FACE];
        for anchor in 0..ANCHORS {
            decode(values, anchor as u32, rule.input_size, &mut face);
            let legal = face[0] <= face[2] && face[1] <= face[3];
            let legal = legal && face.iter().all(|number| number.is_finite());
            if legal && face[SCORE] >= rule.score_threshold {
                self.best.offer(face[SCORE], anchor as u32);
            }
        }
        // Weighted suppression: the best remaining box becomes a face, whose position is the mean of all
        // boxes that overlap it, weighted by their scores; these are then removed.
        let left = self.best.finish();
        let most = left.len().min(rule.max_count);
        set_count::<f32>(&mut self.faces, most * FACE)?;
        let (mut head, mut count) = ([0.0; FACE], 0);
        for place in self.faces.as_mut_slice::<f32>().chunks_exact_mut(FACE) {
            let Some(first) = left.iter().find(|it| it.index != GONE) else {
                break;
            };
            decode(values, first.index, rule.input_size, &mut head);
            place.fill(0.0);
            count += FACE;
            let mut total = 0.0;
            for candidate in left.iter_mut().filter(|it| it.index != GONE) {
                decode(values, candidate.index, rule.input_size, &mut face);
                if iou(corners(&head), corners(&face)) > rule.iou_threshold {
                    candidate.index = GONE;
                    total += candidate.score;
                    add(place, &face, candidate.score);
                }
            }
            // MediaPipe stops at a box that does not even overlap itself.
            if total == 0.0 {
                add(place, &head, 1.0);
                break;
            }
            for number in place.iter_mut() {
                *number /= total;
            }
            if let Some(score) = place.get_mut(SCORE) {
                *score = head[SCORE];
            }
        }
        set_count::<f32>(&mut self.faces, count)
    }

    /// The faces of the last `run`, best first, each of [`FACE`] numbers.
    pub fn faces(&self) -> &[f32] {
        self.faces.as_slice()
    }
}

/// Writes the face at one anchor.
fn decode(values: &[f32], anchor: u32, scale: f32, face: &mut [f32; FACE]) {
    let (cell, side) = match anchor.checked_sub(FIRST_ANCHORS) {
        None => (anchor / 2, 16),
        Some(anchor) => (anchor / 6, 8),
    };
    let centre = [cell % side, cell / side].map(|at| (at as f32 + 0.5) / side as f32);
    let start = ANCHORS + anchor as usize * NUMBERS;
    let numbers = values.get(start..).and_then(<[f32]>::first_chunk);
    let (Some(&logit), Some(numbers)) = (values.get(anchor as usize), numbers) else {
        return;
    };
    let numbers: &[f32; NUMBERS] = numbers;
    for axis in 0..2 {
        // MediaPipe keeps a corner and the size, whose sum is the other corner.
        let middle = numbers[axis] / scale + centre[axis];
        let half = numbers[axis + 2] / scale / 2.0;
        let low = middle - half;
        face[axis] = low;
        face[axis + 2] = low + ((middle + half) - low);
    }
    face[SCORE] = confidence(logit);
    for at in SCORE + 1..FACE {
        face[at] = numbers[at - 1] / scale + centre[(at - 1) % 2];
    }
}

#[inline(never)]
fn add(sums: &mut [f32], numbers: &[f32], weight: f32) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number * weight;
    }
}

/// Sigmoid in f32 of a logit that is held within ±100.
fn confidence(logit: f32) -> f32 {
    let logit = if logit < -100.0 { -100.0 } else { logit };
    let logit = if logit > 100.0 { 100.0 } else { logit };
    1.0 / (1.0 + exp(-f64::from(logit)) as f32)
}

fn corners(face: &[f32; FACE]) -> &[f32; 4] {
    let [corners, ..] = face.as_chunks::<4>().0 else {
        return &[0.0; 4];
    };
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: FaceRule = FaceRule {
        input_size: 128.0,
        score_threshold: 0.5,
        iou_threshold: 0.3,
        max_count: 10,
    };

    /// An output with boxes of `size` and `logit` at some anchors, and nothing elsewhere.
    fn output(boxes: &[(usize, f32, f32)]) -> Vec<f32> {
        let mut values = vec![0.0; ANCHORS * (1 + NUMBERS)];
        values[..ANCHORS].fill(-100.0);
        for &(anchor, size, logit) in boxes {
            values[anchor] = logit;
            values[ANCHORS + anchor * NUMBERS + 2..][..2].fill(size);
        }
        values
    }

    #[test]
    fn stops_at_a_box_without_area() {
        let mut detector = FaceDetector::default();
        detector
            .run(&output(&[(0, 0.0, 2.0), (900 - 10, 8.0, 1.0)]), &RULE)
            .unwrap();
        let face = detector.faces();
        assert_eq!(face.len(), FACE);
        assert_eq!(face[..4], [0.03125; 4]);
        assert!(face.iter().all(|number| number.is_finite()));
    }

    #[test]
    fn leaves_out_boxes_of_negative_size() {
        let mut detector = FaceDetector::default();
        let values = output(&[(0, -8.0, 2.0), (2, f32::INFINITY, 2.0), (890, 8.0, 1.0)]);
        detector.run(&values, &RULE).unwrap();
        assert_eq!(detector.faces().len(), FACE);
        assert_eq!(detector.faces()[0], 0.9375 - 0.03125);
    }
}
