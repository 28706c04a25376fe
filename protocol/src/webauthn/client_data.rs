//! Collected client data in the exact serialization of L3 §5.8.1.1, so that relying parties may compare bytes (§5.8.1.2).

use sha2::{Digest, Sha256};

use super::ClientDataHash;
use crate::base64url;

/// L3 §5.8.1 CollectedClientData.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CollectedClientData<'a> {
    /// `webauthn.create` or `webauthn.get`.
    pub ceremony: CeremonyType,
    /// The relying party's challenge.
    pub challenge: &'a [u8],
    /// The origin that asked, serialized.
    pub origin: &'a str,
    /// Whether a document above it has another origin.
    pub cross_origin: bool,
    /// The top document's origin; L3: present only where `cross_origin`.
    pub top_origin: Option<&'a str>,
}

/// L3 §5.8.1 member `type`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CeremonyType {
    /// Registration.
    Create,
    /// Authentication.
    Get,
}

impl CollectedClientData<'_> {
    /// L3 §5.8.1.1: the members in their fixed order, no white space.
    pub fn serialize(&self) -> Vec<u8> {
        let ceremony = match self.ceremony {
            CeremonyType::Create => "webauthn.create",
            CeremonyType::Get => "webauthn.get",
        };
        let mut json = format!(
            "{{\"type\":{},\"challenge\":{},\"origin\":{},\"crossOrigin\":{}",
            ccd_to_string(ceremony),
            ccd_to_string(&base64url::encode(self.challenge)),
            ccd_to_string(self.origin),
            self.cross_origin,
        );
        if let Some(top_origin) = self.top_origin {
            json.push_str(",\"topOrigin\":");
            json.push_str(&ccd_to_string(top_origin));
        }
        json.push('}');
        json.into_bytes()
    }
}

/// SHA-256 of the serialized client data (L3 §5.8.1).
pub fn hash(client_data_json: &[u8]) -> ClientDataHash {
    ClientDataHash(Sha256::digest(client_data_json).into())
}

/// L3 §5.8.1.1 CCDToString: quotes and backslashes escaped, control characters as `\u00xx`, the rest as it is.
fn ccd_to_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests;
