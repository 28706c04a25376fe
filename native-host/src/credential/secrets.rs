//! The secrets of a credential source: together for the moment in which they are used, sealed for the rest.

use protocol::cbor;
use protocol::cose::CoseAlgorithmIdentifier;
use zeroize::Zeroizing;

use super::algorithms::{self, SignError};
use super::record::{RecordError, byte_string, byte_string_head};
use crate::secret::{CredRandom, CredentialPrivateKey};

/// What only signing and hmac-secret need. Neither `Debug` nor `Clone`; zeroized on drop.
///
/// ```cddl
/// ; A CBOR sequence (RFC 8742), so that no secret ever passes through a value that is not zeroized.
/// secrets = ( private-key: bstr, ? cred-random: bstr .size 64 )
/// ```
pub struct CredentialSecrets {
    /// What signs.
    pub private_key: CredentialPrivateKey,
    /// What hmac-secret computes with; nothing where the credential was made before Keystow had that.
    pub cred_random: Option<CredRandom>,
}

/// The secrets under the vault's key. Only the vault makes and opens it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SealedSecrets(Vec<u8>);

impl CredentialSecrets {
    /// Signs `message` (authenticator data, then client data hash: L3 §6.3.3 step 11) in the form that WebAuthn gives the algorithm
    /// (L3 §6.5.5). The caller has the user's consent.
    ///
    /// # Errors
    /// The private key is not one of `algorithm`.
    pub fn sign(&self, algorithm: CoseAlgorithmIdentifier, message: &[u8]) -> Result<Vec<u8>, SignError> {
        algorithms::sign(algorithm, &self.private_key, message)
    }

    /// The bytes to be sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        // EXPOSE: to be sealed.
        let private_key = self.private_key.expose_secret();
        let cred_random = self.cred_random.as_ref().map(|random| &random.expose_secret()[..]);
        let length = private_key.len() + CredRandom::SIZE + 2 * MAX_HEAD;
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        for secret in [Some(private_key), cred_random].into_iter().flatten() {
            bytes.extend(byte_string_head(secret.len()));
            bytes.extend_from_slice(secret);
        }
        bytes
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// A secret is missing or out of range.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (private_key, rest) = byte_string(bytes, "private key")?;
        let cred_random = match rest {
            [] => None,
            _ => {
                let (random, rest) = byte_string(rest, "CredRandom")?;
                let whole = CredRandom::from_slice(random).filter(|_| rest.is_empty());
                Some(whole.ok_or(cbor::Error::OutOfRange("CredRandom"))?)
            }
        };
        Ok(Self { private_key: CredentialPrivateKey::from_slice(private_key), cred_random })
    }
}

impl SealedSecrets {
    /// What the vault sealed.
    pub fn from_sealed(sealed: Vec<u8>) -> Self {
        Self(sealed)
    }

    /// What the vault opens.
    pub fn as_sealed(&self) -> &[u8] {
        &self.0
    }
}

/// Bytes of the longest head of a byte string of under 64 KiB.
const MAX_HEAD: usize = 3;
