//! Interpolation kernels (Pillow 13.0.0 Resample.c).

/// Interpolation kernel of a separable resize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Average, support 0.5.
    Box,
    /// Triangle, support 1.
    Bilinear,
    /// Sinc in a Hamming window, support 1.
    Hamming,
    /// Keys cubic with a = −0.5, support 2.
    Bicubic,
    /// Sinc in a sinc window, support 3.
    Lanczos,
}

/// The nearest whole number, halves to the even one, of a number within ±2^51; larger ones change by no more than their last bit.
pub fn round(x: f64) -> f64 {
    // Adding it leaves no bits for a fraction.
    const SHIFT: f64 = 1.5 * (1u64 << 52) as f64;
    (x + SHIFT) - SHIFT
}

const CUBIC_A: f64 = -0.5;

impl Filter {
    /// Half the kernel's width, in source samples where nothing shrinks.
    pub fn support(self) -> f64 {
        match self {
            Self::Box => 0.5,
            Self::Bilinear | Self::Hamming => 1.0,
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    /// Weight at distance `x`, in units of the (scaled) sample spacing. The order of operations
    /// is part of the contract: another order moves the last bit.
    pub fn weight(self, x: f64) -> f64 {
        // The only kernel that is not symmetric: it includes its upper edge.
        if self == Self::Box {
            return if x > -0.5 && x <= 0.5 { 1.0 } else { 0.0 };
        }
        let x = x.abs();
        match self {
            _ if x == 0.0 => 1.0,
            Self::Bilinear if x < 1.0 => 1.0 - x,
            // Pillow's two constants are f32.
            Self::Hamming if x < 1.0 => {
                sinc(x) * (f64::from(0.54_f32) + f64::from(0.46_f32) * sine(x + 0.5))
            }
            Self::Bicubic if x < 1.0 => ((CUBIC_A + 2.0) * x - (CUBIC_A + 3.0)) * x * x + 1.0,
            Self::Bicubic if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * CUBIC_A,
            Self::Lanczos if x < 3.0 => sinc(x) * sinc(x / 3.0),
            _ => 0.0,
        }
    }
}

/// sin(πx) / πx, for x other than 0.
fn sinc(x: f64) -> f64 {
    sine(x) / (x * core::f64::consts::PI)
}

/// sin(πx) for x from 0 to 4. Whole turns are taken off before the multiplication by π, and a Taylor
/// series does the rest to less than 1e-16: weights have 22 bits, so any good sine gives the same.
fn sine(x: f64) -> f64 {
    let half_turns = (x + 0.5) as i32;
    let angle = (x - f64::from(half_turns)) * core::f64::consts::PI;
    let square = angle * angle;
    let mut sum = 0.0;
    let mut degree = 21;
    while degree > 1 {
        sum = -(sum + 1.0) * square / f64::from(degree * (degree - 1));
        degree -= 2;
    }
    let value = angle + angle * sum;
    if half_turns % 2 == 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_is_the_sine() {
        for step in 0..=4000 {
            let x = f64::from(step) / 1000.0;
            let want = (x * core::f64::consts::PI).sin();
            assert!((sine(x) - want).abs() < 2e-15, "{x}");
        }
    }

    #[test]
    fn kernels_end_at_their_support() {
        for filter in [
            Filter::Box,
            Filter::Bilinear,
            Filter::Hamming,
            Filter::Bicubic,
            Filter::Lanczos,
        ] {
            assert_eq!(filter.weight(0.0), 1.0);
            assert_eq!(filter.weight(filter.support() + 1e-9), 0.0);
            assert_eq!(filter.weight(-filter.support() - 1e-9), 0.0);
        }
    }
}
