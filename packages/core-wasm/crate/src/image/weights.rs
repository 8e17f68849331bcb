//! Tables of resampling weights in the form that the sums of this build take: whole, or split for SIMD.

#[cfg(target_feature = "simd128")]
pub use split::{Precision, Quad, Table, Taps};
#[cfg(not(target_feature = "simd128"))]
pub use whole::{Table, Taps};

/// Fractional bits of a weight: 32 less 8 for the sample and 2 for sums beyond one.
pub const PRECISION_BITS: u32 = 32 - 8 - 2;

/// A share of one as a weight.
fn weight(share: f64) -> i32 {
    let scaled = share * f64::from(1 << PRECISION_BITS);
    (if share < 0.0 { -0.5 } else { 0.5 } + scaled) as i32
}

#[cfg(not(target_feature = "simd128"))]
mod whole {
    use bytemuck::{Pod, Zeroable};

    use super::weight;
    use crate::buffer::{AlignedBytes, set_count};
    use crate::error::KernelError;

    #[derive(Clone, Copy, Pod, Zeroable)]
    #[repr(C)]
    struct Span {
        first: u32,
        count: u32,
    }

    /// The taps of one output position.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Taps<'a> {
        /// First source sample.
        pub first: usize,
        /// Number of samples from there on.
        pub count: usize,
        /// The weight of each sample.
        pub weights: &'a [i32],
    }

    /// The weights of all positions, with the same room for each.
    #[derive(Default)]
    pub struct Table {
        stride: usize,
        spans: AlignedBytes,
        weights: AlignedBytes,
    }

    impl Table {
        /// Makes room for `most` weights of each of `positions`.
        ///
        /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
        pub fn set_size(&mut self, positions: usize, most: usize) -> Result<(), KernelError> {
            self.stride = most;
            let count = positions.saturating_mul(most);
            set_count::<Span>(&mut self.spans, positions)?;
            set_count::<i32>(&mut self.weights, count)
        }

        /// Stores the taps of position `index`: the shares of the samples from `first` on.
        pub fn set(&mut self, index: usize, first: u32, shares: &[f64]) {
            let count = shares.len() as u32;
            self.spans.as_mut_slice()[index] = Span { first, count };
            let weights = &mut self.weights.as_mut_slice()[index * self.stride..];
            for (kept, share) in weights.iter_mut().zip(shares) {
                *kept = weight(*share);
            }
        }

        /// Number of positions.
        pub fn positions(&self) -> usize {
            self.spans().len()
        }

        /// The taps of position `index`.
        pub fn get(&self, index: usize) -> Taps<'_> {
            let weights = &self.weights.as_slice()[index * self.stride..];
            taps(&self.spans()[index], weights)
        }

        /// The taps of every position.
        pub fn iter(&self) -> impl Iterator<Item = Taps<'_>> {
            let weights = self.weights.as_slice().chunks_exact(self.stride);
            let all = self.spans().iter().zip(weights);
            all.map(|(span, weights)| taps(span, weights))
        }

        fn spans(&self) -> &[Span] {
            self.spans.as_slice()
        }
    }

    fn taps<'a>(span: &Span, weights: &'a [i32]) -> Taps<'a> {
        let count = span.count as usize;
        Taps {
            first: span.first as usize,
            count,
            weights: &weights[..count],
        }
    }
}

#[cfg(any(test, target_feature = "simd128"))]
mod split {
    use bytemuck::{Pod, Zeroable};

    use super::{PRECISION_BITS, weight};
    use crate::buffer::{AlignedBytes, set_count};
    use crate::error::KernelError;

    /// Four weights in the order 0, 2, 1, 3, which is how SIMD pairs samples.
    pub type Quad = [i16; 4];

    /// The place of each weight in a [`Quad`]; its own inverse.
    const ORDER: [usize; 4] = [0, 2, 1, 3];

    #[derive(Clone, Copy, Pod, Zeroable)]
    #[repr(C)]
    struct Span {
        first: u32,
        count: u32,
        precision: Precision,
    }

    /// The taps of one output position: the weights in fours, padded with zeros.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Taps<'a> {
        /// First source sample.
        pub first: usize,
        /// Number of samples from there on.
        pub count: usize,
        pub coarse: &'a [Quad],
        pub rest: &'a [Quad],
        pub precision: Precision,
    }

    /// How the weights of a position are split, and the error bounds of sums of the coarse ones.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
    #[repr(C)]
    pub struct Precision {
        /// Fractional bits that coarse weights lack: a weight is `(coarse << dropped) + rest`.
        pub dropped: u32,
        /// The first term of a coarse sum: one half, to round, and the most by which the exact sum of any bytes
        /// can exceed a coarse one. So both have the same whole part, unless the coarse one is just past a
        /// whole number.
        pub start: i32,
        /// How far past it the coarse sum can be.
        pub doubt: i32,
        /// The bits of the coarse sums' fraction.
        pub fraction: i32,
    }

    /// The weights of all positions, with the same room for each.
    #[derive(Default)]
    pub struct Table {
        /// Quads of one position.
        stride: usize,
        spans: AlignedBytes,
        coarse: AlignedBytes,
        rest: AlignedBytes,
    }

    impl Table {
        /// Makes room for `most` weights of each of `positions`.
        ///
        /// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
        pub fn set_size(&mut self, positions: usize, most: usize) -> Result<(), KernelError> {
            self.stride = most.div_ceil(4);
            let quads = positions.saturating_mul(self.stride);
            set_count::<Span>(&mut self.spans, positions)?;
            set_count::<Quad>(&mut self.coarse, quads)?;
            set_count::<Quad>(&mut self.rest, quads)
        }

        /// Stores the taps of position `index`: the shares of the samples from `first` on as weights, each split
        /// into a rounded coarse part that fits a 16-bit multiplication, and the rest.
        pub fn set(&mut self, index: usize, first: u32, shares: &[f64]) {
            let quads = index * self.stride..(index + 1) * self.stride;
            let coarse = &mut self.coarse.as_mut_slice::<Quad>()[quads.clone()];
            let rest = &mut self.rest.as_mut_slice::<Quad>()[quads];
            let magnitudes = shares.iter().map(|share| weight(*share).unsigned_abs());
            // So that the largest weight stays below 2^15.
            let dropped = 17_u32
                .saturating_sub(magnitudes.max().unwrap_or(0).leading_zeros())
                .max(1);
            coarse.fill(Quad::default());
            rest.fill(Quad::default());
            let (mut above, mut below) = (0, 0);
            for (tap, share) in shares.iter().enumerate() {
                let weight = weight(*share);
                let rounded = ((weight + (1 << (dropped - 1))) >> dropped).min(i32::from(i16::MAX));
                let left = weight - (rounded << dropped);
                let (quad, place) = (tap / 4, ORDER[tap % 4]);
                (coarse[quad][place], rest[quad][place]) = (rounded as i16, left as i16);
                above += left.max(0) * 255;
                below += (-left).max(0) * 255;
            }
            let in_sums = |error: i32| (error + (1 << dropped) - 1) >> dropped;
            let above = in_sums(above);
            let bits = PRECISION_BITS - dropped;
            let precision = Precision {
                dropped,
                start: (1 << (bits - 1)) + above,
                doubt: above + in_sums(below),
                fraction: (1 << bits) - 1,
            };
            self.spans.as_mut_slice()[index] = Span {
                first,
                count: shares.len() as u32,
                precision,
            };
        }

        /// Number of positions.
        pub fn positions(&self) -> usize {
            self.spans().len()
        }

        /// The taps of position `index`.
        pub fn get(&self, index: usize) -> Taps<'_> {
            let quads = index * self.stride..(index + 1) * self.stride;
            let (coarse, rest) = (self.coarse.as_slice(), self.rest.as_slice());
            taps(&self.spans()[index], &coarse[quads.clone()], &rest[quads])
        }

        /// The taps of every position.
        pub fn iter(&self) -> impl Iterator<Item = Taps<'_>> {
            let coarse = self.coarse.as_slice().chunks_exact(self.stride);
            let rest = self.rest.as_slice().chunks_exact(self.stride);
            let all = self.spans().iter().zip(coarse.zip(rest));
            all.map(|(span, (coarse, rest))| taps(span, coarse, rest))
        }

        fn spans(&self) -> &[Span] {
            self.spans.as_slice()
        }
    }

    #[inline(always)]
    fn taps<'a>(span: &Span, coarse: &'a [Quad], rest: &'a [Quad]) -> Taps<'a> {
        let count = span.count as usize;
        let quads = count.div_ceil(4).min(coarse.len()).min(rest.len());
        Taps {
            first: span.first as usize,
            count,
            coarse: &coarse[..quads],
            rest: &rest[..quads],
            precision: span.precision,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::image::coefficients::{Sampling, shares, taps_at_most};
        use crate::image::filter::Filter;

        /// Weights as they were before they were split.
        fn join(taps: Taps) -> Vec<i32> {
            let quads = taps.coarse.iter().zip(taps.rest);
            let fours = quads.map(|(coarse, rest)| {
                ORDER.map(|place| {
                    (i32::from(coarse[place]) << taps.precision.dropped) + i32::from(rest[place])
                })
            });
            fours.flatten().collect()
        }

        #[test]
        fn loses_nothing() {
            let mut table = Table::default();
            table.set_size(2, 6).unwrap();
            let shares = [0.125, 0.375, 0.375, 0.125];
            table.set(1, 7, &shares);
            assert_eq!(table.positions(), 2);
            let taps = table.get(1);
            assert_eq!((taps.first, taps.count), (7, 4));
            assert_eq!(join(taps), shares.map(weight));
            // Weights that 16 bits hold leave no doubt.
            assert_eq!(taps.rest, [[0; 4]]);
            let precision = taps.precision;
            assert_eq!(
                (precision.dropped, precision.start, precision.doubt),
                (6, 1 << 15, 0)
            );
            let shares = [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, -0.01, 0.01];
            table.set(0, 7, &shares);
            assert_eq!(join(table.iter().next().unwrap())[..5], shares.map(weight));
        }

        #[test]
        fn doubt_covers_the_error() {
            let mut table = Table::default();
            for (input, output) in [
                (1920, 224),
                (7, 31),
                (32_768, 1),
                (1, 9),
                (5, 5000),
                (300, 299),
            ] {
                for filter in [
                    Filter::Box,
                    Filter::Bilinear,
                    Filter::Bicubic,
                    Filter::Lanczos,
                ] {
                    let sampling = Sampling::Pillow(filter);
                    let most = taps_at_most(input, output, sampling);
                    table.set_size(1, most).unwrap();
                    let mut scratch = vec![0.0; most];
                    for position in 0..output.min(300) {
                        let (first, shares) =
                            shares((input, output), position, sampling, &mut scratch);
                        table.set(0, first, shares);
                        let Taps {
                            rest, precision, ..
                        } = table.get(0);
                        let rest = rest
                            .as_flattened()
                            .iter()
                            .map(|&rest| i64::from(rest) * 255);
                        let above: i64 = rest.clone().filter(|rest| *rest > 0).sum();
                        let below: i64 = -rest.filter(|rest| *rest < 0).sum::<i64>();
                        let Precision {
                            dropped,
                            start,
                            doubt,
                            fraction,
                        } = precision;
                        let most = start - fraction / 2 - 1;
                        assert!(above <= i64::from(most) << dropped);
                        assert!(below <= i64::from(doubt - most) << dropped);
                    }
                }
            }
        }
    }
}
