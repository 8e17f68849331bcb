//! Buffers that keep their capacity and report a lack of memory instead of aborting.

use crate::error::KernelError;
use alloc::vec::Vec;

/// Largest size of one buffer, in bytes (256 MiB).
pub const MAX_BUFFER_BYTES: usize = 1 << 28;

/// Makes `buffer` exactly `len` elements long, allocating only when its capacity is too small;
/// each allocation adds one to `allocations`. Old contents are not meaningful afterwards.
///
/// Errors: [`KernelError::TooLarge`] past [`MAX_BUFFER_BYTES`], [`KernelError::OutOfMemory`].
pub fn set_len<T: Copy + Default>(
    buffer: &mut Vec<T>,
    len: usize,
    allocations: &mut u32,
) -> Result<(), KernelError> {
    let bytes = len
        .checked_mul(size_of::<T>())
        .ok_or(KernelError::TooLarge)?;
    if bytes > MAX_BUFFER_BYTES {
        return Err(KernelError::TooLarge);
    }
    if buffer.capacity() < len {
        // The old block goes first: nothing in it is needed, and peak memory stays lower.
        *buffer = Vec::new();
        buffer
            .try_reserve_exact(len)
            .map_err(|_| KernelError::OutOfMemory)?;
        *allocations = allocations.wrapping_add(1);
    }
    buffer.resize(len, T::default());
    Ok(())
}

/// Product of sizes, or [`KernelError::TooLarge`] when it does not fit the address space.
pub fn product(factors: &[usize]) -> Result<usize, KernelError> {
    factors
        .iter()
        .try_fold(1usize, |total, &factor| total.checked_mul(factor))
        .ok_or(KernelError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocates_only_when_growing() {
        let (mut buffer, mut count) = (Vec::<u8>::new(), 0);
        for len in [10, 4, 10, 0, 11] {
            set_len(&mut buffer, len, &mut count).unwrap();
            assert_eq!(buffer.len(), len);
        }
        assert_eq!(count, 2);
    }

    #[test]
    fn refuses_what_is_too_large() {
        let (mut buffer, mut count) = (Vec::<f32>::new(), 0);
        assert_eq!(
            set_len(&mut buffer, usize::MAX, &mut count),
            Err(KernelError::TooLarge)
        );
        assert_eq!(product(&[usize::MAX, 2]), Err(KernelError::TooLarge));
    }
}
