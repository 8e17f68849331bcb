//! Image preparation (resize, crop, normalise) and score kernels (softmax, top-k).
//!
//! The resize reproduces Pillow 13.0.0 on RGB images byte for byte. No dependency, and safe Rust but
//! for one load and one store of a SIMD register; `wasm_api` alone knows that a browser exists.

#![deny(unsafe_code)]

pub mod buffer;
pub mod coefficients;
pub mod error;
pub mod fit;
pub mod image_plan;
pub mod normalize;
pub mod resize;
pub mod softmax;
pub mod sums;
pub mod top_k;

#[cfg(target_arch = "wasm32")]
mod wasm_api;
