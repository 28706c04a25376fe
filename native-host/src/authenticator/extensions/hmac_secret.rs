//! hmac-secret (CTAP §12.7) and hmac-secret-mc (CTAP §12.8).

use hmac::{Hmac, KeyInit, Mac};
use protocol::ctap::StatusCode;
use protocol::ctap::extensions::HmacSecretInput;
use protocol::ctap::pin_uv_auth::SharedSecret;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::super::client_pin::ClientPin;
use super::super::{Environment, status};
use crate::credential::PublicKeyCredentialSource;
use crate::secret::CredRandom;

/// One salt or two, and the secret that they came under.
pub(super) struct Salts {
    secret: SharedSecret,
    salts: Zeroizing<Vec<u8>>,
}

impl Salts {
    /// Opens what the platform sent.
    ///
    /// # Errors
    /// CTAP1_ERR_INVALID_PARAMETER for an unknown protocol or a point off the curve, CTAP2_ERR_PIN_AUTH_INVALID where saltAuth does not fit,
    /// CTAP1_ERR_INVALID_LENGTH where there are not one or two salts.
    pub(super) fn open(
        client_pin: &mut ClientPin,
        environment: &mut impl Environment,
        input: &HmacSecretInput,
    ) -> Result<Self, StatusCode> {
        let protocol = input.protocol().ok_or(StatusCode::InvalidParameter)?;
        let secret = client_pin.decapsulate(environment, protocol, &input.key_agreement)?;
        if !secret.verify(&input.salt_enc, &input.salt_auth) {
            return Err(StatusCode::PinAuthInvalid);
        }
        let salts = secret.decrypt(&input.salt_enc).map_err(|_| StatusCode::InvalidLength)?;
        match salts.len() {
            SALT_LENGTH | TWO_SALTS_LENGTH => Ok(Self { secret, salts }),
            _ => Err(StatusCode::InvalidLength),
        }
    }

    /// HMAC-SHA-256 of each salt under the credential's secret for users who were, or were not, verified; encrypted to the platform. Nothing
    /// where there are no salts, or the credential has no such secret.
    pub(super) fn answer(
        salts: Option<&Self>,
        environment: &mut impl Environment,
        source: &PublicKeyCredentialSource,
        user_verified: bool,
    ) -> Result<Option<Vec<u8>>, StatusCode> {
        let Some(Self { secret, salts }) = salts else { return Ok(None) };
        let secrets = environment.vault().open_secrets(source).map_err(|error| status::of(&error))?;
        let Some(cred_random) = secrets.cred_random else { return Ok(None) };
        let mut outputs = Zeroizing::new(Vec::with_capacity(TWO_SALTS_LENGTH));
        for salt in salts.chunks(SALT_LENGTH) {
            outputs.extend_from_slice(&*output(&cred_random, user_verified, salt));
        }
        Ok(Some(secret.encrypt(&outputs, environment.rng())))
    }
}

fn output(cred_random: &CredRandom, user_verified: bool, salt: &[u8]) -> Zeroizing<[u8; SALT_LENGTH]> {
    // EXPOSE: to compute with.
    let key = cred_random.expose_for(user_verified);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length"); // safe: HMAC takes any length
    mac.update(salt);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Bytes of a salt, and of what comes of it.
const SALT_LENGTH: usize = 32;
const TWO_SALTS_LENGTH: usize = 64;
