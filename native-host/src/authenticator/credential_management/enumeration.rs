//! enumerateRPs and enumerateCredentials (CTAP §6.8.3, §6.8.4): what is still to be told, message by message.

use std::collections::BTreeMap;

use protocol::ctap::credential_management::{Credential, RelyingParty, Response};
use protocol::ctap::{PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, StatusCode};
use protocol::webauthn::authenticator_data::rp_id_hash;
use protocol::webauthn::{CredentialId, RpId};

use super::super::extensions::large_blob_key;
use super::super::{Environment, status};
use crate::credential::PublicKeyCredentialSource;

/// What is still to be told.
pub(in crate::authenticator) enum Enumeration {
    RelyingParties(Waiting<RelyingParty>),
    Credentials(Waiting<CredentialId>),
}

/// The next one last; how many there are in all is told with the first.
pub(in crate::authenticator) struct Waiting<T> {
    items: Vec<T>,
    total: Option<u64>,
}

impl Enumeration {
    /// CTAP §6.8.3, in the order of the RP IDs.
    ///
    /// # Errors
    /// CTAP2_ERR_NO_CREDENTIALS where there is none.
    pub(super) fn of_relying_parties(environment: &impl Environment) -> Result<Self, StatusCode> {
        let mut names = BTreeMap::new();
        let walked = environment.vault().for_each(|source| {
            if source.discoverable {
                names.insert(source.rp_id.as_str().to_owned(), source.rp_name);
            }
        });
        walked.map_err(|error| status::of(&error))?;
        let relying_party = |(id, name): (String, String)| {
            let id = RpId::from(id);
            RelyingParty { id_hash: rp_id_hash(&id), id, name: Some(name).filter(|name| !name.is_empty()) }
        };
        Waiting::of(names.into_iter().map(relying_party).collect()).map(Self::RelyingParties)
    }

    /// CTAP §6.8.4, the oldest first.
    ///
    /// # Errors
    /// CTAP2_ERR_NO_CREDENTIALS where there is none.
    pub(super) fn of_credentials(environment: &impl Environment, hash: &[u8; 32]) -> Result<Self, StatusCode> {
        let mut found: Vec<(u64, CredentialId)> = Vec::new();
        let walked = environment.vault().for_each(|source| {
            if source.discoverable && rp_id_hash(&source.rp_id) == *hash {
                found.push((source.created, source.credential_id));
            }
        });
        walked.map_err(|error| status::of(&error))?;
        found.sort_by_key(|(created, _)| *created);
        Waiting::of(found.into_iter().map(|(_, id)| id).collect()).map(Self::Credentials)
    }

    /// The next one. A credential that is gone meanwhile ends it.
    pub(super) fn next(&mut self, environment: &impl Environment) -> Result<Response, StatusCode> {
        match self {
            Self::RelyingParties(waiting) => {
                let (relying_party, total) = waiting.take_next()?;
                Ok(Response::RelyingParty(relying_party, total))
            }
            Self::Credentials(waiting) => {
                let (id, total) = waiting.take_next()?;
                let source = environment.vault().get(&id).map_err(|error| status::of(&error))?;
                let source = source.ok_or(StatusCode::NoCredentials)?;
                Ok(Response::Credential(Box::new(credential(environment, source)?), total))
            }
        }
    }
}

impl<T> Waiting<T> {
    fn of(mut items: Vec<T>) -> Result<Self, StatusCode> {
        let total = u64::try_from(items.len()).ok().filter(|total| *total > 0).ok_or(StatusCode::NoCredentials)?;
        items.reverse();
        Ok(Self { items, total: Some(total) })
    }

    fn take_next(&mut self) -> Result<(T, Option<u64>), StatusCode> {
        let next = self.items.pop().ok_or(StatusCode::NotAllowed)?;
        Ok((next, self.total.take()))
    }
}

fn credential(environment: &impl Environment, source: PublicKeyCredentialSource) -> Result<Credential, StatusCode> {
    let large_blob_key = large_blob_key(environment, &source)?;
    let named = |name: String| Some(name).filter(|name| !name.is_empty());
    Ok(Credential {
        user: PublicKeyCredentialUserEntity {
            id: source.user_handle,
            name: named(source.user_name),
            display_name: named(source.user_display_name),
        },
        credential: PublicKeyCredentialDescriptor { id: source.credential_id },
        public_key: source.public_key,
        cred_protect: source.extensions.cred_protect.number(),
        large_blob_key,
        third_party_payment: source.extensions.third_party_payment,
    })
}
