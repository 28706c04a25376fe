//! CTAP2 messages (CTAP §6 and §8): a command byte and CBOR parameters to the authenticator, a status byte and CBOR back.

pub mod authenticator_config;
pub mod client_pin;
pub mod credential_management;
pub mod extensions;
pub mod get_assertion;
pub mod get_info;
pub mod large_blobs;
pub mod make_credential;
mod members;
pub mod pin_uv_auth;
mod status;
mod subcommand;

pub use members::{MAX_LIST_LENGTH, Options, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity};
pub use status::StatusCode;
pub use subcommand::SubcommandRequest;

use crate::code_space::code_space;

code_space! {
    /// A command byte (CTAP §6).
    Command: u8 {
        /// CTAP §6.1.
        MakeCredential = 0x01,
        /// CTAP §6.2.
        GetAssertion = 0x02,
        /// CTAP §6.4.
        GetInfo = 0x04,
        /// CTAP §6.5.
        ClientPin = 0x06,
        /// CTAP §6.6.
        Reset = 0x07,
        /// CTAP §6.3.
        GetNextAssertion = 0x08,
        /// CTAP §6.8.
        CredentialManagement = 0x0a,
        /// CTAP §6.9.
        Selection = 0x0b,
        /// CTAP §6.10.
        LargeBlobs = 0x0c,
        /// CTAP §6.11.
        AuthenticatorConfig = 0x0d,
    }
}

impl Command {
    /// The message: this command's byte, then `parameters` as they are.
    pub fn message(self, parameters: &[u8]) -> Vec<u8> {
        [&[self.number()], parameters].concat()
    }
}

/// Splits an authenticator's answer.
///
/// # Errors
/// The status where it is not success; [`StatusCode::InvalidLength`] where there is no byte at all.
pub fn response_parameters(answer: &[u8]) -> Result<&[u8], StatusCode> {
    match answer.split_first() {
        Some((0, parameters)) => Ok(parameters),
        Some((status, _)) => Err(StatusCode::from_byte(*status)),
        None => Err(StatusCode::InvalidLength),
    }
}

#[cfg(test)]
mod tests;
