//! Image preparation, and what is made of a model's outputs: scores, boxes, masks, embeddings.
//!
//! The resize reproduces Pillow 13.0.0 on RGB images byte for byte. Safe Rust but for aligned buffers
//! and the loads and stores of SIMD registers; only the binding beside it knows that a browser exists.

#![deny(unsafe_code)]
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod border;
pub mod boxes;
pub mod buffer;
pub mod embeddings;
pub mod error;
pub mod image;
pub mod masks;
pub mod scores;
