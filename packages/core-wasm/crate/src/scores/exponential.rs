//! The exponential function of all kernels.
//!
//! Own code because the one of the standard library is slow in WebAssembly and cannot be
//! vectorised. Plain operations in a fixed order: every build gives the same bits.

/// Arguments are clamped to ±708, where f64 still has its full precision and f32 has long reached
/// zero or infinity.
const LIMIT: f64 = 708.0;

/// Adding it moves the nearest integer into the low bits of the sum.
const SHIFT: f64 = 1.5 * (1u64 << 52) as f64;

// ln 2 in two parts, of which the first has so few bits that its multiples are exact (Cody and
// Waite, Software Manual for the Elementary Functions, 1980; the constants are those of fdlibm).
#[allow(clippy::excessive_precision)]
const LN_2_HIGH: f64 = 6.931_471_803_691_238_164_9e-1;
#[allow(clippy::excessive_precision)]
const LN_2_LOW: f64 = 1.908_214_929_270_587_700_0e-10;

/// Taylor's coefficients 1/9! to 1/2!: the terms after them add less than 1e-11 within ±ln 2 / 2.
const TERMS: [f64; 8] = [
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];

/// e to the power of x − `shift` for at most four x (a missing one counts as −∞), with a relative
/// error below 1e-11: a ten-thousandth of the last place of an f32. NaN gives NaN.
// Four at a time suit SIMD, and one copy of the code is small.
#[inline(never)]
pub fn exp4(values: &[f32], shift: f64) -> [f64; 4] {
    let mut four = [f64::NEG_INFINITY; 4];
    for (place, &value) in four.iter_mut().zip(values) {
        *place = f64::from(value) - shift;
    }
    four.map(exp)
}

/// e to the power of `x`; see [`exp4`].
#[cfg_attr(target_feature = "simd128", inline(always))]
#[cfg_attr(not(target_feature = "simd128"), inline(never))]
pub fn exp(x: f64) -> f64 {
    // Comparisons rather than `clamp` and `max`, which cost more than one instruction here.
    let x = if x < -LIMIT { -LIMIT } else { x };
    let x = if LIMIT < x { LIMIT } else { x };
    let shifted = x * core::f64::consts::LOG2_E + SHIFT;
    let twos = shifted - SHIFT;
    let rest = x - twos * LN_2_HIGH - twos * LN_2_LOW;
    let mut series = TERMS[0];
    for term in &TERMS[1..] {
        series = series * rest + term;
    }
    series = (series * rest + 1.0) * rest + 1.0;
    // Adds the integer to the exponent of 1.0.
    let power = (shifted.to_bits() << 52).wrapping_add(1.0f64.to_bits());
    series * f64::from_bits(power)
}

/// Writes p / (`addend` + `factor` · p) with p = e^(x − `shift`) for each x of `values` to `output`
/// (same length), computed in f64 and rounded once to f32.
#[inline(never)]
pub fn ratios(values: &[f32], output: &mut [f32], shift: f64, addend: f64, factor: f64) {
    for (out, group) in output.chunks_mut(4).zip(values.chunks(4)) {
        let powers = exp4(group, shift).map(|power| power / (addend + factor * power));
        for (out, value) in out.iter_mut().zip(powers) {
            *out = value as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for step in -70_000..70_000 {
            let x = f64::from(step) * 0.01;
            let error = exp(x) / x.exp() - 1.0;
            assert!(error.abs() < 1e-11, "exp({x}) is off by {error:e}");
        }
        assert_eq!([exp(0.0), exp(-0.0)], [1.0, 1.0]);
    }

    #[test]
    fn holds_the_ends_and_keeps_nan() {
        assert_eq!(exp(-1e300) as f32, 0.0);
        assert_eq!(exp(f64::NEG_INFINITY) as f32, 0.0);
        assert_eq!(exp(f64::INFINITY) as f32, f32::INFINITY);
        assert!(exp(f64::NAN).is_nan());
    }
}
