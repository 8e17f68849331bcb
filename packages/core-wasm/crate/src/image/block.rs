//! An image plan as the numbers by which a caller outside Rust describes it.

use super::coefficients::SamplingKind;
use super::fit::{Border, Convention, Fit, FitKind};
use super::plan::PlanSpec;
use super::tensor::{Channels, Element, Layout, TensorSpec};
use crate::abi::block;
use crate::error::KernelError;

block! {
    /// The settings, written before a plan is configured; the matrix, which may be written before a run; and
    /// what the plan reports once a source has been reserved.
    pub struct PlanBlock {
        /// A [`FitKind`].
        pub fit: f64,
        pub width: f64,
        pub height: f64,
        pub shorter_side: f64,
        /// A [`Convention`] for a letterbox.
        pub convention: f64,
        /// A [`Border`] for an affine crop.
        pub border: f64,
        /// A byte, for a letterbox.
        pub pad: f64,
        /// A [`SamplingKind`].
        pub sampling: f64,
        /// A [`Layout`].
        pub layout: f64,
        /// A [`Channels`].
        pub channels: f64,
        /// An [`Element`].
        pub element: f64,
        pub mean: [f64; 3],
        pub std: [f64; 3],
        pub scale: f64,
        pub zero_point: f64,
        /// Of an affine crop, to be written; the map to the source, once one has been reserved.
        pub matrix: [f64; 6],
        /// Address and bytes of the input.
        pub input: [f64; 2],
        /// Address and bytes of the tensor.
        pub output: [f64; 2],
        /// Left, top, right and bottom of the region of the source; the last two just outside.
        pub region: [f64; 4],
    }
}

impl PlanBlock {
    /// The specification that the settings describe.
    ///
    /// Errors: [`KernelError::BadChoice`].
    pub fn spec(&self) -> Result<PlanSpec, KernelError> {
        // `as` saturates what is out of range, and the checks refuse it.
        let (width, height) = (self.width as u32, self.height as u32);
        let fit = match FitKind::from_number(self.fit as u32)? {
            FitKind::Stretch => Fit::Stretch { width, height },
            FitKind::ShorterSideCrop => Fit::ShorterSideCrop {
                shorter_side: self.shorter_side as u32,
                crop_width: width,
                crop_height: height,
            },
            FitKind::Letterbox => Fit::Letterbox {
                width,
                height,
                convention: Convention::from_number(self.convention as u32)?,
                pad: self.pad as u8,
            },
            FitKind::Affine => Fit::Affine {
                width,
                height,
                border: Border::from_number(self.border as u32)?,
            },
        };
        Ok(PlanSpec {
            fit,
            sampling: SamplingKind::from_number(self.sampling as u32)?.sampling(),
            tensor: TensorSpec {
                layout: Layout::from_number(self.layout as u32)?,
                channels: Channels::from_number(self.channels as u32)?,
                element: Element::from_number(self.element as u32)?,
                mean: self.mean,
                std: self.std,
                scale: self.scale,
                zero_point: self.zero_point,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_a_letterbox() {
        let block = PlanBlock {
            fit: FitKind::Letterbox as u32 as f64,
            width: 640.0,
            height: 480.0,
            convention: Convention::Yolox as u32 as f64,
            pad: 114.0,
            ..PlanBlock::default()
        };
        let letterbox = Fit::Letterbox {
            width: 640,
            height: 480,
            convention: Convention::Yolox,
            pad: 114,
        };
        let spec = block.spec().unwrap();
        assert_eq!((spec.fit, spec.sampling), (letterbox, None));
    }

    #[test]
    fn refuses_unknown_numbers() {
        let fields = PlanBlock::FIELDS.iter();
        let choices = ["fit", "sampling", "layout", "channels", "element"];
        for &(_, offset) in fields.filter(|(name, _)| choices.contains(name)) {
            for number in [9.0, -1e300, f64::NAN, f64::INFINITY] {
                let mut block = PlanBlock::default();
                let numbers: &mut [f64] =
                    bytemuck::cast_slice_mut(core::slice::from_mut(&mut block));
                numbers[offset / 8] = number;
                // NaN and negative numbers become 0.
                assert_eq!(block.spec().is_err(), number > 0.0);
            }
        }
    }
}
