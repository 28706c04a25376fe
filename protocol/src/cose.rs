//! COSE algorithm identifiers and public keys (RFC 9052, RFC 9053; L3 §5.8.5 and §6.5.1.1).

mod key;
mod spki;

use std::fmt;

use crate::code_space::code_space;

pub use key::{CoseKey, KEY_AGREEMENT};

code_space! {
    /// A COSEAlgorithmIdentifier (L3 §5.8.5) that Keystow signs with, with its number in the IANA COSE registry. The order is the one that
    /// getInfo tells: what most relying parties ask for first. Which one a credential gets, the relying party's list decides.
    CoseAlgorithmIdentifier: i64 {
        /// ECDSA on P-256 with SHA-256.
        Es256 = -7,
        /// EdDSA; the curve is Ed25519 (L3 §5.8.5).
        EdDsa = -8,
        /// ECDSA on P-384 with SHA-384.
        Es384 = -35,
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        Rs256 = -257,
        /// ML-DSA-44 (FIPS 204).
        MlDsa44 = -48,
        /// ML-DSA-65 (FIPS 204).
        MlDsa65 = -49,
    }
}

impl fmt::Display for CoseAlgorithmIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
        })
    }
}

#[cfg(test)]
mod tests;
