//! Any scores: top-k equals a stable sort, and softmax is a distribution.

use std::cmp::Ordering;

use hayate_kernels::scores::softmax::softmax;
use hayate_kernels::scores::top_k::{Best, top_k};

use super::Bytes;

pub fn scores(data: &[u8]) {
    let mut bytes = Bytes(data);
    let k = usize::from(u16::from_le_bytes(bytes.take()) % 300);
    let scores: Vec<f32> = bytes
        .0
        .chunks_exact(4)
        .map(|chunk| f32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]))
        .collect();

    let mut best = Best::default();
    let best = top_k(&scores, k, &mut best).unwrap();
    let mut order: Vec<u32> = (0..).take(scores.len()).collect();
    order.sort_by(|&one, &other| {
        let (one, other) = (scores[one as usize], scores[other as usize]);
        let by_score = other.partial_cmp(&one);
        by_score.unwrap_or_else(|| match (one.is_nan(), other.is_nan()) {
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            _ => Ordering::Equal,
        })
    });
    order.truncate(k);
    assert_eq!(best.iter().map(|one| one.index).collect::<Vec<_>>(), order);

    let mut output = vec![0.0; scores.len()];
    softmax(&scores, &mut output);
    if !scores.is_empty() && scores.iter().all(|score| score.is_finite()) {
        let sum: f64 = output.iter().copied().map(f64::from).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        assert!(output.iter().all(|share| (0.0..=1.0).contains(share)));
    }
}
