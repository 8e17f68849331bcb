//! The family of pictures: image plans, boxes, faces, masks, and the scores of their models.

#![cfg(target_arch = "wasm32")]
#![no_std]
#![deny(unsafe_code)]

mod boxes;
mod image;
mod masks;

hayate_binding::export_vectors!();
