//! A credential that the user is not asked for: L3 §6.3.2 with `requireUserPresence` and `requireUserVerification` false, which L3 §5.1.3 wants
//! for `mediation` conditional. The client has found that the user consented to it: the rules, and a sign-in by password a moment ago.
//!
//! CTAP has no such command, and none is added to it: authenticatorMakeCredential refuses `up: false` from whomever it comes. This is
//! reached by a `manage` request alone, which carries one whole creation; nothing is left behind it that a later message could use. UP and
//! UV are 0 in what is answered, so that no relying party takes it for a ceremony with the user.

use protocol::ctap::make_credential::{Request, Response};
use protocol::ctap::{Options, StatusCode};

use super::{NotExcluded, SupportedAlgorithm, attest, made, new_credential, published};
use crate::authenticator::extensions::Creation;
use crate::authenticator::{Authenticator, Environment, answered, status};
use crate::verification::SettingsStore;

impl Authenticator {
    /// Serves the CBOR parameters of one creation; answers as [`process`](Authenticator::process) answers authenticatorMakeCredential.
    /// CTAP2_ERR_CREDENTIAL_EXCLUDED where the account has a passkey here, or the user has deleted one of it lately.
    pub fn conditional_create(&mut self, environment: &mut impl Environment, parameters: &[u8]) -> Vec<u8> {
        self.after_answer(environment);
        answered(self.create_unasked(environment, parameters).map(|response| response.to_bytes()))
    }

    fn create_unasked(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
    ) -> Result<Response, StatusCode> {
        let request = Request::from_bytes(parameters)?;
        // L3 §6.3.2 step 2: the algorithm
        let algorithm = SupportedAlgorithm::first_of(&request.algorithms)?;
        // what only somebody who is asked can give
        check_nobody_is_asked(environment, &request)?;
        // L3 §6.3.2 step 3: the exclude list
        let _not_excluded = NotExcluded::check(environment, &request, None)?;
        // extensions
        let extensions = Creation::of(&mut self.client_pin, environment, &request)?;
        // L3 §6.3.2 step 7: the key pair, kept before anything is answered, in nobody's place
        let key_pair = self.spare_key.take_or_generate(algorithm.0).map_err(|_| StatusCode::Other)?;
        let new = new_credential(&request, algorithm, &extensions)?;
        let (vault, now) = (environment.vault(), environment.now());
        let source = vault.generate(new, key_pair, now).map_err(|_| StatusCode::Other)?;
        if !vault.insert_unasked(&source, now).map_err(|error| status::of(&error))? {
            return Err(StatusCode::CredentialExcluded);
        }
        let source = published(environment, source);
        self.used = Some(made(environment, &source, &extensions, None));
        // L3 §6.3.2 steps 9 to 13: the attestation, without presence
        attest::attest(environment, &source, &request, &extensions, None, None)
    }
}

/// The request says itself that it is without presence; whoever wants to be verified always (CTAP alwaysUv) wants to be asked.
fn check_nobody_is_asked(environment: &impl Environment, request: &Request) -> Result<(), StatusCode> {
    let Options { rk: _, up, uv } = request.options;
    let settings = environment.vault().settings().map_err(|error| status::of(&error))?;
    if up != Some(false) || uv == Some(true) || request.pin_uv_auth.is_some() {
        Err(StatusCode::InvalidOption)
    } else if settings.always_uv {
        Err(StatusCode::PuatRequired)
    } else if request.enterprise_attestation.is_some() {
        Err(StatusCode::InvalidParameter)
    } else {
        Ok(())
    }
}
