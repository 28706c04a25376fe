//! The CTAP2 authenticator (CTAP §6): a command byte and CBOR in, a status byte and CBOR out, over a vault that is open.
//!
//! User presence is not asked for here: the extension's window has collected it before it sends a command that needs it. User
//! verification is the PIN, judged here ([`client_pin`]).

mod client_pin;
mod environment;
mod get_assertion;
mod get_info;
mod make_credential;
mod presence;
mod status;

use protocol::ctap::{Command, StatusCode};
use protocol::webauthn::CredentialId;

use client_pin::ClientPin;
use get_assertion::Remembered;

pub use environment::{Environment, Machine};

/// getInfo maxMsgSize: bytes of the longest message, command byte included.
pub const MAX_MSG_SIZE: usize = 1_500_000;

/// What one session of the host remembers between messages. All of it is in memory: a new host begins anew.
#[derive(Default)]
pub struct Authenticator {
    client_pin: ClientPin,
    remembered: Option<Remembered>,
    signed: Option<Signed>,
}

/// A passkey that has signed, and when (milliseconds since 1970), while the vault has not been told yet.
struct Signed {
    credential_id: CredentialId,
    at: u64,
}

impl Authenticator {
    /// Serves one message: the command byte and its parameters; gives the status byte and the answer's CBOR.
    pub fn process(&mut self, environment: &mut impl Environment, message: &[u8]) -> Vec<u8> {
        self.after_answer(environment);
        match self.serve(environment, message) {
            Ok(parameters) => [&[SUCCESS], &parameters[..]].concat(),
            Err(status) => vec![status.byte()],
        }
    }

    /// Does what the user need not wait for: the vault remembers which passkey signed last. To be called once the answer is on its
    /// way; the next message does it otherwise.
    pub fn after_answer(&mut self, environment: &mut impl Environment) {
        if let Some(Signed { credential_id, at }) = self.signed.take() {
            // A sign-in does not fail because the time of it cannot be kept: the disk may be full.
            let _ = environment.vault().touch(&credential_id, at);
        }
    }

    fn serve(&mut self, environment: &mut impl Environment, message: &[u8]) -> Result<Vec<u8>, StatusCode> {
        let (command, parameters) = message.split_first().ok_or(StatusCode::InvalidLength)?;
        if message.len() > MAX_MSG_SIZE {
            return Err(StatusCode::RequestTooLarge);
        }
        let command = Command::from_number(*command).ok_or(StatusCode::InvalidCommand)?;
        // CTAP §6.3: what getNextAssertion goes on with is forgotten by any other command.
        let remembered = self.remembered.take();
        match command {
            Command::MakeCredential => Ok(self.make_credential(environment, parameters)?.to_bytes()),
            Command::GetAssertion => Ok(self.get_assertion(environment, parameters)?.to_bytes()),
            Command::GetNextAssertion => Ok(self.get_next_assertion(environment, remembered)?.to_bytes()),
            Command::GetInfo => Ok(get_info::get_info(environment)?.to_bytes()),
            Command::ClientPin => Ok(self.client_pin.serve(environment, parameters)?.to_bytes()),
        }
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
