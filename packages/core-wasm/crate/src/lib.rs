//! Image preparation (resize, crop, normalise) and score kernels (softmax, top-k).
//!
//! The resize reproduces Pillow 13.0.0 on RGB images byte for byte. Everything is safe Rust with
//! no dependency; `wasm_api` alone knows that a browser exists.

#![deny(unsafe_code)]

pub mod buffer;
pub mod coefficients;
pub mod error;
pub mod fit;
pub mod image_plan;
pub mod normalize;
pub mod resize;
pub mod softmax;
pub mod top_k;

#[cfg(target_arch = "wasm32")]
mod wasm_api;
