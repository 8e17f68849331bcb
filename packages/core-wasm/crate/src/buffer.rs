//! Buffers that keep their capacity and report a lack of memory instead of aborting.

use alloc::alloc::{Layout, alloc_zeroed, dealloc};
use core::ptr::NonNull;

use bytemuck::{AnyBitPattern, NoUninit};

use crate::error::KernelError;

/// Largest size of one buffer, in bytes (256 MiB).
pub const MAX_BUFFER_BYTES: usize = 1 << 28;

/// The alignment of buffers, in bytes: that of a SIMD register.
const ALIGNMENT: usize = 16;

/// Bytes at an address that is a multiple of 16, viewed as numbers of any size.
pub struct AlignedBytes {
    /// Of `capacity` bytes, all of which have been written; dangling when that is 0.
    start: NonNull<u8>,
    capacity: usize,
    len: usize,
}

impl Default for AlignedBytes {
    fn default() -> Self {
        Self {
            start: NonNull::<Aligned>::dangling().cast(),
            capacity: 0,
            len: 0,
        }
    }
}

#[repr(align(16))]
struct Aligned;

impl AlignedBytes {
    /// Makes the buffer `len` bytes long, allocating only when its capacity is too small. Old
    /// contents are not meaningful afterwards.
    ///
    /// Errors: [`KernelError::TooLarge`] past [`MAX_BUFFER_BYTES`], [`KernelError::OutOfMemory`];
    /// the buffer is empty then.
    pub fn set_len(&mut self, len: usize) -> Result<(), KernelError> {
        self.set_size(len, 1)
    }

    /// Makes the buffer `count` times `size` bytes long.
    #[inline(never)]
    #[allow(unsafe_code)]
    fn set_size(&mut self, count: usize, size: usize) -> Result<(), KernelError> {
        let len = count.saturating_mul(size);
        if len > self.capacity {
            // The old block is freed first: its contents are not needed, and peak memory stays lower.
            *self = Self::default();
            if len > MAX_BUFFER_BYTES {
                return Err(KernelError::TooLarge);
            }
            // SAFETY: the layout is not empty, as `len` is more than a capacity.
            let start = unsafe { alloc_zeroed(layout(len)) };
            self.start = NonNull::new(start).ok_or(KernelError::OutOfMemory)?;
            self.capacity = len;
        }
        self.len = len;
        Ok(())
    }

    /// The bytes as numbers; those that do not fill a number are left out.
    #[allow(unsafe_code)]
    pub fn as_slice<T: AnyBitPattern>(&self) -> &[T] {
        const { assert!(align_of::<T>() <= ALIGNMENT && size_of::<T>() > 0) };
        // SAFETY: `len` is at most the capacity, whose bytes are written and aligned for `T`, and any
        // bytes are a `T`. Nobody writes to them while `self` is borrowed.
        unsafe {
            core::slice::from_raw_parts(self.start.as_ptr().cast(), self.len / size_of::<T>())
        }
    }

    /// The bytes as numbers that may be written; those that do not fill a number are left out.
    #[allow(unsafe_code)]
    pub fn as_mut_slice<T: AnyBitPattern + NoUninit>(&mut self) -> &mut [T] {
        const { assert!(align_of::<T>() <= ALIGNMENT && size_of::<T>() > 0) };
        // SAFETY: as in `as_slice`; what is written leaves no byte uninitialised.
        unsafe {
            core::slice::from_raw_parts_mut(self.start.as_ptr().cast(), self.len / size_of::<T>())
        }
    }
}

impl Drop for AlignedBytes {
    // Not inlined: an object with many buffers would repeat the allocator's code for each.
    #[inline(never)]
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        if self.capacity > 0 {
            // SAFETY: the block was allocated with this layout and is not used any more.
            unsafe { dealloc(self.start.as_ptr(), layout(self.capacity)) }
        }
    }
}

fn layout(len: usize) -> Layout {
    // Never an error: no length is past MAX_BUFFER_BYTES.
    Layout::from_size_align(len, ALIGNMENT).unwrap_or(Layout::new::<u8>())
}

/// Makes `buffer` `count` numbers long; see [`AlignedBytes::set_len`].
pub fn set_count<T>(buffer: &mut AlignedBytes, count: usize) -> Result<(), KernelError> {
    buffer.set_size(count, size_of::<T>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_length_that_was_set_last() {
        let mut buffer = AlignedBytes::default();
        for len in [10, 4, 16, 0, 17] {
            buffer.set_len(len).unwrap();
            assert_eq!(buffer.as_slice::<u8>().len(), len);
        }
    }

    #[test]
    fn views_bytes_as_numbers() {
        let mut buffer = AlignedBytes::default();
        assert!(buffer.as_slice::<f32>().is_empty());
        buffer.set_len(7).unwrap();
        buffer.as_mut_slice::<u32>()[0] = 0x0403_0201;
        assert_eq!(buffer.as_slice::<u8>(), [1, 2, 3, 4, 0, 0, 0]);
        assert_eq!(buffer.as_slice::<u16>().len(), 3);
        assert_eq!(buffer.as_slice::<u8>().as_ptr().align_offset(16), 0);
    }

    #[test]
    fn refuses_what_is_too_large() {
        let mut buffer = AlignedBytes::default();
        for len in [usize::MAX, MAX_BUFFER_BYTES + 1] {
            assert_eq!(buffer.set_len(len), Err(KernelError::TooLarge));
        }
        assert_eq!(
            set_count::<f32>(&mut buffer, usize::MAX),
            Err(KernelError::TooLarge)
        );
    }
}
