//! From the bytes of a picture to a tensor.

pub mod affine;
pub mod coefficients;
pub mod filter;
pub mod fit;
pub mod frame;
pub mod neighbours;
pub mod plan;
pub mod planes;
pub mod resize;
pub mod source;
pub mod sums;
pub mod tensor;
pub mod weights;
pub mod yuv;
