//! Softmax.

/// Writes the softmax of `logits` to `output` (same length; extra elements stay untouched).
///
/// The maximum is subtracted first, so large logits do not overflow; exponentials and their sum
/// are f64 and each quotient is rounded once to f32. As in NumPy, a NaN or +∞ logit, or −∞
/// alone, makes the results that depend on it NaN.
pub fn softmax(logits: &[f32], output: &mut [f32]) {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponential = |logit: f32| libm::exp(f64::from(logit) - f64::from(max));
    // Computed twice rather than stored: no f64 buffer, and no double rounding.
    let sum: f64 = logits.iter().map(|&logit| exponential(logit)).sum();
    for (out, &logit) in output.iter_mut().zip(logits) {
        *out = (exponential(logit) / sum) as f32;
    }
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
        softmax(&[f32::NAN, 1.0], &mut output);
        assert!(output.iter().all(|value| value.is_nan()));
    }
}
