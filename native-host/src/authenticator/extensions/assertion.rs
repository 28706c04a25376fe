//! Extensions of getAssertion (CTAP §6.2.2 step 10).

use protocol::cbor::{Value, text_map};
use protocol::ctap::extensions::{AssertionInputs, CRED_BLOB, HMAC_SECRET, THIRD_PARTY_PAYMENT};
use protocol::ctap::get_assertion::Request;
use protocol::ctap::{StatusCode, extensions};

use super::super::Environment;
use super::super::client_pin::ClientPin;
use super::hmac_secret::Salts;
use crate::credential::PublicKeyCredentialSource;

/// What a request asks of the extensions, found to be possible.
pub(in crate::authenticator) struct Assertion {
    inputs: AssertionInputs,
    salts: Option<Salts>,
}

impl Assertion {
    /// # Errors
    /// An input that cannot be; hmac-secret without the user's presence (CTAP §12.7).
    pub(in crate::authenticator) fn of(
        client_pin: &mut ClientPin,
        environment: &mut impl Environment,
        request: &Request,
        presence: bool,
    ) -> Result<Self, StatusCode> {
        let inputs = AssertionInputs::from_value(request.extensions.clone())?;
        if inputs.large_blob_key == Some(false) {
            return Err(StatusCode::InvalidOption);
        }
        let salts = match &inputs.hmac_secret {
            Some(_) if !presence => return Err(StatusCode::UnsupportedOption),
            Some(input) => Some(Salts::open(client_pin, environment, input)?),
            None => None,
        };
        Ok(Self { inputs, salts })
    }

    /// The outputs in the authenticator data; nothing where there are none.
    pub(in crate::authenticator) fn outputs(
        &self,
        environment: &mut impl Environment,
        source: &PublicKeyCredentialSource,
        user_verified: bool,
    ) -> Result<Option<Value>, StatusCode> {
        let kept = &source.extensions;
        let hmac_secret = Salts::answer(self.salts.as_ref(), environment, source, user_verified)?;
        // CTAP §12.2: an empty string where there is none.
        let cred_blob = || Value::from(kept.cred_blob.clone().unwrap_or_default());
        Ok(extensions::non_empty(text_map([
            (CRED_BLOB, self.inputs.cred_blob.then(cred_blob)),
            (HMAC_SECRET, hmac_secret.map(Value::from)),
            (THIRD_PARTY_PAYMENT, self.inputs.third_party_payment.then(|| kept.third_party_payment.into())),
        ])))
    }

    /// Whether hmac-secret is asked for.
    pub(in crate::authenticator) fn evaluates_prf(&self) -> bool {
        self.salts.is_some()
    }

    /// CTAP §12.3: the key of the large blob, where it is asked for.
    pub(in crate::authenticator) fn large_blob_key(
        &self,
        environment: &impl Environment,
        source: &PublicKeyCredentialSource,
    ) -> Result<Option<Vec<u8>>, StatusCode> {
        match self.inputs.large_blob_key {
            Some(true) => super::large_blob_key(environment, source),
            _ => Ok(None),
        }
    }
}
