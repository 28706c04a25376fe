//! authenticatorGetInfo (CTAP §6.4): what is served, no more and no less.

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::get_info::Response;
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol;
use protocol::ctap::{MAX_LIST_LENGTH, StatusCode};
use protocol::webauthn::authenticator_data::{AAGUID, MAX_CREDENTIAL_ID_LENGTH};

use super::{Environment, MAX_MSG_SIZE, status};
use crate::verification::{MIN_PIN_LENGTH, PinStore};

pub(super) fn get_info(environment: &impl Environment) -> Result<Response, StatusCode> {
    let pin_set = environment.vault().pin().map_err(|error| status::of(&error))?.is_some();
    let options = [
        ("plat", true),
        ("rk", true),
        ("up", true),
        // Absent would mean that no PIN can ever be set; false, that none has been.
        ("clientPin", pin_set),
        ("pinUvAuthToken", true),
        ("makeCredUvNotRqd", true),
    ];
    Ok(Response {
        // Not FIDO_2_1, which would promise credProtect, hmac-secret and credential management (CTAP §9). What is served of CTAP 2.1
        // is told by the options.
        versions: vec!["FIDO_2_0".to_owned()],
        extensions: Vec::new(),
        aaguid: AAGUID,
        options: options.map(|(name, state)| (name.to_owned(), state)).to_vec(),
        max_msg_size: i64::try_from(MAX_MSG_SIZE).ok(),
        pin_uv_auth_protocols: [PinUvAuthProtocol::Two, PinUvAuthProtocol::One].map(PinUvAuthProtocol::number).to_vec(),
        max_credential_count_in_list: i64::try_from(MAX_LIST_LENGTH).ok(),
        max_credential_id_length: i64::try_from(MAX_CREDENTIAL_ID_LENGTH).ok(),
        transports: ["internal", "hybrid"].map(str::to_owned).to_vec(),
        algorithms: CoseAlgorithmIdentifier::ALL.iter().map(|algorithm| algorithm.number()).collect(),
        min_pin_length: Some(i64::from(MIN_PIN_LENGTH)),
        firmware_version: Some(firmware_version()),
        attestation_formats: ["packed", "none"].map(str::to_owned).to_vec(),
    })
}

/// One number that rises with each release: two digits each for major, minor and patch.
fn firmware_version() -> i64 {
    let part = |text: &str| text.parse::<i64>().unwrap_or(0);
    let major = part(env!("CARGO_PKG_VERSION_MAJOR"));
    let minor = part(env!("CARGO_PKG_VERSION_MINOR"));
    major * 10_000 + minor * 100 + part(env!("CARGO_PKG_VERSION_PATCH"))
}
