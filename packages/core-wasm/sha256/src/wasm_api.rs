//! The interface to JavaScript: one hasher and one buffer, both static, so that nothing is allocated and the
//! memory never grows. The caller writes to the buffer's start and reads results from there.

#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::unreachable;
use core::panic::PanicInfo;
use core::ptr::null_mut;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::hasher::Hasher;
use crate::state::STATE_LEN;

/// Large enough to make the cost of a call negligible, small enough for the L2 cache.
const BUFFER_LEN: usize = 64 * 1024;

static mut BUFFER: [u8; BUFFER_LEN] = [0; BUFFER_LEN];
static mut HASHER: Option<Hasher> = None;

#[global_allocator]
static ALLOCATOR: NoAllocator = NoAllocator;

/// wasm-bindgen asks for an allocator, but nothing here allocates: this one has no memory to give.
struct NoAllocator;

// SAFETY: null is how an allocator says that it has no memory.
unsafe impl GlobalAlloc for NoAllocator {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// A panic, which nothing here can cause, is a trap.
#[panic_handler]
fn trap(_: &PanicInfo) -> ! {
    unreachable()
}

/// Both statics.
fn statics() -> (&'static mut [u8; BUFFER_LEN], &'static mut Hasher) {
    let (buffer, hasher) = (&raw mut BUFFER, &raw mut HASHER);
    // SAFETY: the module has one thread, and an exported function, which calls this once, never runs
    // inside another. JavaScript touches the buffer only between calls.
    let (buffer, hasher) = unsafe { (&mut *buffer, &mut *hasher) };
    (buffer, hasher.get_or_insert_with(Hasher::default))
}

/// Address of the buffer.
#[wasm_bindgen]
pub fn buffer_ptr() -> *mut u8 {
    (&raw mut BUFFER).cast()
}

/// Length of the buffer in bytes.
#[wasm_bindgen]
pub fn buffer_len() -> usize {
    BUFFER_LEN
}

/// Begins a new message.
#[wasm_bindgen]
pub fn reset() {
    let (_, hasher) = statics();
    *hasher = Hasher::default();
}

/// Appends the first `len` bytes of the buffer, or all of it.
#[wasm_bindgen]
pub fn update(len: usize) {
    let (buffer, hasher) = statics();
    hasher.update(&buffer[..len.min(BUFFER_LEN)]);
}

/// Puts the digest of the message so far, 32 bytes, into the buffer.
#[wasm_bindgen]
pub fn digest() {
    let (buffer, hasher) = statics();
    buffer[..32].copy_from_slice(&hasher.digest());
}

/// Puts the state, `STATE_LEN` bytes, into the buffer.
#[wasm_bindgen]
pub fn save() {
    let (buffer, hasher) = statics();
    buffer[..STATE_LEN].copy_from_slice(&hasher.save());
}

/// Goes on from the state at the start of the buffer. 0, or the number of a `RestoreError`, after
/// which the hasher is as it was.
#[wasm_bindgen]
pub fn restore() -> u32 {
    let (buffer, hasher) = statics();
    let mut state = [0; STATE_LEN];
    state.copy_from_slice(&buffer[..STATE_LEN]);
    match Hasher::restore(&state) {
        Ok(restored) => {
            *hasher = restored;
            0
        }
        Err(error) => error as u32,
    }
}
