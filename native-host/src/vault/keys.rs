//! What is derived from the vault key: a key to seal with, and keys for the blind indexes.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use protocol::webauthn::{CredentialId, RpId};
use sha2::Sha256;

use crate::secret::{VaultKey, VaultSubkey};

/// The keys of an unlocked vault.
pub(super) struct Keys {
    /// XChaCha20-Poly1305 key for every record.
    pub(super) seal: VaultSubkey,
    /// XChaCha20-Poly1305 key for the secrets inside a credential's record.
    pub(super) secrets: VaultSubkey,
    rp_index: VaultSubkey,
    credential_index: VaultSubkey,
    replica_index: VaultSubkey,
}

/// A keyed hash that a record is found by: it tells nothing without the key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BlindIndex([u8; 16]);

impl Keys {
    /// HKDF-SHA-256 (RFC 5869) of `key`, one label for each purpose.
    pub(super) fn derive(key: &VaultKey) -> Self {
        // EXPOSE: to derive from.
        let hkdf = Hkdf::<Sha256>::new(None, key.expose_secret());
        Self {
            seal: subkey(&hkdf, "keystow vault 1: seal"),
            secrets: subkey(&hkdf, "keystow vault 1: credential secrets"),
            rp_index: subkey(&hkdf, "keystow vault 1: RP ID index"),
            credential_index: subkey(&hkdf, "keystow vault 1: credential ID index"),
            replica_index: subkey(&hkdf, "keystow vault 1: replica index"),
        }
    }

    pub(super) fn rp_index(&self, rp_id: &RpId) -> BlindIndex {
        blind(&self.rp_index, rp_id.as_str().as_bytes())
    }

    pub(super) fn credential_index(&self, id: &CredentialId) -> BlindIndex {
        blind(&self.credential_index, id.as_bytes())
    }

    pub(super) fn replica_index(&self, key: &[u8]) -> BlindIndex {
        blind(&self.replica_index, key)
    }
}

impl BlindIndex {
    /// What a row has for it; nothing where that is no index.
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A record's id, as random as the records' own.
    pub(super) fn as_id(&self) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        i64::from_be_bytes([a, b, c, d, e, f, g, h]) & i64::MAX
    }
}

fn subkey(hkdf: &Hkdf<Sha256>, label: &str) -> VaultSubkey {
    VaultSubkey::init_with(|bytes| hkdf.expand(label.as_bytes(), bytes))
        .expect("32 bytes") // safe: HKDF-SHA-256 gives up to 8160 bytes
        .locked_in_memory()
}

/// HMAC-SHA-256, the first 16 bytes: collisions between a user's sites are out of the question, and every record names its own RP ID
/// and credential ID besides.
fn blind(key: &VaultSubkey, name: &[u8]) -> BlindIndex {
    // EXPOSE: to hash with.
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret()).expect("any length"); // safe: HMAC takes any length
    mac.update(name);
    let tag = mac.finalize().into_bytes();
    let mut index = [0; 16];
    index.copy_from_slice(&tag[..16]);
    BlindIndex(index)
}
