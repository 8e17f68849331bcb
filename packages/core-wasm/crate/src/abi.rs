//! The ABI of the modules: choices, which JavaScript knows by name and passes as numbers, and blocks of
//! numbers that it writes and reads in memory. Each is declared once, where it belongs, by one of these
//! macros; `tests/abi.rs` writes the TypeScript side, `src/abi.ts`.

/// Declares a choice: an enumeration whose variants are numbered from 0 on, with the names that JavaScript
/// gives them.
macro_rules! choice {
    ($(#[$attribute:meta])* pub enum $choice:ident {
        $($(#[$doc:meta])* $variant:ident = $name:literal,)*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $choice {
            $($(#[$doc])* $variant,)*
        }

        impl $choice {
            /// The names of the variants, in the order of their numbers.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The variant of a number.
            ///
            /// Errors: [`KernelError::BadChoice`](crate::error::KernelError::BadChoice).
            pub fn from_number(number: u32) -> Result<Self, $crate::error::KernelError> {
                $(if number == Self::$variant as u32 {
                    return Ok(Self::$variant);
                })*
                Err($crate::error::KernelError::BadChoice)
            }
        }
    };
}

/// Declares a block of numbers without gaps.
macro_rules! block {
    ($(#[$attribute:meta])* pub struct $block:ident {
        $($(#[$doc:meta])* pub $field:ident: $type:ty,)*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
        #[repr(C)]
        pub struct $block {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl $block {
            /// The fields' names, and how many bytes lie before each.
            pub const FIELDS: &[(&str, usize)] =
                &[$((stringify!($field), core::mem::offset_of!($block, $field))),*];
        }
    };
}

pub(crate) use {block, choice};
