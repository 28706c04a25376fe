//! The platform's side of authenticatorClientPIN (CTAP §6.5.5): choosing and changing a PIN, and a token for a right one or for the OS's yes.

use protocol::cose::CoseKey;
use protocol::ctap::client_pin::{Permissions, Request, Subcommand};
use protocol::ctap::extensions::HmacSecretInput;
use protocol::ctap::pin_uv_auth::{
    KeyAgreementKey, PinUvAuthProtocol, PinUvAuthToken, SharedSecret, pad_pin, pin_hash,
};
use protocol::ctap::{StatusCode, get_info};
use protocol::webauthn::RpId;
use protocol::webauthn::json::PrfResultsJson;
use protocol::webauthn::prf::Salts;
use zeroize::Zeroizing;

use super::environment::Environment;
use super::error::{Error, HostFault};
use super::host::{Host, Random, broke};
use super::prompt::{Notice, Pin, Verification};

/// What a token is wanted for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// One command.
    pub(super) permissions: Permissions,
    /// One RP ID, where it is about a passkey.
    pub(super) rp_id: Option<&'a RpId>,
}

/// Why there is no token.
pub(super) enum Rejected {
    /// The user can try again, or at least must be told.
    Ask(Verification, Option<Notice>),
    /// The ceremony is over.
    Over(Error),
}

impl<T: Into<Error>> From<T> for Rejected {
    fn from(error: T) -> Self {
        Self::Over(error.into())
    }
}

/// CTAP §6.5.5.7.2: a token for the PIN that is set.
pub(super) async fn token<E: Environment>(
    host: &Host<'_, E>,
    pin: &Pin,
    scope: Scope<'_>,
) -> Result<PinUvAuthToken, Rejected> {
    let session = Session::begin(host).await?;
    match session.token(host, pin, scope).await {
        Err(Error::Host(HostFault::Status(StatusCode::PinInvalid))) => Err(wrong_pin(host).await?),
        Err(Error::Host(HostFault::Status(StatusCode::PinBlocked))) => Err(locked()),
        Err(Error::Host(HostFault::Status(StatusCode::PinAuthBlocked))) => {
            Err(ask(host, Some(Notice::PinPaused)).await?)
        }
        // CTAP §6.5.5.7.2 step 11: the PIN is the right one, and must be changed.
        Err(Error::Host(HostFault::Status(StatusCode::PinPolicyViolation))) => {
            Err(ask(host, Some(Notice::PinMustChange)).await?)
        }
        other => Ok(other?),
    }
}

/// CTAP §6.5.5.7.3: a token for the OS's yes, which the user gives meanwhile. Where the OS is asked no more, the PIN is, if `pin` says that
/// there is one.
pub(super) async fn token_using_uv<E: Environment>(
    host: &Host<'_, E>,
    pin: bool,
    scope: Scope<'_>,
) -> Result<PinUvAuthToken, Rejected> {
    let built_in = Verification::BuiltIn { pin };
    let session = Session::begin(host).await?;
    match session.token_using_uv(host, scope).await {
        Err(Error::Host(HostFault::Status(
            StatusCode::UvInvalid
            | StatusCode::OperationDenied
            | StatusCode::UserActionTimeout
            | StatusCode::NotAllowed,
        ))) => Err(Rejected::Ask(built_in, Some(Notice::BuiltInFailed))),
        Err(Error::Host(HostFault::Status(StatusCode::UvBlocked))) if pin => {
            Err(ask(host, Some(Notice::BuiltInBlocked)).await?)
        }
        Err(Error::Host(HostFault::Status(StatusCode::UvBlocked))) => {
            Err(Rejected::Ask(built_in, Some(Notice::BuiltInBlocked)))
        }
        other => Ok(other?),
    }
}

/// The PIN is asked for next, with `notice`; one that has been locked meanwhile is said to be.
pub(super) async fn ask<E: Environment>(host: &Host<'_, E>, notice: Option<Notice>) -> Result<Rejected, Error> {
    Ok(match retries(host).await? {
        0 => locked(),
        retries => Rejected::Ask(Verification::Pin { retries }, notice),
    })
}

/// CTAP §6.5.5.5, then [`token`]: sets the first PIN and proves it.
pub(super) async fn set_and_token<E: Environment>(
    host: &Host<'_, E>,
    new_pin: &Pin,
    min_length: u8,
    scope: Scope<'_>,
) -> Result<PinUvAuthToken, Rejected> {
    set(host, new_pin, min_length).await?;
    token(host, new_pin, scope).await
}

/// CTAP §6.5.5.5: sets the first PIN.
pub(super) async fn set<E: Environment>(host: &Host<'_, E>, new_pin: &Pin, min_length: u8) -> Result<(), Rejected> {
    let padded = padded(new_pin, min_length)?;
    let session = Session::begin(host).await?;
    match session.set_pin(host, &padded[..]).await {
        Err(Error::Host(HostFault::Status(StatusCode::PinPolicyViolation))) => {
            Err(another(min_length, Notice::PinRefused))
        }
        // Another browser has set one since the host was asked.
        Err(Error::Host(HostFault::Status(StatusCode::PinAuthInvalid | StatusCode::NotAllowed))) => {
            Err(ask(host, None).await?)
        }
        other => Ok(other?),
    }
}

/// CTAP §6.5.5.6: another PIN in place of the one that is set.
pub(super) async fn change<E: Environment>(
    host: &Host<'_, E>,
    pin: &Pin,
    new_pin: &Pin,
    min_length: u8,
) -> Result<(), Rejected> {
    let padded = padded(new_pin, min_length)?;
    let session = Session::begin(host).await?;
    match session.change_pin(host, pin, &padded[..]).await {
        Err(Error::Host(HostFault::Status(StatusCode::PinInvalid))) => Err(wrong_pin(host).await?),
        Err(Error::Host(HostFault::Status(StatusCode::PinBlocked))) => Err(locked()),
        Err(Error::Host(HostFault::Status(StatusCode::PinAuthBlocked))) => {
            Err(ask(host, Some(Notice::PinPaused)).await?)
        }
        Err(Error::Host(HostFault::Status(StatusCode::PinPolicyViolation))) => {
            Err(another(min_length, Notice::PinRefused))
        }
        other => Ok(other?),
    }
}

/// A new PIN as it is sent (CTAP §6.5.5.5), if it can be one.
fn padded(new_pin: &Pin, min_length: u8) -> Result<Zeroizing<[u8; 64]>, Rejected> {
    if new_pin.expose_secret().chars().count() < usize::from(min_length) {
        return Err(another(min_length, Notice::PinTooShort));
    }
    pad_pin(new_pin.expose_secret()).ok_or(another(min_length, Notice::PinRefused))
}

fn another(min_length: u8, notice: Notice) -> Rejected {
    Rejected::Ask(Verification::NewPin { min_length }, Some(notice))
}

/// One key agreement. The authenticator renews its key after a wrong PIN, so a session is for one try.
pub(super) struct Session {
    protocol: PinUvAuthProtocol,
    public_key: CoseKey,
    secret: SharedSecret,
}

impl Session {
    /// CTAP §6.5.5.4: obtaining the shared secret, with the host's most preferred protocol that we know.
    async fn begin<E: Environment>(host: &Host<'_, E>) -> Result<Self, Error> {
        Self::of(host, &host.get_info().await?).await
    }

    /// The same, with what the host has told of itself.
    pub(super) async fn of<E: Environment>(host: &Host<'_, E>, info: &get_info::Response) -> Result<Self, Error> {
        let protocols = info.pin_uv_auth_protocols.iter();
        let protocol = protocols.copied().find_map(PinUvAuthProtocol::from_number);
        let protocol = protocol.ok_or(broke("no PIN/UV auth protocol in common"))?;
        let response = host.client_pin(&request(protocol, Subcommand::GetKeyAgreement)).await?;
        let peer = response.key_agreement.ok_or(broke("no key agreement key"))?;
        let key = KeyAgreementKey::generate(&mut Random(host.0));
        let secret = key.shared_secret(protocol, &peer).ok_or(broke("a key agreement key that is no point"))?;
        Ok(Self { protocol, public_key: key.public(), secret })
    }

    /// The salts of hmac-secret as the authenticator takes them (CTAP §12.7).
    pub(super) fn seal<E: Environment>(&self, salts: &Salts, host: &Host<'_, E>) -> HmacSecretInput {
        salts.seal(&self.secret, self.public_key.clone(), &mut Random(host.0))
    }

    /// What hmac-secret answered to `salts`; nothing where it is no answer to them.
    pub(super) fn open(&self, salts: &Salts, output: &[u8]) -> Option<PrfResultsJson> {
        salts.open(&self.secret, output)
    }

    async fn set_pin<E: Environment>(&self, host: &Host<'_, E>, padded: &[u8]) -> Result<(), Error> {
        let new_pin_enc = self.secret.encrypt(padded, &mut Random(host.0));
        let request = Request {
            key_agreement: Some(self.public_key.clone()),
            pin_uv_auth_param: Some(self.secret.authenticate(&new_pin_enc)),
            new_pin_enc: Some(new_pin_enc),
            ..request(self.protocol, Subcommand::SetPin)
        };
        host.client_pin(&request).await.map(|_| ())
    }

    async fn change_pin<E: Environment>(&self, host: &Host<'_, E>, pin: &Pin, padded: &[u8]) -> Result<(), Error> {
        let new_pin_enc = self.secret.encrypt(padded, &mut Random(host.0));
        let pin_hash_enc = self.secret.encrypt(&pin_hash(pin.expose_secret().as_bytes())[..], &mut Random(host.0));
        let request = Request {
            key_agreement: Some(self.public_key.clone()),
            pin_uv_auth_param: Some(self.secret.authenticate(&[&new_pin_enc[..], &pin_hash_enc].concat())),
            new_pin_enc: Some(new_pin_enc),
            pin_hash_enc: Some(pin_hash_enc),
            ..request(self.protocol, Subcommand::ChangePin)
        };
        host.client_pin(&request).await.map(|_| ())
    }

    async fn token<E: Environment>(
        &self,
        host: &Host<'_, E>,
        pin: &Pin,
        scope: Scope<'_>,
    ) -> Result<PinUvAuthToken, Error> {
        let pin_hash = pin_hash(pin.expose_secret().as_bytes());
        let request = Request {
            pin_hash_enc: Some(self.secret.encrypt(&pin_hash[..], &mut Random(host.0))),
            ..self.token_request(Subcommand::GetPinUvAuthTokenUsingPinWithPermissions, scope)
        };
        self.obtain(host, &request).await
    }

    async fn token_using_uv<E: Environment>(
        &self,
        host: &Host<'_, E>,
        scope: Scope<'_>,
    ) -> Result<PinUvAuthToken, Error> {
        let subcommand = Subcommand::GetPinUvAuthTokenUsingUvWithPermissions;
        self.obtain(host, &self.token_request(subcommand, scope)).await
    }

    fn token_request(&self, subcommand: Subcommand, scope: Scope<'_>) -> Request {
        Request {
            key_agreement: Some(self.public_key.clone()),
            permissions: Some(scope.permissions.bits().into()),
            rp_id: scope.rp_id.cloned(),
            ..request(self.protocol, subcommand)
        }
    }

    async fn obtain<E: Environment>(&self, host: &Host<'_, E>, request: &Request) -> Result<PinUvAuthToken, Error> {
        let encrypted = host.client_pin(request).await?.pin_uv_auth_token.ok_or(broke("no PIN/UV auth token"))?;
        PinUvAuthToken::decrypt(&encrypted, &self.secret).map_err(|_| broke("a malformed PIN/UV auth token"))
    }
}

async fn wrong_pin<E: Environment>(host: &Host<'_, E>) -> Result<Rejected, Error> {
    Ok(match retries(host).await? {
        0 => locked(),
        retries => Rejected::Ask(Verification::Pin { retries }, Some(Notice::WrongPin { retries })),
    })
}

fn locked() -> Rejected {
    Rejected::Ask(Verification::Pin { retries: 0 }, Some(Notice::PinLocked))
}

/// CTAP §6.5.5.2.
async fn retries<E: Environment>(host: &Host<'_, E>) -> Result<u8, Error> {
    let request = Request { subcommand: Subcommand::GetPinRetries.number(), ..Request::default() };
    let retries = host.client_pin(&request).await?.pin_retries.ok_or(broke("no pinRetries"))?;
    u8::try_from(retries).map_err(|_| broke("pinRetries"))
}

fn request(protocol: PinUvAuthProtocol, subcommand: Subcommand) -> Request {
    Request { pin_uv_auth_protocol: Some(protocol.number()), subcommand: subcommand.number(), ..Request::default() }
}
