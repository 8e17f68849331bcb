//! From a detector's output to the detections that are kept, with buffers reused between calls.

use crate::boxes::Detection;
use crate::boxes::layout::Layout;
use crate::boxes::suppression::{MAX_CANDIDATES, Suppression};
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;
use crate::scores::softmax::{greater, maximum};
use crate::scores::top_k::Best;

/// Which boxes become candidates.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// A candidate's score is greater.
    pub score_threshold: f32,
    /// Whether every class over the threshold makes a candidate, or only the best (the first of equal
    /// ones).
    pub multi_label: bool,
    /// A number other than 0 for each class that is allowed; empty if all are. As in Ultralytics, a box whose
    /// best class is not allowed is dropped, whatever its second best.
    pub classes: &'a [u8],
}

/// Selects, decodes and suppresses.
#[derive(Default)]
pub struct Detector {
    maxima: AlignedBytes,
    best: Best,
    kept: AlignedBytes,
    count: usize,
}

impl Detector {
    /// Finds what `values` hold; see [`Self::detections`]. Boxes with a side that is not finite
    /// are left out.
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`]; nothing is kept then.
    pub fn run(
        &mut self,
        values: &[f32],
        layout: &Layout,
        selection: &Selection,
        suppression: &Suppression,
    ) -> Result<(), KernelError> {
        self.count = 0;
        let most = layout.anchors.saturating_mul(layout.classes);
        self.best.start(MAX_CANDIDATES, most)?;
        set_count::<f32>(&mut self.maxima, layout.anchors)?;
        best_scores(values, layout, self.maxima.as_mut_slice());
        self.collect(values, layout, selection);
        let order = self.best.finish();
        let room = order.len().min(suppression.max_count);
        set_count::<Detection>(&mut self.kept, room)?;
        let kept = self.kept.as_mut_slice::<Detection>();
        for candidate in order {
            let Some((stay, [free, ..])) = kept.split_at_mut_checked(self.count) else {
                break;
            };
            let place = candidate.index as usize;
            let anchor = place.checked_div(layout.classes).unwrap_or(0);
            let column = place - anchor * layout.classes;
            *free = Detection {
                corners: layout.corners(values, anchor),
                score: candidate.score,
                class: layout.class(values, anchor, column) as u32,
                anchor: anchor as u32,
            };
            let finite = free.corners.iter().all(|side| side.is_finite());
            self.count += usize::from(finite && suppression.keeps(free, stay));
        }
        Ok(())
    }

    /// Offers the candidates to `best`. Their numbers are anchor · classes + class.
    #[inline(never)]
    fn collect(&mut self, values: &[f32], layout: &Layout, selection: &Selection) {
        for (anchor, &max) in self.maxima.as_slice::<f32>().iter().enumerate() {
            let over = max > selection.score_threshold;
            if !over {
                continue;
            }
            let factor = layout.factor(values, anchor);
            // For one label: the first class that reaches the greatest score.
            let (least, mut wanted) = if selection.multi_label {
                (f32::NEG_INFINITY, layout.classes)
            } else {
                (max, 1)
            };
            for column in 0..layout.classes {
                let score = layout.scores.read(values, anchor, column) * factor;
                if wanted > 0 && score > selection.score_threshold && score >= least {
                    wanted -= 1;
                    let class = layout.class(values, anchor, column);
                    let allowed = selection.classes.get(class).is_some_and(|&it| it != 0);
                    if allowed || selection.classes.is_empty() {
                        let number = anchor * layout.classes + column;
                        self.best.offer(score, number as u32);
                    }
                }
            }
        }
    }

    /// What the last `run` kept, best first.
    pub fn detections(&self) -> &[Detection] {
        let kept = self.kept.as_slice().get(..self.count);
        kept.unwrap_or_default()
    }
}

/// Writes each anchor's best score to `maxima`.
#[inline(never)]
fn best_scores(values: &[f32], layout: &Layout, maxima: &mut [f32]) {
    let scores = layout.scores;
    if scores.anchor_step == 1 {
        maxima.fill(f32::NEG_INFINITY);
        // Class by class, each a run over all anchors: SIMD across anchors, and no jumps.
        for class in 0..layout.classes {
            for (max, &score) in maxima.iter_mut().zip(scores.slice(values, 0, class)) {
                *max = greater(*max, score);
            }
        }
    } else {
        for (anchor, max) in maxima.iter_mut().enumerate() {
            let row = scores.slice(values, anchor, 0);
            let best = maximum(row.get(..layout.classes).unwrap_or_default());
            *max = best * layout.factor(values, anchor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_is_the_first_of_equals() {
        let values = [0.0, 0.0, 1.0, 1.0, 0.3, 0.9, 0.9];
        let layout = Layout::plain(values.len(), 3, false).unwrap();
        let suppression = Suppression {
            iou_threshold: 0.5,
            max_count: 10,
            class_agnostic: false,
        };
        let mut detector = Detector::default();
        let mut classes = |multi_label| {
            let selection = Selection {
                score_threshold: 0.2,
                multi_label,
                classes: &[],
            };
            detector
                .run(&values, &layout, &selection, &suppression)
                .unwrap();
            let classes = detector.detections().iter().map(|it| it.class);
            classes.collect::<Vec<u32>>()
        };
        assert_eq!(classes(false), [1]);
        assert_eq!(classes(true), [1, 2, 0]);
    }
}
