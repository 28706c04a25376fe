//! The answer about a credential that was made (CTAP §6.1.2 step 19).

use protocol::ctap::StatusCode;
use protocol::ctap::make_credential::{Request, Response};
use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::{AAGUID, AttestedCredentialData, AuthenticatorData, Flags, rp_id_hash};

use super::super::client_pin::UserVerified;
use super::super::extensions::{Creation, large_blob_key};
use super::super::presence::UserPresent;
use super::super::{Environment, status};
use crate::credential::PublicKeyCredentialSource;

pub(super) fn attest(
    environment: &mut impl Environment,
    source: &PublicKeyCredentialSource,
    request: &Request,
    extensions: &Creation,
    present: Option<UserPresent>,
    verified: Option<UserVerified>,
) -> Result<Response, StatusCode> {
    let auth_data = AuthenticatorData {
        rp_id_hash: rp_id_hash(&source.rp_id),
        flags: Flags::UP.when(present.is_some())
            | Flags::UV.when(verified.is_some())
            | Flags::BE.when(source.backup_eligible)
            | Flags::BS.when(source.backup_state),
        sign_count: 0,
        attested_credential_data: Some(AttestedCredentialData {
            aaguid: AAGUID,
            credential_id: source.credential_id.clone(),
            public_key: source.public_key.clone(),
        }),
        extensions: extensions.outputs(environment, source, verified.is_some())?,
    }
    .to_bytes();
    let statement = match wants_packed(&request.attestation_formats) {
        true => packed_self(environment, source, &[&auth_data, &request.client_data_hash.0[..]].concat())?,
        false => AttestationStatement::None,
    };
    Ok(Response {
        attestation_object: AttestationObject { statement, auth_data },
        large_blob_key: large_blob_key(environment, source)?,
    })
}

/// CTAP §6.1.2 step 19, attestationFormatsPreference: the first format that Keystow has. Where a platform tells no preference it is
/// one that knows no other than `packed`: OpenSSH and fido2-cred find no answer good that is not signed.
fn wants_packed(formats: &[String]) -> bool {
    let known = formats.iter().find(|format| ["packed", "none"].contains(&format.as_str()));
    formats.is_empty() || known.is_some_and(|format| format == "packed")
}

/// L3 §8.2 self attestation: the credential's own signature.
fn packed_self(
    environment: &impl Environment,
    source: &PublicKeyCredentialSource,
    message: &[u8],
) -> Result<AttestationStatement, StatusCode> {
    let secrets = environment.vault().open_secrets(source).map_err(|error| status::of(&error))?;
    let signature = secrets.sign(source.algorithm, message).map_err(|_| StatusCode::Other)?;
    Ok(AttestationStatement::PackedSelf { algorithm: source.algorithm.number(), signature })
}
