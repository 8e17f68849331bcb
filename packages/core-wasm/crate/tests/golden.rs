//! Every case of `fixtures/golden.json` (Pillow 13.0.0, NumPy) against the native build.

use base64::Engine;
use hayate_kernels::image::coefficients::Filter;
use hayate_kernels::image::fit::Fit;
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::tensor::{ByteOrder, Layout};
use hayate_kernels::scores::{softmax::softmax, top_k::top_k};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Golden {
    images: Vec<ImageCase>,
    scores: Vec<ScoreCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageCase {
    id: String,
    source: Source,
    fit: FitCase,
    filter: String,
    layout: String,
    mean: [f64; 3],
    std: [f64; 3],
    bytes: usize,
    sha256: String,
    tensor_sha256: String,
    raw: Option<String>,
}

#[derive(Deserialize)]
struct Source {
    kind: String,
    width: u32,
    height: u32,
    seed: u32,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum FitCase {
    Stretch {
        width: u32,
        height: u32,
    },
    ShorterSideCrop {
        #[serde(rename = "shorterSide")]
        shorter_side: u32,
        crop: Crop,
    },
}

#[derive(Deserialize)]
struct Crop {
    width: u32,
    height: u32,
}

#[derive(Deserialize)]
struct ScoreCase {
    input: Vec<u32>,
    softmax: Vec<u32>,
    order: Vec<u32>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../fixtures/golden.json")).expect("golden.json")
}

fn next(state: &mut u32) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    *state
}

fn fill(source: &Source, bytes: &mut [u8]) {
    let (width, height, mut state) = (source.width, source.height, source.seed);
    match source.kind.as_str() {
        "noise" => bytes.fill_with(|| (next(&mut state) >> 24) as u8),
        "binary" => bytes.fill_with(|| 255 * (next(&mut state) >> 31) as u8),
        "gradient" => {
            for (at, pixel) in (0u32..).zip(bytes.chunks_exact_mut(4)) {
                let (x, y) = (at % width, at / width);
                let blue = x * 7 + y * 13 + source.seed;
                pixel.copy_from_slice(
                    &[x * 255 / width, y * 255 / height, blue, x ^ y].map(|value| value as u8),
                );
            }
        }
        other => panic!("unknown source kind {other}"),
    }
}

fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check(case: &ImageCase) -> Result<(), String> {
    let fit = match case.fit {
        FitCase::Stretch { width, height } => Fit::Stretch { width, height },
        FitCase::ShorterSideCrop {
            shorter_side,
            ref crop,
        } => Fit::ShorterSideCrop {
            shorter_side,
            crop_width: crop.width,
            crop_height: crop.height,
        },
    };
    let mut plan = ImagePlan::new(PlanSpec {
        fit,
        filter: [Filter::Bilinear, Filter::Bicubic][usize::from(case.filter == "bicubic")],
        layout: [Layout::Nchw, Layout::Nhwc][usize::from(case.layout == "nhwc")],
        mean: case.mean,
        std: case.std,
    })
    .map_err(|error| error.to_string())?;
    plan.reserve(case.source.width, case.source.height, ByteOrder::Rgbx)
        .map_err(|error| error.to_string())?;
    fill(&case.source, plan.input_mut());
    plan.run().map_err(|error| error.to_string())?;

    let pixels = plan.pixels().chunks_exact(4);
    let rgb: Vec<u8> = pixels.flat_map(|pixel| &pixel[..3]).copied().collect();
    if rgb.len() != case.bytes {
        return Err(format!("{} bytes, expected {}", rgb.len(), case.bytes));
    }
    if digest(&rgb) != case.sha256 {
        return Err(match &case.raw {
            Some(raw) => {
                let engine = base64::engine::general_purpose::STANDARD;
                let expected = engine.decode(raw).expect("base64");
                let pairs = rgb.iter().zip(&expected);
                format!("{} bytes differ", pairs.filter(|(a, b)| a != b).count())
            }
            None => "pixels differ".into(),
        });
    }
    let values = plan.output().iter();
    let tensor: Vec<u8> = values.flat_map(|value| value.to_le_bytes()).collect();
    if digest(&tensor) != case.tensor_sha256 {
        return Err("pixels equal, tensor differs".into());
    }
    Ok(())
}

#[test]
fn images_equal_pillow() {
    let cases = golden().images;
    assert!(cases.len() >= 220);
    let failing: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.id, check(case).err()?)))
        .collect();
    let (count, total) = (failing.len(), cases.len());
    assert!(
        failing.is_empty(),
        "{count} of {total} failing:\n{}",
        failing.join("\n")
    );
}

#[test]
fn scores_equal_numpy() {
    for case in golden().scores {
        let input: Vec<f32> = case.input.iter().copied().map(f32::from_bits).collect();
        let mut output = vec![0.0; input.len()];
        softmax(&input, &mut output);
        for (got, want) in output.iter().zip(case.softmax) {
            let want = f32::from_bits(want);
            // The two exp functions may differ in the last f64 bit, which can move the rounding.
            let close = (got - want).abs() <= want * f32::EPSILON;
            assert!(close || got.is_nan() && want.is_nan(), "{got} and {want}");
        }
        let mut best = Vec::new();
        top_k(&input, case.order.len(), &mut best).unwrap();
        let order: Vec<u32> = best.iter().map(|candidate| candidate.index).collect();
        assert_eq!(order, case.order);
    }
}
