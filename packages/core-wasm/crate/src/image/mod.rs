//! From the bytes of a picture to a tensor.

pub mod coefficients;
pub mod fit;
pub mod plan;
pub mod resize;
pub mod sums;
pub mod tensor;
