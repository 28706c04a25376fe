//! The large-blob array from the credentials' blobs, and back (CTAP §6.10.3).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use protocol::cbor::Value;
use protocol::ctap::StatusCode;
use protocol::ctap::large_blobs::{Entry, serialize};
use rand_core::Rng;

use super::super::{Environment, status};
use crate::credential::{LargeBlob, PublicKeyCredentialSource};
use crate::secret::LargeBlobKey;
use crate::vault::Vault;

/// The serialized array: an entry for each credential that has a blob, the oldest credential first.
pub(super) fn read(environment: &mut impl Environment) -> Result<Vec<u8>, StatusCode> {
    let mut with_blob = Vec::new();
    let walked = environment.vault().for_each(|source| {
        if source.extensions.large_blob.is_some() {
            with_blob.push(source);
        }
    });
    walked.map_err(|error| status::of(&error))?;
    with_blob.sort_by_key(|source| source.created);
    let mut entries = Vec::new();
    for source in &with_blob {
        let (Some(blob), Some(key)) = (&source.extensions.large_blob, key_of(environment.vault(), source)) else {
            continue;
        };
        let mut nonce = [0; NONCE_LENGTH];
        environment.rng().fill_bytes(&mut nonce);
        entries.push(encrypt(&key, nonce, blob).to_value());
    }
    Ok(serialize(entries))
}

/// Gives each credential the entry that its key opens, and none where there is no such entry.
///
/// CTAP §6.10.2: deviates — an entry that no credential's key opens is dropped, where CTAP would keep it: nobody could ever read it.
pub(super) fn write(environment: &impl Environment, entries: Vec<Value>) -> Result<(), StatusCode> {
    let entries: Vec<Entry> = entries.into_iter().filter_map(Entry::from_value).collect();
    let vault = environment.vault();
    let written = vault.update_all(|source| {
        let Some(key) = key_of(vault, source) else { return false };
        let blob = entries.iter().find_map(|entry| decrypt(&key, entry));
        let changed = blob != source.extensions.large_blob;
        source.extensions.large_blob = blob;
        changed
    });
    written.map_err(|error| status::of(&error))
}

fn key_of(vault: &Vault, source: &PublicKeyCredentialSource) -> Option<LargeBlobKey> {
    if !source.extensions.large_blob_key {
        return None;
    }
    Some(vault.open_secrets(source).ok()?.cred_random?.derive_large_blob_key())
}

fn encrypt(key: &LargeBlobKey, nonce: [u8; NONCE_LENGTH], blob: &LargeBlob) -> Entry {
    let LargeBlob { compressed, original_size } = blob;
    let payload = Payload { msg: compressed, aad: &Entry::associated_data(*original_size) };
    let ciphertext = cipher(key).encrypt(&Nonce::from(nonce), payload).expect("short"); // safe: fails above 64 GiB only
    Entry { ciphertext, nonce, original_size: *original_size }
}

fn decrypt(key: &LargeBlobKey, entry: &Entry) -> Option<LargeBlob> {
    let Entry { ciphertext, nonce, original_size } = entry;
    let payload = Payload { msg: ciphertext, aad: &Entry::associated_data(*original_size) };
    let compressed = cipher(key).decrypt(&Nonce::from(*nonce), payload).ok()?;
    Some(LargeBlob { compressed, original_size: *original_size })
}

fn cipher(key: &LargeBlobKey) -> Aes256Gcm {
    // EXPOSE: to encrypt and decrypt with.
    Aes256Gcm::new_from_slice(key.expose_secret()).expect("32 bytes") // safe: the type has the cipher's key size
}

const NONCE_LENGTH: usize = 12;
