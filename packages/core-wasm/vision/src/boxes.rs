//! Detections and faces.

use hayate_binding::export;
use hayate_kernels::boxes::Detection;
use hayate_kernels::boxes::detector::{Detector, Selection};
use hayate_kernels::boxes::faces::{FaceDetector, FaceRule};
use hayate_kernels::boxes::grid::Grid;
use hayate_kernels::boxes::layout::{Layout, LayoutKind};
use hayate_kernels::boxes::suppression::Suppression;
use hayate_kernels::buffer::{AlignedBytes, set_count};
use hayate_kernels::error::status_of;

/// A detector's output in, detections out; buffers are kept between calls.
#[derive(Default)]
pub struct DetectionBuffer {
    input: AlignedBytes,
    allowed: AlignedBytes,
    grid: Grid,
    detector: Detector,
    faces: FaceDetector,
}

export! {
    DetectionBuffer: detectionbuffer_new, detectionbuffer_free,
    detectionbuffer_reserve = reserve(len: usize) -> u32;
    detectionbuffer_input_ptr = input_ptr() -> *const f32;
    detectionbuffer_reserve_classes = reserve_classes(len: usize) -> u32;
    detectionbuffer_classes_ptr = classes_ptr() -> *const u8;
    detectionbuffer_set_grid = set_grid(width: u32, height: u32, a: u32, b: u32, c: u32, d: u32) -> ();
    detectionbuffer_run = run(layout: u32, classes: usize, count: usize, score_threshold: f32, iou_threshold: f64, max_count: usize, multi_label: bool, class_agnostic: bool) -> u32;
    detectionbuffer_output_ptr = output_ptr() -> *const Detection;
    detectionbuffer_output_len = output_len() -> usize;
    detectionbuffer_run_faces = run_faces(input_size: f32, score_threshold: f32, iou_threshold: f32, max_count: usize) -> u32;
    detectionbuffer_faces_ptr = faces_ptr() -> *const f32;
    detectionbuffer_faces_len = faces_len() -> usize;
}

impl DetectionBuffer {
    /// Makes room for `len` input floats.
    pub fn reserve(&mut self, len: usize) -> u32 {
        status_of(set_count::<f32>(&mut self.input, len))
    }

    /// Address of the input floats; changes with `reserve`.
    pub fn input_ptr(&self) -> *const f32 {
        self.input.as_slice::<f32>().as_ptr()
    }

    /// Makes room for a byte for each class, 0 for those that are not allowed; with `len` 0 all are.
    pub fn reserve_classes(&mut self, len: usize) -> u32 {
        status_of(self.allowed.set_len(len))
    }

    /// Address of the bytes of the classes; changes with `reserve_classes`.
    pub fn classes_ptr(&self) -> *const u8 {
        self.allowed.as_slice::<u8>().as_ptr()
    }

    /// Size of the model's input in pixels, and up to four strides (0 for none), for YOLOX and
    /// NanoDet.
    pub fn set_grid(&mut self, width: u32, height: u32, a: u32, b: u32, c: u32, d: u32) {
        self.grid = Grid {
            width,
            height,
            strides: [a, b, c, d],
        };
    }

    /// Decodes, selects and suppresses. `layout` is a [`LayoutKind`]; see [`Layout::new`] for `count`.
    #[allow(clippy::too_many_arguments)]
    pub fn run(
        &mut self,
        layout: u32,
        classes: usize,
        count: usize,
        score_threshold: f32,
        iou_threshold: f64,
        max_count: usize,
        multi_label: bool,
        class_agnostic: bool,
    ) -> u32 {
        let values = self.input.as_slice::<f32>();
        let selection = Selection {
            score_threshold,
            multi_label,
            classes: self.allowed.as_slice(),
        };
        let suppression = Suppression {
            iou_threshold,
            max_count,
            class_agnostic,
        };
        let detector = &mut self.detector;
        status_of(
            LayoutKind::from_number(layout)
                .and_then(|kind| Layout::new(kind, values.len(), classes, count, self.grid))
                .and_then(|layout| detector.run(values, &layout, &selection, &suppression)),
        )
    }

    /// Address of the detections of the last `run`.
    pub fn output_ptr(&self) -> *const Detection {
        self.detector.detections().as_ptr()
    }

    /// Number of detections.
    pub fn output_len(&self) -> usize {
        self.detector.detections().len()
    }

    /// Decodes and merges faces: the input holds the logits of all anchors, then their boxes.
    /// `input_size` is the side of the model's input in pixels.
    pub fn run_faces(
        &mut self,
        input_size: f32,
        score_threshold: f32,
        iou_threshold: f32,
        max_count: usize,
    ) -> u32 {
        let rule = FaceRule {
            input_size,
            score_threshold,
            iou_threshold,
            max_count,
        };
        status_of(self.faces.run(self.input.as_slice(), &rule))
    }

    /// Address of the faces of the last `run_faces`: left, top, right, bottom, score, key points.
    pub fn faces_ptr(&self) -> *const f32 {
        self.faces.faces().as_ptr()
    }

    /// Number of floats of all faces.
    pub fn faces_len(&self) -> usize {
        self.faces.faces().len()
    }
}
