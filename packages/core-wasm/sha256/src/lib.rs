//! SHA-256 whose state can be saved in the middle of a message and restored later.
//!
//! The hash is that of the `sha2` crate; here is only the layout of a saved state. No allocator and
//! no reachable panic, which keeps the module small; only `wasm_api` knows about WebAssembly.

#![deny(unsafe_code)]
// Without std there is no allocator and no text of a panic in the module.
#![cfg_attr(target_arch = "wasm32", no_std)]

pub mod hasher;
pub mod state;

#[cfg(target_arch = "wasm32")]
mod wasm_api;
