//! The face towards WebAssembly. JavaScript calls the raw exports and views the memory, so arguments and
//! results are numbers: data crosses as addresses, and every fallible call gives a status (0, or a
//! `KernelError` number) instead of throwing.

mod image;
mod scores;

use core::arch::wasm32::unreachable;
use core::panic::PanicInfo;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

use crate::error::KernelError;

#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

/// A panic is a trap; the caller then replaces the instance.
#[panic_handler]
fn trap(_: &PanicInfo) -> ! {
    unreachable()
}

fn choose<T: Copy>(number: u32, choices: [T; 2]) -> Result<T, KernelError> {
    choices
        .get(number as usize)
        .copied()
        .ok_or(KernelError::BadChoice)
}
