//! Any output of a detector: no panic, and detections that satisfy the options.

use hayate_kernels::boxes::detector::{Detector, Selection};
use hayate_kernels::boxes::faces::{ANCHORS, FACE, FaceDetector, FaceRule, NUMBERS};
use hayate_kernels::boxes::grid::Grid;
use hayate_kernels::boxes::layout::Layout;
use hayate_kernels::boxes::suppression::Suppression;

use super::Bytes;

pub fn boxes(data: &[u8]) {
    let mut bytes = Bytes(data);
    if bytes.byte().is_multiple_of(16) {
        faces(&mut bytes);
    } else {
        detections(&mut bytes);
    }
}

/// Mostly a small number, sometimes any.
fn count(bytes: &mut Bytes) -> usize {
    match bytes.byte() {
        0 => usize::from_le_bytes(bytes.take()),
        1 => bytes.pick([usize::MAX, usize::MAX / 4 + 1, 1 << 31, 30_001]),
        small => usize::from(small % 24),
    }
}

fn detections(bytes: &mut Bytes) {
    let (kind, anchors, classes, bins) = (bytes.byte(), count(bytes), count(bytes), count(bytes));
    let grid = Grid {
        width: count(bytes) as u32,
        height: count(bytes) as u32,
        strides: core::array::from_fn(|_| count(bytes) as u32),
    };
    let allowed: Vec<u8> = (0..bytes.byte() % 5).map(|_| bytes.byte() % 2).collect();
    let selection = Selection {
        score_threshold: bytes.f64() as f32,
        multi_label: bytes.pick([false, true]),
        classes: &allowed,
    };
    let suppression = Suppression {
        iou_threshold: bytes.f64(),
        max_count: count(bytes),
        class_agnostic: bytes.pick([false, true]),
    };
    let mut detector = Detector::default();
    // Twice with one detector: the second output is shorter.
    let values = floats(bytes);
    for values in [&values[..], &values[..values.len() / 2]] {
        let len = values.len();
        let layout = match kind % 8 {
            0 => Layout::yolov8(len, anchors, classes),
            1 => Layout::yolox(len, grid, classes),
            apart @ 2..6 => Layout::nanodet(len, grid, classes, bins, apart >= 4),
            6 => Layout::plain(len, classes, kind >= 128),
            _ => Layout::labelled(len),
        };
        let Ok(layout) = layout else { return };
        detector
            .run(values, &layout, &selection, &suppression)
            .unwrap();
        assert!(detector.detections().len() <= suppression.max_count);
        for found in detector.detections() {
            assert!(found.score > selection.score_threshold);
            assert!(found.corners.iter().all(|side| side.is_finite()));
            assert!((found.anchor as usize) < layout.anchors);
            let class = found.class as usize;
            assert!(allowed.is_empty() || allowed.get(class) == Some(&1));
        }
    }
}

fn faces(bytes: &mut Bytes) {
    let rule = FaceRule {
        input_size: bytes.f64() as f32 * 64.0,
        score_threshold: bytes.f64() as f32,
        iou_threshold: bytes.f64() as f32,
        max_count: count(bytes),
    };
    let mut values = vec![bytes.f64() as f32; ANCHORS * (1 + NUMBERS)];
    let len = values.len();
    while !bytes.0.is_empty() {
        let place = usize::from(u16::from_le_bytes(bytes.take())) % len;
        values[place] = bytes.f64() as f32 * 20.0;
    }
    let mut detector = FaceDetector::default();
    detector.run(&values, &rule).unwrap();
    let faces = detector.faces().chunks_exact(FACE);
    assert!(faces.len() <= rule.max_count.min(ANCHORS));
    for face in faces {
        assert!(face[4] >= rule.score_threshold);
    }
}

/// Outputs, with a NaN now and then.
fn floats(bytes: &mut Bytes) -> Vec<f32> {
    let mut values = Vec::new();
    while !bytes.0.is_empty() {
        values.push(bytes.f64() as f32);
    }
    values
}
