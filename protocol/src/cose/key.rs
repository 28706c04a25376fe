//! Public keys as COSE_Key maps (RFC 9052 §7).

use std::ops::RangeInclusive;

use super::CoseAlgorithmIdentifier;
use crate::cbor::{self, Fields, Value, int_map};

/// A public key.
///
/// ```cddl
/// COSE_Key = { 1: 2 (EC2), 3: alg, -1: 1 (P-256), -2: bstr .size 32 (x), -3: bstr .size 32 (y) }
///          / { 1: 2 (EC2), 3: -35, -1: 2 (P-384), -2: bstr .size 48 (x), -3: bstr .size 48 (y) }
///          / { 1: 1 (OKP), 3: -8, -1: 6 (Ed25519), -2: bstr .size 32 (x) }
///          / { 1: 3 (RSA), 3: -257, -1: bstr (n), -2: bstr (e) }
///          / { 1: 7 (AKP), 3: -48 / -49, -1: bstr (pub) }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CoseKey {
    /// A point on P-256 (RFC 9053 §7.1.1).
    P256 {
        /// What the key is for: -7 ES256 for credentials, -25 ECDH-ES+HKDF-256 for PIN/UV auth (CTAP §6.5.6).
        algorithm: i64,
        /// Big-endian coordinate.
        x: [u8; 32],
        /// Big-endian coordinate.
        y: [u8; 32],
    },
    /// A point on P-384, for ES384. That it is on the curve is not checked here: the extension would carry that curve's arithmetic for it.
    P384 {
        /// Big-endian coordinate.
        x: [u8; 48],
        /// Big-endian coordinate.
        y: [u8; 48],
    },
    /// A point on Ed25519 (RFC 9053 §7.2), for EdDSA.
    Ed25519 {
        /// The point as RFC 8032 §5.1.2 encodes it.
        x: [u8; 32],
    },
    /// An RSA key (RFC 8230 §4), for RS256.
    Rsa {
        /// The modulus, big-endian, without leading zeros.
        n: Vec<u8>,
        /// The public exponent, big-endian, without leading zeros; 65537 is the only one that is read.
        e: Vec<u8>,
    },
    /// An ML-DSA key: key type AKP, "algorithm key pair".
    Akp {
        /// Which ML-DSA.
        algorithm: CoseAlgorithmIdentifier,
        /// The encoded public key (FIPS 204 §7.2): 1312 bytes for ML-DSA-44, 1952 for ML-DSA-65.
        public: Vec<u8>,
    },
}

/// CTAP §6.5.6: the algorithm number that key agreement keys carry, ECDH-ES+HKDF-256.
pub const KEY_AGREEMENT: i64 = -25;

impl CoseKey {
    /// The key on P-256 whose uncompressed SEC 1 form is `sec1` (65 bytes, first 4), for `algorithm`.
    pub fn from_sec1(sec1: &[u8], algorithm: i64) -> Option<Self> {
        let (x, y) = coordinates::<32>(sec1)?;
        Some(Self::P256 { algorithm, x, y })
    }

    /// The key of `algorithm` whose bare bytes are `public`: see [`Self::to_public_bytes`].
    pub fn from_public_bytes(algorithm: CoseAlgorithmIdentifier, public: &[u8]) -> Option<Self> {
        match algorithm {
            CoseAlgorithmIdentifier::Es256 => Self::from_sec1(public, algorithm.number()),
            CoseAlgorithmIdentifier::Es384 => {
                let (x, y) = coordinates::<48>(public)?;
                Some(Self::P384 { x, y })
            }
            CoseAlgorithmIdentifier::EdDsa => Some(Self::Ed25519 { x: public.try_into().ok()? }),
            CoseAlgorithmIdentifier::Rs256 => {
                is_modulus(public).then(|| Self::Rsa { n: public.to_vec(), e: F4.to_vec() })
            }
            CoseAlgorithmIdentifier::MlDsa44 | CoseAlgorithmIdentifier::MlDsa65 => {
                let is_whole = Some(public.len()) == akp_length(algorithm);
                is_whole.then(|| Self::Akp { algorithm, public: public.to_vec() })
            }
        }
    }

    /// The bare bytes: for points on P-256 and P-384 the uncompressed SEC 1 form, for Ed25519 its 32 bytes, for RSA the modulus (the
    /// exponent being 65537), for ML-DSA the encoded public key.
    pub fn to_public_bytes(&self) -> Vec<u8> {
        match self {
            Self::P256 { x, y, .. } => [&[4], &x[..], &y[..]].concat(),
            Self::P384 { x, y } => [&[4], &x[..], &y[..]].concat(),
            Self::Ed25519 { x } => x.to_vec(),
            Self::Rsa { n, .. } => n.clone(),
            Self::Akp { public, .. } => public.clone(),
        }
    }

    /// The point on P-256, checked to be on the curve; nothing for other keys.
    pub fn to_p256(&self) -> Option<p256::PublicKey> {
        match self {
            Self::P256 { .. } => p256::PublicKey::from_sec1_bytes(&self.to_public_bytes()).ok(),
            Self::P384 { .. } | Self::Ed25519 { .. } | Self::Rsa { .. } | Self::Akp { .. } => None,
        }
    }

    /// The COSE number of what the key is for.
    pub fn algorithm(&self) -> i64 {
        match self {
            Self::P256 { algorithm, .. } => *algorithm,
            Self::P384 { .. } => CoseAlgorithmIdentifier::Es384.number(),
            Self::Ed25519 { .. } => CoseAlgorithmIdentifier::EdDsa.number(),
            Self::Rsa { .. } => CoseAlgorithmIdentifier::Rs256.number(),
            Self::Akp { algorithm, .. } => algorithm.number(),
        }
    }

    /// The map; [`cbor::encode`] gives it its order.
    pub fn to_value(&self) -> Value {
        let alg = Some(self.algorithm().into());
        let bytes = |bytes: &[u8]| Some(Value::from(bytes.to_vec()));
        let [kty, first, second, third] = match self {
            Self::P256 { x, y, .. } => [Some(EC2.into()), Some(P256.into()), bytes(x), bytes(y)],
            Self::P384 { x, y } => [Some(EC2.into()), Some(P384.into()), bytes(x), bytes(y)],
            Self::Ed25519 { x } => [Some(OKP.into()), Some(ED25519.into()), bytes(x), None],
            Self::Rsa { n, e } => [Some(RSA.into()), bytes(n), bytes(e), None],
            Self::Akp { public, .. } => [Some(AKP.into()), bytes(public), None, None],
        };
        int_map([(KTY, kty), (ALG, alg), (-1, first), (-2, second), (-3, third)])
    }

    /// Reads the map.
    ///
    /// # Errors
    /// Another key type, algorithm or curve; members of another size; a point that is not on P-256.
    pub fn from_value(value: Value) -> Result<Self, cbor::Error> {
        let mut fields = Fields::of(value, "COSE_Key")?;
        let kty = fields.int(KTY, "kty")?.ok_or(cbor::Error::Missing("kty"))?;
        let algorithm = fields.int(ALG, "alg")?.ok_or(cbor::Error::Missing("alg"))?;
        match kty {
            EC2 => Self::from_ec2(&mut fields, algorithm),
            OKP => Self::from_okp(&mut fields, algorithm),
            RSA => Self::from_rsa(&mut fields, algorithm),
            AKP => Self::from_akp(&mut fields, algorithm),
            _ => Err(cbor::Error::OutOfRange("kty")),
        }
    }

    fn from_ec2(fields: &mut Fields, algorithm: i64) -> Result<Self, cbor::Error> {
        match (required(fields.int(-1, "crv")?, "crv")?, algorithm) {
            (P256, ES256 | KEY_AGREEMENT) => {
                let key = Self::P256 { algorithm, x: sized(fields, -2, "x")?, y: sized(fields, -3, "y")? };
                key.to_p256().map(|_| key).ok_or(cbor::Error::OutOfRange("point"))
            }
            (P384, ES384) => Ok(Self::P384 { x: sized(fields, -2, "x")?, y: sized(fields, -3, "y")? }),
            (P256 | P384, _) => Err(cbor::Error::OutOfRange("alg")),
            _ => Err(cbor::Error::OutOfRange("crv")),
        }
    }

    fn from_okp(fields: &mut Fields, algorithm: i64) -> Result<Self, cbor::Error> {
        match (required(fields.int(-1, "crv")?, "crv")?, algorithm) {
            (ED25519, EDDSA) => Ok(Self::Ed25519 { x: sized(fields, -2, "x")? }),
            (ED25519, _) => Err(cbor::Error::OutOfRange("alg")),
            _ => Err(cbor::Error::OutOfRange("crv")),
        }
    }

    fn from_rsa(fields: &mut Fields, algorithm: i64) -> Result<Self, cbor::Error> {
        let n = required(fields.bytes(-1, "n")?, "n")?;
        let e = required(fields.bytes(-2, "e")?, "e")?;
        match (algorithm, is_modulus(&n), e == F4) {
            (RS256, true, true) => Ok(Self::Rsa { n, e }),
            (RS256, false, _) => Err(cbor::Error::OutOfRange("n")),
            (RS256, true, false) => Err(cbor::Error::OutOfRange("e")),
            _ => Err(cbor::Error::OutOfRange("alg")),
        }
    }

    fn from_akp(fields: &mut Fields, algorithm: i64) -> Result<Self, cbor::Error> {
        let public = required(fields.bytes(-1, "pub")?, "pub")?;
        let algorithm = CoseAlgorithmIdentifier::from_number(algorithm).ok_or(cbor::Error::OutOfRange("alg"))?;
        match akp_length(algorithm) {
            Some(length) if length == public.len() => Ok(Self::Akp { algorithm, public }),
            Some(_) => Err(cbor::Error::OutOfRange("pub")),
            None => Err(cbor::Error::OutOfRange("alg")),
        }
    }
}

/// FIPS 204 table 2: bytes of an encoded public key.
fn akp_length(algorithm: CoseAlgorithmIdentifier) -> Option<usize> {
    match algorithm {
        CoseAlgorithmIdentifier::MlDsa44 => Some(1312),
        CoseAlgorithmIdentifier::MlDsa65 => Some(1952),
        CoseAlgorithmIdentifier::Es256
        | CoseAlgorithmIdentifier::EdDsa
        | CoseAlgorithmIdentifier::Es384
        | CoseAlgorithmIdentifier::Rs256 => None,
    }
}

/// Whether these bytes are an RSA modulus of a length that Keystow takes.
fn is_modulus(n: &[u8]) -> bool {
    MODULUS_LENGTHS.contains(&n.len()) && n[0] != 0
}

/// SEC 1 §2.3.3, uncompressed: 4, x, y.
fn coordinates<const N: usize>(sec1: &[u8]) -> Option<([u8; N], [u8; N])> {
    let (&4, point) = sec1.split_first()? else { return None };
    let (x, y) = point.split_at_checked(N)?;
    Some((x.try_into().ok()?, y.try_into().ok()?))
}

fn sized<const N: usize>(fields: &mut Fields, key: i64, name: &'static str) -> Result<[u8; N], cbor::Error> {
    required(fields.bytes(key, name)?, name)?.try_into().map_err(|_| cbor::Error::OutOfRange(name))
}

fn required<T>(member: Option<T>, name: &'static str) -> Result<T, cbor::Error> {
    member.ok_or(cbor::Error::Missing(name))
}

/// Bytes of the shortest and the longest modulus that Keystow takes: 2048 and 16384 bits.
const MODULUS_LENGTHS: RangeInclusive<usize> = 256..=2048;

/// The public exponent of every RSA key of ours, 65537.
pub(super) const F4: [u8; 3] = [1, 0, 1];

const KTY: i64 = 1;
const ALG: i64 = 3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const AKP: i64 = 7;
const P256: i64 = 1;
const P384: i64 = 2;
const ED25519: i64 = 6;
const EDDSA: i64 = CoseAlgorithmIdentifier::EdDsa.number();
const ES256: i64 = CoseAlgorithmIdentifier::Es256.number();
const ES384: i64 = CoseAlgorithmIdentifier::Es384.number();
const RS256: i64 = CoseAlgorithmIdentifier::Rs256.number();
