//! authenticatorCredentialManagement (CTAP §6.8): looking after the discoverable credentials.

mod enumeration;

use protocol::cbor::Fields;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::credential_management::{self, Response, Subcommand};
use protocol::ctap::{Command, StatusCode, SubcommandRequest};
use protocol::webauthn::RpId;
use protocol::webauthn::authenticator_data::rp_id_hash;

use super::client_pin::{PinUvAuthParam, pin_uv_auth_param};
use super::{Authenticator, Environment, GoesOn, status};
use crate::credential::{PublicKeyCredentialSource, shortened};
use crate::vault::Vault;

pub(super) use enumeration::Enumeration;

impl Authenticator {
    pub(super) fn credential_management(
        &mut self,
        environment: &mut impl Environment,
        parameters: &[u8],
        goes_on: Option<GoesOn>,
    ) -> Result<Response, StatusCode> {
        let request = SubcommandRequest::from_bytes(parameters)?;
        match Subcommand::from_number(request.subcommand).ok_or(StatusCode::InvalidSubcommand)? {
            Subcommand::GetCredsMetadata => {
                self.may_read(environment, &request)?.everything()?;
                metadata(environment)
            }
            Subcommand::EnumerateRpsBegin => {
                self.may_read(environment, &request)?.everything()?;
                self.enumerate(environment, Enumeration::of_relying_parties(environment)?)
            }
            Subcommand::EnumerateCredentialsBegin => {
                let bound = self.may_read(environment, &request)?;
                let hash = credential_management::rp_id_hash(&mut request.fields()?)?;
                bound.allows(&hash)?;
                self.enumerate(environment, Enumeration::of_credentials(environment, &hash)?)
            }
            Subcommand::EnumerateRpsGetNextRp => match goes_on {
                Some(GoesOn::Enumeration(next @ Enumeration::RelyingParties(_))) => self.enumerate(environment, next),
                _ => Err(StatusCode::NotAllowed),
            },
            Subcommand::EnumerateCredentialsGetNextCredential => match goes_on {
                Some(GoesOn::Enumeration(next @ Enumeration::Credentials(_))) => self.enumerate(environment, next),
                _ => Err(StatusCode::NotAllowed),
            },
            Subcommand::DeleteCredential => {
                let bound = self.may_write(environment, &request)?;
                delete(environment, &mut request.fields()?, &bound)
            }
            Subcommand::UpdateUserInformation => {
                let bound = self.may_write(environment, &request)?;
                update_user(environment, &mut request.fields()?, &bound)
            }
        }
    }

    fn enumerate(
        &mut self,
        environment: &impl Environment,
        mut enumeration: Enumeration,
    ) -> Result<Response, StatusCode> {
        let response = enumeration.next(environment)?;
        self.goes_on = Some(GoesOn::Enumeration(enumeration));
        Ok(response)
    }

    /// By a token with the permission cm, or by the persistent one, which can read alone.
    fn may_read(&mut self, environment: &impl Environment, request: &SubcommandRequest) -> Result<Bound, StatusCode> {
        let Proof { auth, message } = Proof::of(environment, request)?;
        match self.client_pin.verify_persistent(environment, &auth, &message)? {
            true => Ok(Bound(None)),
            false => self.client_pin.verify_permission(environment, &auth, &message, Permissions::CM).map(Bound),
        }
    }

    fn may_write(&mut self, environment: &impl Environment, request: &SubcommandRequest) -> Result<Bound, StatusCode> {
        let Proof { auth, message } = Proof::of(environment, request)?;
        self.client_pin.verify_permission(environment, &auth, &message, Permissions::CM).map(Bound)
    }
}

/// What the platform says of user verification, and what it has authenticated.
struct Proof<'a> {
    auth: PinUvAuthParam<'a>,
    message: Vec<u8>,
}

impl<'a> Proof<'a> {
    fn of(environment: &impl Environment, request: &'a SubcommandRequest) -> Result<Self, StatusCode> {
        let auth = pin_uv_auth_param(environment, request.pin_uv_auth.as_ref())?.ok_or(StatusCode::PuatRequired)?;
        Ok(Self { auth, message: request.authenticated_message(Command::CredentialManagement) })
    }
}

/// The RP ID that a token is bound to, if it is bound to one.
struct Bound(Option<RpId>);

impl Bound {
    fn everything(&self) -> Result<(), StatusCode> {
        if self.0.is_none() { Ok(()) } else { Err(StatusCode::PinAuthInvalid) }
    }

    fn allows(&self, hash: &[u8; 32]) -> Result<(), StatusCode> {
        match self.0.as_ref().is_none_or(|rp_id| rp_id_hash(rp_id) == *hash) {
            true => Ok(()),
            false => Err(StatusCode::PinAuthInvalid),
        }
    }
}

/// CTAP §6.8.2.
fn metadata(environment: &impl Environment) -> Result<Response, StatusCode> {
    let mut existing = 0;
    let vault = environment.vault();
    vault.for_each(|source| existing += u64::from(source.discoverable)).map_err(|error| status::of(&error))?;
    Ok(Response::Metadata { existing, remaining: vault.remaining_estimate().unwrap_or(0) })
}

/// CTAP §6.8.5. It can be restored for 30 days.
fn delete(environment: &impl Environment, fields: &mut Fields, bound: &Bound) -> Result<Response, StatusCode> {
    let vault = environment.vault();
    let source = find(vault, fields, bound)?;
    match vault.delete(&source.credential_id, environment.now()).map_err(|error| status::of(&error))? {
        Some(_) => Ok(Response::Done),
        None => Err(StatusCode::NoCredentials),
    }
}

/// CTAP §6.8.6: names that are absent or empty are taken away.
fn update_user(environment: &impl Environment, fields: &mut Fields, bound: &Bound) -> Result<Response, StatusCode> {
    let vault = environment.vault();
    let source = find(vault, fields, bound)?;
    let user = credential_management::user(fields)?;
    if user.id != source.user_handle {
        return Err(StatusCode::InvalidParameter);
    }
    let updated = vault.update(&source.credential_id, |source| {
        source.user_name = shortened(user.name.as_deref());
        source.user_display_name = shortened(user.display_name.as_deref());
    });
    match updated.map_err(|error| status::of(&error))? {
        true => Ok(Response::Done),
        false => Err(StatusCode::NoCredentials),
    }
}

fn find(vault: &Vault, fields: &mut Fields, bound: &Bound) -> Result<PublicKeyCredentialSource, StatusCode> {
    let id = credential_management::credential_id(fields)?;
    let source = vault.get(&id).map_err(|error| status::of(&error))?;
    let source = source.filter(|source| source.discoverable).ok_or(StatusCode::NoCredentials)?;
    bound.allows(&rp_id_hash(&source.rp_id))?;
    Ok(source)
}

#[cfg(test)]
mod tests;
