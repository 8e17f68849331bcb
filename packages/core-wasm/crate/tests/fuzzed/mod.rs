//! The bodies of the fuzz targets. `tests/fuzz.rs` runs them on a few inputs of its own.

// Each target is a separate program that uses one of these.
#![allow(dead_code)]

pub mod boxes;
pub mod plan;
pub mod scores;

/// Reads numbers from a fuzzer's bytes; zeros once these are used up.
pub struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let (now, later) = self.0.split_at(N.min(self.0.len()));
        taken[..now.len()].copy_from_slice(now);
        self.0 = later;
        taken
    }

    pub fn byte(&mut self) -> u8 {
        let [byte] = self.take();
        byte
    }

    pub fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    pub fn pick<T: Copy, const N: usize>(&mut self, choices: [T; N]) -> T {
        choices[usize::from(self.byte()) % N]
    }

    /// Mostly a small number, sometimes any.
    pub fn f64(&mut self) -> f64 {
        match self.byte() {
            0 => f64::from_bits(u64::from_le_bytes(self.take())),
            1 => self.pick([0.0, -0.0, f64::NAN, f64::INFINITY, 1e308, 5e-324]),
            byte => f64::from(byte) / 64.0 - 1.99,
        }
    }
}
