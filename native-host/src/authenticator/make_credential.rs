//! authenticatorMakeCredential (CTAP §6.1.2).
//!
//! Steps that do not apply: 4 (the flags are made of what was proven, in one place), 6 (alwaysUv is not offered), 8
//! (makeCredUvNotRqd is true), 10 (no permission is withheld from the PIN), 13 (no built-in user verification), 15 (no extensions
//! yet), 18 (every credential is discoverable).

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::make_credential::{Request, Response};
use protocol::ctap::{Options, StatusCode};
use protocol::webauthn::attestation::{AttestationObject, AttestationStatement};
use protocol::webauthn::authenticator_data::{AAGUID, AttestedCredentialData, AuthenticatorData, Flags, rp_id_hash};
use protocol::webauthn::{ClientDataHash, CredentialId};

use super::client_pin::UserVerified;
use super::presence::UserPresent;
use super::{Authenticator, Environment, client_pin, status};
use crate::credential::{NewCredential, PublicKeyCredentialSource};
use crate::vault;

impl Authenticator {
    pub(super) fn make_credential(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        let rp_id = &request.rp_id;
        // CTAP §6.1.2 steps 1 and 2: pinUvAuthParam and its protocol
        let auth = client_pin::pin_uv_auth_param(environment, request.pin_uv_auth.as_ref())?;
        // step 3: the algorithm
        let algorithm = SupportedAlgorithm::first_of(&request.algorithms)?;
        // step 5: options
        check_options(request.options, auth.is_some())?;
        // CTAP §6.1.2 step 7: deviates — a discoverable credential needs no PIN where the relying party asks for no verification:
        // the vault is open to this user alone, and UV = 0 tells the relying party that nobody was verified.
        // step 9: enterprise attestation is not offered
        if request.enterprise_attestation.is_some() {
            return Err(StatusCode::InvalidParameter);
        }
        // step 11: user verification
        let verified =
            self.client_pin.verify_user(environment, auth, &request.client_data_hash, Permissions::MC, rp_id)?;
        // step 12: the exclude list
        let not_excluded = NotExcluded::check(environment, &request)?;
        // step 14: user presence; what was verified is used up
        let present = UserPresent::collected_by_the_window();
        self.client_pin.clear_token();
        // steps 16 and 17: the key pair, kept before anything is answered
        let new = new_credential(&request, algorithm)?;
        let source = create(environment, new, not_excluded)?;
        // step 19: the attestation
        attest(&source, &request, present, verified)
    }
}

/// An algorithm that a request allows and Keystow has.
struct SupportedAlgorithm(CoseAlgorithmIdentifier);

impl SupportedAlgorithm {
    /// The first that Keystow has: relying parties list what they like best first.
    fn first_of(algorithms: &[i64]) -> Result<Self, StatusCode> {
        let known = algorithms.iter().find_map(|number| CoseAlgorithmIdentifier::from_number(*number));
        known.map(Self).ok_or(StatusCode::UnsupportedAlgorithm)
    }
}

fn check_options(options: Options, has_auth: bool) -> Result<(), StatusCode> {
    // A pinUvAuthParam overrules `uv`; built-in user verification, which `uv` asks for, is not there.
    if options.uv == Some(true) && !has_auth {
        return Err(StatusCode::InvalidOption);
    }
    if options.up == Some(false) {
        return Err(StatusCode::InvalidOption);
    }
    Ok(())
}

/// None of the credentials in the exclude list is here, for this RP ID.
struct NotExcluded(());

impl NotExcluded {
    fn check(environment: &impl Environment, request: &Request) -> Result<Self, StatusCode> {
        let excluded: Vec<CredentialId> = request.exclude_list.iter().map(|descriptor| descriptor.id.clone()).collect();
        match environment.vault().find_among(&request.rp_id, &excluded) {
            Ok(held) if held.is_empty() => Ok(Self(())),
            Ok(_) => Err(StatusCode::CredentialExcluded),
            // A damaged record signs no more: registering again is what mends it.
            Err(vault::Error::RecordDamaged { .. }) => Ok(Self(())),
            Err(error) => Err(status::of(&error)),
        }
    }
}

fn new_credential(request: &Request, algorithm: SupportedAlgorithm) -> Result<NewCredential, StatusCode> {
    let rp_id = &request.rp_id;
    if rp_id.as_str().is_empty() || rp_id.as_str().len() > MAX_RP_ID_LENGTH {
        return Err(StatusCode::InvalidParameter);
    }
    let user = &request.user;
    Ok(NewCredential {
        rp_id: rp_id.clone(),
        rp_name: shortened(request.rp_name.as_deref()),
        user_handle: user.id.clone(),
        user_name: shortened(user.name.as_deref()),
        user_display_name: shortened(user.display_name.as_deref()),
        algorithm: algorithm.0,
    })
}

fn create(
    environment: &impl Environment,
    new: NewCredential,
    _: NotExcluded,
) -> Result<PublicKeyCredentialSource, StatusCode> {
    let now = environment.now();
    let source = PublicKeyCredentialSource::generate(new, now).map_err(|_| StatusCode::Other)?;
    environment.vault().insert(&source, now).map_err(|error| status::of(&error))?;
    Ok(source)
}

fn attest(
    source: &PublicKeyCredentialSource,
    request: &Request,
    _: UserPresent,
    verified: Option<UserVerified>,
) -> Result<Response, StatusCode> {
    let auth_data = AuthenticatorData {
        rp_id_hash: rp_id_hash(&source.rp_id),
        flags: Flags::UP
            | Flags::UV.when(verified.is_some())
            | Flags::BE.when(source.backup_eligible)
            | Flags::BS.when(source.backup_state),
        sign_count: 0,
        attested_credential_data: Some(AttestedCredentialData {
            aaguid: AAGUID,
            credential_id: source.credential_id.clone(),
            public_key: source.public_key.clone(),
        }),
        extensions: None,
    }
    .to_bytes();
    let statement = if wants_packed(&request.attestation_formats) {
        packed_self(source, &auth_data, &request.client_data_hash)?
    } else {
        AttestationStatement::None
    };
    Ok(Response { attestation_object: AttestationObject { statement, auth_data } })
}

/// CTAP §6.1.2 step 19, attestationFormatsPreference: the first format that Keystow has; without a preference, none.
fn wants_packed(formats: &[String]) -> bool {
    formats.iter().find(|format| ["packed", "none"].contains(&format.as_str())).is_some_and(|format| format == "packed")
}

/// L3 §8.2 self attestation: the credential's own signature.
fn packed_self(
    source: &PublicKeyCredentialSource,
    auth_data: &[u8],
    client_data_hash: &ClientDataHash,
) -> Result<AttestationStatement, StatusCode> {
    let message = [auth_data, &client_data_hash.0].concat();
    let signature = source.sign(&message).map_err(|_| StatusCode::Other)?;
    Ok(AttestationStatement::PackedSelf { algorithm: source.algorithm.number(), signature })
}

/// L3 §6.4.1: a name may be shortened to 64 bytes or more; ours keep 128, and end with a whole character.
fn shortened(name: Option<&str>) -> String {
    let name = name.unwrap_or_default();
    name[..name.floor_char_boundary(MAX_NAME_LENGTH)].to_owned()
}

/// RFC 1035 §2.3.4, without the final dot, in bytes.
const MAX_RP_ID_LENGTH: usize = 253;

/// In bytes of UTF-8.
const MAX_NAME_LENGTH: usize = 128;

#[cfg(test)]
mod tests;
