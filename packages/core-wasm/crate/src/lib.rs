//! Image preparation, and the processing of models' outputs: scores, boxes, masks, embeddings.
//!
//! The resize reproduces Pillow 13.0.0 on RGB images byte for byte. The only unsafe code is that
//! of aligned buffers and of the loads and stores of SIMD registers. The crate knows nothing of WebAssembly's
//! imports and exports; those are in the crates that bind it.

#![deny(unsafe_code)]
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod abi;
pub mod boxes;
pub mod buffer;
pub mod embeddings;
pub mod error;
pub mod image;
pub mod masks;
pub mod scores;
