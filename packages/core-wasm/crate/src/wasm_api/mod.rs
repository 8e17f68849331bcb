//! The face towards WebAssembly. JavaScript calls the raw exports and views the memory, so arguments and
//! results are numbers: data crosses as addresses, and every fallible call gives a status (0, or a
//! `KernelError` number) instead of throwing.

mod boxes;
mod embeddings;
mod image;
mod masks;
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
