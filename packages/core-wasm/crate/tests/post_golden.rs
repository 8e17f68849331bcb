//! Every case of `fixtures/post-golden.json` (NumPy, torch, torchvision, YOLOX, NanoDet) and of
//! `fixtures/face-golden.json` (MediaPipe) against the native build.

use base64::Engine;
use hayate_kernels::boxes::Detection;
use hayate_kernels::boxes::detector::{Detector, Selection};
use hayate_kernels::boxes::faces::{ANCHORS, FACE, FaceDetector, FaceRule, NUMBERS};
use hayate_kernels::boxes::grid::Grid;
use hayate_kernels::boxes::layout::Layout;
use hayate_kernels::boxes::suppression::Suppression;
use hayate_kernels::buffer::AlignedBytes;
use hayate_kernels::embeddings::{cosine_similarity, mean_pool, normalize};
use hayate_kernels::masks::{MaskPainter, MaskSpec, Window};
use hayate_kernels::scores::sigmoid::sigmoid;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    scores: Vec<ScoreCase>,
    outputs: Vec<Rows>,
    detections: Vec<DetectionCase>,
    masks: Vec<MaskCase>,
    embeddings: Vec<EmbeddingCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScoreCase {
    input: Vec<u32>,
    sigmoid: Vec<u32>,
}

#[derive(Deserialize)]
struct Rows {
    anchors: usize,
    rows: Vec<usize>,
    values: String,
}

#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
struct DetectionCase {
    kind: String,
    seed: u32,
    anchors: usize,
    classes: usize,
    steps: f64,
    size: u32,
    strides: Vec<u32>,
    bins: usize,
    apart: bool,
    output: usize,
    options: Options,
    expected: Expected,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Options {
    score_threshold: f32,
    iou_threshold: f64,
    max_count: usize,
    multi_label: bool,
    class_agnostic: bool,
    #[serde(default)]
    classes: Option<Vec<usize>>,
}

#[derive(Deserialize, Default)]
struct Expected {
    boxes: String,
    scores: Vec<u32>,
    classes: Vec<u32>,
    anchors: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MaskCase {
    seed: u32,
    width: u32,
    height: u32,
    window: WindowCase,
    out_width: u32,
    out_height: u32,
    threshold: f32,
    bits: String,
}

#[derive(Deserialize)]
struct WindowCase {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

#[derive(Deserialize)]
struct EmbeddingCase {
    seed: u32,
    texts: usize,
    length: usize,
    size: usize,
    pooled: Vec<u32>,
    normalized: Vec<u32>,
    cosine: f64,
}

#[derive(Deserialize)]
struct Faces {
    cases: Vec<FaceCase>,
}

#[derive(Deserialize)]
struct FaceCase {
    id: String,
    anchors: Vec<usize>,
    logits: String,
    boxes: String,
    rules: Vec<RuleCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleCase {
    score_threshold: f32,
    iou_threshold: f32,
    faces: String,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../fixtures/post-golden.json")).expect("post-golden.json")
}

fn bytes(text: &str) -> Vec<u8> {
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(text).expect("base64")
}

fn floats(text: &str) -> Vec<f32> {
    let bytes = bytes(text);
    let words = bytes.as_chunks::<4>().0.iter();
    words.map(|word| f32::from_le_bytes(*word)).collect()
}

fn from_bits(bits: &[u32]) -> Vec<f32> {
    bits.iter().copied().map(f32::from_bits).collect()
}

/// The generator of `fixtures/make-post-golden.py`.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        f64::from(self.0) / 4_294_967_296.0
    }

    fn take(&mut self, count: usize, change: impl Fn(f64) -> f64) -> Vec<f32> {
        (0..count).map(|_| change(self.next()) as f32).collect()
    }
}

/// Equal, or one unit in the last place apart: the two exponentials may differ in their last bits.
fn close(got: f32, want: f32) -> bool {
    got == want || got.is_nan() && want.is_nan() || (got - want).abs() <= want.abs() * f32::EPSILON
}

#[test]
fn scores_equal_numpy() {
    for case in golden().scores {
        let input = from_bits(&case.input);
        let mut output = vec![0.0; input.len()];
        sigmoid(&input, &mut output);
        for (got, want) in output.iter().zip(from_bits(&case.sigmoid)) {
            assert!(close(*got, want), "sigmoid: {got} and {want}");
        }
    }
}

/// Boxes by centre and size, and scores; see `scene` in `fixtures/make-post-golden.py`.
fn scene(case: &DetectionCase) -> (Vec<[f32; 4]>, Vec<f32>) {
    let mut random = Numbers(case.seed);
    let (mut boxes, mut scores) = (Vec::new(), Vec::new());
    for anchor in 0..case.anchors {
        let thing = (anchor % 11) as f64;
        boxes.push([
            (60.0 + thing * 47.0 % 500.0 + random.next() * 12.0) as f32,
            (60.0 + thing * 91.0 % 500.0 + random.next() * 12.0) as f32,
            (40.0 + thing * 5.0 + random.next() * 16.0) as f32,
            (50.0 + thing * 4.0 + random.next() * 16.0) as f32,
        ]);
        let (seen, luck) = (random.next() < 0.1, random.next());
        for column in 0..case.classes {
            let mut score = random.next() * 0.2;
            if seen && column == anchor % 11 % case.classes {
                score = luck;
            }
            if case.steps > 0.0 {
                score = (score * case.steps).floor() / case.steps;
            }
            scores.push(score as f32);
        }
    }
    (boxes, scores)
}

fn corners([x, y, width, height]: [f32; 4]) -> [f32; 4] {
    let (right, down) = (width / 2.0, height / 2.0);
    [x - right, y - down, x + right, y + down]
}

fn input(case: &DetectionCase, outputs: &[Rows]) -> (Vec<f32>, Layout) {
    let (anchors, classes) = (case.anchors, case.classes);
    if !case.strides.is_empty() {
        let rows = &outputs[case.output];
        let stored = floats(&rows.values);
        let step = stored.len() / rows.rows.len();
        let mut values = vec![0.0; rows.anchors * step];
        for (row, numbers) in rows.rows.iter().zip(stored.chunks(step)) {
            values[row * step..][..step].copy_from_slice(numbers);
        }
        if case.apart {
            let rows = || values.chunks(step).map(|row| row.split_at(classes));
            let scores = rows().flat_map(|row| row.0.to_vec());
            let sides = rows().flat_map(|row| row.1.to_vec());
            values = scores.chain(sides).collect();
        }
        let mut strides = [0; 4];
        strides[..case.strides.len()].copy_from_slice(&case.strides);
        let (width, height) = (case.size, case.size);
        let grid = Grid {
            width,
            height,
            strides,
        };
        let len = values.len();
        let layout = match case.kind.as_str() {
            "yolox" => Layout::yolox(len, grid, classes),
            _ => Layout::nanodet(len, grid, classes, case.bins, case.apart),
        };
        return (values, layout.unwrap());
    }
    let (boxes, scores) = scene(case);
    let mut values = Vec::new();
    let layout = match case.kind.as_str() {
        "yolov8" => {
            for item in 0..4 {
                values.extend(boxes.iter().map(|numbers| numbers[item]));
            }
            for class in 0..classes {
                values.extend(scores.iter().skip(class).step_by(classes));
            }
            Layout::yolov8(values.len(), anchors, classes)
        }
        "labelled" => {
            for (anchor, (numbers, score)) in boxes.into_iter().zip(scores).enumerate() {
                values.extend(corners(numbers));
                values.extend([score, (anchor * 7 % 3) as f32]);
            }
            Layout::labelled(values.len())
        }
        kind => {
            let centre = kind == "cxcywh";
            let corners = if centre { |it| it } else { corners };
            values.extend(boxes.into_iter().flat_map(corners));
            values.extend(scores);
            Layout::plain(values.len(), classes, centre)
        }
    };
    (values, layout.unwrap())
}

#[test]
fn detections_equal_the_references() {
    let Golden {
        detections,
        outputs,
        ..
    } = golden();
    let mut detector = Detector::default();
    for (number, case) in detections.iter().enumerate() {
        let (values, layout) = input(case, &outputs);
        let options = &case.options;
        let mut allowed = Vec::new();
        if let Some(classes) = &options.classes {
            allowed = vec![0; classes.iter().max().unwrap() + 1];
            classes.iter().for_each(|&class| allowed[class] = 1);
        }
        let selection = Selection {
            score_threshold: options.score_threshold,
            multi_label: options.multi_label,
            classes: &allowed,
        };
        let suppression = Suppression {
            iou_threshold: options.iou_threshold,
            max_count: options.max_count,
            class_agnostic: options.class_agnostic,
        };
        detector
            .run(&values, &layout, &selection, &suppression)
            .unwrap();
        let found = detector.detections();
        let which = format!("case {number}, {}", case.kind);
        let all = |part: fn(&Detection) -> u32| found.iter().map(part).collect::<Vec<u32>>();
        let Expected {
            boxes,
            scores,
            classes,
            anchors,
        } = &case.expected;
        assert_eq!(all(|it| it.anchor), *anchors, "{which}");
        assert_eq!(all(|it| it.class), *classes, "{which}");
        assert_eq!(all(|it| it.score.to_bits()), *scores, "{which}");
        // Exponentials differ in the last bit: 1e-7 of a number up to the size.
        let tolerance = if case.strides.is_empty() { 0.0 } else { 2e-4 };
        let sides = found.iter().flat_map(|it| it.corners);
        for (got, want) in sides.zip(floats(boxes)) {
            assert!((got - want).abs() <= tolerance, "{which}: {got} and {want}");
        }
    }
}

#[test]
fn faces_equal_mediapipe() {
    let text = include_str!("../../fixtures/face-golden.json");
    let faces: Faces = serde_json::from_str(text).expect("face-golden.json");
    let mut detector = FaceDetector::default();
    for case in faces.cases {
        let mut values = vec![0.0; ANCHORS * (1 + NUMBERS)];
        values[..ANCHORS].fill(-100.0);
        let (logits, boxes) = (floats(&case.logits), floats(&case.boxes));
        for ((&anchor, logit), numbers) in
            case.anchors.iter().zip(logits).zip(boxes.chunks(NUMBERS))
        {
            values[anchor] = logit;
            values[ANCHORS + anchor * NUMBERS..][..NUMBERS].copy_from_slice(numbers);
        }
        for rule in case.rules {
            let expected = floats(&rule.faces);
            let rule = FaceRule {
                input_size: 128.0,
                score_threshold: rule.score_threshold,
                iou_threshold: rule.iou_threshold,
                max_count: ANCHORS,
            };
            detector.run(&values, &rule).unwrap();
            let found = detector.faces();
            assert_eq!(found.len(), expected.len(), "{} {rule:?}", case.id);
            assert_eq!(found.len() % FACE, 0);
            for (got, want) in found.iter().zip(expected) {
                // Float sums in another order, and a corner that MediaPipe stores as a size.
                assert!((got - want).abs() <= 3e-7, "{}: {got} and {want}", case.id);
            }
        }
    }
}

#[test]
fn masks_equal_torch() {
    let mut painter = MaskPainter::default();
    for case in golden().masks {
        let count = (case.width * case.height) as usize;
        let mask = Numbers(case.seed).take(count, |number| number - 0.5);
        let mut spec = MaskSpec {
            width: case.width,
            height: case.height,
            window: Window {
                left: case.window.x,
                top: case.window.y,
                width: case.window.width,
                height: case.window.height,
            },
            out_width: case.out_width,
            out_height: case.out_height,
            threshold: case.threshold,
            colour: None,
        };
        let bits = bytes(&case.bits);
        let expected = (0..case.out_width * case.out_height)
            .map(|at| bits[at as usize / 8] >> (7 - at % 8) & 1)
            .collect::<Vec<u8>>();
        painter.run(&mask, &spec).unwrap();
        assert_eq!(painter.output(), expected, "seed {}", case.seed);
        spec.colour = Some([9, 8, 7, 6]);
        painter.run(&mask, &spec).unwrap();
        for (pixel, on) in painter.output().chunks(4).zip(expected) {
            assert_eq!(pixel, if on == 1 { [9, 8, 7, 6] } else { [0; 4] });
        }
    }
}

#[test]
fn embeddings_equal_numpy() {
    for case in golden().embeddings {
        let (tokens, masks) = (case.texts * case.length, case.seed + 100);
        let mut input = Numbers(case.seed).take(tokens * case.size, |number| (number - 0.5) * 4.0);
        let mut mask = Numbers(masks).take(tokens, |number| f64::from(number < 0.7));
        mask.iter_mut()
            .step_by(case.length)
            .for_each(|it| *it = 1.0);
        input.extend(mask);
        let mut output = AlignedBytes::default();
        mean_pool(&input, case.length, case.size, &mut output).unwrap();
        let output = output.as_slice::<f32>();
        let same = |output: &[f32], expected: &[u32]| {
            let expected = from_bits(expected);
            assert_eq!(output.len(), expected.len());
            for (got, want) in output.iter().zip(expected) {
                assert!(close(*got, want), "{got} and {want}");
            }
        };
        same(output, &case.pooled);
        let (first, last) = (&output[..case.size], &output[output.len() - case.size..]);
        let cosine = cosine_similarity(first, last);
        assert!(
            (cosine - case.cosine).abs() < 1e-14,
            "{cosine} and {}",
            case.cosine
        );
        let mut normal = AlignedBytes::default();
        normalize(output, case.size, &mut normal).unwrap();
        same(normal.as_slice(), &case.normalized);
    }
}
