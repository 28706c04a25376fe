//! Attestation objects (L3 §6.5): a format, a statement, and the authenticator data.

use super::authenticator_data::{self, AuthenticatorData};
use crate::cbor::{self, Fields, Value, text_map};

/// An attestation object.
///
/// ```cddl
/// { "fmt": text, "attStmt": map, "authData": bytes }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AttestationObject {
    /// Format and statement.
    pub statement: AttestationStatement,
    /// The authenticator data exactly as they were signed.
    pub auth_data: Vec<u8>,
}

/// The formats that Keystow makes (DESIGN: `none`, and `packed` self attestation where the relying party asks for `direct`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AttestationStatement {
    /// L3 §8.7: nothing is stated.
    None,
    /// L3 §8.2 self attestation: the credential's own signature over authenticator data and client data hash.
    PackedSelf {
        /// COSE number of the credential's algorithm.
        algorithm: i64,
        /// The signature, in the algorithm's form (ES256: DER).
        signature: Vec<u8>,
    },
}

impl AttestationStatement {
    /// The format's name in the IANA registry.
    pub fn format(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::PackedSelf { .. } => "packed",
        }
    }

    /// The statement's map.
    pub fn to_value(&self) -> Value {
        match self {
            Self::None => Value::Map(Vec::new()),
            Self::PackedSelf { algorithm, signature } => {
                text_map([("alg", Some((*algorithm).into())), ("sig", Some(signature.clone().into()))])
            }
        }
    }

    /// Reads the statement of `format`.
    ///
    /// # Errors
    /// A format that Keystow does not make, or a statement that is not of its format.
    pub fn from_value(format: &str, statement: Value) -> Result<Self, cbor::Error> {
        let mut fields = Fields::of(statement, "attStmt")?;
        let statement = match format {
            "none" => Self::None,
            "packed" => Self::PackedSelf {
                algorithm: fields.int("alg", "alg")?.ok_or(cbor::Error::Missing("alg"))?,
                signature: fields.bytes("sig", "sig")?.ok_or(cbor::Error::Missing("sig"))?,
            },
            _ => return Err(cbor::Error::OutOfRange("fmt")),
        };
        match fields.rest().as_slice() {
            [] => Ok(statement),
            _ => Err(cbor::Error::OutOfRange("attStmt")),
        }
    }
}

impl AttestationObject {
    /// The bytes of `AuthenticatorAttestationResponse.attestationObject`.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&text_map([
            ("fmt", Some(self.statement.format().into())),
            ("attStmt", Some(self.statement.to_value())),
            ("authData", Some(self.auth_data.clone().into())),
        ]))
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::of(cbor::decode(bytes)?, "attestationObject")?;
        let format = fields.text("fmt", "fmt")?.ok_or(cbor::Error::Missing("fmt"))?;
        let statement = fields.take("attStmt").ok_or(cbor::Error::Missing("attStmt"))?;
        Ok(Self {
            statement: AttestationStatement::from_value(&format, statement)?,
            auth_data: fields.bytes("authData", "authData")?.ok_or(cbor::Error::Missing("authData"))?,
        })
    }

    /// The authenticator data, read.
    pub fn authenticator_data(&self) -> Result<AuthenticatorData, authenticator_data::Error> {
        AuthenticatorData::from_bytes(&self.auth_data)
    }
}

#[cfg(test)]
mod tests;
