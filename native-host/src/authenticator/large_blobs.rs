//! authenticatorLargeBlobs (CTAP §6.10). The serialized array is a view: each credential keeps its own blob in its record, so that it is
//! deleted, restored, synchronized and exported with it, and two devices that write at once overwrite nothing of each other.

mod array;

use protocol::ctap::client_pin::Permissions;
use protocol::ctap::large_blobs::{FRAGMENT_OVERHEAD, Request, Response, authenticated_message, deserialize};
use protocol::ctap::{PinUvAuth, StatusCode};

use super::client_pin::pin_uv_auth_param;
use super::user_verification::takes_proof;
use super::{Authenticator, Environment, MAX_MSG_SIZE};

/// getInfo maxSerializedLargeBlobArray: bytes of the longest array.
pub(super) const MAX_SERIALIZED_ARRAY: usize = 1024 * 1024;

/// The array while it is read or written in fragments.
#[derive(Default)]
pub(super) struct LargeBlobs {
    reading: Vec<u8>,
    writing: Option<Writing>,
}

/// An array that is not whole yet.
struct Writing {
    bytes: Vec<u8>,
    length: usize,
}

impl Authenticator {
    pub(super) fn serve_large_blobs(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        let offset = u32::try_from(request.offset).map_err(|_| StatusCode::InvalidParameter)?;
        match (request.get, &request.set) {
            (Some(get), None) => {
                if request.length.is_some() || request.pin_uv_auth.is_some() {
                    return Err(StatusCode::InvalidParameter);
                }
                self.large_blobs.get(environment, get, offset)
            }
            (None, Some(set)) => {
                self.large_blobs.begin(set, offset, request.length)?;
                self.may_write_blobs(environment, request.pin_uv_auth.as_ref(), offset, set)?;
                self.large_blobs.set(environment, set)
            }
            (Some(_), Some(_)) | (None, None) => Err(StatusCode::InvalidParameter),
        }
    }

    /// Whoever has no PIN and no built-in verification, and need not be verified always, may write without.
    fn may_write_blobs(
        &mut self,
        environment: &mut impl Environment,
        auth: Option<&PinUvAuth>,
        offset: u32,
        set: &[u8],
    ) -> Result<(), StatusCode> {
        if !takes_proof(environment)? {
            return Ok(());
        }
        let auth = pin_uv_auth_param(environment, auth)?.ok_or(StatusCode::PuatRequired)?;
        let message = authenticated_message(offset, set);
        self.client_pin.verify_permission(environment, &auth, &message, Permissions::LBW).map(drop)
    }
}

impl LargeBlobs {
    /// The array is made anew with its first fragment; later ones are of the same.
    fn get(&mut self, environment: &mut impl Environment, get: i64, offset: u32) -> Result<Response, StatusCode> {
        let get = usize::try_from(get).ok().filter(|get| *get <= MAX_FRAGMENT).ok_or(StatusCode::InvalidLength)?;
        if offset == 0 || self.reading.is_empty() {
            self.reading = array::read(environment)?;
        }
        let rest = self.reading.get(offset as usize..).ok_or(StatusCode::InvalidParameter)?;
        Ok(Response { config: Some(rest[..get.min(rest.len())].to_vec()) })
    }

    /// CTAP §6.10.2: a fragment is a first one, which tells the length of all, or goes on where the one before ended.
    fn begin(&mut self, set: &[u8], offset: u32, length: Option<i64>) -> Result<(), StatusCode> {
        if set.len() > MAX_FRAGMENT {
            return Err(StatusCode::InvalidLength);
        }
        match (offset, length) {
            (0, Some(length)) => {
                let length = usize::try_from(length).map_err(|_| StatusCode::InvalidParameter)?;
                if length > MAX_SERIALIZED_ARRAY {
                    return Err(StatusCode::LargeBlobStorageFull);
                }
                if length < MIN_SERIALIZED_ARRAY {
                    return Err(StatusCode::InvalidParameter);
                }
                self.writing = Some(Writing { bytes: Vec::new(), length });
            }
            (0, None) | (1.., Some(_)) => return Err(StatusCode::InvalidParameter),
            (1.., None) => {}
        }
        let expected = self.writing.as_ref().map(|writing| writing.bytes.len());
        if expected == Some(offset as usize) { Ok(()) } else { Err(StatusCode::InvalidSeq) }
    }

    fn set(&mut self, environment: &mut impl Environment, set: &[u8]) -> Result<Response, StatusCode> {
        let mut writing = self.writing.take().ok_or(StatusCode::InvalidSeq)?;
        writing.bytes.extend_from_slice(set);
        if writing.bytes.len() > writing.length {
            return Err(StatusCode::InvalidParameter);
        }
        if writing.bytes.len() < writing.length {
            self.writing = Some(writing);
            return Ok(Response { config: None });
        }
        let entries = deserialize(&writing.bytes)?;
        array::write(environment, entries)?;
        self.reading = Vec::new();
        Ok(Response { config: None })
    }
}

/// CTAP §6.10.2 maxFragmentLength, in bytes.
const MAX_FRAGMENT: usize = MAX_MSG_SIZE - FRAGMENT_OVERHEAD;

/// Bytes of an empty array with its checksum.
const MIN_SERIALIZED_ARRAY: usize = 17;

#[cfg(test)]
mod tests;
