//! What the user settles about being verified, outside of any ceremony: the PIN, whether they are always verified, and whether the OS asks
//! instead; and what takes that of sync. The screen asks for it, the host has the last word.

use protocol::ctap::authenticator_config::Subcommand;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::pin_uv_auth::PinUvAuthToken;
use protocol::ctap::{Command, PinUvAuth, StatusCode, SubcommandRequest};
use protocol::manage::sync::{Begin, SyncRequest, SyncState, Task};
use protocol::{manage, native_message};
use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::error::{Error, HostFault};
use super::host::Host;
use super::pin::{self, Rejected, Scope};
use super::prompt::{Notice, Pin, Verification, expose_to_own_window};

/// What is to be settled, and what was typed for it. On the wire `{"what": "changePin", "pin": "...", "newPin": "..."}`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settlement {
    /// What is to be settled.
    pub what: What,
    /// The PIN that is set, where there is one and the OS does not ask instead.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "expose_to_own_window")]
    pub pin: Option<Pin>,
    /// The PIN chosen.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "expose_to_own_window")]
    pub new_pin: Option<Pin>,
}

/// See [`Settlement::what`]. On the wire `"setPin"`, `"changePin"`, `{"alwaysUv": true}` or `{"osVerification": true}`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// The first PIN (CTAP §6.5.5.5).
    SetPin,
    /// Another PIN (CTAP §6.5.5.6).
    ChangePin,
    /// Whether the user is verified even where a relying party does not ask for it (CTAP option `alwaysUv`).
    AlwaysUv(bool),
    /// Whether the OS asks instead of the PIN.
    OsVerification(bool),
}

/// What a person begins of sync, and what was typed for it. On the wire `{"task": {"addDevice": {}}, "pin": "..."}`.
#[derive(Deserialize, Serialize)]
pub struct Beginning {
    /// What is begun.
    pub task: Task,
    /// As [`Settlement::pin`].
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "expose_to_own_window")]
    pub pin: Option<Pin>,
}

/// Why nothing was settled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unsettled {
    /// What was typed does not do, or the OS did not confirm.
    Notice(Notice),
    /// The host said that it cannot serve, and why.
    Refused(native_message::Error),
    /// The host does not answer, or with something that is no answer.
    Gone,
}

/// Settles it.
///
/// # Errors
/// See [`Unsettled`].
pub async fn settle<E: Environment>(wanted: &Settlement, environment: &E) -> Result<(), Unsettled> {
    let host = Host(environment);
    let done = match wanted.what {
        What::SetPin => set_pin(&host, wanted).await,
        What::ChangePin => change_pin(&host, wanted).await,
        What::AlwaysUv(on) => always_uv(&host, wanted, on).await,
        What::OsVerification(on) => os_verification(&host, wanted, on).await,
    };
    done.map_err(Unsettled::from)
}

/// Begins a person's task of sync, and tells how things stand then.
///
/// # Errors
/// See [`Unsettled`].
pub async fn begin<E: Environment>(wanted: Beginning, environment: &E) -> Result<SyncState, Unsettled> {
    begin_verified(wanted, &Host(environment)).await.map_err(Unsettled::from)
}

async fn begin_verified<E: Environment>(wanted: Beginning, host: &Host<'_, E>) -> Result<SyncState, Rejected> {
    let Beginning { task, pin } = wanted;
    let message = task.message();
    let proof = proof(host, pin.as_ref(), &message).await?;
    let begin = Begin { task, pin_uv_auth: proof };
    Ok(host.sync(SyncRequest::Begin(begin)).await?)
}

async fn set_pin<E: Environment>(host: &Host<'_, E>, wanted: &Settlement) -> Result<(), Rejected> {
    let min_length = host.status().await?.verification.min_pin_length;
    let new_pin = wanted.new_pin.as_ref().ok_or(Rejected::pin(Notice::PinTooShort))?;
    pin::set(host, new_pin, min_length).await
}

async fn change_pin<E: Environment>(host: &Host<'_, E>, wanted: &Settlement) -> Result<(), Rejected> {
    let min_length = host.status().await?.verification.min_pin_length;
    match (&wanted.pin, &wanted.new_pin) {
        (Some(pin), Some(new_pin)) => pin::change(host, pin, new_pin, min_length).await,
        _ => Err(Rejected::pin(Notice::PinTooShort)),
    }
}

async fn always_uv<E: Environment>(host: &Host<'_, E>, wanted: &Settlement, on: bool) -> Result<(), Rejected> {
    // CTAP has a toggle alone; another browser may have switched meanwhile.
    if host.status().await?.verification.always == on {
        return Ok(());
    }
    let mut request =
        SubcommandRequest { subcommand: Subcommand::ToggleAlwaysUv.number(), ..SubcommandRequest::default() };
    let message = request.authenticated_message(Command::AuthenticatorConfig);
    if let Some(token) = token(host, wanted.pin.as_ref()).await? {
        let param = token.authenticate(&message);
        request.pin_uv_auth = Some(PinUvAuth { param, protocol: Some(token.protocol().number()) });
    }
    Ok(host.authenticator_config(&request).await?)
}

async fn os_verification<E: Environment>(host: &Host<'_, E>, wanted: &Settlement, on: bool) -> Result<(), Rejected> {
    let proof = proof(host, wanted.pin.as_ref(), &manage::SetOsVerification::message(on)).await?;
    Ok(host.set_os_verification(manage::SetOsVerification { on, pin_uv_auth: proof }).await?)
}

/// A proof over `message`, as `manage` requests carry it; none where nothing is set up.
async fn proof<E: Environment>(
    host: &Host<'_, E>,
    pin: Option<&Pin>,
    message: &[u8],
) -> Result<Option<manage::PinUvAuth>, Rejected> {
    let proof = |token: PinUvAuthToken| manage::PinUvAuth {
        protocol: token.protocol().number(),
        param: token.authenticate(message),
    };
    Ok(token(host, pin).await?.map(proof))
}

/// A token with the permission acfg: for the PIN that was typed or, where none was, for the OS's yes. None where nothing is set up.
async fn token<E: Environment>(host: &Host<'_, E>, pin: Option<&Pin>) -> Result<Option<PinUvAuthToken>, Rejected> {
    let scope = Scope { permissions: Permissions::ACFG, rp_id: None };
    let verification = host.status().await?.verification;
    match pin {
        Some(pin) => pin::token(host, pin, scope).await.map(Some),
        None if verification.built_in => pin::token_using_uv(host, verification.pin_set, scope).await.map(Some),
        None => Ok(None),
    }
}

impl Rejected {
    /// What was typed does not do.
    fn pin(notice: Notice) -> Self {
        Self::Ask(Verification::None, Some(notice))
    }
}

impl From<Rejected> for Unsettled {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Ask(_, notice) => notice.map_or(Self::Gone, Self::Notice),
            Rejected::Over(Error::Host(HostFault::Refused(error))) => Self::Refused(error),
            Rejected::Over(Error::Host(HostFault::Status(StatusCode::PuatRequired | StatusCode::PinAuthInvalid))) => {
                Self::Notice(Notice::BuiltInFailed)
            }
            Rejected::Over(
                Error::Host(HostFault::BrokeContract(_) | HostFault::Status(_))
                | Error::NotServed(_)
                | Error::Page(_)
                | Error::User(_),
            ) => Self::Gone,
        }
    }
}
