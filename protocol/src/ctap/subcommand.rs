//! The parameters that authenticatorCredentialManagement and authenticatorConfig share (CTAP §6.8, §6.11).

use super::{Command, PinUvAuth};
use crate::cbor::{self, Fields, Value, int_map};

/// A request with a sub-command.
///
/// ```cddl
/// { 1: subCommand, ? 2: subCommandParams, ? 3: pinUvAuthProtocol, ? 4: pinUvAuthParam }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SubcommandRequest {
    /// The number, known or not.
    pub subcommand: i64,
    /// A map; what is in it depends on the sub-command.
    pub parameters: Option<Value>,
    /// The proof of user verification.
    pub pin_uv_auth: Option<PinUvAuth>,
}

impl SubcommandRequest {
    /// The CBOR parameters.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&int_map([
            (0x01, Some(self.subcommand.into())),
            (0x02, self.parameters.clone()),
            (0x03, self.pin_uv_auth.as_ref().and_then(|auth| auth.protocol).map(Value::from)),
            (0x04, self.pin_uv_auth.as_ref().map(|auth| auth.param.clone().into())),
        ]))
    }

    /// Reads the CBOR parameters. Members that CTAP does not define are ignored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "sub-command")?;
        Ok(Self {
            subcommand: fields.int(0x01, "subCommand")?.ok_or(cbor::Error::Missing("subCommand"))?,
            parameters: fields.take(0x02),
            pin_uv_auth: PinUvAuth::take(&mut fields, 0x04, 0x03)?,
        })
    }

    /// The parameters, to be taken out one by one; none are an empty map.
    pub fn fields(&self) -> Result<Fields, cbor::Error> {
        Fields::of(self.parameters.clone().unwrap_or(Value::Map(Vec::new())), "subCommandParams")
    }

    /// What pinUvAuthParam authenticates. For authenticatorConfig 32 times 0xff and the command stand in front (CTAP §6.11), which keeps it
    /// from being taken for a client data hash.
    pub fn authenticated_message(&self, command: Command) -> Vec<u8> {
        let mut message = match command {
            Command::AuthenticatorConfig => [&[0xff; 32][..], &[command.number()]].concat(),
            _ => Vec::new(),
        };
        // A number over a byte is none of ours; it is refused before this is looked at.
        message.push(self.subcommand as u8);
        message.extend(self.parameters.as_ref().map(cbor::encode).unwrap_or_default());
        message
    }
}

#[cfg(test)]
mod tests;
