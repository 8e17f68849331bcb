//! What the modules of all families share: the allocator, what a panic does, and how an object is exported.
//!
//! JavaScript calls the raw exports and views the memory, so arguments and results are numbers: data crosses
//! as addresses, and every fallible call gives a status (0, or a `KernelError` number) instead of throwing.

#![cfg(target_arch = "wasm32")]
// Without std no panic message is formatted, which is a third of a module's size.
#![no_std]
#![deny(unsafe_code)]

pub extern crate alloc;

mod vectors;

pub use vectors::VectorBuffer;

use core::arch::wasm32::unreachable;
use core::panic::PanicInfo;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

// SAFETY: an instance runs on one thread; its memory is not shared.
#[global_allocator]
#[allow(unsafe_code)]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// A panic is a trap; the caller then replaces the instance.
#[panic_handler]
fn trap(_: &PanicInfo) -> ! {
    unreachable()
}

/// Exports an object's `default`, drop and methods as functions of its address. As a class,
/// wasm-bindgen would wrap each in a count of borrows, a quarter of the module; here the caller keeps
/// the rules: an address comes from `new`, is not used after `free`, and no two calls run at once.
#[macro_export]
macro_rules! export {
    ($object:ty: $new:ident, $free:ident, $(
        $name:ident = $method:ident($($argument:ident: $type:ty),*) -> $result:ty;
    )*) => {
        #[wasm_bindgen::prelude::wasm_bindgen]
        pub fn $new() -> *mut $object {
            $crate::alloc::boxed::Box::into_raw($crate::alloc::boxed::Box::default())
        }

        #[allow(unsafe_code, clippy::not_unsafe_ptr_arg_deref)]
        #[wasm_bindgen::prelude::wasm_bindgen]
        pub fn $free(object: *mut $object) {
            // SAFETY: the caller keeps the rules above.
            drop(unsafe { $crate::alloc::boxed::Box::from_raw(object) });
        }

        $(
            #[allow(unsafe_code, clippy::not_unsafe_ptr_arg_deref, clippy::too_many_arguments)]
            #[wasm_bindgen::prelude::wasm_bindgen]
            pub fn $name(object: *mut $object $(, $argument: $type)*) -> $result {
                // SAFETY: the caller keeps the rules above.
                unsafe { &mut *object }.$method($($argument),*)
            }
        )*
    };
}

/// Exports the functions of [`VectorBuffer`] that every family with scores has, and those that are listed.
#[macro_export]
macro_rules! export_vectors {
    ($($more:tt)*) => {
        $crate::export! {
            $crate::VectorBuffer: vectorbuffer_new, vectorbuffer_free,
            vectorbuffer_reserve = reserve(len: usize) -> u32;
            vectorbuffer_input_ptr = input_ptr() -> *const f32;
            vectorbuffer_output_ptr = output_ptr() -> *const f32;
            vectorbuffer_output_len = output_len() -> usize;
            vectorbuffer_softmax = softmax() -> u32;
            vectorbuffer_sigmoid = sigmoid() -> u32;
            vectorbuffer_top_k = top_k(k: usize) -> u32;
            vectorbuffer_candidates_ptr = candidates_ptr() -> *const f32;
            vectorbuffer_candidates_len = candidates_len() -> usize;
            $($more)*
        }
    };
}
