//! authenticatorGetAssertion (CTAP §6.2).

use super::members::{
    Options, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, client_data_hash,
};
use crate::cbor::{self, Fields, Value, int_map};
use crate::webauthn::{ClientDataHash, RpId};

/// CTAP §6.2.1.
///
/// ```cddl
/// { 1: rpId, 2: clientDataHash, ? 3: allowList, ? 4: extensions, ? 5: options, ? 6: pinUvAuthParam, ? 7: pinUvAuthProtocol }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The relying party.
    pub rp_id: RpId,
    /// What is signed, together with the authenticator data.
    pub client_data_hash: ClientDataHash,
    /// Only these credentials; empty: any of the RP ID.
    pub allow_list: Vec<PublicKeyCredentialDescriptor>,
    /// Authenticator extension inputs, a map.
    pub extensions: Option<Value>,
    /// up, uv.
    pub options: Options,
    /// The proof of user verification.
    pub pin_uv_auth: Option<PinUvAuth>,
}

/// CTAP §6.2.2, last step.
///
/// ```cddl
/// { 1: credential, 2: authData, 3: signature, ? 4: user, ? 5: numberOfCredentials, ? 7: largeBlobKey }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Which credential signed.
    pub credential: PublicKeyCredentialDescriptor,
    /// The authenticator data exactly as they were signed.
    pub auth_data: Vec<u8>,
    /// Over authenticator data and client data hash.
    pub signature: Vec<u8>,
    /// Whose credential it is.
    pub user: Option<PublicKeyCredentialUserEntity>,
    /// How many credentials match; absent where one does.
    pub number_of_credentials: Option<i64>,
    /// The key of the credential's large blob, where the largeBlobKey extension asked for it (CTAP §12.3); 32 bytes.
    pub large_blob_key: Option<Vec<u8>>,
}

impl Request {
    /// The CBOR parameters.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&int_map([
            (0x01, Some(self.rp_id.as_str().into())),
            (0x02, Some(self.client_data_hash.0.to_vec().into())),
            (0x03, PublicKeyCredentialDescriptor::list_to_value(&self.allow_list)),
            (0x04, self.extensions.clone()),
            (0x05, self.options.to_value()),
            (0x06, self.pin_uv_auth.as_ref().map(|auth| auth.param.clone().into())),
            (0x07, self.pin_uv_auth.as_ref().and_then(|auth| auth.protocol).map(Value::from)),
        ]))
    }

    /// Reads the CBOR parameters. Members that CTAP does not define are ignored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "getAssertion")?;
        Ok(Self {
            rp_id: fields.text(0x01, "rpId")?.ok_or(cbor::Error::Missing("rpId"))?.into(),
            client_data_hash: client_data_hash(&mut fields, 0x02)?,
            allow_list: PublicKeyCredentialDescriptor::take_list(&mut fields, 0x03, "allowList")?,
            extensions: fields.take(0x04),
            options: Options::from_fields(fields.map(0x05, "options")?)?,
            pin_uv_auth: PinUvAuth::take(&mut fields, 0x06, 0x07)?,
        })
    }
}

impl Response {
    /// The CBOR behind the status byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&int_map([
            (0x01, Some(self.credential.to_value())),
            (0x02, Some(self.auth_data.clone().into())),
            (0x03, Some(self.signature.clone().into())),
            (0x04, self.user.as_ref().map(PublicKeyCredentialUserEntity::to_value)),
            (0x05, self.number_of_credentials.map(Value::from)),
            (0x07, self.large_blob_key.clone().map(Value::from)),
        ]))
    }

    /// Reads the CBOR behind the status byte.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "getAssertion response")?;
        let mut credential = fields.map(0x01, "credential")?.ok_or(cbor::Error::Missing("credential"))?;
        let id = credential.bytes("id", "credential.id")?.ok_or(cbor::Error::Missing("credential.id"))?;
        Ok(Self {
            credential: PublicKeyCredentialDescriptor { id: id.into() },
            auth_data: fields.bytes(0x02, "authData")?.ok_or(cbor::Error::Missing("authData"))?,
            signature: fields.bytes(0x03, "signature")?.ok_or(cbor::Error::Missing("signature"))?,
            user: fields.map(0x04, "user")?.map(PublicKeyCredentialUserEntity::from_fields).transpose()?,
            number_of_credentials: fields.int(0x05, "numberOfCredentials")?,
            large_blob_key: fields.bytes(0x07, "largeBlobKey")?,
        })
    }
}

#[cfg(test)]
mod tests;
