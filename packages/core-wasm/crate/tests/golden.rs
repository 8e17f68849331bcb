//! Every case of `fixtures/golden.json` (Pillow, OpenCV, NumPy) against the native build.

use base64::Engine;
use hayate_kernels::image::coefficients::Sampling;
use hayate_kernels::image::filter::Filter;
use hayate_kernels::image::fit::{Border, Convention, Fit};
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::source::Format;
use hayate_kernels::image::tensor::{Channels, Element, Layout, TensorSpec};
use hayate_kernels::image::yuv::{Conversion, Matrix, Range};
use hayate_kernels::scores::softmax::softmax;
use hayate_kernels::scores::top_k::{Best, top_k};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Golden {
    images: Vec<ImageCase>,
    scores: Vec<ScoreCase>,
}

#[derive(Deserialize)]
struct ImageCase {
    id: String,
    source: Source,
    spec: Spec,
    matrix: Option<[f64; 6]>,
    sha256: Option<String>,
    tensor: Option<String>,
    tolerance: Option<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    kind: String,
    width: u32,
    height: u32,
    format: String,
    color_space: Option<ColorSpace>,
    seed: u32,
}

#[derive(Deserialize)]
struct ColorSpace {
    matrix: String,
    range: String,
}

#[derive(Deserialize)]
struct Spec {
    fit: FitCase,
    filter: String,
    numerics: Option<String>,
    layout: String,
    channels: Option<String>,
    r#type: Option<String>,
    mean: [f64; 3],
    std: [f64; 3],
    quantization: Option<Quantization>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quantization {
    scale: f64,
    zero_point: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FitCase {
    kind: String,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    #[serde(default)]
    shorter_side: u32,
    crop: Option<Crop>,
    convention: Option<String>,
    #[serde(default)]
    pad: u8,
    border: Option<String>,
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
        "mild" => {
            let luma = (width * height) as usize;
            for (at, byte) in bytes.iter_mut().enumerate() {
                let number = next(&mut state) >> 24;
                *byte = if at < luma {
                    60 + number % 131
                } else {
                    103 + number % 51
                } as u8;
            }
        }
        photo if source.format == "i420" => {
            let path = format!("{}/../fixtures/{photo}.i420", env!("CARGO_MANIFEST_DIR"));
            bytes.copy_from_slice(&std::fs::read(path).expect("the photo"));
        }
        photo => {
            let path = format!("{}/../fixtures/{photo}.rgb", env!("CARGO_MANIFEST_DIR"));
            let rgb = std::fs::read(path).expect("the photo");
            for (pixel, rgb) in bytes.chunks_exact_mut(4).zip(rgb.chunks_exact(3)) {
                pixel[..3].copy_from_slice(rgb);
            }
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn spec(case: &Spec) -> PlanSpec {
    let fit = &case.fit;
    let (width, height) = (fit.width, fit.height);
    let fit = match fit.kind.as_str() {
        "stretch" => Fit::Stretch { width, height },
        "letterbox" => Fit::Letterbox {
            width,
            height,
            convention: match fit.convention.as_deref() {
                Some("yolo") => Convention::Yolo,
                Some("yolox") => Convention::Yolox,
                _ => Convention::MediaPipe,
            },
            pad: fit.pad,
        },
        "affine" => Fit::Affine {
            width,
            height,
            border: match fit.border.as_deref() {
                Some("zero") => Border::Zero,
                _ => Border::Replicate,
            },
        },
        _ => {
            let crop = fit.crop.as_ref().expect("a crop");
            Fit::ShorterSideCrop {
                shorter_side: fit.shorter_side,
                crop_width: crop.width,
                crop_height: crop.height,
            }
        }
    };
    let sampling = match case.filter.as_str() {
        _ if case.numerics.is_some() => Some(Sampling::OpencvLinear),
        "nearest" => None,
        "box" => Some(Sampling::Pillow(Filter::Box)),
        "bilinear" => Some(Sampling::Pillow(Filter::Bilinear)),
        "hamming" => Some(Sampling::Pillow(Filter::Hamming)),
        "bicubic" => Some(Sampling::Pillow(Filter::Bicubic)),
        "lanczos" => Some(Sampling::Pillow(Filter::Lanczos)),
        other => panic!("unknown filter {other}"),
    };
    let quantization = case.quantization.as_ref();
    PlanSpec {
        fit,
        sampling,
        tensor: TensorSpec {
            layout: if case.layout == "nhwc" {
                Layout::Nhwc
            } else {
                Layout::Nchw
            },
            channels: match case.channels.as_deref() {
                Some("bgr") => Channels::Bgr,
                Some("luma") => Channels::Luma,
                _ => Channels::Rgb,
            },
            element: match case.r#type.as_deref() {
                Some("float16") => Element::F16,
                Some("uint8") => Element::U8,
                Some("int8") => Element::I8,
                _ => Element::F32,
            },
            mean: case.mean,
            std: case.std,
            scale: quantization.map_or(1.0 / 255.0, |quantization| quantization.scale),
            zero_point: quantization.map_or(0.0, |quantization| quantization.zero_point),
        },
    }
}

fn format(source: &Source) -> Format {
    let conversion = source.color_space.as_ref().map(|space| {
        let matrix = if space.matrix == "bt601" {
            Matrix::Bt601
        } else {
            Matrix::Bt709
        };
        let range = if space.range == "full" {
            Range::Full
        } else {
            Range::Limited
        };
        Conversion::new(matrix, range)
    });
    match (source.format.as_str(), conversion) {
        ("rgba" | "rgbx", _) => Format::Rgbx,
        ("bgra" | "bgrx", _) => Format::Bgrx,
        ("grey", _) => Format::Grey,
        ("i420", Some(conversion)) => Format::I420(conversion),
        ("nv12", Some(conversion)) => Format::Nv12(conversion),
        (other, _) => panic!("unknown format {other}"),
    }
}

fn check(case: &ImageCase) -> Result<(), String> {
    let source = &case.source;
    let mut plan = ImagePlan::new(spec(&case.spec)).map_err(|error| error.to_string())?;
    plan.reserve(source.width, source.height, format(source))
        .map_err(|error| error.to_string())?;
    fill(source, plan.input_mut());
    if let Some(matrix) = case.matrix {
        plan.set_matrix(matrix);
    }
    plan.run().map_err(|error| error.to_string())?;
    let output = plan.output();
    let Some((tensor, tolerance)) = case.tensor.as_ref().zip(case.tolerance) else {
        let same = case.sha256.as_ref() == Some(&digest(output));
        return if same {
            Ok(())
        } else {
            Err("another tensor".into())
        };
    };
    let engine = base64::engine::general_purpose::STANDARD;
    let expected = engine.decode(tensor).expect("base64");
    if expected.len() != output.len() {
        return Err(format!("{} bytes for {}", output.len(), expected.len()));
    }
    let distances = output
        .iter()
        .zip(&expected)
        .map(|(got, want)| got.abs_diff(*want));
    let worst = distances.clone().max().unwrap_or(0);
    if worst <= tolerance {
        return Ok(());
    }
    let count = distances.filter(|&distance| distance > tolerance).count();
    Err(format!(
        "{count} of {} bytes off, by up to {worst}",
        expected.len()
    ))
}

#[test]
fn images_equal_the_references() {
    let cases = golden().images;
    assert!(cases.len() >= 500);
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
        let mut best = Best::default();
        let best = top_k(&input, case.order.len(), &mut best).unwrap();
        let order: Vec<u32> = best.iter().map(|candidate| candidate.index).collect();
        assert_eq!(order, case.order);
    }
}
