//! The prf extension by way of hmac-secret (L3 §10.1.4, CTAP §12.7), the client's side.

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::json::{AuthenticationExtensionsPrfValuesJson, PrfResultsJson};
use crate::cose::CoseKey;
use crate::ctap::extensions::HmacSecretInput;
use crate::ctap::pin_uv_auth::SharedSecret;

/// One salt or two, which stand for a page's inputs. Zeroized on drop.
pub struct Salts(Zeroizing<Vec<u8>>);

impl Salts {
    /// L3 §10.1.4: each input hashed behind a context string, so that no page evaluates what the platform uses for itself.
    pub fn of(values: &AuthenticationExtensionsPrfValuesJson) -> Self {
        let mut salts = Zeroizing::new(Vec::with_capacity(2 * LENGTH));
        for input in [Some(&values.first), values.second.as_ref()].into_iter().flatten() {
            let hash = Sha256::new().chain_update(CONTEXT).chain_update(&input.0).finalize();
            salts.extend_from_slice(&hash);
        }
        Self(salts)
    }

    /// The salts as the authenticator takes them; `key_agreement` is the public key of the platform's half of `secret`.
    pub fn seal(&self, secret: &SharedSecret, key_agreement: CoseKey, rng: &mut impl CryptoRng) -> HmacSecretInput {
        let salt_enc = secret.encrypt(&self.0, rng);
        HmacSecretInput {
            key_agreement,
            salt_auth: secret.authenticate(&salt_enc),
            salt_enc,
            pin_uv_auth_protocol: Some(secret.protocol().number()),
        }
    }

    /// The authenticator's output, an HMAC for each salt; nothing where it is not that.
    pub fn open(&self, secret: &SharedSecret, output: &[u8]) -> Option<PrfResultsJson> {
        let output = secret.decrypt(output).ok()?;
        let (first, second) = output.split_first_chunk::<LENGTH>()?;
        let second = (self.0.len() > LENGTH).then_some(second);
        if output.len() != self.0.len() {
            return None;
        }
        Some(PrfResultsJson { first: *first, second: second.map(<[u8; LENGTH]>::try_from).transpose().ok()? })
    }
}

/// L3 §10.1.4, with the zero byte behind it.
const CONTEXT: &[u8] = b"WebAuthn PRF\0";

/// Bytes of a salt, and of what comes of it.
const LENGTH: usize = 32;

#[cfg(test)]
mod tests;
