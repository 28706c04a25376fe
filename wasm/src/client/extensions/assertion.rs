//! Extensions of get.

use protocol::cbor::Value;
use protocol::ctap::client_pin::Permissions;
use protocol::ctap::extensions::{AssertionInputs, CRED_BLOB, HMAC_SECRET};
use protocol::manage;
use protocol::webauthn::CredentialId;
use protocol::webauthn::json::{
    AuthenticationExtensionsClientInputsJson, AuthenticationExtensionsClientOutputsJson,
    AuthenticationExtensionsPrfOutputsJson, Base64UrlString, PublicKeyCredentialDescriptorJson,
    UserVerificationRequirement,
};
use zeroize::Zeroizing;

use super::super::consent::Consent;
use super::super::environment::Environment;
use super::super::error::Error;
use super::super::host::Host;
use super::super::origin::Origin;
use super::large_blob::{self, LargeBlob};
use super::{app_id, outputs, prf};

/// What a page asks of extensions when a credential is to be used, found to be possible.
pub(in crate::client) struct Assertion {
    inputs: AuthenticationExtensionsClientInputsJson,
    evaluations: prf::ByCredential,
    large_blob: Option<LargeBlob>,
}

/// What the authenticator is asked, and what is needed to understand its answer.
pub(in crate::client) struct Begun<'a> {
    of: &'a Assertion,
    inputs: AssertionInputs,
    evaluation: Option<prf::Evaluation>,
}

impl Assertion {
    /// L3 §5.1.4.1 steps 8–9. Extensions that are not for get are ignored.
    ///
    /// # Errors
    /// What the page may not ask.
    pub(in crate::client) fn of(
        mut inputs: AuthenticationExtensionsClientInputsJson,
        origin: &Origin,
        allowed: &[PublicKeyCredentialDescriptorJson],
    ) -> Result<Self, Error> {
        app_id::check_assertion(&inputs, origin)?;
        let evaluations = prf::ByCredential::of(&mut inputs, allowed)?;
        let large_blob = LargeBlob::of(&mut inputs, allowed)?;
        Ok(Self { inputs, evaluations, large_blob })
    }

    /// The user verification that the extensions need for one of these accounts, where it is more than the page asks for.
    pub(in crate::client) fn user_verification(
        &self,
        asked: Option<UserVerificationRequirement>,
        accounts: &[manage::Account],
    ) -> Option<UserVerificationRequirement> {
        if accounts.iter().any(|account| self.evaluations.of_credential(&account.credential_id).is_some()) {
            return Some(UserVerificationRequirement::Required);
        }
        match (asked, &self.large_blob) {
            // CTAP §6.10.2: where the user can be verified, the authenticator takes a blob with that proof alone.
            (Some(UserVerificationRequirement::Discouraged), Some(LargeBlob::Write(_))) => {
                Some(UserVerificationRequirement::Preferred)
            }
            _ => asked,
        }
    }

    /// What a token must be good for besides the assertion, so that the user is asked once.
    pub(in crate::client) fn permissions(&self) -> Permissions {
        match self.large_blob {
            Some(LargeBlob::Write(_)) => Permissions::LBW,
            Some(LargeBlob::Read) | None => Permissions::default(),
        }
    }

    /// What the authenticator is asked for the credential `id`. `verified`: whether the user was, for this very request.
    pub(in crate::client) async fn begin<E: Environment>(
        &self,
        host: &Host<'_, E>,
        id: &CredentialId,
        verified: bool,
    ) -> Result<Begun<'_>, Error> {
        let values = self.evaluations.of_credential(id).filter(|_| verified);
        let evaluation = prf::Evaluation::begin(host, values, HMAC_SECRET).await?;
        let inputs = AssertionInputs {
            cred_blob: self.inputs.get_cred_blob,
            hmac_secret: evaluation.as_ref().map(prf::Evaluation::input),
            large_blob_key: self.large_blob.as_ref().map(|_| true),
            third_party_payment: false,
        };
        Ok(Begun { of: self, inputs, evaluation })
    }
}

impl Begun<'_> {
    /// The authenticator extension inputs; nothing where there are none.
    pub(in crate::client) fn inputs(&self) -> Option<Value> {
        self.inputs.to_value()
    }

    /// The client extension results, from the authenticator's outputs and the key of the large blob, which is read or written now. That a
    /// blob could not be does not take the assertion from the page.
    ///
    /// # Errors
    /// An output that is none.
    pub(in crate::client) async fn results<E: Environment>(
        self,
        host: &Host<'_, E>,
        consent: &Consent,
        extensions: Option<Value>,
        large_blob_key: Option<Vec<u8>>,
    ) -> Result<AuthenticationExtensionsClientOutputsJson, Error> {
        let (asked, large_blob_key) = (&self.of.inputs, large_blob_key.map(Zeroizing::new));
        let mut outputs = outputs(extensions)?;
        let mut prf = None;
        if asked.prf.is_some() {
            let results = prf::Evaluation::finish(self.evaluation, outputs.bytes(HMAC_SECRET, HMAC_SECRET)?)?;
            prf = Some(AuthenticationExtensionsPrfOutputsJson { enabled: None, results });
        }
        let mut large_blob = None;
        if let Some(asked) = &self.of.large_blob {
            large_blob = Some(large_blob::serve(host, asked, large_blob_key, consent).await);
        }
        let cred_blob = outputs.bytes(CRED_BLOB, CRED_BLOB)?.map(Base64UrlString);
        Ok(AuthenticationExtensionsClientOutputsJson {
            appid: app_id::is_used(asked),
            prf,
            large_blob,
            get_cred_blob: cred_blob.filter(|_| asked.get_cred_blob),
            ..AuthenticationExtensionsClientOutputsJson::default()
        })
    }
}
