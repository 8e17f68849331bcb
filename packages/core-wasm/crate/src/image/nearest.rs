//! Nearest neighbour (Pillow 13.0.0 Geometry.c, `ImagingScaleAffine`).

use core::ops::Range;

use crate::buffer::{AlignedBytes, set_count};
use crate::error::KernelError;

/// Fills `places`, u32, with the source sample of each output position in `window`, of an axis
/// resized from `input` to `output` samples. Makes room for `most`.
///
/// Errors: [`KernelError::TooLarge`], [`KernelError::OutOfMemory`].
pub fn fill_places(
    places: &mut AlignedBytes,
    input: u32,
    output: u32,
    window: Range<u32>,
    most: u32,
    allocations: &mut u32,
) -> Result<(), KernelError> {
    set_count::<u32>(places, most as usize, allocations)?;
    set_count::<u32>(places, window.len(), allocations)?;
    let places = places.as_mut_slice::<u32>();
    let scale = f64::from(input) / f64::from(output);
    // Added up, not multiplied: the sum's rounding errors are part of the result.
    let mut place = scale * 0.5;
    for position in 0..window.end {
        if position >= window.start {
            places[(position - window.start) as usize] = (place as u32).min(input - 1);
        }
        place += scale;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_middle() {
        let mut places = AlignedBytes::default();
        fill_places(&mut places, 6, 2, 0..2, 9, &mut 0).unwrap();
        assert_eq!(places.as_slice::<u32>(), [1, 4]);
        fill_places(&mut places, 2, 6, 1..5, 9, &mut 0).unwrap();
        assert_eq!(places.as_slice::<u32>(), [0, 0, 1, 1]);
    }
}
