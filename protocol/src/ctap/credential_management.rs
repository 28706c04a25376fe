//! authenticatorCredentialManagement (CTAP §6.8). The request is a [`SubcommandRequest`](super::SubcommandRequest).

use super::{PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity};
use crate::cbor::{self, Fields, Value, int_map, text_map};
use crate::code_space::code_space;
use crate::cose::CoseKey;
use crate::webauthn::{CredentialId, RpId};

code_space! {
    /// A sub-command (CTAP §6.8.1).
    Subcommand: i64 {
        /// How many discoverable credentials there are.
        GetCredsMetadata = 0x01,
        /// The first relying party.
        EnumerateRpsBegin = 0x02,
        /// The next relying party.
        EnumerateRpsGetNextRp = 0x03,
        /// The first credential of a relying party.
        EnumerateCredentialsBegin = 0x04,
        /// The next credential of that relying party.
        EnumerateCredentialsGetNextCredential = 0x05,
        /// Deletes a credential.
        DeleteCredential = 0x06,
        /// Gives a credential other names.
        UpdateUserInformation = 0x07,
    }
}

/// The relying party of some credentials, as the answer carries it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RelyingParty {
    /// Its RP ID.
    pub id: RpId,
    /// Its name for itself; absent where it is empty.
    pub name: Option<String>,
    /// SHA-256 of the RP ID.
    pub id_hash: [u8; 32],
}

/// A credential, as the answer carries it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Credential {
    /// Whose it is.
    pub user: PublicKeyCredentialUserEntity,
    /// Which it is.
    pub credential: PublicKeyCredentialDescriptor,
    /// What relying parties verify with.
    pub public_key: CoseKey,
    /// CTAP §12.1: 1, 2 or 3.
    pub cred_protect: i64,
    /// The key of its large blob, where it has one; 32 bytes.
    pub large_blob_key: Option<Vec<u8>>,
    /// CTAP §12.9: whether it may be used for payments on other sites.
    pub third_party_payment: bool,
}

/// CTAP §6.8, one shape for each sub-command that answers with more than success.
///
/// ```cddl
/// { ? 1: existingResidentCredentialsCount, ? 2: maxPossibleRemainingResidentCredentialsCount, ? 3: rp, ? 4: rpIDHash, ? 5: totalRPs,
///   ? 6: user, ? 7: credentialID, ? 8: publicKey, ? 9: totalCredentials, ? 10: credProtect, ? 11: largeBlobKey, ? 12: thirdPartyPayment }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Response {
    /// To deleteCredential and updateUserInformation: success says all.
    Done,
    /// To getCredsMetadata.
    Metadata {
        /// Discoverable credentials here.
        existing: u64,
        /// An estimate of how many more find room.
        remaining: u64,
    },
    /// To enumerateRPsBegin, with how many there are, and to enumerateRPsGetNextRP, without.
    RelyingParty(RelyingParty, Option<u64>),
    /// To enumerateCredentialsBegin, with how many there are, and to enumerateCredentialsGetNextCredential, without.
    Credential(Box<Credential>, Option<u64>),
}

impl Response {
    /// The CBOR behind the status byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Done => Vec::new(),
            Self::Metadata { existing, remaining } => {
                cbor::encode(&int_map([(0x01, Some((*existing).into())), (0x02, Some((*remaining).into()))]))
            }
            Self::RelyingParty(rp, total) => {
                let names = [("id", Some(rp.id.as_str().into())), ("name", rp.name.clone().map(Value::from))];
                cbor::encode(&int_map([
                    (0x03, Some(text_map(names))),
                    (0x04, Some(rp.id_hash.to_vec().into())),
                    (0x05, total.map(Value::from)),
                ]))
            }
            Self::Credential(credential, total) => cbor::encode(&int_map([
                (0x06, Some(credential.user.to_value())),
                (0x07, Some(credential.credential.to_value())),
                (0x08, Some(credential.public_key.to_value())),
                (0x09, total.map(Value::from)),
                (0x0a, Some(credential.cred_protect.into())),
                (0x0b, credential.large_blob_key.clone().map(Value::from)),
                (0x0c, Some(credential.third_party_payment.into())),
            ])),
        }
    }
}

/// The parameter of enumerateCredentialsBegin.
pub fn rp_id_hash(fields: &mut Fields) -> Result<[u8; 32], cbor::Error> {
    let hash = fields.bytes(0x01, "rpIDHash")?.ok_or(cbor::Error::Missing("rpIDHash"))?;
    hash.try_into().map_err(|_| cbor::Error::OutOfRange("rpIDHash"))
}

/// The parameter of deleteCredential, and the first of updateUserInformation.
pub fn credential_id(fields: &mut Fields) -> Result<CredentialId, cbor::Error> {
    let mut descriptor = fields.map(0x02, "credentialId")?.ok_or(cbor::Error::Missing("credentialId"))?;
    let id = descriptor.bytes("id", "credentialId.id")?.ok_or(cbor::Error::Missing("credentialId.id"))?;
    Ok(id.into())
}

/// The second parameter of updateUserInformation.
pub fn user(fields: &mut Fields) -> Result<PublicKeyCredentialUserEntity, cbor::Error> {
    let user = fields.map(0x03, "user")?.ok_or(cbor::Error::Missing("user"))?;
    PublicKeyCredentialUserEntity::from_fields(user)
}

#[cfg(test)]
mod tests;
