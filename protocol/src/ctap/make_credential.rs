//! authenticatorMakeCredential (CTAP §6.1).

use super::members::{
    Options, PinUvAuth, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity, client_data_hash,
};
use crate::cbor::{self, Fields, Value, int_map, text_map};
use crate::webauthn::attestation::{AttestationObject, AttestationStatement};
use crate::webauthn::json::PUBLIC_KEY;
use crate::webauthn::{ClientDataHash, RpId};

/// CTAP §6.1.1.
///
/// ```cddl
/// { 1: clientDataHash, 2: { "id", "name" }, 3: user, 4: [* { "alg", "type" }], ? 5: excludeList, ? 6: extensions,
///   ? 7: options, ? 8: pinUvAuthParam, ? 9: pinUvAuthProtocol, ? 10: enterpriseAttestation, ? 11: attestationFormatsPreference }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What is signed, together with the authenticator data.
    pub client_data_hash: ClientDataHash,
    /// The relying party.
    pub rp_id: RpId,
    /// The relying party's name for people.
    pub rp_name: Option<String>,
    /// The account.
    pub user: PublicKeyCredentialUserEntity,
    /// COSE numbers, the most wanted first.
    pub algorithms: Vec<i64>,
    /// Credentials that must not be here.
    pub exclude_list: Vec<PublicKeyCredentialDescriptor>,
    /// Authenticator extension inputs, a map.
    pub extensions: Option<Value>,
    /// rk, up, uv.
    pub options: Options,
    /// The proof of user verification.
    pub pin_uv_auth: Option<PinUvAuth>,
    /// Which enterprise attestation, if any; Keystow has none.
    pub enterprise_attestation: Option<i64>,
    /// Formats, the most wanted first; `none` first asks for no attestation.
    pub attestation_formats: Vec<String>,
}

/// CTAP §6.1.2, last step.
///
/// ```cddl
/// { 1: fmt, 2: authData, 3: attStmt, ? 5: largeBlobKey }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The first three members under L3's name.
    pub attestation_object: AttestationObject,
    /// The key of the credential's large blob, where the largeBlobKey extension asked for it (CTAP §12.3); 32 bytes.
    pub large_blob_key: Option<Vec<u8>>,
}

impl Request {
    /// The CBOR parameters.
    pub fn to_bytes(&self) -> Vec<u8> {
        let algorithm = |alg: &i64| text_map([("alg", Some((*alg).into())), ("type", Some(PUBLIC_KEY.into()))]);
        let rp = [("id", Some(self.rp_id.as_str().into())), ("name", self.rp_name.clone().map(Value::from))];
        let formats: Vec<_> = self.attestation_formats.iter().map(|format| Value::from(format.as_str())).collect();
        cbor::encode(&int_map([
            (0x01, Some(self.client_data_hash.0.to_vec().into())),
            (0x02, Some(text_map(rp))),
            (0x03, Some(self.user.to_value())),
            (0x04, Some(Value::Array(self.algorithms.iter().map(algorithm).collect()))),
            (0x05, PublicKeyCredentialDescriptor::list_to_value(&self.exclude_list)),
            (0x06, self.extensions.clone()),
            (0x07, self.options.to_value()),
            (0x08, self.pin_uv_auth.as_ref().map(|auth| auth.param.clone().into())),
            (0x09, self.pin_uv_auth.as_ref().and_then(|auth| auth.protocol).map(Value::from)),
            (0x0a, self.enterprise_attestation.map(Value::from)),
            (0x0b, (!formats.is_empty()).then_some(Value::Array(formats))),
        ]))
    }

    /// Reads the CBOR parameters. Members that CTAP does not define are ignored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "makeCredential")?;
        let client_data_hash = client_data_hash(&mut fields, 0x01)?;
        let mut rp = fields.map(0x02, "rp")?.ok_or(cbor::Error::Missing("rp"))?;
        let user = fields.map(0x03, "user")?.ok_or(cbor::Error::Missing("user"))?;
        let algorithms = fields.array(0x04, "pubKeyCredParams")?.ok_or(cbor::Error::Missing("pubKeyCredParams"))?;
        Ok(Self {
            client_data_hash,
            rp_id: rp.text("id", "rp.id")?.ok_or(cbor::Error::Missing("rp.id"))?.into(),
            rp_name: rp.text("name", "rp.name")?,
            user: PublicKeyCredentialUserEntity::from_fields(user)?,
            algorithms: algorithms
                .into_iter()
                .filter_map(|item| algorithm(item).transpose())
                .collect::<Result<_, _>>()?,
            exclude_list: PublicKeyCredentialDescriptor::take_list(&mut fields, 0x05, "excludeList")?,
            extensions: fields.take(0x06),
            options: Options::from_fields(fields.map(0x07, "options")?)?,
            pin_uv_auth: PinUvAuth::take(&mut fields, 0x08, 0x09)?,
            enterprise_attestation: fields.int(0x0a, "enterpriseAttestation")?,
            attestation_formats: formats(&mut fields)?,
        })
    }
}

impl Response {
    /// The CBOR behind the status byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        let object = &self.attestation_object;
        cbor::encode(&int_map([
            (0x01, Some(object.statement.format().into())),
            (0x02, Some(object.auth_data.clone().into())),
            (0x03, Some(object.statement.to_value())),
            (0x05, self.large_blob_key.clone().map(Value::from)),
        ]))
    }

    /// Reads the CBOR behind the status byte.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut fields = Fields::decode(bytes, "makeCredential response")?;
        let format = fields.text(0x01, "fmt")?.ok_or(cbor::Error::Missing("fmt"))?;
        let auth_data = fields.bytes(0x02, "authData")?.ok_or(cbor::Error::Missing("authData"))?;
        let statement = fields.take(0x03).unwrap_or(Value::Map(Vec::new()));
        let statement = AttestationStatement::from_value(&format, statement)?;
        let large_blob_key = fields.bytes(0x05, "largeBlobKey")?;
        Ok(Self { attestation_object: AttestationObject { statement, auth_data }, large_blob_key })
    }
}

/// Nothing where the type is not `public-key`: such parameters are skipped.
fn algorithm(value: Value) -> Result<Option<i64>, cbor::Error> {
    let mut fields = Fields::of(value, "pubKeyCredParams")?;
    let alg = fields.int("alg", "alg")?.ok_or(cbor::Error::Missing("alg"))?;
    let credential_type = fields.text("type", "type")?.ok_or(cbor::Error::Missing("type"))?;
    Ok((credential_type == PUBLIC_KEY).then_some(alg))
}

fn formats(fields: &mut Fields) -> Result<Vec<String>, cbor::Error> {
    let name = "attestationFormatsPreference";
    let items = fields.array(0x0b, name)?.unwrap_or_default();
    items.into_iter().map(|item| item.into_text().map_err(|_| cbor::Error::WrongType(name))).collect()
}

#[cfg(test)]
mod tests;
