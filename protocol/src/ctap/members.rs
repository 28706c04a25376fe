//! Members that several commands share.

use crate::cbor::{self, Fields, Value, text_map};
use crate::webauthn::authenticator_data::MAX_CREDENTIAL_ID_LENGTH;
use crate::webauthn::json::PUBLIC_KEY;
use crate::webauthn::{ClientDataHash, CredentialId, UserHandle};

/// Most credentials in an allow list or an exclude list (getInfo maxCredentialCountInList).
pub const MAX_LIST_LENGTH: usize = 1024;

/// The option keys of makeCredential and getAssertion (CTAP §6.1.1, §6.2.1). Absent is not the same as false.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// Discoverable credential.
    pub rk: Option<bool>,
    /// User presence.
    pub up: Option<bool>,
    /// Built-in user verification.
    pub uv: Option<bool>,
}

/// The proof that the user was verified: an HMAC under a PIN/UV auth token (CTAP §6.5.4 authenticate).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PinUvAuth {
    /// Protocol two: 32 bytes; protocol one: 16. Empty: the client only wants to be told of a touch (CTAP §6.1.2 step 1).
    pub param: Vec<u8>,
    /// Number of the protocol; the authenticator checks that it knows it.
    pub protocol: Option<i64>,
}

/// L3 §5.8.3 as CTAP carries it.
///
/// ```cddl
/// { "id": bytes, "type": text }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicKeyCredentialDescriptor {
    /// The credential, at most 1023 bytes.
    pub id: CredentialId,
}

/// L3 §5.4.3 as CTAP carries it.
///
/// ```cddl
/// { "id": bytes .size (1..64), ? "name": text, ? "displayName": text }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicKeyCredentialUserEntity {
    /// User handle.
    pub id: UserHandle,
    /// Absent in answers where the user was not verified (CTAP §6.2.2).
    pub name: Option<String>,
    /// Absent where the relying party gave none.
    pub display_name: Option<String>,
}

impl Options {
    pub(super) fn to_value(self) -> Option<Value> {
        let members = [("rk", self.rk), ("up", self.up), ("uv", self.uv)];
        let set = members.into_iter().any(|(_, value)| value.is_some());
        set.then(|| text_map(members.map(|(name, value)| (name, value.map(Value::from)))))
    }

    pub(super) fn from_fields(fields: Option<Fields>) -> Result<Self, cbor::Error> {
        let Some(mut fields) = fields else { return Ok(Self::default()) };
        Ok(Self { rk: fields.bool("rk", "rk")?, up: fields.bool("up", "up")?, uv: fields.bool("uv", "uv")? })
    }
}

impl PinUvAuth {
    pub(super) fn take(fields: &mut Fields, param: i64, protocol: i64) -> Result<Option<Self>, cbor::Error> {
        let protocol = fields.int(protocol, "pinUvAuthProtocol")?;
        Ok(fields.bytes(param, "pinUvAuthParam")?.map(|param| Self { param, protocol }))
    }
}

impl PublicKeyCredentialDescriptor {
    /// The map.
    pub fn to_value(&self) -> Value {
        text_map([("id", Some(self.id.as_bytes().to_vec().into())), ("type", Some(PUBLIC_KEY.into()))])
    }

    /// Nothing where the type is not `public-key`: such a descriptor is skipped.
    fn from_value(value: Value) -> Result<Option<Self>, cbor::Error> {
        let mut fields = Fields::of(value, "PublicKeyCredentialDescriptor")?;
        let id = fields.bytes("id", "id")?.ok_or(cbor::Error::Missing("id"))?;
        let credential_type = fields.text("type", "type")?.ok_or(cbor::Error::Missing("type"))?;
        let fits = credential_type == PUBLIC_KEY && id.len() <= MAX_CREDENTIAL_ID_LENGTH;
        Ok(fits.then(|| Self { id: id.into() }))
    }

    pub(super) fn list_to_value(list: &[Self]) -> Option<Value> {
        (!list.is_empty()).then(|| Value::Array(list.iter().map(Self::to_value).collect()))
    }

    pub(super) fn take_list(fields: &mut Fields, key: i64, name: &'static str) -> Result<Vec<Self>, cbor::Error> {
        let items = fields.array(key, name)?.unwrap_or_default();
        if items.len() > MAX_LIST_LENGTH {
            return Err(cbor::Error::OutOfRange(name));
        }
        items.into_iter().filter_map(|item| Self::from_value(item).transpose()).collect()
    }
}

impl PublicKeyCredentialUserEntity {
    pub(super) fn to_value(&self) -> Value {
        text_map([
            ("id", Some(self.id.as_bytes().to_vec().into())),
            ("name", self.name.clone().map(Value::from)),
            ("displayName", self.display_name.clone().map(Value::from)),
        ])
    }

    pub(super) fn from_fields(mut fields: Fields) -> Result<Self, cbor::Error> {
        let id = fields.bytes("id", "user.id")?.ok_or(cbor::Error::Missing("user.id"))?;
        if !(1..=64).contains(&id.len()) {
            return Err(cbor::Error::OutOfRange("user.id"));
        }
        Ok(Self {
            id: id.into(),
            name: fields.text("name", "user.name")?,
            display_name: fields.text("displayName", "user.displayName")?,
        })
    }
}

/// The required member clientDataHash.
pub(super) fn client_data_hash(fields: &mut Fields, key: i64) -> Result<ClientDataHash, cbor::Error> {
    let bytes = fields.bytes(key, "clientDataHash")?.ok_or(cbor::Error::Missing("clientDataHash"))?;
    bytes.try_into().map(ClientDataHash).map_err(|_| cbor::Error::OutOfRange("clientDataHash"))
}
