//! The identifiers of L3 as types, so that one cannot stand where another is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base64url;

/// A byte string with a name of its own, base64url in JSON.
macro_rules! byte_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        pub struct $name(#[serde(with = "base64url")] Vec<u8>);

        impl $name {
            /// The bytes themselves.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl From<Vec<u8>> for $name {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }
        }

        impl From<&[u8]> for $name {
            fn from(bytes: &[u8]) -> Self {
                Self(bytes.to_vec())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base64url::encode(&self.0))
            }
        }
    };
}

byte_name! {
    /// L3 §4 credential ID: at most 1023 bytes; ours are 32 random ones.
    CredentialId
}

byte_name! {
    /// L3 §4 user handle: 1 to 64 bytes that the relying party chose for the account. Not secret, but not for logs.
    UserHandle
}

/// L3 §4 RP ID: a domain in its ASCII form. In the host it is what the CTAP request names; that a page may claim it has been
/// decided before, by the client (`wasm::client::rp_id`).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct RpId(String);

impl RpId {
    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for RpId {
    fn from(domain: String) -> Self {
        Self(domain)
    }
}

impl From<&str> for RpId {
    fn from(domain: &str) -> Self {
        Self(domain.to_owned())
    }
}

impl fmt::Display for RpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// L3 §5.8.1 hash of the serialized client data: SHA-256, 32 bytes. All that the host ever learns of the client data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientDataHash(pub [u8; 32]);
