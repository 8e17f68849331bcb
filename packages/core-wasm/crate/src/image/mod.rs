//! From the bytes of a picture to a tensor.

pub mod affine;
pub mod block;
pub mod coefficients;
pub mod filter;
pub mod fit;
pub mod job;
pub mod neighbours;
pub mod pairs;
pub mod pixel;
pub mod plan;
pub mod planar;
pub mod planes;
pub mod resampler;
pub mod resamplers;
pub mod resize;
pub mod separable;
pub mod source;
pub mod sums;
pub mod tensor;
pub mod weights;
pub mod yuv;
