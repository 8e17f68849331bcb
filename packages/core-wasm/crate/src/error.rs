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
    /// A choice has an unknown number, which only a caller without `src/abi.ts` can give.
    BadChoice = 6,
}

impl KernelError {
    /// All of them, in the order of their status codes, which begin at 1.
    pub const ALL: [Self; 6] = [
        Self::BadSize,
        Self::BadNormalization,
        Self::TooLarge,
        Self::OutOfMemory,
        Self::NoInput,
        Self::BadChoice,
    ];

    /// Status code for callers that cannot take a `Result`: 1 to 6.
    pub const fn status(self) -> u32 {
        self as u32
    }
}

/// The reason that callers read, in JavaScript too: `tests/abi.rs` writes it to `src/abi.ts`.
impl fmt::Display for KernelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BadSize => "a size is out of range, or sizes do not fit each other",
            Self::BadNormalization => {
                "mean, std and quantization must be finite, std and scale not 0"
            }
            Self::TooLarge => "a buffer of more than 256 MiB would be needed",
            Self::OutOfMemory => "there is not enough memory",
            Self::NoInput => "run was called before input",
            Self::BadChoice => "a choice has an unknown number",
        })
    }
}

impl core::error::Error for KernelError {}

/// Status code of a result: 0 for success, else [`KernelError::status`].
pub fn status_of(result: Result<(), KernelError>) -> u32 {
    result.err().map_or(0, KernelError::status)
}
