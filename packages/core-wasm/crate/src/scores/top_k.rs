//! The k best scores by a bounded heap: O(n log k), and memory for k candidates only. It is also
//! the sort of the kernels: the n best of n.

use crate::abi::block;
use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

block! {
    /// A score with its place in the input.
    pub struct Candidate {
        /// The score as given.
        pub score: f32,
        /// Its zero-based index in the input.
        pub index: u32,
    }
}

impl Candidate {
    /// Whether `self` ranks before `other`: by a higher score, else by a lower index. −0 and +0
    /// are a tie, and a NaN of either sign is the worst.
    #[inline(always)]
    fn beats(self, other: Self) -> bool {
        let both_nan = self.score.is_nan() && other.score.is_nan();
        if self.score == other.score || both_nan {
            self.index < other.index
        } else {
            self.score > other.score || other.score.is_nan()
        }
    }
}

/// Collects the best candidates that are offered; its memory is reused.
#[derive(Default)]
pub struct Best {
    /// The first `filled` are taken. Once all are, they are a heap: none beats its parent, so the
    /// first is the worst.
    heap: AlignedBytes,
    filled: usize,
}

impl Best {
    /// Removes all candidates and makes room for the `limit` best of at most `count`.
    ///
    /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
    pub fn start(&mut self, limit: usize, count: usize) -> Result<(), KernelError> {
        self.filled = 0;
        set_count::<Candidate>(&mut self.heap, limit.min(count))
    }

    /// Offers one candidate. Indices must be offered in rising order.
    #[inline(always)]
    pub fn offer(&mut self, score: f32, index: u32) {
        // Of equals the earlier stays, so that most candidates need one comparison.
        let heap = self.heap.as_slice::<Candidate>();
        if self.filled == heap.len()
            && let Some(worst) = heap.first()
            && score <= worst.score
        {
            return;
        }
        self.take(Candidate { score, index });
    }

    #[inline(never)]
    fn take(&mut self, candidate: Candidate) {
        let heap = self.heap.as_mut_slice::<Candidate>();
        if let Some(free) = heap.get_mut(self.filled) {
            *free = candidate;
            self.filled += 1;
            if self.filled == heap.len() {
                build(heap);
            }
        } else if let Some(worst) = heap.first_mut()
            && candidate.beats(*worst)
        {
            *worst = candidate;
            sink(heap, 0);
        }
    }

    /// Sorts the candidates, best first, and returns them; the next use begins with `start`.
    pub fn finish(&mut self) -> &mut [Candidate] {
        let heap = self.heap.as_mut_slice().get_mut(..self.filled);
        let heap = heap.unwrap_or_default();
        build(heap);
        let mut rest = &mut *heap;
        while let [first, .., last] = rest {
            core::mem::swap(first, last);
            let (_, shorter) = rest.split_last_mut().unzip();
            rest = shorter.unwrap_or_default();
            sink(rest, 0);
        }
        heap
    }

    /// The candidates; in order after `finish`.
    pub fn candidates(&self) -> &[Candidate] {
        let heap = self.heap.as_slice().get(..self.filled);
        heap.unwrap_or_default()
    }
}

/// Makes a heap of `candidates`.
#[inline(never)]
fn build(candidates: &mut [Candidate]) {
    for at in (0..candidates.len() / 2).rev() {
        sink(candidates, at);
    }
}

/// Moves the candidate at `at` down until it beats neither of those below it.
#[inline(never)]
fn sink(heap: &mut [Candidate], mut at: usize) {
    let Some(&moving) = heap.get(at) else {
        return;
    };
    loop {
        let (mut below, right) = (2 * at + 1, 2 * at + 2);
        let Some(&(mut worse)) = heap.get(below) else {
            break;
        };
        if let Some(&second) = heap.get(right)
            && worse.beats(second)
        {
            (below, worse) = (right, second);
        }
        if !moving.beats(worse) {
            break;
        }
        if let Some(place) = heap.get_mut(at) {
            *place = worse;
        }
        at = below;
    }
    if let Some(place) = heap.get_mut(at) {
        *place = moving;
    }
}

/// The `k` best of `scores` (all of them if there are fewer), best first. Equal scores come in
/// index order; NaN comes last. The memory of `best` serves the next call too.
///
/// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
pub fn top_k<'a>(
    scores: &[f32],
    k: usize,
    best: &'a mut Best,
) -> Result<&'a [Candidate], KernelError> {
    best.start(k, scores.len())?;
    for (index, &score) in (0u32..).zip(scores) {
        best.offer(score, index);
    }
    Ok(best.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(scores: &[f32], k: usize) -> Vec<u32> {
        let mut best = Best::default();
        let best = top_k(scores, k, &mut best).unwrap();
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
