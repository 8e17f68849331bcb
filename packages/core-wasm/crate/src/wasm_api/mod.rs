//! The face towards WebAssembly. JavaScript calls the raw exports and views the memory, so arguments and
//! results are numbers: data crosses as addresses, and every fallible call gives a status (0, or a
//! `KernelError` number) instead of throwing.

/// Exports `new`, `free` and methods of an object as functions of its address. wasm-bindgen would wrap
/// each in a count of borrows, a quarter of the module; here the caller keeps the rules: an address
/// comes from `new`, is not used after `free`, and no two calls run at once.
macro_rules! export {
    ($object:ty: $new:ident, $free:ident, $(
        $name:ident = $method:ident($($argument:ident: $type:ty),*) -> $result:ty;
    )*) => {
        #[unsafe(no_mangle)]
        extern "C" fn $new() -> *mut $object {
            alloc::boxed::Box::into_raw(alloc::boxed::Box::default())
        }

        /// The second argument is that of wasm-bindgen's functions.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $free(object: *mut $object, _: u32) {
            // SAFETY: the caller keeps the rules above.
            drop(unsafe { alloc::boxed::Box::from_raw(object) });
        }

        $(
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $name(object: *mut $object $(, $argument: $type)*) -> $result {
                // SAFETY: the caller keeps the rules above.
                unsafe { &mut *object }.$method($($argument),*)
            }
        )*
    };
}

#[allow(unsafe_code)]
mod boxes;
mod embeddings;
mod image;
#[allow(unsafe_code)]
mod masks;
#[allow(unsafe_code)]
mod scores;

use core::arch::wasm32::unreachable;
use core::panic::PanicInfo;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

use crate::error::KernelError;

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

fn choose<T: Copy>(number: u32, choices: &[T]) -> Result<T, KernelError> {
    choices
        .get(number as usize)
        .copied()
        .ok_or(KernelError::BadChoice)
}
