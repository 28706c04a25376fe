//! Extensions of makeCredential (CTAP §6.1.2 step 15).

use protocol::cbor::{Value, text_map};
use protocol::ctap::extensions::{
    CRED_BLOB, CRED_PROTECT, CreationInputs, CredProtect, HMAC_SECRET, HMAC_SECRET_MC, MIN_PIN_LENGTH,
    THIRD_PARTY_PAYMENT,
};
use protocol::ctap::make_credential::Request;
use protocol::ctap::{StatusCode, extensions};

use super::super::client_pin::ClientPin;
use super::super::{Environment, status};
use super::hmac_secret::Salts;
use crate::credential::{Extensions, MAX_CRED_BLOB_LENGTH, PublicKeyCredentialSource};
use crate::verification::SettingsStore;

/// What a request asks of the extensions, found to be possible.
pub(in crate::authenticator) struct Creation {
    inputs: CreationInputs,
    cred_protect: CredProtect,
    salts: Option<Salts>,
}

impl Creation {
    /// # Errors
    /// An input that cannot be; see each extension.
    pub(in crate::authenticator) fn of(
        client_pin: &mut ClientPin,
        environment: &mut impl Environment,
        request: &Request,
    ) -> Result<Self, StatusCode> {
        let inputs = CreationInputs::from_value(request.extensions.clone())?;
        // CTAP §12.1
        let cred_protect = inputs.cred_protect.map_or(Some(CredProtect::default()), CredProtect::from_number);
        let cred_protect = cred_protect.ok_or(StatusCode::InvalidOption)?;
        // CTAP §12.3: true alone, and for a discoverable credential alone
        let wanted = inputs.large_blob_key.unwrap_or(true);
        let possible = inputs.large_blob_key.is_none() || request.options.rk == Some(true);
        if !wanted || !possible {
            return Err(StatusCode::InvalidOption);
        }
        // CTAP §12.8: only beside hmac-secret
        let salts = match &inputs.hmac_secret_mc {
            Some(_) if !inputs.hmac_secret => return Err(StatusCode::MissingParameter),
            Some(input) => Some(Salts::open(client_pin, environment, input)?),
            None => None,
        };
        Ok(Self { inputs, cred_protect, salts })
    }

    /// What is kept with the credential. CredRandom is not among it: every credential has that.
    pub(in crate::authenticator) fn kept(&self) -> Extensions {
        Extensions {
            cred_protect: self.cred_protect,
            cred_blob: self.inputs.cred_blob.clone().filter(|_| self.blob_fits()),
            large_blob_key: self.inputs.large_blob_key == Some(true),
            large_blob: None,
            third_party_payment: self.inputs.third_party_payment,
        }
    }

    /// The outputs in the authenticator data; nothing where there are none.
    pub(in crate::authenticator) fn outputs(
        &self,
        environment: &mut impl Environment,
        source: &PublicKeyCredentialSource,
        user_verified: bool,
    ) -> Result<Option<Value>, StatusCode> {
        let inputs = &self.inputs;
        let hmac_secret = Salts::answer(self.salts.as_ref(), environment, source, user_verified)?;
        Ok(extensions::non_empty(text_map([
            (CRED_PROTECT, inputs.cred_protect.map(Value::from)),
            (CRED_BLOB, inputs.cred_blob.as_ref().map(|_| self.blob_fits().into())),
            (HMAC_SECRET, inputs.hmac_secret.then_some(true.into())),
            (HMAC_SECRET_MC, hmac_secret.map(Value::from)),
            (MIN_PIN_LENGTH, self.min_pin_length(environment, source)?),
            (THIRD_PARTY_PAYMENT, inputs.third_party_payment.then_some(true.into())),
        ])))
    }

    /// Whether hmac-secret-mc is asked for. A fresh credential always has the secret for it.
    pub(in crate::authenticator) fn evaluates_prf(&self) -> bool {
        self.salts.is_some()
    }

    fn blob_fits(&self) -> bool {
        self.inputs.cred_blob.as_ref().is_some_and(|blob| blob.len() <= MAX_CRED_BLOB_LENGTH)
    }

    /// CTAP §12.5: only those learn it who were named for it.
    fn min_pin_length(
        &self,
        environment: &impl Environment,
        source: &PublicKeyCredentialSource,
    ) -> Result<Option<Value>, StatusCode> {
        if !self.inputs.min_pin_length {
            return Ok(None);
        }
        let settings = environment.vault().settings().map_err(|error| status::of(&error))?;
        let may_learn = settings.min_pin_length_rp_ids.contains(&source.rp_id);
        Ok(may_learn.then(|| settings.min_pin_length.into()))
    }
}
