//! authenticatorMakeCredential (CTAP §6.1.2).
//!
//! Steps that do not apply: 4 (the flags are made of what was proven, in one place), 8 (makeCredUvNotRqd is true, unless alwaysUv is, and
//! then step 6 has asked for verification), 10 (no permission is withheld from the PIN), 13 (presence is collected all the same).

mod attest;
mod conditional;

use std::time::Duration;

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::make_credential::{Request, Response};
use protocol::ctap::{Options, StatusCode};
use protocol::manage::UseKind;
use protocol::webauthn::CredentialId;

use super::client_pin::{UserVerified, pin_uv_auth_param};
use super::extensions::Creation;
use super::presence::UserPresent;
use super::user_verification::Plan;
use super::{Authenticator, Environment, Used, status};
use crate::credential::{KeyPair, NewCredential, PublicKeyCredentialSource, shortened};
use crate::vault;

impl Authenticator {
    pub(super) fn make_credential(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        // CTAP §6.1.2 steps 1 and 2: pinUvAuthParam and its protocol
        let auth = pin_uv_auth_param(environment, request.pin_uv_auth.as_ref())?;
        // step 3: the algorithm
        let algorithm = SupportedAlgorithm::first_of(&request.algorithms)?;
        // steps 5 and 6: options and alwaysUv
        check_options(request.options)?;
        let plan = Plan::of(environment, auth, request.options, true)?;
        // CTAP §6.1.2 step 7: deviates — a discoverable credential needs no PIN where the relying party asks for no verification:
        // the vault is open to this user alone, and UV = 0 tells the relying party that nobody was verified.
        // step 9: enterprise attestation is not offered
        if request.enterprise_attestation.is_some() {
            return Err(StatusCode::InvalidParameter);
        }
        // step 11: user verification
        let hash = &request.client_data_hash;
        let verified = plan.carry_out(&mut self.client_pin, environment, hash, Permissions::MC, &request.rp_id)?;
        // step 12: the exclude list
        let not_excluded = NotExcluded::check(environment, &request, verified.as_ref())?;
        // step 14: user presence; what was verified is used up
        let present = UserPresent::collected_by_the_window();
        self.client_pin.clear_token();
        // step 15: extensions
        let extensions = Creation::of(&mut self.client_pin, environment, &request)?;
        // steps 16 to 18: the key pair, kept before anything is answered
        let key_pair = self.spare_key.take_or_generate(algorithm.0).map_err(|_| StatusCode::Other)?;
        let new = new_credential(&request, algorithm, &extensions)?;
        let source = create(environment, new, key_pair, not_excluded)?;
        self.used = Some(made(environment, &source, &extensions, verified.as_ref()));
        // step 19: the attestation
        attest::attest(environment, &source, &request, &extensions, Some(present), verified)
    }
}

/// An algorithm that a request allows and Keystow has.
struct SupportedAlgorithm(CoseAlgorithmIdentifier);

impl SupportedAlgorithm {
    /// The first that Keystow has: relying parties list what they like best first.
    fn first_of(algorithms: &[i64]) -> Result<Self, StatusCode> {
        first_supported(algorithms).map(Self).ok_or(StatusCode::UnsupportedAlgorithm)
    }
}

/// The first of these COSE numbers that Keystow has.
pub(super) fn first_supported(algorithms: &[i64]) -> Option<CoseAlgorithmIdentifier> {
    algorithms.iter().find_map(|number| CoseAlgorithmIdentifier::from_number(*number))
}

fn check_options(options: Options) -> Result<(), StatusCode> {
    match options.up {
        Some(false) => Err(StatusCode::InvalidOption),
        Some(true) | None => Ok(()),
    }
}

/// None of the credentials in the exclude list is here, for this RP ID; or those that are tell it to nobody who was not verified.
struct NotExcluded(());

impl NotExcluded {
    fn check(
        environment: &impl Environment,
        request: &Request,
        verified: Option<&UserVerified>,
    ) -> Result<Self, StatusCode> {
        let excluded: Vec<CredentialId> = request.exclude_list.iter().map(|descriptor| descriptor.id.clone()).collect();
        let tells = |source: &PublicKeyCredentialSource| source.extensions.cred_protect.tells(true, verified.is_some());
        match environment.vault().find_among(&request.rp_id, &excluded) {
            Ok(held) if held.iter().any(tells) => Err(StatusCode::CredentialExcluded),
            // A damaged record signs no more: registering again is what mends it.
            Ok(_) | Err(vault::Error::RecordDamaged { .. }) => Ok(Self(())),
            Err(error) => Err(status::of(&error)),
        }
    }
}

fn new_credential(
    request: &Request,
    algorithm: SupportedAlgorithm,
    extensions: &Creation,
) -> Result<NewCredential, StatusCode> {
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
        extensions: extensions.kept(),
        discoverable: request.options.rk == Some(true),
    })
}

fn create(
    environment: &impl Environment,
    new: NewCredential,
    key_pair: KeyPair,
    _: NotExcluded,
) -> Result<PublicKeyCredentialSource, StatusCode> {
    let (vault, now) = (environment.vault(), environment.now());
    let source = vault.generate(new, key_pair, now).map_err(|_| StatusCode::Other)?;
    vault.insert(&source, now).map_err(|error| status::of(&error))?;
    Ok(published(environment, source))
}

/// The credential as the relying party is to know it: BS = 1 where it is backed up already. Offline it is made all the same, and later
/// assertions tell.
fn published(environment: &impl Environment, source: PublicKeyCredentialSource) -> PublicKeyCredentialSource {
    let backup_state = environment.publish_within(PATIENCE, &source.credential_id);
    PublicKeyCredentialSource { backup_state, ..source }
}

/// What is to be remembered of a creation.
fn made(
    environment: &impl Environment,
    source: &PublicKeyCredentialSource,
    extensions: &Creation,
    verified: Option<&UserVerified>,
) -> Used {
    let id = source.credential_id.clone();
    Used::now(environment, id, UseKind::Created, verified, extensions.evaluates_prf())
}

/// How long the user's storage is waited for.
const PATIENCE: Duration = Duration::from_secs(4);

/// RFC 1035 §2.3.4, without the final dot, in bytes.
const MAX_RP_ID_LENGTH: usize = 253;

#[cfg(test)]
mod tests;
