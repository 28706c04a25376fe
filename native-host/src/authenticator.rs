//! The CTAP2 authenticator (CTAP §6): a command byte and CBOR in, a status byte and CBOR out, over a vault that is open.
//!
//! User presence is not asked for here: the extension's window has collected it before it sends a command that needs it. What is made
//! without it ([`Authenticator::conditional_create`]) is made by no command of CTAP, and says so by UP = 0. User verification is the PIN,
//! judged here ([`client_pin`]), or the OS, asked from here.

mod authenticator_config;
mod client_pin;
mod credential_management;
mod environment;
mod extensions;
mod get_assertion;
mod get_info;
mod large_blobs;
mod make_credential;
mod presence;
mod reset;
mod spare_key;
mod status;
mod user_verification;

use protocol::ctap::{Command, StatusCode};
use protocol::manage::{Use, UseKind, Verified};
use protocol::webauthn::CredentialId;

use client_pin::{ClientPin, UserVerified};
use credential_management::Enumeration;
use get_assertion::Remembered;
use large_blobs::LargeBlobs;
use spare_key::SpareKey;

pub use environment::{Environment, Machine, Publisher};

/// getInfo maxMsgSize: bytes of the longest message, command byte included. An answer of that length, in base64url, still fits the 1 MiB that
/// a browser takes from a host.
pub const MAX_MSG_SIZE: usize = 700_000;

/// What one session of the host remembers between messages. All of it is in memory: a new host begins anew.
#[derive(Default)]
pub struct Authenticator {
    client_pin: ClientPin,
    goes_on: Option<GoesOn>,
    large_blobs: LargeBlobs,
    used: Option<Used>,
    spare_key: SpareKey,
}

/// What the next message may go on with.
enum GoesOn {
    /// authenticatorGetNextAssertion.
    Assertions(Box<Remembered>),
    /// enumerateRPsGetNextRP or enumerateCredentialsGetNextCredential.
    Enumeration(Enumeration),
}

/// A passkey that was made or has signed, while the vault has not been told yet.
struct Used {
    credential_id: CredentialId,
    /// What is to be remembered of it; nothing for a private window.
    used: Option<Use>,
    /// Whether hmac-secret was evaluated. That is remembered whoever asked: what was encrypted may be lost with the passkey.
    prf_evaluated: bool,
}

impl Authenticator {
    /// Serves one message: the command byte and its parameters; gives the status byte and the answer's CBOR.
    pub fn process(&mut self, environment: &mut impl Environment, message: &[u8]) -> Vec<u8> {
        self.after_answer(environment);
        answered(self.serve(environment, message))
    }

    /// Does what the user need not wait for: the vault remembers what passkey was used, and for what. To be called once the answer is on
    /// its way; the next message does it otherwise.
    pub fn after_answer(&mut self, environment: &mut impl Environment) {
        if let Some(Used { credential_id, used, prf_evaluated }) = self.used.take()
            && (used.is_some() || prf_evaluated)
        {
            // A sign-in does not fail because the time of it cannot be kept: the disk may be full.
            let _ = environment.vault().note_use(&credential_id, used.as_ref(), prf_evaluated);
        }
    }

    /// Forgets when and for what the last message used a passkey. Not that it evaluated hmac-secret: that tells nothing of the moment.
    pub fn forget_use(&mut self) {
        if let Some(last) = &mut self.used {
            last.used = None;
        }
    }

    /// Says who sent the last message: the browser, by name, and the caller's origin, where they are known.
    pub fn used_by(&mut self, browser: Option<&str>, origin: Option<&str>) {
        if let Some(used) = self.used.as_mut().and_then(|last| last.used.as_mut()) {
            (used.browser, used.origin) = (browser.map(str::to_owned), origin.map(str::to_owned));
        }
    }

    /// CTAP §6: what a message could go on with is forgotten by any other, a request of another kind too. It may be about a passkey that
    /// goes with that request.
    pub fn interrupted(&mut self) {
        self.goes_on = None;
    }

    /// A credential for one of these algorithms (COSE numbers, the most wanted first) will be asked for soon: what takes time is begun.
    pub fn prepare(&mut self, algorithms: &[i64]) {
        if let Some(algorithm) = make_credential::first_supported(algorithms) {
            self.spare_key.prepare(algorithm);
        }
    }

    fn serve(&mut self, environment: &mut impl Environment, message: &[u8]) -> Result<Vec<u8>, StatusCode> {
        let (command, parameters) = message.split_first().ok_or(StatusCode::InvalidLength)?;
        if message.len() > MAX_MSG_SIZE {
            return Err(StatusCode::RequestTooLarge);
        }
        let command = Command::from_number(*command).ok_or(StatusCode::InvalidCommand)?;
        // CTAP §6: what a message goes on with is forgotten by any other.
        let goes_on = self.goes_on.take();
        match command {
            Command::MakeCredential => Ok(self.make_credential(environment, parameters)?.to_bytes()),
            Command::GetAssertion => Ok(self.get_assertion(environment, parameters)?.to_bytes()),
            Command::GetNextAssertion => Ok(self.get_next_assertion(environment, goes_on)?.to_bytes()),
            Command::GetInfo => Ok(get_info::get_info(environment)?.to_bytes()),
            Command::ClientPin => Ok(self.client_pin.serve(environment, parameters)?.to_bytes()),
            Command::CredentialManagement => {
                Ok(self.credential_management(environment, parameters, goes_on)?.to_bytes())
            }
            Command::LargeBlobs => Ok(self.serve_large_blobs(environment, parameters)?.to_bytes()),
            Command::AuthenticatorConfig => self.authenticator_config(environment, parameters).map(|()| Vec::new()),
            // CTAP §6.9: a presence that is collected already.
            Command::Selection => Ok(Vec::new()),
            Command::Reset => self.reset(environment).map(|()| Vec::new()),
        }
    }
}

/// The answer's bytes (CTAP §8): a status, and what was found where it is success.
fn answered(served: Result<Vec<u8>, StatusCode>) -> Vec<u8> {
    match served {
        Ok(parameters) => [&[SUCCESS], &parameters[..]].concat(),
        Err(status) => vec![status.byte()],
    }
}

impl Used {
    /// A use at this moment, of a caller that is not known yet.
    fn now(
        environment: &impl Environment,
        credential_id: CredentialId,
        kind: UseKind,
        verified: Option<&UserVerified>,
        prf_evaluated: bool,
    ) -> Self {
        let verified = verified.map_or(Verified::No, UserVerified::how);
        let used = Use { at: environment.now(), kind, browser: None, origin: None, verified };
        Self { credential_id, used: Some(used), prf_evaluated }
    }
}

/// CTAP1_ERR_SUCCESS (CTAP §8.2).
const SUCCESS: u8 = 0;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use testing::MemoryKeychain;
