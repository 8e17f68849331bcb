//! `src/abi.ts` is what the crate declares. With `HAYATE_WRITE_ABI` set, the test writes the file
//! (`npm run build:wasm` does so); without, it compares.

use std::fmt::Write;
use std::path::Path;

use hayate_kernels::boxes::Detection;
use hayate_kernels::boxes::faces;
use hayate_kernels::boxes::layout::LayoutKind;
use hayate_kernels::error::KernelError;
use hayate_kernels::image::block::PlanBlock;
use hayate_kernels::image::coefficients::SamplingKind;
use hayate_kernels::image::fit::{Border, Convention, FitKind};
use hayate_kernels::image::source::FormatKind;
use hayate_kernels::image::tensor::{Channels, Element, Layout};
use hayate_kernels::image::yuv::{Matrix, Range};
use hayate_kernels::scores::top_k::Candidate;

const HEAD: &str = "\
// Written by crate/tests/abi.rs, from what the crate declares: `npm run build:wasm` writes it anew.
// The place of a name in its list is its number in Rust.
";

/// A list of names, broken as Prettier would break it.
fn names(text: &mut String, constant: &str, names: &[&str]) {
    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let line = format!(
        "export const {constant} = [{}] as const;\n",
        names.join(", ")
    );
    if line.len() <= 111 {
        *text += &line;
    } else {
        let names = names.join(",\n  ");
        writeln!(text, "export const {constant} = [\n  {names},\n] as const;").unwrap();
    }
}

/// `snake_case` as `camelCase`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        name + &word[..1].to_uppercase() + &word[1..]
    })
}

/// The places of a block's fields and its length, in numbers of `size` bytes.
fn block(text: &mut String, constant: &str, fields: &[(&str, usize)], size: usize, bytes: usize) {
    writeln!(text, "export const {constant} = {{").unwrap();
    for (name, offset) in fields.iter().chain(&[("length", bytes)]) {
        assert!(offset % size == 0);
        writeln!(text, "  {}: {},", camel(name), offset / size).unwrap();
    }
    writeln!(text, "}} as const;").unwrap();
}

fn abi() -> String {
    let mut text = HEAD.to_owned();
    let lists = [
        ("FIT_KINDS", FitKind::NAMES),
        ("CONVENTIONS", Convention::NAMES),
        ("BORDERS", Border::NAMES),
        ("SAMPLINGS", SamplingKind::NAMES),
        ("LAYOUTS", Layout::NAMES),
        ("CHANNELS", Channels::NAMES),
        ("ELEMENTS", Element::NAMES),
        ("FORMATS", FormatKind::NAMES),
        ("MATRICES", Matrix::NAMES),
        ("RANGES", Range::NAMES),
        ("DETECTOR_LAYOUTS", LayoutKind::NAMES),
    ];
    text += "\n";
    for (constant, list) in lists {
        names(&mut text, constant, list);
    }
    text += "\n/** Where the fields of an image plan's block lie, in f64. */\n";
    let (fields, bytes) = (PlanBlock::FIELDS, size_of::<PlanBlock>());
    block(&mut text, "PLAN_BLOCK", fields, 8, bytes);
    text += "\n/** Where the fields of a detection lie, in words of 4 bytes. */\n";
    let (fields, bytes) = (Detection::FIELDS, size_of::<Detection>());
    block(&mut text, "DETECTION", fields, 4, bytes);
    text += "\n/** The same of a candidate of top-k. */\n";
    let (fields, bytes) = (Candidate::FIELDS, size_of::<Candidate>());
    block(&mut text, "CANDIDATE", fields, 4, bytes);
    text += "\n/** The same of a face. */\n";
    let (score, points) = (faces::SCORE * 4, (faces::SCORE + 1) * 4);
    let fields = [("corners", 0), ("score", score), ("keypoints", points)];
    block(&mut text, "FACE", &fields, 4, faces::FACE * 4);
    writeln!(
        text,
        "\n/** Anchors of BlazeFace, and the numbers of each. */\nexport const FACE_ANCHORS = {};\nexport const FACE_ANCHOR_NUMBERS = {};",
        faces::ANCHORS,
        faces::NUMBERS
    )
    .unwrap();
    text += "\n/** The reason of each status of a kernel other than 0, which is success. */\n";
    text += "export const REASONS: Readonly<Record<number, string>> = {\n";
    for (error, status) in KernelError::ALL.iter().zip(1..) {
        assert_eq!(error.status(), status);
        writeln!(text, "  {status}: '{error}',").unwrap();
    }
    text + "};\n"
}

#[test]
fn the_typescript_side_is_what_the_crate_declares() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/abi.ts");
    let text = abi();
    if std::env::var_os("HAYATE_WRITE_ABI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    // Git may check files out with CRLF.
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        present.replace("\r\n", "\n") == text,
        "src/abi.ts is stale: run `npm run build:wasm` and commit it"
    );
}
