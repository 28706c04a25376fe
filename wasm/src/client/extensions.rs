//! Client extensions (L3 §10.1, CTAP §12), a module for each that has something to decide: what the page asks becomes what the
//! authenticator is asked, and what that answers becomes the client extension results. Of what was not asked for, nothing is told.

mod app_id;
mod assertion;
mod creation;
mod cred_protect;
mod large_blob;
mod prf;

pub(super) use assertion::Assertion;
pub(super) use creation::{Begun as BegunCreation, Creation};

use protocol::cbor::{Fields, Value};

use super::error::Error;

/// The members of L3 `AuthenticationExtensionsClientInputs` that are processed here.
pub(super) const IDENTIFIERS: [&str; 10] = [
    "appid",
    "appidExclude",
    "credBlob",
    "credProps",
    "credentialProtectionPolicy",
    "enforceCredentialProtectionPolicy",
    "getCredBlob",
    "largeBlob",
    "minPinLength",
    "prf",
];

/// Authenticator extension outputs, to be taken out one by one.
fn outputs(extensions: Option<Value>) -> Result<Fields, Error> {
    Ok(Fields::of(extensions.unwrap_or(Value::Map(Vec::new())), "extensions")?)
}

#[cfg(test)]
mod tests;
