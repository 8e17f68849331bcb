//! Image preparation (resize, crop, normalise) and what comes after a model: scores, boxes, faces,
//! masks and embeddings.
//!
//! The resize reproduces Pillow 13.0.0 on RGB images byte for byte. Safe Rust but for loads and stores
//! of SIMD registers, buffers of raw bytes and the exports; `wasm_api` alone knows that a browser exists.

#![deny(unsafe_code)]
// Without std no panic message is formatted, which is a third of the module's size.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

pub mod boxes;
pub mod buffer;
pub mod embeddings;
pub mod error;
pub mod image;
pub mod masks;
pub mod scores;

#[cfg(target_arch = "wasm32")]
mod wasm_api;
