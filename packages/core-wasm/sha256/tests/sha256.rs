//! The hasher compared with published vectors and with `sha2` in one piece; the saved state.

use hayate_sha256::hasher::Hasher;
use hayate_sha256::state::{MAX_LENGTH, RestoreError, STATE_LEN};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn hasher(message: &[u8]) -> Hasher {
    let mut hasher = Hasher::default();
    hasher.update(message);
    hasher
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes without a pattern that a block could repeat.
fn message(len: usize) -> Vec<u8> {
    (0..len as u32)
        .map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24) as u8)
        .collect()
}

/// `state` with a valid checksum.
fn sealed(mut state: [u8; STATE_LEN]) -> [u8; STATE_LEN] {
    let sum = Sha256::digest(&state[..112]);
    state[112..].copy_from_slice(&sum[..8]);
    state
}

#[test]
fn published_vectors() {
    // FIPS 180-4 examples of NIST's Cryptographic Standards and Guidelines, and SHA256ShortMsg.rsp.
    let vectors: [(&[u8], &str); 5] = [
        (
            b"",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            b"abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
        (
            b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
        ),
        (
            &[0xd3],
            "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1",
        ),
    ];
    for (message, digest) in vectors {
        assert_eq!(hex(&hasher(message).digest()), digest);
    }
    let mut million = Hasher::default();
    for _ in 0..1000 {
        million.update(&[b'a'; 1000]);
    }
    assert_eq!(
        hex(&million.digest()),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    );
}

#[test]
fn every_split_gives_the_same() {
    let message = message(200);
    for len in 0..=message.len() {
        let whole: [u8; 32] = Sha256::digest(&message[..len]).into();
        for split in 0..=len {
            let mut hasher = hasher(&message[..split]);
            hasher.update(&message[split..len]);
            assert_eq!(hasher.digest(), whole, "{split} of {len}");
        }
    }
}

#[test]
fn a_digest_ends_nothing() {
    let mut hasher = hasher(b"a");
    assert_eq!(hasher.digest(), hasher.digest());
    hasher.update(b"bc");
    assert_eq!(hasher.digest()[..], Sha256::digest(b"abc")[..]);
}

#[test]
fn every_point_can_be_saved() {
    let message = message(200);
    let whole: [u8; 32] = Sha256::digest(&message).into();
    for split in 0..=message.len() {
        let state = hasher(&message[..split]).save();
        let mut restored = Hasher::restore(&state).expect("a saved state");
        assert_eq!(restored.save(), state);
        restored.update(&message[split..]);
        assert_eq!(restored.digest(), whole, "saved at {split}");
    }
}

#[test]
fn a_state_is_laid_out_as_documented() {
    let state = hasher(&message(70)).save();
    assert_eq!(state[..8], *b"HAYSHA2\x01");
    assert_eq!(state[8..16], 70u64.to_le_bytes());
    let mut chaining = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
        0x5be0cd19,
    ];
    let block: [u8; 64] = message(64).try_into().expect("a block");
    sha2::block_api::compress256(&mut chaining, &[block]);
    let words: Vec<u8> = chaining
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    assert_eq!(state[16..48], words);
    assert_eq!(state[48..54], message(70)[64..]);
    assert_eq!(state[54..112], [0; 58]);
    assert_eq!(sealed(state), state);
}

#[test]
fn any_changed_bit_is_noticed() {
    let state = hasher(&message(100)).save();
    for bit in 0..STATE_LEN * 8 {
        let mut changed = state;
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit / 8 {
            0..7 => RestoreError::Unknown,
            7 => RestoreError::Version,
            _ => RestoreError::Damaged,
        };
        assert_eq!(Hasher::restore(&changed).err(), Some(expected), "bit {bit}");
    }
    assert_eq!(
        Hasher::restore(&[0; STATE_LEN]).err(),
        Some(RestoreError::Unknown)
    );
}

#[test]
fn a_state_that_contradicts_itself_is_refused() {
    let state = hasher(&message(100)).save();
    let with_length = |length: u64| {
        let mut state = state;
        state[8..16].copy_from_slice(&length.to_le_bytes());
        Hasher::restore(&sealed(state)).err()
    };
    assert_eq!(with_length(100), None);
    // The block has 36 bytes; with a length of 35 the last of them must be refused.
    assert_eq!(with_length(99), Some(RestoreError::Inconsistent));
    assert_eq!(with_length(64), Some(RestoreError::Inconsistent));
    assert_eq!(with_length(MAX_LENGTH), None);
    assert_eq!(
        with_length(MAX_LENGTH + 64),
        Some(RestoreError::Inconsistent)
    );
    assert_eq!(with_length(u64::MAX), Some(RestoreError::Inconsistent));

    let mut state = state;
    state[111] = 1;
    assert_eq!(
        Hasher::restore(&sealed(state)).err(),
        Some(RestoreError::Inconsistent)
    );
}

#[test]
fn the_longest_message_can_go_on() {
    let mut state = Hasher::default().save();
    state[8..16].copy_from_slice(&(MAX_LENGTH - 63).to_le_bytes());
    let mut hasher = Hasher::restore(&sealed(state)).expect("a state below the limit");
    hasher.update(&[0; 63]);
    assert_eq!(hasher.save()[8..16], MAX_LENGTH.to_le_bytes());
    hasher.digest();
}

proptest! {
    #[test]
    fn pieces_saved_and_restored_equal_one_piece(
        message in prop::collection::vec(any::<u8>(), 0..2000),
        sizes in prop::collection::vec((1usize..300, any::<bool>()), 1..20),
    ) {
        let mut hasher = Hasher::default();
        let mut rest = &message[..];
        for &(size, save) in sizes.iter().cycle() {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            hasher.update(piece);
            rest = after;
            if save {
                hasher = Hasher::restore(&hasher.save()).expect("a saved state");
            }
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(&hasher.digest()[..], &Sha256::digest(&message)[..]);
    }

    #[test]
    fn no_state_panics(
        mut state in prop::collection::vec(any::<u8>(), STATE_LEN),
        length in prop_oneof![0..=MAX_LENGTH, 0..200u64, any::<u64>()],
        consistent in any::<bool>(),
    ) {
        state[..8].copy_from_slice(b"HAYSHA2\x01");
        state[8..16].copy_from_slice(&length.to_le_bytes());
        if consistent {
            state[48 + (length % 64) as usize..112].fill(0);
        }
        let restored = Hasher::restore(&sealed(state.try_into().expect("its length")));
        prop_assert!(!consistent || restored.is_ok() == (length <= MAX_LENGTH));
        if let Ok(mut hasher) = restored {
            hasher.update(&[1; 100]);
            hasher.digest();
            hasher.save();
        }
    }
}
