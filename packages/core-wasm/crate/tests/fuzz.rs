//! Runs the fuzz targets on inputs that once made them fail, and on a few pseudo-random ones.

mod fuzzed;

use std::path::Path;

/// Runs a target on files of `fuzz/seeds/<name>` and on random bytes of many lengths.
fn check(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(name);
    let mut seeds: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    seeds.sort();
    // Miri is a thousand times slower, so it gets few and small pictures.
    let (most, rounds) = if cfg!(miri) {
        (0, 24)
    } else {
        (usize::MAX, 400)
    };
    for seed in seeds.into_iter().take(most) {
        println!("{}", seed.display());
        target(&std::fs::read(seed).unwrap());
    }
    let mut state = 2_463_534_242u32;
    for round in 0..rounds {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let byte = (state >> 24) as u8;
            if cfg!(miri) { byte % 9 + 2 } else { byte }
        })
        .take(round % 200 + 40)
        .collect();
        target(&bytes);
    }
}

#[test]
fn fuzz_boxes() {
    check("boxes", fuzzed::boxes::boxes);
}

#[test]
fn fuzz_plan() {
    check("plan", fuzzed::plan::plan);
}

#[test]
fn fuzz_scores() {
    check("scores", fuzzed::scores::scores);
}
