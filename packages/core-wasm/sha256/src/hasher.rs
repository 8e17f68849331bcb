//! The hasher.

use sha2::Sha256;
use sha2::digest::common::hazmat::SerializableState;
use sha2::digest::{FixedOutput, Update};

use crate::state::{self, RestoreError, STATE_LEN};

/// An incremental SHA-256.
#[derive(Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Appends `bytes` to the message.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Digest of the message so far; it may go on afterwards.
    pub fn digest(&self) -> [u8; 32] {
        self.0.clone().finalize_fixed().into()
    }

    /// The state in the layout of [`state`].
    pub fn save(&self) -> [u8; STATE_LEN] {
        state::encode(&self.0.serialize().0)
    }

    /// The hasher whose state [`Hasher::save`] gave.
    pub fn restore(saved: &[u8; STATE_LEN]) -> Result<Self, RestoreError> {
        let serialized = state::decode(saved)?;
        // The layout has been checked, so this refuses nothing more.
        Sha256::deserialize(&serialized.into())
            .map(Self)
            .map_err(|_| RestoreError::Inconsistent)
    }
}
