//! The k best scores by a bounded heap: O(n log k), and memory for k candidates only.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::error::KernelError;

/// A score with its place. The order is "worse is greater", so the heap's top is the one to drop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Candidate {
    /// The score as given.
    pub score: f32,
    /// Its zero-based index in the input.
    pub index: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        // Not total_cmp: −0 and +0 are a tie here, and a NaN of either sign is the worst.
        let by_score = other.score.partial_cmp(&self.score);
        by_score
            .unwrap_or_else(|| self.score.is_nan().cmp(&other.score.is_nan()))
            .then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

/// Fills `best` with the `k` best of `scores` (all of them if there are fewer), best first. Equal
/// scores come in index order; NaN comes last. `best` keeps its capacity between calls.
///
/// Errors: [`KernelError::OutOfMemory`].
pub fn top_k(scores: &[f32], k: usize, best: &mut Vec<Candidate>) -> Result<(), KernelError> {
    best.clear();
    let k = k.min(scores.len());
    best.try_reserve_exact(k)
        .map_err(|_| KernelError::OutOfMemory)?;
    let mut heap = BinaryHeap::from(core::mem::take(best));
    for (index, &score) in (0u32..).zip(scores) {
        let candidate = Candidate { score, index };
        if heap.len() < k {
            heap.push(candidate);
        } else if let Some(mut worst) = heap.peek_mut()
            && candidate < *worst
        {
            *worst = candidate;
        }
    }
    *best = heap.into_sorted_vec();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(scores: &[f32], k: usize) -> Vec<u32> {
        let mut best = Vec::new();
        top_k(scores, k, &mut best).unwrap();
        best.iter().map(|candidate| candidate.index).collect()
    }

    #[test]
    fn ties_go_to_the_lower_index() {
        assert_eq!(indices(&[1.0, 2.0, 2.0, 2.0], 2), [1, 2]);
        assert_eq!(indices(&[-0.0, 0.0], 2), [0, 1]);
    }

    #[test]
    fn nan_ranks_last() {
        let scores = [f32::NAN, f32::NEG_INFINITY, -f32::NAN, 1.0];
        assert_eq!(indices(&scores, 4), [3, 1, 0, 2]);
        assert_eq!(indices(&scores, 2), [3, 1]);
    }

    #[test]
    fn takes_any_k() {
        assert_eq!(indices(&[1.0, 2.0], 9), [1, 0]);
        assert_eq!(indices(&[1.0, 2.0], 0), [0u32; 0]);
        assert_eq!(indices(&[], 3), [0u32; 0]);
    }
}
