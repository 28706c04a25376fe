//! Sealing one record: XChaCha20-Poly1305 with a fresh nonce, bound to its table and its id.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use protocol::webauthn::CredentialId;
use zeroize::Zeroizing;

use crate::secret::{NoRandomness, VaultSubkey, fill_random};

/// Where a record stands. A sealed record moved elsewhere does not open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    /// Name of the table.
    pub(super) table: &'static str,
    /// Id of the record in the table.
    pub(super) id: i64,
}

/// As `keystow doctor` names it: table and id, for example `credentials 00c0ffee00c0ffee`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:016x}", self.table, self.id)
    }
}

/// 24 random bytes for one record. Neither `Clone` nor `Copy`: [`seal`] consumes it.
pub(super) struct Nonce([u8; NONCE_SIZE]);

/// The record does not open: another key, another place, or a changed byte. Deliberately not told apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct OpenError;

impl Nonce {
    pub(super) fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; NONCE_SIZE];
        fill_random(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// What a seal is bound to beside its key: a sealed thing that is held to be another does not open.
pub(super) trait Bound {
    /// The associated data.
    fn associated_data(&self) -> Vec<u8>;
}

/// Nonce, then the sealed and padded `record`.
pub(super) fn seal(key: &VaultSubkey, nonce: Nonce, bound: impl Bound, record: &[u8]) -> Vec<u8> {
    let padded = pad(record);
    let payload = Payload { msg: &padded, aad: &bound.associated_data() };
    let sealed = cipher(key).encrypt(&XNonce::from(nonce.0), payload).expect("short"); // safe: fails above 256 GiB only
    [nonce.0.as_slice(), &sealed].concat()
}

/// What [`seal`] was given.
pub(super) fn open(key: &VaultSubkey, bound: impl Bound, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_SIZE>().ok_or(OpenError)?;
    let payload = Payload { msg: sealed, aad: &bound.associated_data() };
    let padded = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| OpenError)?;
    unpad(Zeroizing::new(padded)).ok_or(OpenError)
}

fn cipher(key: &VaultSubkey) -> XChaCha20Poly1305 {
    // EXPOSE: to seal and open with.
    XChaCha20Poly1305::new_from_slice(key.expose_secret()).expect("32 bytes") // safe: the type has the cipher's key size
}

impl Bound for Place {
    /// `keystow`, version of the seals, table, a zero, id.
    fn associated_data(&self) -> Vec<u8> {
        let version = SEAL_VERSION.to_be_bytes();
        [b"keystow".as_slice(), &version, self.table.as_bytes(), &[0], &self.id.to_be_bytes()].concat()
    }
}

impl Bound for &CredentialId {
    /// `keystow`, version of the seals, `secrets`, a zero, credential ID: a credential keeps its seal when its record moves.
    fn associated_data(&self) -> Vec<u8> {
        [b"keystow".as_slice(), &SEAL_VERSION.to_be_bytes(), b"secrets", &[0], self.as_bytes()].concat()
    }
}

/// ISO/IEC 7816-4: 0x80, then zeros to a multiple of [`BLOCK`], so that the size of a record does not tell a user name's length.
fn pad(record: &[u8]) -> Zeroizing<Vec<u8>> {
    let size = (record.len() + 1).next_multiple_of(BLOCK);
    let mut padded = Zeroizing::new(Vec::with_capacity(size));
    padded.extend_from_slice(record);
    padded.push(PAD);
    padded.resize(size, 0);
    padded
}

fn unpad(mut padded: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    if padded[end] != PAD {
        return None;
    }
    padded.truncate(end);
    Some(padded)
}

/// Of how seals are made. The schema around them has a version of its own.
const SEAL_VERSION: u32 = 1;
const NONCE_SIZE: usize = 24;
const BLOCK: usize = 128;
const PAD: u8 = 0x80;

#[cfg(test)]
mod tests;
