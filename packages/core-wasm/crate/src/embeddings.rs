//! Embeddings: pooling, normalisation and similarity. Sums are f64 in a fixed order, and each result is
//! rounded once.

use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

/// The smallest divisor of a vector (torch's `normalize`).
const LEAST_NORM: f64 = 1e-12;

/// The smallest divisor of a sum of tokens (mean pooling of sentence-transformers).
const LEAST_COUNT: f64 = 1e-9;

/// Pools texts of `length` tokens of `size` numbers each, as sentence-transformers does. `input`
/// holds texts × length × size numbers and behind them the mask, texts × length numbers (1 counts, 0
/// does not); `output` becomes texts × size weighted means.
///
/// Errors: [`KernelError::BadSize`], [`KernelError::OutOfMemory`].
pub fn mean_pool(
    input: &[f32],
    length: usize,
    size: usize,
    output: &mut AlignedBytes,
) -> Result<(), KernelError> {
    let text = length.saturating_mul(size.saturating_add(1));
    let texts = input.len().checked_div(text).unwrap_or(0);
    if size == 0 || texts == 0 || texts.checked_mul(text) != Some(input.len()) {
        return Err(KernelError::BadSize);
    }
    set_count::<f32>(output, texts * size)?;
    let masks = input.get(texts * length * size..).unwrap_or_default();
    for (number, value) in output.as_mut_slice::<f32>().iter_mut().enumerate() {
        let text = number.checked_div(size).unwrap_or(0);
        let first = text * length * size + (number - text * size);
        let (mut sum, mut count) = (0.0, 0.0);
        for token in 0..length {
            let number = input.get(first + token * size).copied().unwrap_or(0.0);
            let weight = masks.get(text * length + token).copied().unwrap_or(0.0);
            sum += f64::from(number) * f64::from(weight);
            count += f64::from(weight);
        }
        let count = if count < LEAST_COUNT {
            LEAST_COUNT
        } else {
            count
        };
        *value = (sum / count) as f32;
    }
    Ok(())
}

/// Divides each vector of `size` numbers in `input` by its Euclidean norm, or by 1e-12 if that is
/// smaller, as torch's `normalize` does.
///
/// Errors: [`KernelError::BadSize`], [`KernelError::OutOfMemory`].
pub fn normalize(input: &[f32], size: usize, output: &mut AlignedBytes) -> Result<(), KernelError> {
    if input.len().checked_rem(size) != Some(0) {
        return Err(KernelError::BadSize);
    }
    set_count::<f32>(output, input.len())?;
    for (vector, out) in input
        .chunks(size)
        .zip(output.as_mut_slice::<f32>().chunks_mut(size))
    {
        let norm = norm(vector);
        for (out, &value) in out.iter_mut().zip(vector) {
            *out = (f64::from(value) / norm) as f32;
        }
    }
    Ok(())
}

/// The cosine of the angle between `a` and `b`, within ±1; 0 if one is zero.
pub fn cosine_similarity(a: &[f32], b: &[f32]) -> f64 {
    let cosine = dot(a, b) / (norm(a) * norm(b));
    let cosine = if cosine > 1.0 { 1.0 } else { cosine };
    if cosine < -1.0 { -1.0 } else { cosine }
}

#[inline(never)]
fn norm(vector: &[f32]) -> f64 {
    let norm = square_root(dot(vector, vector));
    if norm < LEAST_NORM { LEAST_NORM } else { norm }
}

/// Heron's method. The first guess halves the exponent and is at most 6 % off; four steps make it exact.
/// The result for 0 is below 1e-150.
fn square_root(x: f64) -> f64 {
    let mut root = f64::from_bits((x.to_bits() >> 1) + (1023 << 51));
    for _ in 0..4 {
        root = 0.5 * (root + x / root);
    }
    root
}

/// Sum of products in four lanes, in every build.
#[inline(never)]
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0; 4];
    for (at, (&a, &b)) in a.iter().zip(b).enumerate() {
        sums[at % 4] += f64::from(a) * f64::from(b);
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_what_the_mask_lets_through() {
        let mut output = AlignedBytes::default();
        let one = [1.0, 2.0, 3.0, 4.0, 9.0, 9.0, 1.0, 1.0, 0.0];
        mean_pool(&one, 3, 2, &mut output).unwrap();
        assert_eq!(output.as_slice::<f32>(), [2.0, 3.0]);
        let two = [1.0, 2.0, 3.0, 4.0, 1.0, 0.0];
        mean_pool(&two, 1, 2, &mut output).unwrap();
        assert_eq!(output.as_slice::<f32>(), [1.0, 2.0, 0.0, 0.0]);
    }

    #[test]
    fn refuses_other_sizes() {
        let mut output = AlignedBytes::default();
        for (length, size) in [(0, 1), (1, 0), (2, 2), (usize::MAX, 2), (1, usize::MAX)] {
            assert!(mean_pool(&[0.0; 7], length, size, &mut output).is_err());
        }
        assert!(mean_pool(&[], 1, 1, &mut output).is_err());
        assert!(normalize(&[0.0; 3], 2, &mut output).is_err());
        assert!(normalize(&[0.0; 3], 0, &mut output).is_err());
    }

    #[test]
    fn takes_zero_vectors() {
        let mut output = AlignedBytes::default();
        normalize(&[0.0, 0.0, 3.0, 4.0], 2, &mut output).unwrap();
        assert_eq!(output.as_slice::<f32>(), [0.0, 0.0, 0.6, 0.8]);
        assert_eq!(cosine_similarity(&[0.0; 2], &[1.0; 2]), 0.0);
        assert_eq!(cosine_similarity(&[0.1; 7], &[0.2; 7]), 1.0);
        assert_eq!(cosine_similarity(&[], &[]), 0.0);
        assert!(cosine_similarity(&[f32::NAN], &[1.0]).is_nan());
    }

    #[test]
    fn takes_square_roots() {
        for x in [1e-20, 0.5, 1.0, 2.0, 3.999_999, 1e9, 1e300] {
            let (root, exact) = (square_root(x), x.sqrt());
            assert!((root / exact - 1.0).abs() < 3e-16, "{x}: {root}");
        }
    }
}
