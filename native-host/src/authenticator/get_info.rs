//! authenticatorGetInfo (CTAP §6.4): what is served, no more and no less.

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::get_info::Response;
use protocol::ctap::pin_uv_auth::PinUvAuthProtocol;
use protocol::ctap::{MAX_LIST_LENGTH, StatusCode, extensions};
use protocol::webauthn::authenticator_data::{AAGUID, MAX_CREDENTIAL_ID_LENGTH};

use super::large_blobs::MAX_SERIALIZED_ARRAY;
use super::user_verification::has_built_in;
use super::{Environment, MAX_MSG_SIZE, status};
use crate::credential::MAX_CRED_BLOB_LENGTH;
use crate::verification::{MAX_MIN_PIN_LENGTH_RP_IDS, MAX_PIN_LENGTH, PinStore, SettingsStore};

pub(super) fn get_info(environment: &impl Environment) -> Result<Response, StatusCode> {
    let vault = environment.vault();
    let pin = vault.pin().map_err(|error| status::of(&error))?;
    let settings = vault.settings().map_err(|error| status::of(&error))?;
    Ok(Response {
        versions: ["FIDO_2_0", "FIDO_2_1", "FIDO_2_2"].map(str::to_owned).to_vec(),
        extensions: extensions::ALL.map(str::to_owned).to_vec(),
        aaguid: AAGUID,
        options: options(environment, pin.is_some(), settings.always_uv)?,
        max_msg_size: i64::try_from(MAX_MSG_SIZE).ok(),
        pin_uv_auth_protocols: [PinUvAuthProtocol::Two, PinUvAuthProtocol::One].map(PinUvAuthProtocol::number).to_vec(),
        max_credential_count_in_list: i64::try_from(MAX_LIST_LENGTH).ok(),
        max_credential_id_length: i64::try_from(MAX_CREDENTIAL_ID_LENGTH).ok(),
        transports: ["internal", "hybrid"].map(str::to_owned).to_vec(),
        algorithms: CoseAlgorithmIdentifier::ALL.iter().map(|algorithm| algorithm.number()).collect(),
        max_serialized_large_blob_array: i64::try_from(MAX_SERIALIZED_ARRAY).ok(),
        force_pin_change: Some(pin.is_some_and(|pin| pin.must_change())),
        min_pin_length: Some(settings.min_pin_length.into()),
        firmware_version: Some(firmware_version()),
        max_cred_blob_length: i64::try_from(MAX_CRED_BLOB_LENGTH).ok(),
        max_rp_ids_for_set_min_pin_length: i64::try_from(MAX_MIN_PIN_LENGTH_RP_IDS).ok(),
        remaining_discoverable_credentials: vault
            .remaining_estimate()
            .and_then(|estimate| i64::try_from(estimate).ok()),
        attestation_formats: ["packed", "none"].map(str::to_owned).to_vec(),
        max_pin_length: Some(MAX_PIN_LENGTH.into()),
    })
}

/// CTAP §7 and §6.4, options: an absent one is not the same as a false one.
fn options(environment: &impl Environment, pin_set: bool, always_uv: bool) -> Result<Vec<(String, bool)>, StatusCode> {
    let built_in = match environment.user_verifier().is_supported() {
        true => Some(has_built_in(environment)?),
        false => None,
    };
    let options = [
        ("plat", Some(true)),
        ("rk", Some(true)),
        ("up", Some(true)),
        ("uv", built_in),
        ("pinUvAuthToken", Some(true)),
        // Absent would mean that no PIN can ever be set; false, that none has been.
        ("clientPin", Some(pin_set)),
        ("credMgmt", Some(true)),
        ("perCredMgmtRO", Some(true)),
        ("largeBlobs", Some(true)),
        ("authnrCfg", Some(true)),
        ("uvAcfg", built_in.map(|_| true)),
        ("setMinPINLength", Some(true)),
        ("alwaysUv", Some(always_uv)),
        ("makeCredUvNotRqd", Some(!always_uv)),
    ];
    Ok(options.into_iter().filter_map(|(name, state)| Some((name.to_owned(), state?))).collect())
}

/// One number that rises with each release: two digits each for major, minor and patch.
fn firmware_version() -> i64 {
    let part = |text: &str| text.parse::<i64>().unwrap_or(0);
    let major = part(env!("CARGO_PKG_VERSION_MAJOR"));
    let minor = part(env!("CARGO_PKG_VERSION_MINOR"));
    major * 10_000 + minor * 100 + part(env!("CARGO_PKG_VERSION_PATCH"))
}
