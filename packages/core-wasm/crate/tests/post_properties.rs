//! Properties that hold for all inputs.

use hayate_kernels::boxes::Detection;
use hayate_kernels::boxes::detector::{Detector, Selection};
use hayate_kernels::boxes::faces::{ANCHORS, FACE, FaceDetector, FaceRule, NUMBERS};
use hayate_kernels::boxes::grid::Grid;
use hayate_kernels::boxes::layout::Layout;
use hayate_kernels::boxes::suppression::{Suppression, iou};
use hayate_kernels::buffer::AlignedBytes;
use hayate_kernels::embeddings::{cosine_similarity, mean_pool, normalize};
use hayate_kernels::masks::{MaskPainter, MaskSpec, Window};
use hayate_kernels::scores::sigmoid::sigmoid;
use hayate_kernels::scores::softmax::softmax;
use hayate_kernels::scores::top_k::{Best, top_k};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any float: NaN, infinite, subnormal, huge, and often an ordinary one.
fn any_float() -> impl Strategy<Value = f32> {
    prop_oneof![
        any::<u32>().prop_map(f32::from_bits),
        -2.0f32..2.0,
        prop_oneof![
            Just(f32::NAN),
            Just(f32::INFINITY),
            Just(-f32::INFINITY),
            Just(-0.0)
        ],
    ]
}

/// A count that is mostly small, sometimes huge.
fn any_count() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 0usize..20, 1 => any::<usize>()]
}

/// Boxes with distinct scores between 0 and 1, then `classes` of them.
fn boxes() -> impl Strategy<Value = Vec<(Detection, u32)>> {
    let one = (
        0.0f32..90.0,
        0.0f32..90.0,
        1.0f32..60.0,
        1.0f32..60.0,
        0u32..3,
    );
    vec((one, any::<u32>()), 0..60).prop_map(|all| {
        let count = all.len() as f32;
        let detection = |(at, ((x, y, width, height, class), order))| {
            let found = Detection {
                corners: [x, y, x + width, y + height],
                score: (at as f32 + 1.0) / (count + 1.0),
                class,
                anchor: at as u32,
            };
            (found, order)
        };
        all.into_iter().enumerate().map(detection).collect()
    })
}

fn suppress(found: &[Detection], rule: Suppression) -> Vec<Detection> {
    // As labelled rows, which may have any class.
    let row = |it: &Detection| [it.corners.to_vec(), vec![it.score, it.class as f32]].concat();
    let values: Vec<f32> = found.iter().flat_map(row).collect();
    let selection = Selection {
        score_threshold: 0.0,
        multi_label: false,
        classes: &[],
    };
    let mut detector = Detector::default();
    let layout = Layout::labelled(values.len()).unwrap();
    detector.run(&values, &layout, &selection, &rule).unwrap();
    let original = |it: &Detection| found[it.anchor as usize];
    detector.detections().iter().map(original).collect()
}

proptest! {
    #[test]
    fn suppression_is_sound(boxes in boxes(), iou_threshold in 0.0f64..1.0, class_agnostic: bool) {
        let rule = Suppression { iou_threshold, max_count: usize::MAX, class_agnostic };
        let found: Vec<Detection> = boxes.iter().map(|it| it.0).collect();
        let kept = suppress(&found, rule);
        let rivals = |a: &Detection, b: &Detection| {
            let over = f64::from(iou(&a.corners, &b.corners)) > iou_threshold;
            over && (class_agnostic || a.class == b.class)
        };
        for (at, it) in kept.iter().enumerate() {
            prop_assert!(found.contains(it));
            prop_assert!(kept[..at].iter().all(|better| better.score > it.score && !rivals(better, it)));
        }
        for it in &found {
            let beaten = kept.iter().any(|better| better.score > it.score && rivals(better, it));
            prop_assert!(beaten || kept.contains(it));
        }
        prop_assert_eq!(&suppress(&kept, rule), &kept);
        let mut shuffled = boxes;
        shuffled.sort_by_key(|it| it.1);
        let shuffled: Vec<Detection> = shuffled.into_iter().map(|it| it.0).collect();
        prop_assert_eq!(&suppress(&shuffled, rule), &kept);
        let few = suppress(&found, Suppression { max_count: 2, ..rule });
        prop_assert_eq!(&few[..], &kept[..kept.len().min(2)]);
    }

    #[test]
    fn softmax_is_a_distribution(logits in vec(-1e4f32..1e4, 1..300)) {
        let mut shares = vec![0.0; logits.len()];
        softmax(&logits, &mut shares);
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f64> = logits.iter().map(|&it| (f64::from(it) - f64::from(most)).exp()).collect();
        let total: f64 = powers.iter().sum();
        let sum: f64 = shares.iter().copied().map(f64::from).sum();
        prop_assert!((sum - 1.0).abs() < 1e-6);
        for (share, power) in shares.iter().zip(powers) {
            prop_assert!((0.0..=1.0).contains(share));
            prop_assert!((power / total - f64::from(*share)).abs() < 1e-6);
        }
    }

    #[test]
    fn sigmoid_rises(bits in 0u32..0x7f80_0000, step in 1u32..9, negative: bool) {
        let sign = if negative { -1.0 } else { 1.0 };
        let values = [sign * f32::from_bits(bits), sign * f32::from_bits(bits + step)];
        let mut output = [0.0; 2];
        sigmoid(&values, &mut output);
        prop_assert!(sign * output[0] <= sign * output[1], "{values:?} {output:?}");
    }

    #[test]
    fn top_k_begins_the_stable_sort(scores in vec(any_float(), 0..200), coarse: bool, k in any_count()) {
        let scores: Vec<f32> = if coarse { scores.iter().map(|it| it.round()).collect() } else { scores };
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| match (scores[a].is_nan(), scores[b].is_nan()) {
            (false, false) => scores[b].partial_cmp(&scores[a]).unwrap(),
            (a, b) => a.cmp(&b),
        });
        order.truncate(k);
        let mut best = Best::default();
        let best = top_k(&scores, k, &mut best).unwrap();
        let found: Vec<usize> = best.iter().map(|it| it.index as usize).collect();
        prop_assert_eq!(found, order);
    }

    #[test]
    fn detectors_take_anything(
        values in vec(any_float(), 0..400),
        (kind, anchors, classes, bins) in (0..8, any_count(), any_count(), any_count()),
        (width, height) in (0u32..70, prop_oneof![0u32..70, any::<u32>()]),
        strides in prop::array::uniform4(prop_oneof![Just(0u32), 1u32..70, any::<u32>()]),
        allowed in vec(0u8..2, 0..4),
        (score_threshold, iou_threshold, max_count) in (any_float(), any::<f64>(), any_count()),
        (multi_label, class_agnostic) in any::<(bool, bool)>(),
    ) {
        let grid = Grid { width, height, strides };
        let len = values.len();
        let layout = match kind {
            0 => Layout::yolov8(len, anchors, classes),
            1 => Layout::yolox(len, grid, classes),
            2..6 => Layout::nanodet(len, grid, classes, bins, kind >= 4),
            6 => Layout::plain(len, classes, multi_label),
            _ => Layout::labelled(len),
        };
        if let Ok(layout) = layout {
            let selection = Selection { score_threshold, multi_label, classes: &allowed };
            let suppression = Suppression { iou_threshold, max_count, class_agnostic };
            let mut detector = Detector::default();
            detector.run(&values, &layout, &selection, &suppression).unwrap();
            prop_assert!(detector.detections().len() <= max_count);
            for found in detector.detections() {
                prop_assert!(found.score > score_threshold);
                prop_assert!(found.corners.iter().all(|side| side.is_finite()));
                prop_assert!((found.anchor as usize) < layout.anchors);
            }
        }
    }
}

// These are slow, so there are fewer cases.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The same with consistent sizes.
    #[test]
    fn grids_take_anything(
        values in vec(any_float(), 3000),
        (kind, classes, bins) in (0..3, 1usize..4, 1usize..9),
        (width, height) in (1u32..70, 1u32..70),
        score_threshold in any_float(),
        multi_label: bool,
    ) {
        let grid = Grid { width, height, strides: [8, 16, 32, 64] };
        let step = classes + if kind == 0 { 5 } else { 4 * bins };
        let len = grid.count().unwrap() * step;
        let values: Vec<f32> = values.into_iter().cycle().take(len).collect();
        let layout = match kind {
            0 => Layout::yolox(len, grid, classes),
            _ => Layout::nanodet(len, grid, classes, bins, kind == 2),
        };
        let selection = Selection { score_threshold, multi_label, classes: &[] };
        let suppression = Suppression { iou_threshold: 0.5, max_count: 50, class_agnostic: false };
        let mut detector = Detector::default();
        detector.run(&values, &layout.unwrap(), &selection, &suppression).unwrap();
        for found in detector.detections().iter().filter(|_| kind > 0) {
            prop_assert!(found.corners.iter().all(|&side| (0.0..=70.0).contains(&side)));
        }
    }

    #[test]
    fn faces_take_anything(
        values in vec(any_float(), 400),
        len in prop_oneof![9 => Just(ANCHORS * (1 + NUMBERS)), 1 => 0usize..20_000],
        (input_size, score_threshold, iou_threshold) in (any_float(), any_float(), any_float()),
        max_count in any_count(),
    ) {
        let values: Vec<f32> = values.into_iter().cycle().take(len).collect();
        let rule = FaceRule { input_size, score_threshold, iou_threshold, max_count };
        let mut detector = FaceDetector::default();
        let legal = len == ANCHORS * (1 + NUMBERS);
        prop_assert_eq!(detector.run(&values, &rule).is_ok(), legal);
        prop_assert!(detector.faces().len() / FACE <= max_count);
    }

    #[test]
    fn masks_take_anything(
        mask in vec(any_float(), 0..60),
        (width, height) in (any_count(), any_count()),
        window in prop::array::uniform4(prop_oneof![3 => 0.0f64..9.0, 1 => any::<f64>()]),
        (out_width, out_height) in (0u32..40, prop_oneof![0u32..40, any::<u32>()]),
        threshold in any_float(),
    ) {
        let [left, top, across, down] = window;
        let spec = MaskSpec {
            width: width as u32,
            height: height as u32,
            window: Window { left, top, width: across, height: down },
            out_width,
            out_height,
            threshold,
            colour: None,
        };
        let mut painter = MaskPainter::default();
        let mask: Vec<f32> = mask.into_iter().cycle().take(width.min(40) * height.min(40)).collect();
        if painter.run(&mask, &spec).is_ok() {
            prop_assert_eq!(painter.output().len(), (out_width * out_height) as usize);
        }
    }

    #[test]
    fn vectors_take_anything(
        input in vec(any_float(), 0..90),
        length in any_count(),
        size in any_count(),
    ) {
        let mut output = AlignedBytes::default();
        let _ = mean_pool(&input, length, size, &mut output);
        let _ = normalize(&input, size, &mut output);
        let (a, b) = input.split_at(input.len() / 3);
        let cosine = cosine_similarity(a, b);
        prop_assert!(cosine.is_nan() || (-1.0..=1.0).contains(&cosine));
        let mut output = vec![0.0; input.len()];
        softmax(&input, &mut output);
        sigmoid(&input, &mut output);
    }

    #[test]
    fn normalized_vectors_have_length_one(vector in vec(-1e3f32..1e3, 1..200)) {
        let mut output = AlignedBytes::default();
        normalize(&vector, vector.len(), &mut output).unwrap();
        let norm: f64 = output.as_slice::<f32>().iter().map(|&it| f64::from(it) * f64::from(it)).sum();
        prop_assert!((norm - 1.0).abs() < 1e-6 || vector.iter().all(|&it| it == 0.0));
    }
}
