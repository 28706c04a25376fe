//! Public keys as a relying party has them: read from COSE_Key (RFC 9052 §7) by hand, and from there on in the hands of the algorithm's
//! own crate, which also says how the key is written as SubjectPublicKeyInfo.

use ciborium::Value as Cbor;
use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::pkcs8::spki::Document;
use ml_dsa::{MlDsa44, MlDsa65, MlDsaParams};
use p256::ecdsa::signature::Verifier;
use rsa::pkcs1v15;
use sha2::Sha256;

use crate::relying_party::{Verdict, require};

/// A public key, by its algorithm.
#[derive(Clone)]
pub enum PublicKey {
    Es256(p256::ecdsa::VerifyingKey),
    Es384(p384::ecdsa::VerifyingKey),
    EdDsa(ed25519_dalek::VerifyingKey),
    Rs256(rsa::RsaPublicKey),
    MlDsa44(Box<ml_dsa::VerifyingKey<MlDsa44>>),
    MlDsa65(Box<ml_dsa::VerifyingKey<MlDsa65>>),
}

impl PublicKey {
    /// Reads a COSE_Key, which must have the members of its type and no others.
    pub fn from_cose(bytes: &[u8]) -> Verdict<Self> {
        let key: Cbor = ciborium::from_reader(bytes).map_err(|e| e.to_string())?;
        let members = Members(key.as_map().ok_or("COSE_Key")?);
        let (key, count) = match (members.int(1)?, members.int(3)?) {
            (EC2, -7) => (Self::Es256(read(p256::ecdsa::VerifyingKey::from_sec1_bytes(&members.point(1, 32)?))?), 5),
            (EC2, -35) => (Self::Es384(read(p384::ecdsa::VerifyingKey::from_sec1_bytes(&members.point(2, 48)?))?), 5),
            (OKP, -8) => {
                require(members.int(-1)? == 6, "crv")?;
                let x = members.bytes(-2)?.try_into().map_err(|_| "x")?;
                (Self::EdDsa(read(ed25519_dalek::VerifyingKey::from_bytes(x))?), 4)
            }
            (RSA, -257) => {
                let number = |label| {
                    let bytes = members.bytes(label)?;
                    read(rsa::BoxedUint::from_be_slice(bytes, 8 * u32::try_from(bytes.len()).map_err(|_| "long")?))
                };
                require(members.bytes(-1)?.len() == 256 && members.bytes(-2)? == [1, 0, 1], "n or e")?;
                (Self::Rs256(read(rsa::RsaPublicKey::new(number(-1)?, number(-2)?))?), 4)
            }
            (AKP, -48) => (Self::MlDsa44(Box::new(members.ml_dsa()?)), 3),
            (AKP, -49) => (Self::MlDsa65(Box::new(members.ml_dsa()?)), 3),
            other => return Err(format!("COSE_Key of {other:?}")),
        };
        require(members.0.len() == count, "COSE_Key has other members")?;
        Ok(key)
    }

    /// The COSE number.
    pub fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::Es384(_) => -35,
            Self::EdDsa(_) => -8,
            Self::Rs256(_) => -257,
            Self::MlDsa44(_) => -48,
            Self::MlDsa65(_) => -49,
        }
    }

    /// DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> Verdict<Vec<u8>> {
        let document: Document = read(match self {
            Self::Es256(key) => key.to_public_key_der(),
            Self::Es384(key) => key.to_public_key_der(),
            Self::EdDsa(key) => key.to_public_key_der(),
            Self::Rs256(key) => key.to_public_key_der(),
            Self::MlDsa44(key) => key.to_public_key_der(),
            Self::MlDsa65(key) => key.to_public_key_der(),
        })?;
        Ok(document.into_vec())
    }

    /// L3 §6.5.5: signatures of ECDSA are in ASN.1 DER, all others are as they come.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Verdict<()> {
        match self {
            Self::Es256(key) => read(key.verify(message, &read(p256::ecdsa::Signature::from_der(signature))?)),
            Self::Es384(key) => read(key.verify(message, &read(p384::ecdsa::Signature::from_der(signature))?)),
            Self::EdDsa(key) => {
                read(key.verify_strict(message, &read(ed25519_dalek::Signature::from_slice(signature))?))
            }
            Self::Rs256(key) => {
                let key = pkcs1v15::VerifyingKey::<Sha256>::new(key.clone());
                read(key.verify(message, &read(pkcs1v15::Signature::try_from(signature))?))
            }
            Self::MlDsa44(key) => read(key.verify(message, &read(ml_dsa::Signature::try_from(signature))?)),
            Self::MlDsa65(key) => read(key.verify(message, &read(ml_dsa::Signature::try_from(signature))?)),
        }
    }
}

/// The members of a COSE_Key.
struct Members<'a>(&'a [(Cbor, Cbor)]);

impl Members<'_> {
    fn value(&self, label: i64) -> Verdict<&Cbor> {
        let member = self.0.iter().find(|(key, _)| *key == Cbor::from(label));
        member.map(|(_, value)| value).ok_or(format!("no member {label}"))
    }

    fn int(&self, label: i64) -> Verdict<i64> {
        let integer = self.value(label)?.as_integer().ok_or(format!("member {label} is no integer"))?;
        read(i64::try_from(integer))
    }

    fn bytes(&self, label: i64) -> Verdict<&[u8]> {
        Ok(self.value(label)?.as_bytes().ok_or(format!("member {label} is no byte string"))?)
    }

    /// RFC 9053 §7.1.1: the uncompressed point on `curve`.
    fn point(&self, curve: i64, size: usize) -> Verdict<Vec<u8>> {
        let (x, y) = (self.bytes(-2)?, self.bytes(-3)?);
        require(self.int(-1)? == curve && x.len() == size && y.len() == size, "crv, x or y")?;
        Ok([&[4], x, y].concat())
    }

    fn ml_dsa<P: MlDsaParams>(&self) -> Verdict<ml_dsa::VerifyingKey<P>> {
        let public = self.bytes(-1)?.try_into().map_err(|_| "pub")?;
        Ok(ml_dsa::VerifyingKey::decode(public))
    }
}

fn read<T, E: std::fmt::Display>(result: Result<T, E>) -> Verdict<T> {
    result.map_err(|error| error.to_string())
}

const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const AKP: i64 = 7;
