//! The test passkey of the welcome page: what is asked for, and what an answer must be to be taken for true (L3 §7.1, §7.2, as far as they
//! concern a page that is its own relying party).

use protocol::base64url;
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags, rp_id_hash};
use protocol::webauthn::client_data;
use serde_json::{Value, json};

use crate::client::OWN_RP_ID;

/// COSEAlgorithmIdentifier of ES256, the one that WebCrypto verifies everywhere.
const ES256: i64 = -7;

/// What is known of a passkey that was made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Made {
    /// Its credential ID, base64url.
    pub id: String,
    /// Its public key, a SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
}

/// What remains to be verified of an assertion: a signature over data.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signed {
    /// What was signed (L3 §7.2 step 20): authenticator data, and the hash of the client data.
    pub data: Vec<u8>,
    /// r and s, 32 bytes each.
    pub signature: Vec<u8>,
}

/// L3 §5.4. Nobody is verified yet: that comes with signing in.
pub fn creation(challenge: &[u8], user_handle: &[u8], name: &str) -> Value {
    json!({
        "rp": {"name": name},
        "user": {"id": base64url::encode(user_handle), "name": name, "displayName": name},
        "challenge": base64url::encode(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": ES256}],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "discouraged"},
    })
}

/// L3 §5.5, for the passkey `id`.
pub fn request(challenge: &[u8], id: &str) -> Value {
    json!({
        "challenge": base64url::encode(challenge),
        "allowCredentials": [{"type": "public-key", "id": id}],
        "userVerification": "required",
    })
}

/// L3 §7.1: the passkey that `credential` tells of, made for `challenge` at `origin`; `None` where it is not what was asked for.
pub fn made(credential: &Value, challenge: &[u8], origin: &str) -> Option<Made> {
    let response = credential.get("response")?;
    is_client_data(&bytes(response, "clientDataJSON")?, "webauthn.create", challenge, origin).then_some(())?;
    let data = authenticator_data(&bytes(response, "authenticatorData")?, Flags::UP)?;
    let id = credential.get("id")?.as_str()?.to_owned();
    let attested = data.attested_credential_data?;
    let public_key = bytes(response, "publicKey")?;
    let is_what_was_attested = base64url::encode(attested.credential_id.as_bytes()) == id
        && attested.public_key.algorithm() == ES256
        && attested.public_key.to_spki_der().is_some_and(|key| key == public_key);
    is_what_was_attested.then_some(Made { id, public_key })
}

/// L3 §7.2 up to the signature: what `made` must have signed, for `challenge` at `origin`; `None` where it is not what was asked for.
pub fn signed(credential: &Value, made: &Made, challenge: &[u8], origin: &str) -> Option<Signed> {
    let response = credential.get("response")?;
    (credential.get("id")?.as_str()? == made.id).then_some(())?;
    let client_data = bytes(response, "clientDataJSON")?;
    is_client_data(&client_data, "webauthn.get", challenge, origin).then_some(())?;
    let mut data = bytes(response, "authenticatorData")?;
    authenticator_data(&data, Flags::UP | Flags::UV)?;
    data.extend_from_slice(&client_data::hash(&client_data).0);
    Some(Signed { data, signature: raw_signature(&bytes(response, "signature")?)? })
}

fn bytes(response: &Value, member: &str) -> Option<Vec<u8>> {
    base64url::decode(response.get(member)?.as_str()?).ok()
}

/// L3 §7.1 steps 6–9, L3 §7.2 steps 10–13.
fn is_client_data(json: &[u8], ceremony: &str, challenge: &[u8], origin: &str) -> bool {
    let Ok(data) = serde_json::from_slice::<Value>(json) else { return false };
    data["type"] == ceremony
        && data["challenge"] == base64url::encode(challenge)
        && data["origin"] == origin
        && data["crossOrigin"] == false
}

/// L3 §7.1 steps 13–16, L3 §7.2 steps 15–17.
fn authenticator_data(bytes: &[u8], flags: Flags) -> Option<AuthenticatorData> {
    let data = AuthenticatorData::from_bytes(bytes).ok()?;
    (data.rp_id_hash == rp_id_hash(&OWN_RP_ID.into()) && data.flags.contains(flags)).then_some(data)
}

/// RFC 3279 Ecdsa-Sig-Value of P-256 as WebCrypto wants it.
fn raw_signature(der: &[u8]) -> Option<Vec<u8>> {
    let [0x30, length, content @ ..] = der else { return None };
    (usize::from(*length) == content.len()).then_some(())?;
    let (r, rest) = integer(content)?;
    let (s, rest) = integer(rest)?;
    rest.is_empty().then(|| [r, s].concat())
}

/// A positive INTEGER in 32 bytes, and what comes behind it.
fn integer(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let [0x02, length, rest @ ..] = der else { return None };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
    let mut number = [0; 32];
    let start = number.len().checked_sub(digits.len())?;
    number[start..].copy_from_slice(digits);
    Some((number, rest))
}

#[cfg(test)]
mod tests;
