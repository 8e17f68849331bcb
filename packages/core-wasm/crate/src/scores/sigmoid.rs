//! The logistic function.

use crate::scores::exponential::ratios;

/// Writes e^x / (1 + e^x) of each x of `values` to `output` (same length), computed in f64 and
/// rounded once to f32. It rises with x everywhere; ±∞ give 1 and 0, NaN gives NaN.
pub fn sigmoid(values: &[f32], output: &mut [f32]) {
    ratios(values, output, 0.0, 1.0, 1.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_special_values() {
        let mut output = [0.0; 5];
        let values = [f32::NEG_INFINITY, -0.0, f32::INFINITY, f32::MAX, f32::NAN];
        sigmoid(&values, &mut output);
        assert_eq!(output[..4], [0.0, 0.5, 1.0, 1.0]);
        assert!(output[4].is_nan());
    }
}
