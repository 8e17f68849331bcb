//! What a kernel can refuse, and the number it is known by outside Rust.

use core::fmt;

/// Reason why a kernel did nothing. The discriminant is the status code of the wasm interface;
/// zero is success and therefore no variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum KernelError {
    /// A side, crop or count is zero or outside its range.
    BadSize = 1,
    /// A mean is not finite, or a standard deviation is zero or not finite.
    BadNormalization = 2,
    /// The sizes are legal one by one, but a buffer would pass the byte limit.
    TooLarge = 3,
    /// The allocator had no memory left.
    OutOfMemory = 4,
    /// `run` was called before a source was reserved.
    NoInput = 5,
    /// An enumerated argument (fit, filter, layout) has an unknown number.
    BadChoice = 6,
}

impl KernelError {
    /// Status code for callers that cannot take a `Result`: 1 to 6.
    pub const fn status(self) -> u32 {
        self as u32
    }
}

impl fmt::Display for KernelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BadSize => "a size is zero or out of range",
            Self::BadNormalization => "mean and std must be finite and std must not be zero",
            Self::TooLarge => "the image needs a larger buffer than allowed",
            Self::OutOfMemory => "out of memory",
            Self::NoInput => "no source image has been reserved",
            Self::BadChoice => "unknown fit, filter or layout",
        })
    }
}

impl core::error::Error for KernelError {}

/// Status code of a result: 0 for success, else [`KernelError::status`].
pub fn status_of(result: Result<(), KernelError>) -> u32 {
    result.err().map_or(0, KernelError::status)
}
