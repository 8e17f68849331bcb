//! Softmax.

use crate::scores::exponential::{exp4, ratios};

/// Sums run in this many lanes, in every build: element `i` belongs to lane `i % LANES`.
const LANES: usize = 4;

/// Writes the softmax of `logits` to `output` (same length; extra elements stay untouched).
///
/// The maximum is subtracted first, so large logits do not overflow; exponentials and their sum
/// are f64 and each quotient is rounded once to f32. As in NumPy, a NaN or +∞ logit, or −∞
/// alone, makes the results that depend on it NaN.
pub fn softmax(logits: &[f32], output: &mut [f32]) {
    let max = f64::from(maximum(logits));
    // Computed twice rather than stored: no f64 buffer, and no double rounding.
    let sum = sum_of_powers(logits, max);
    ratios(logits, output, max, sum, 0.0);
}

/// The greatest of `values`, ignoring NaN; −∞ if there is none.
#[inline(never)]
pub fn maximum(values: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (groups, rest) = values.as_chunks::<LANES>();
    for group in groups {
        for (lane, &value) in lanes.iter_mut().zip(group) {
            *lane = greater(*lane, value);
        }
    }
    let all = rest.iter().chain(&lanes);
    all.copied().fold(f32::NEG_INFINITY, greater)
}

/// `b` if it is greater, else `a`: one SIMD instruction, unlike `f32::max`.
#[inline(always)]
pub fn greater(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

#[inline(never)]
fn sum_of_powers(logits: &[f32], max: f64) -> f64 {
    let mut sums = [0.0; LANES];
    for group in logits.chunks(LANES) {
        // The padding of the last four adds 1e-307, which does not change a sum of at least 1.
        for (sum, power) in sums.iter_mut().zip(exp4(group, max)) {
            *sum += power;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_stable_for_large_logits() {
        let mut output = [0.0; 2];
        softmax(&[3e38, 3e38], &mut output);
        assert_eq!(output, [0.5, 0.5]);
    }

    #[test]
    fn takes_empty_and_nan() {
        softmax(&[], &mut []);
        let mut output = [0.0; 2];
        for logits in [
            [f32::NAN, 1.0],
            [f32::INFINITY, 1.0],
            [f32::NEG_INFINITY; 2],
        ] {
            softmax(&logits, &mut output);
            assert!(output.iter().any(|value| value.is_nan()));
        }
    }
}
