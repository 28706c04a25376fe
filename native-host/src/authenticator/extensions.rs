//! Authenticator extensions (CTAP §12): what each keeps with a credential, and what it answers.

mod assertion;
mod creation;
mod hmac_secret;

use protocol::ctap::StatusCode;

use super::{Environment, status};
use crate::credential::PublicKeyCredentialSource;

pub(super) use assertion::Assertion;
pub(super) use creation::Creation;

/// CTAP §12.3: the key of the credential's large blob, where it was asked for at creation; 32 bytes.
pub(super) fn large_blob_key(
    environment: &impl Environment,
    source: &PublicKeyCredentialSource,
) -> Result<Option<Vec<u8>>, StatusCode> {
    if !source.extensions.large_blob_key {
        return Ok(None);
    }
    let secrets = environment.vault().open_secrets(source).map_err(|error| status::of(&error))?;
    let key = secrets.cred_random.map(|random| random.derive_large_blob_key());
    // EXPOSE: whoever may use the credential may have it.
    Ok(key.map(|key| key.expose_secret().to_vec()))
}

#[cfg(test)]
mod tests;
