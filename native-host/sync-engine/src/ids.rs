//! The names of things: each a hash, so that a name cannot be given to anything else.

use std::fmt;

use sha2::{Digest, Sha256};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; $size]);

        impl $name {
            /// Length in bytes.
            pub const SIZE: usize = $size;

            /// From its bytes, if there are as many as there must be.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Some(Self(bytes.try_into().ok()?))
            }

            /// Its bytes.
            pub fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }

            /// From lower-case hexadecimal digits, as [`Display`](fmt::Display) writes them.
            pub fn from_hex(text: &str) -> Option<Self> {
                let lower = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
                let digits = text.as_bytes().chunks_exact(2);
                if !lower || text.len() != 2 * $size {
                    return None;
                }
                let mut bytes = [0; $size];
                for (byte, digits) in bytes.iter_mut().zip(digits) {
                    *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
                }
                Some(Self(bytes))
            }

            fn of(parts: &[&[u8]]) -> Self {
                let mut hash = Sha256::new();
                for part in parts {
                    hash.update(part);
                }
                let mut id = [0; $size];
                id.copy_from_slice(&hash.finalize()[..$size]);
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

id! {
    /// One device, or the paper key: a hash of its two public keys (SYNC §4).
    DeviceId, 16
}

id! {
    /// One person's synchronized vault: a hash of its founding sentence's body (SYNC §5).
    VaultId, 16
}

id! {
    /// One record (SYNC §7).
    RecordId, 16
}

id! {
    /// SHA-256 of all bytes of an object on the storage.
    ObjectHash, 32
}

id! {
    /// SHA-256 of a sentence of the circle, as encoded: what a removal names the sentences by that it keeps (SYNC §8).
    SentenceId, 32
}

id! {
    /// A mailbox on the storage, through which a device joins (SYNC §9).
    Slot, 16
}

id! {
    /// A vault key, in the clear on what it seals: a hash of it (SYNC §5).
    KeyId, 8
}

impl DeviceId {
    /// SHA-256("device", signing key, X-Wing key), the first 16 bytes.
    pub fn of_keys(signing: &[u8], kem: &[u8]) -> Self {
        Self::of(&[b"device", signing, kem])
    }
}

impl VaultId {
    /// SHA-256("vault", body of the founding sentence), the first 16 bytes.
    pub fn of_founding(body: &[u8]) -> Self {
        Self::of(&[b"vault", body])
    }
}

impl RecordId {
    /// SHA-256("record", RP ID, a zero, credential ID), the first 16 bytes: the same passkey imported twice is one record.
    pub fn of_passkey(rp_id: &str, credential_id: &[u8]) -> Self {
        Self::of(&[b"record", rp_id.as_bytes(), &[0], credential_id])
    }

    /// SHA-256("record", a zero, name), the first 16 bytes: a record of which a vault has one.
    pub fn of_single(name: &str) -> Self {
        Self::of(&[b"record", &[0], name.as_bytes()])
    }
}

impl ObjectHash {
    /// SHA-256 of an object's bytes.
    pub fn of_object(bytes: &[u8]) -> Self {
        Self::of(&[bytes])
    }
}

impl SentenceId {
    /// SHA-256 of an encoded sentence.
    pub fn of_sentence(bytes: &[u8]) -> Self {
        Self::of(&[bytes])
    }
}

impl Slot {
    /// SHA-256("slot", key material derived from the join code), the first 16 bytes.
    pub fn of_key(key: &[u8]) -> Self {
        Self::of(&[b"slot", key])
    }
}

impl KeyId {
    /// SHA-256("key", vault key), the first 8 bytes.
    pub fn of_key(key: &[u8]) -> Self {
        Self::of(&[b"key", key])
    }
}
