//! What an accepted response says about the authenticator: read from the authenticator data (L3 §6.1) by hand, because
//! `webauthn-rs` checks these bytes but does not hand all of them out.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::Serialize;
use serde_json::Value;

/// The authenticator data's flags, counter, and (of a registration) AAGUID.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// UP: someone consented.
    pub user_present: bool,
    /// UV: it was the user, shown by a PIN or the like.
    pub user_verified: bool,
    /// BE: the passkey may be on more than one device.
    pub backup_eligible: bool,
    /// BS: it is, now.
    pub backup_state: bool,
    /// The signature counter; 0 where the authenticator keeps none.
    pub sign_count: u32,
    /// The authenticator's model, as a UUID; only of a registration.
    pub aaguid: Option<String>,
}

impl Facts {
    /// Of a RegistrationResponseJSON; `None` if there is no authenticator data in it.
    pub fn of_registration(credential: &Value) -> Option<Self> {
        let object = decoded(&credential["response"]["attestationObject"])?;
        let object: ciborium::Value = ciborium::from_reader(object.as_slice()).ok()?;
        let auth_data = object.as_map()?.iter().find(|(name, _)| name.as_text() == Some("authData"))?;
        Self::read(auth_data.1.as_bytes()?)
    }

    /// Of an AuthenticationResponseJSON; `None` if there is no authenticator data in it.
    pub fn of_sign_in(credential: &Value) -> Option<Self> {
        Self::read(&decoded(&credential["response"]["authenticatorData"])?)
    }

    /// L3 §6.1: rpIdHash 32, flags 1, signCount 4; §6.5.1: aaguid 16 where AT is set.
    fn read(auth_data: &[u8]) -> Option<Self> {
        let flags = *auth_data.get(32)?;
        let sign_count = u32::from_be_bytes(auth_data.get(33..37)?.try_into().ok()?);
        let aaguid = if flags & 0x40 == 0 { None } else { auth_data.get(37..53).map(uuid) };
        Some(Self {
            user_present: flags & 0x01 != 0,
            user_verified: flags & 0x04 != 0,
            backup_eligible: flags & 0x08 != 0,
            backup_state: flags & 0x10 != 0,
            sign_count,
            aaguid,
        })
    }
}

fn decoded(text: &Value) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_str()?.as_bytes()).ok()
}

fn uuid(bytes: &[u8]) -> String {
    let hex = HEXLOWER.encode(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests;
