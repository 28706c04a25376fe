//! The large-blob array from the credentials' blobs, and back (CTAP §6.10.3).

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
    // EXPOSE: to encrypt with.
    Entry::encrypt(key.expose_secret(), nonce, &blob.compressed, blob.original_size)
}

fn decrypt(key: &LargeBlobKey, entry: &Entry) -> Option<LargeBlob> {
    // EXPOSE: to decrypt with.
    let compressed = entry.decrypt(key.expose_secret())?;
    Some(LargeBlob { compressed, original_size: entry.original_size })
}

const NONCE_LENGTH: usize = 12;
