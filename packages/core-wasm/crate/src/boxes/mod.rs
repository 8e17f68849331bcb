//! From a detector's output to boxes: decoding, selection and non-maximum suppression.

pub mod detector;
pub mod faces;
pub mod grid;
pub mod layout;
pub mod suppression;

use crate::abi::block;

/// Left, top, right and bottom of a box, in the units of the model.
pub type Corners = [f32; 4];

block! {
    /// A box with what it shows.
    pub struct Detection {
        pub corners: Corners,
        pub score: f32,
        /// Zero-based number of the class.
        pub class: u32,
        /// Zero-based number of the anchor (or query, or row) in the model's output.
        pub anchor: u32,
    }
}
