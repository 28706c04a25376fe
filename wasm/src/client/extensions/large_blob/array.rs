//! The large-blob array as the platform reads and writes it (CTAP §6.10.1 to §6.10.5).

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use protocol::cbor::Value;
use protocol::ctap::get_info;
use protocol::ctap::large_blobs::{
    Entry, FRAGMENT_OVERHEAD, KEY_LENGTH, Request, authenticated_message, deserialize, serialize,
};

use super::super::super::consent::Consent;
use super::super::super::environment::Environment;
use super::super::super::error::Error;
use super::super::super::host::{Host, broke};

/// The blob that `key` opens, if there is one.
pub(super) async fn read<E: Environment>(host: &Host<'_, E>, key: &[u8; KEY_LENGTH]) -> Result<Option<Vec<u8>>, Error> {
    let limits = Limits::of(&host.get_info().await?);
    let entries = fetch(host, &limits).await?;
    Ok(entries.into_iter().filter_map(Entry::from_value).find_map(|entry| blob_of(&entry, key)))
}

/// Puts `blob` in the place of what `key` opens, and says whether it finds room. All other entries stay as they are, those that we do not
/// understand too.
pub(super) async fn write<E: Environment>(
    host: &Host<'_, E>,
    key: &[u8; KEY_LENGTH],
    blob: &[u8],
    consent: &Consent,
) -> Result<bool, Error> {
    if blob.len() > MAX_BLOB {
        return Ok(false);
    }
    let limits = Limits::of(&host.get_info().await?);
    let mut entries = fetch(host, &limits).await?;
    entries.retain(|entry| Entry::from_value(entry.clone()).is_none_or(|entry| entry.decrypt(key).is_none()));
    let mut nonce = [0; 12];
    host.0.random(&mut nonce);
    entries.push(Entry::encrypt(key, nonce, &compress_to_vec(blob, COMPRESSION), blob.len() as u64).to_value());
    let array = serialize(entries);
    if array.len() > limits.array {
        return Ok(false);
    }
    store(host, &array, &limits, consent).await.map(|()| true)
}

/// What the authenticator takes, in bytes.
struct Limits {
    fragment: usize,
    array: usize,
}

impl Limits {
    fn of(info: &get_info::Response) -> Self {
        let or = |limit: Option<i64>, least: usize| limit.and_then(|limit| limit.try_into().ok()).unwrap_or(least);
        let message = or(info.max_msg_size, LEAST_MESSAGE).max(LEAST_MESSAGE);
        Self {
            fragment: message - FRAGMENT_OVERHEAD,
            array: or(info.max_serialized_large_blob_array, LEAST_ARRAY).max(LEAST_ARRAY),
        }
    }
}

/// The entries. CTAP §6.10.2: an array that its checksum does not fit counts as empty.
async fn fetch<E: Environment>(host: &Host<'_, E>, limits: &Limits) -> Result<Vec<Value>, Error> {
    let mut array = Vec::new();
    loop {
        let get = i64::try_from(limits.fragment).ok();
        let request = Request { get, offset: array.len() as i64, ..Request::default() };
        let fragment = host.large_blobs(&request).await?.config.ok_or(broke("no large-blob array"))?;
        let is_last = fragment.len() < limits.fragment;
        array.extend(fragment);
        if array.len() > limits.array {
            return Err(broke("the large-blob array is too long"));
        }
        if is_last {
            return Ok(deserialize(&array).unwrap_or_default());
        }
    }
}

async fn store<E: Environment>(
    host: &Host<'_, E>,
    array: &[u8],
    limits: &Limits,
    consent: &Consent,
) -> Result<(), Error> {
    for (number, fragment) in array.chunks(limits.fragment).enumerate() {
        let offset = number * limits.fragment;
        let message = authenticated_message(u32::try_from(offset).map_err(|_| broke("maxMsgSize"))?, fragment);
        let request = Request {
            set: Some(fragment.to_vec()),
            offset: offset as i64,
            length: (offset == 0).then_some(array.len() as i64),
            pin_uv_auth: consent.prove(&message),
            get: None,
        };
        host.large_blobs(&request).await?;
    }
    Ok(())
}

fn blob_of(entry: &Entry, key: &[u8; KEY_LENGTH]) -> Option<Vec<u8>> {
    let size = usize::try_from(entry.original_size).ok().filter(|size| *size <= MAX_BLOB)?;
    let blob = decompress_to_vec_with_limit(&entry.decrypt(key)?, size).ok()?;
    (blob.len() == size).then_some(blob)
}

/// The longest blob, in bytes before it is compressed: what is longer is neither written nor read.
const MAX_BLOB: usize = 1024 * 1024;

/// CTAP §6.4 maxMsgSize and maxSerializedLargeBlobArray: what every authenticator takes.
const LEAST_MESSAGE: usize = 1024;
const LEAST_ARRAY: usize = 1024;

/// Of 10.
const COMPRESSION: u8 = 6;

#[cfg(test)]
mod tests;
