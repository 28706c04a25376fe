//! COSE algorithm identifiers and public keys (RFC 9052, RFC 9053; L3 §5.8.5 and §6.5.1.1).

use std::fmt;

use crate::cbor::{self, Fields, Value, int_map};
use crate::code_space::code_space;

code_space! {
    /// A COSEAlgorithmIdentifier (L3 §5.8.5) that Keystow knows by name, with its number in the IANA COSE registry.
    CoseAlgorithmIdentifier: i64 {
        /// ECDSA on P-256 with SHA-256.
        Es256 = -7,
    }
}

impl fmt::Display for CoseAlgorithmIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Es256 => "ES256",
        })
    }
}

/// A public key as a COSE_Key map (RFC 9052 §7).
///
/// ```cddl
/// COSE_Key = { 1: 2 (EC2), 3: alg, -1: 1 (P-256), -2: bstr .size 32 (x), -3: bstr .size 32 (y) }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CoseKey {
    /// A point on P-256.
    P256 {
        /// What the key is for: -7 ES256 for credentials, -25 ECDH-ES+HKDF-256 for PIN/UV auth (CTAP §6.5.6).
        algorithm: i64,
        /// Big-endian coordinate.
        x: [u8; 32],
        /// Big-endian coordinate.
        y: [u8; 32],
    },
}

/// CTAP §6.5.6: the algorithm number that key agreement keys carry, ECDH-ES+HKDF-256.
pub const KEY_AGREEMENT: i64 = -25;

/// RFC 5480 §2: SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING of 65 bytes }, up to the point. Written out, since the
/// point is all that ever changes and a DER encoder would weigh more than this file in the extension's module.
const P256_SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

const KTY: i64 = 1;
const ALG: i64 = 3;
const CRV: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const KTY_EC2: i64 = 2;
const CRV_P256: i64 = 1;

impl CoseKey {
    /// The key whose uncompressed SEC 1 form is `sec1` (65 bytes, first 4), for `algorithm`.
    pub fn from_sec1(sec1: &[u8], algorithm: i64) -> Option<Self> {
        let (&4, point) = sec1.split_first()? else { return None };
        let (x, y) = point.split_at_checked(32)?;
        Some(Self::P256 { algorithm, x: x.try_into().ok()?, y: y.try_into().ok()? })
    }

    /// The uncompressed SEC 1 form: 4, x, y.
    pub fn to_sec1(&self) -> [u8; 65] {
        let Self::P256 { x, y, .. } = self;
        let mut sec1 = [4; 65];
        sec1[1..33].copy_from_slice(x);
        sec1[33..].copy_from_slice(y);
        sec1
    }

    /// The point itself, checked to be on the curve.
    pub fn to_p256(&self) -> Option<p256::PublicKey> {
        p256::PublicKey::from_sec1_bytes(&self.to_sec1()).ok()
    }

    /// DER SubjectPublicKeyInfo (L3 §5.2.1 `getPublicKey()`); nothing where the point is not on the curve.
    pub fn to_spki_der(&self) -> Option<Vec<u8>> {
        self.to_p256()?;
        Some([&P256_SPKI_HEAD[..], &self.to_sec1()].concat())
    }

    /// The COSE number of what the key is for.
    pub fn algorithm(&self) -> i64 {
        let Self::P256 { algorithm, .. } = self;
        *algorithm
    }

    /// The map; [`cbor::encode`] gives it its order.
    pub fn to_value(&self) -> Value {
        let Self::P256 { algorithm, x, y } = self;
        int_map([
            (KTY, Some(KTY_EC2.into())),
            (ALG, Some((*algorithm).into())),
            (CRV, Some(CRV_P256.into())),
            (X, Some(x.to_vec().into())),
            (Y, Some(y.to_vec().into())),
        ])
    }

    /// Reads the map.
    ///
    /// # Errors
    /// Another key type or curve, coordinates of another size, a point that is not on the curve.
    pub fn from_value(value: Value) -> Result<Self, cbor::Error> {
        let mut fields = Fields::of(value, "COSE_Key")?;
        let required = |member: Option<i64>, name| member.ok_or(cbor::Error::Missing(name));
        if required(fields.int(KTY, "kty")?, "kty")? != KTY_EC2 {
            return Err(cbor::Error::OutOfRange("kty"));
        }
        let algorithm = required(fields.int(ALG, "alg")?, "alg")?;
        if required(fields.int(CRV, "crv")?, "crv")? != CRV_P256 {
            return Err(cbor::Error::OutOfRange("crv"));
        }
        let key = Self::P256 { algorithm, x: coordinate(&mut fields, X, "x")?, y: coordinate(&mut fields, Y, "y")? };
        match key.to_p256() {
            Some(_) => Ok(key),
            None => Err(cbor::Error::OutOfRange("point")),
        }
    }
}

fn coordinate(fields: &mut Fields, key: i64, name: &'static str) -> Result<[u8; 32], cbor::Error> {
    let bytes = fields.bytes(key, name)?.ok_or(cbor::Error::Missing(name))?;
    bytes.try_into().map_err(|_| cbor::Error::OutOfRange(name))
}

#[cfg(test)]
mod tests;
