//! Authenticator data (L3 §6.1): what the authenticator signs together with the client data's hash.

use std::fmt;
use std::ops::BitOr;

use sha2::{Digest, Sha256};

use super::{CredentialId, RpId};
use crate::cbor::{self, Value};
use crate::cose::CoseKey;

/// The AAGUID of every Keystow authenticator, 8fbd00ba-ea22-421e-855a-db5d23b0ac05.
pub const AAGUID: [u8; 16] =
    [0x8f, 0xbd, 0x00, 0xba, 0xea, 0x22, 0x42, 0x1e, 0x85, 0x5a, 0xdb, 0x5d, 0x23, 0xb0, 0xac, 0x05];

/// The flags byte (L3 §6.1), with the specification's names.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
pub struct Flags(u8);

impl Flags {
    /// User present.
    pub const UP: Self = Self(0x01);
    /// User verified, in this very ceremony.
    pub const UV: Self = Self(0x04);
    /// Backup eligible: frozen with the credential.
    pub const BE: Self = Self(0x08);
    /// Backup state: a copy exists off this device now.
    pub const BS: Self = Self(0x10);
    /// Attested credential data follows.
    pub const AT: Self = Self(0x40);
    /// Extension data follows.
    pub const ED: Self = Self(0x80);

    /// Whether every flag of `flags` is set.
    pub fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// `self` where `condition` holds, otherwise no flag.
    pub fn when(self, condition: bool) -> Self {
        if condition { self } else { Self::default() }
    }

    /// The byte itself.
    pub fn byte(self) -> u8 {
        self.0
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<u8> for Flags {
    fn from(byte: u8) -> Self {
        Self(byte)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::UP, "UP"),
            (Self::UV, "UV"),
            (Self::BE, "BE"),
            (Self::BS, "BS"),
            (Self::AT, "AT"),
            (Self::ED, "ED"),
        ];
        let set: Vec<_> = names.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| *name).collect();
        write!(f, "{}", set.join(" "))
    }
}

/// Authenticator data. AT and ED in `flags` are set from the members, whatever they were.
///
/// Layout: RP ID hash (32), flags (1), sign count (4, big-endian), then with AT the attested credential data, then with ED a CBOR map.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthenticatorData {
    /// SHA-256 of the RP ID.
    pub rp_id_hash: [u8; 32],
    /// UP, UV, BE, BS.
    pub flags: Flags,
    /// Always 0 in what Keystow makes: copies on several devices cannot keep one counter.
    pub sign_count: u32,
    /// Present at registration.
    pub attested_credential_data: Option<AttestedCredentialData>,
    /// Authenticator extension outputs, a map.
    pub extensions: Option<Value>,
}

/// L3 §6.5.1: AAGUID (16), length of the credential ID (2, big-endian), credential ID, COSE_Key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AttestedCredentialData {
    /// The authenticator's model.
    pub aaguid: [u8; 16],
    /// The new credential's ID, at most 1023 bytes.
    pub credential_id: CredentialId,
    /// The new credential's public key.
    pub public_key: CoseKey,
}

/// Why bytes are not authenticator data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Error {
    /// Fewer bytes than the flags promise.
    TooShort,
    /// More bytes than the flags promise.
    TooLong,
    /// The credential ID is longer than 1023 bytes.
    CredentialIdTooLong,
    /// The public key or the extensions are not what they must be.
    Cbor(cbor::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => f.write_str("authenticator data end too early"),
            Self::TooLong => f.write_str("bytes follow the authenticator data"),
            Self::CredentialIdTooLong => f.write_str("the credential ID has more than 1023 bytes"),
            Self::Cbor(error) => write!(f, "in authenticator data: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<cbor::Error> for Error {
    fn from(error: cbor::Error) -> Self {
        Self::Cbor(error)
    }
}

/// SHA-256 of the RP ID (L3 §6.1).
pub fn rp_id_hash(rp_id: &RpId) -> [u8; 32] {
    Sha256::digest(rp_id.as_str().as_bytes()).into()
}

impl AuthenticatorData {
    /// The bytes that are signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let presence = Flags(self.flags.0 & !(Flags::AT.0 | Flags::ED.0));
        let flags = presence
            | Flags::AT.when(self.attested_credential_data.is_some())
            | Flags::ED.when(self.extensions.is_some());
        let mut bytes = self.rp_id_hash.to_vec();
        bytes.push(flags.byte());
        bytes.extend(self.sign_count.to_be_bytes());
        if let Some(attested) = &self.attested_credential_data {
            attested.write(&mut bytes);
        }
        if let Some(extensions) = &self.extensions {
            bytes.extend(cbor::encode(extensions));
        }
        bytes
    }

    /// Reads `bytes`, all of them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or(Error::TooShort)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(Error::TooShort)?;
        let (sign_count, mut rest) = rest.split_first_chunk::<4>().ok_or(Error::TooShort)?;
        let flags = Flags(flags);
        let mut attested_credential_data = None;
        if flags.contains(Flags::AT) {
            let (attested, behind) = AttestedCredentialData::read(rest)?;
            (attested_credential_data, rest) = (Some(attested), behind);
        }
        let mut extensions = None;
        if flags.contains(Flags::ED) {
            let (map, behind) = rest.split_at(cbor::check_prefix(rest)?);
            (extensions, rest) = (Some(cbor::decode(map)?), behind);
        }
        match rest {
            [] => Ok(Self {
                rp_id_hash: *rp_id_hash,
                flags,
                sign_count: u32::from_be_bytes(*sign_count),
                attested_credential_data,
                extensions,
            }),
            _ => Err(Error::TooLong),
        }
    }
}

impl AttestedCredentialData {
    fn write(&self, bytes: &mut Vec<u8>) {
        let id = self.credential_id.as_bytes();
        bytes.extend(self.aaguid);
        bytes.extend((id.len() as u16).to_be_bytes());
        bytes.extend(id);
        bytes.extend(cbor::encode(&self.public_key.to_value()));
    }

    fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>().ok_or(Error::TooShort)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Error::TooShort)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length > MAX_CREDENTIAL_ID_LENGTH {
            return Err(Error::CredentialIdTooLong);
        }
        let (credential_id, rest) = rest.split_at_checked(length).ok_or(Error::TooShort)?;
        let (key, rest) = rest.split_at(cbor::check_prefix(rest)?);
        let public_key = CoseKey::from_value(cbor::decode(key)?)?;
        Ok((Self { aaguid: *aaguid, credential_id: credential_id.into(), public_key }, rest))
    }
}

/// L3 §6.5.1 (and §4, credential ID).
pub const MAX_CREDENTIAL_ID_LENGTH: usize = 1023;

#[cfg(test)]
mod tests;
