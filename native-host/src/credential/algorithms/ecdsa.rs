//! ES256 and ES384: the same lines over two curves.

/// One curve with the hash that COSE pairs it with.
macro_rules! ecdsa_on {
    ($module:ident: $curve:ident, $name:ident, $hash:ident, $algorithm:ident, $size:literal) => {
        pub(super) mod $module {
            use ecdsa::Signature;
            use protocol::cose::{CoseAlgorithmIdentifier, CoseKey};
            use sha2::{Digest, $hash};
            use $curve::elliptic_curve::sec1::ToSec1Point;
            use $curve::{NonZeroScalar, SecretKey, $name};
            use zeroize::Zeroizing;

            use super::super::{KeyPair, SignError};
            use crate::secret::{CredentialPrivateKey, NoRandomness, fill_random};

            /// Of a scalar, in bytes.
            pub(in crate::credential) const KEY_SIZE: usize = $size;

            /// A random scalar between 1 and the order of the curve; others are refused, once in 2^32 times.
            pub(in crate::credential) fn generate() -> Result<KeyPair, NoRandomness> {
                loop {
                    let private_key = CredentialPrivateKey::init_with(KEY_SIZE, fill_random)?;
                    if let Some(public_key) = derive_public_key(&private_key) {
                        return Ok(KeyPair { private_key, public_key });
                    }
                }
            }

            fn derive_public_key(private_key: &CredentialPrivateKey) -> Option<CoseKey> {
                // EXPOSE: to compute the point.
                let secret_key = SecretKey::from_slice(private_key.expose_secret()).ok()?;
                let point = secret_key.public_key().to_sec1_point(false);
                CoseKey::from_public_bytes(CoseAlgorithmIdentifier::$algorithm, point.as_bytes())
            }

            /// From the scalar alone: `SigningKey` would derive the public point first, which doubles the time.
            pub(in crate::credential) fn sign(
                private_key: &CredentialPrivateKey,
                message: &[u8],
            ) -> Result<Vec<u8>, SignError> {
                // EXPOSE: to sign.
                let secret_key = SecretKey::from_slice(private_key.expose_secret()).map_err(|_| SignError)?;
                let scalar = Zeroizing::new(NonZeroScalar::from(&secret_key));
                let digest = $hash::digest(message);
                let (signature, _): (Signature<$name>, _) =
                    ecdsa::hazmat::sign_prehashed_rfc6979::<$name, $hash>(&scalar, &digest, &[]);
                Ok(signature.to_der().as_bytes().to_vec())
            }
        }
    };
}

ecdsa_on!(es256: p256, NistP256, Sha256, Es256, 32);
ecdsa_on!(es384: p384, NistP384, Sha384, Es384, 48);
