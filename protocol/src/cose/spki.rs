//! Public keys as DER SubjectPublicKeyInfo (RFC 5280 §4.1), what `getPublicKey()` gives (L3 §5.2.1.1). Written out, since it takes a dozen
//! lines and a DER library would weigh more than that in the extension's module.

use super::{CoseAlgorithmIdentifier, CoseKey};

impl CoseKey {
    /// DER SubjectPublicKeyInfo; nothing where a point on P-256 is not on the curve.
    pub fn to_spki_der(&self) -> Option<Vec<u8>> {
        let (algorithm, key) = match self {
            Self::P256 { .. } => {
                self.to_p256()?;
                (EC_P256, self.to_public_bytes())
            }
            Self::P384 { .. } => (EC_P384, self.to_public_bytes()),
            Self::Ed25519 { .. } => (ED25519, self.to_public_bytes()),
            Self::Rsa { n, e } => (RSA_ENCRYPTION, sequence(&[integer(n), integer(e)].concat())),
            Self::Akp { algorithm: CoseAlgorithmIdentifier::MlDsa44, public } => (ML_DSA_44, public.clone()),
            Self::Akp { public, .. } => (ML_DSA_65, public.clone()),
        };
        let bits = element(BIT_STRING, &[&[0], &key[..]].concat());
        Some(sequence(&[sequence(algorithm), bits].concat()))
    }
}

fn sequence(content: &[u8]) -> Vec<u8> {
    element(SEQUENCE, content)
}

/// An unsigned INTEGER: a zero in front keeps a high first bit from being a sign.
fn integer(big_endian: &[u8]) -> Vec<u8> {
    match big_endian.first() {
        Some(0x80..) => element(INTEGER, &[&[0], big_endian].concat()),
        _ => element(INTEGER, big_endian),
    }
}

/// X.690 §8.1: tag, length in its shortest form, content (of less than 64 KiB).
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = (content.len() as u16).to_be_bytes();
    let head: &[u8] = match content.len() {
        0..=0x7f => &[tag, low],
        0x80..=0xff => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [head, content].concat()
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// RFC 5480 §2.1.1: id-ecPublicKey, prime256v1.
const EC_P256: &[u8] =
    &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// RFC 5480 §2.1.1: id-ecPublicKey, secp384r1.
const EC_P384: &[u8] =
    &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
/// RFC 8410 §3: id-Ed25519, no parameters.
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
/// RFC 3279 §2.3.1: rsaEncryption, NULL.
const RSA_ENCRYPTION: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// RFC 9881 §2: id-ml-dsa-44, no parameters.
const ML_DSA_44: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11];
/// RFC 9881 §2: id-ml-dsa-65, no parameters.
const ML_DSA_65: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12];
