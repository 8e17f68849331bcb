//! The layout of a saved state, 120 bytes, all numbers little-endian:
//!
//! | offset | bytes | content |
//! | ---: | ---: | --- |
//! | 0 | 7 | `HAYSHA2` in ASCII |
//! | 7 | 1 | version of the layout, 1 |
//! | 8 | 8 | length of the message so far in bytes, u64, below 2^53 |
//! | 16 | 32 | the chaining value after the last whole block, H0 to H7 of FIPS 180-4, u32 each |
//! | 48 | 64 | the block begun: length mod 64 bytes of the message, then zeros |
//! | 112 | 8 | the first 8 bytes of the SHA-256 of bytes 0 to 111 |

use crate::hasher::Hasher;

/// Length of a saved state in bytes.
pub const STATE_LEN: usize = 120;

/// The longest message in bytes: the largest integer that a JavaScript number surely holds.
pub const MAX_LENGTH: u64 = (1 << 53) - 1;

/// Length of what `sha2` 0.11 serializes: chaining value, number of whole blocks, length of the
/// block begun, its bytes (63 at most), then zeros.
const SERIALIZED_LEN: usize = 32 + 8 + 1 + 63;

const BLOCK_LEN: u64 = 64;
const MAGIC: [u8; 8] = *b"HAYSHA2\x01";
const LENGTH: usize = 8;
const CHAINING: usize = 16;
const BLOCK: usize = 48;
const CHECKSUM: usize = 112;

/// Why a saved state was refused. The numbers are those that the JavaScript side knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// It does not begin like a state.
    Unknown = 1,
    /// It is of another version of the layout.
    Version = 2,
    /// Its checksum is another one.
    Damaged = 3,
    /// The length and the block begun contradict each other, or the length is too large.
    Inconsistent = 4,
}

/// A saved state from what `sha2` serializes.
pub(crate) fn encode(serialized: &[u8; SERIALIZED_LEN]) -> [u8; STATE_LEN] {
    let blocks = read_u64(&serialized[32..40]);
    let begun = u64::from(serialized[40]);
    let length = blocks.wrapping_mul(BLOCK_LEN).wrapping_add(begun);

    let mut state = [0; STATE_LEN];
    state[..LENGTH].copy_from_slice(&MAGIC);
    state[LENGTH..CHAINING].copy_from_slice(&length.to_le_bytes());
    state[CHAINING..BLOCK].copy_from_slice(&serialized[..32]);
    state[BLOCK..CHECKSUM - 1].copy_from_slice(&serialized[41..]);
    let sum = checksum(&state);
    state[CHECKSUM..].copy_from_slice(&sum);
    state
}

/// What `sha2` deserializes, from a saved state.
pub(crate) fn decode(state: &[u8; STATE_LEN]) -> Result<[u8; SERIALIZED_LEN], RestoreError> {
    if state[..7] != MAGIC[..7] {
        return Err(RestoreError::Unknown);
    }
    if state[7] != MAGIC[7] {
        return Err(RestoreError::Version);
    }
    if state[CHECKSUM..] != checksum(state) {
        return Err(RestoreError::Damaged);
    }
    let length = read_u64(&state[LENGTH..CHAINING]);
    let begun = length % BLOCK_LEN;
    let mut unused = state[BLOCK..CHECKSUM].iter().skip(begun as usize);
    if length > MAX_LENGTH || unused.any(|&byte| byte != 0) {
        return Err(RestoreError::Inconsistent);
    }

    let mut serialized = [0; SERIALIZED_LEN];
    serialized[..32].copy_from_slice(&state[CHAINING..BLOCK]);
    serialized[32..40].copy_from_slice(&(length / BLOCK_LEN).to_le_bytes());
    serialized[40] = begun as u8;
    serialized[41..].copy_from_slice(&state[BLOCK..CHECKSUM - 1]);
    Ok(serialized)
}

fn checksum(state: &[u8; STATE_LEN]) -> [u8; 8] {
    let mut hasher = Hasher::default();
    hasher.update(&state[..CHECKSUM]);
    let mut sum = [0; 8];
    sum.copy_from_slice(&hasher.digest()[..8]);
    sum
}

/// A number of 8 bytes; a slice of another length would panic.
fn read_u64(bytes: &[u8]) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(bytes);
    u64::from_le_bytes(number)
}
