//! The algorithms of a new credential.

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::webauthn::json::PublicKeyCredentialParameters;

use crate::client::error::{Error, NotServed, PageFault};

/// Algorithms that both the page and Keystow take, the page's most wanted first, none twice; at least one.
pub(super) struct Algorithms(Vec<CoseAlgorithmIdentifier>);

impl Algorithms {
    /// L3 §5.1.3 steps 9–10.
    pub(super) fn of(parameters: &[PublicKeyCredentialParameters]) -> Result<Self, Error> {
        let asked: Vec<i64> = if parameters.is_empty() {
            DEFAULT.to_vec()
        } else {
            parameters.iter().filter(|parameter| parameter.is_public_key()).map(|parameter| parameter.alg).collect()
        };
        if asked.is_empty() {
            return Err(Error::Page(PageFault::NoPublicKeyType));
        }
        let mut known = Vec::new();
        for algorithm in asked.into_iter().filter_map(CoseAlgorithmIdentifier::from_number) {
            if !known.contains(&algorithm) {
                known.push(algorithm);
            }
        }
        if known.is_empty() {
            // L3 §5.1.3 step 22: deviates. Our authenticator would answer NotSupportedError; a security key may have what the page wants.
            return Err(Error::NotServed(NotServed::OtherAlgorithms));
        }
        Ok(Self(known))
    }

    /// COSE numbers.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.0.iter().map(|algorithm| algorithm.number()).collect()
    }
}

/// L3 §5.1.3 step 10, an empty list: ES256 and RS256.
const DEFAULT: [i64; 2] = [-7, -257];
