//! Extensions of create.

use protocol::cbor::Value;
use protocol::ctap::extensions::{CRED_BLOB, CreationInputs, HMAC_SECRET, HMAC_SECRET_MC};
use protocol::manage;
use protocol::webauthn::json::{
    AuthenticationExtensionsClientInputsJson, AuthenticationExtensionsClientOutputsJson,
    AuthenticationExtensionsPrfOutputsJson, CredentialPropertiesOutput, UserVerificationRequirement,
};

use super::super::environment::Environment;
use super::super::error::Error;
use super::super::host::Host;
use super::super::origin::Origin;
use super::cred_protect::{self, Policy};
use super::{app_id, large_blob, outputs, prf};

/// What a page asks of extensions when a credential is to be made, found to be possible.
pub(in crate::client) struct Creation {
    inputs: AuthenticationExtensionsClientInputsJson,
    policy: Policy,
    /// L3 §5.1.3 step 22 `requireResidentKey`.
    discoverable: bool,
}

/// What the authenticator is asked, and what is needed to understand its answer.
pub(in crate::client) struct Begun<'a> {
    of: &'a Creation,
    inputs: CreationInputs,
    evaluation: Option<prf::Evaluation>,
}

impl Creation {
    /// L3 §5.1.3 steps 11–12. Extensions that are not for create are ignored, but one:
    ///
    /// L3 §5.1.3 step 12: deviates. `appid` throws NotSupportedError, as it does in both browsers and did in earlier levels.
    ///
    /// # Errors
    /// What the page may not ask.
    pub(in crate::client) fn of(
        inputs: AuthenticationExtensionsClientInputsJson,
        origin: &Origin,
        discoverable: bool,
    ) -> Result<Self, Error> {
        app_id::check_creation(&inputs, origin)?;
        prf::check_creation(&inputs)?;
        large_blob::check_creation(&inputs)?;
        let policy = Policy::of(&inputs);
        Ok(Self { inputs, policy, discoverable })
    }

    /// The user verification that the extensions need, where it is more than the page asks for.
    pub(in crate::client) fn user_verification(
        &self,
        asked: Option<UserVerificationRequirement>,
    ) -> Option<UserVerificationRequirement> {
        let evaluates = self.inputs.prf.as_ref().is_some_and(|prf| prf.eval.is_some());
        let required = evaluates || self.policy.needs_verification();
        if required { Some(UserVerificationRequirement::Required) } else { asked }
    }

    /// Whether a credential can be made with nobody verified, where `mediation` is conditional. Its PRF can be evaluated later; what is for
    /// verified users alone is to be made by one.
    pub(in crate::client) fn can_be_unasked(&self) -> bool {
        !self.policy.needs_verification()
    }

    /// What L3 §5.1.3 step 22 calls ignoring a candidate authenticator: whether this one has what the page cannot do without. Nothing is
    /// asked of the host where the page wants nothing of the kind.
    pub(in crate::client) async fn check_host<E: Environment>(&self, host: &Host<'_, E>) -> Result<(), Error> {
        let (needs_blob, enforces) = (large_blob::is_required(&self.inputs), self.policy.is_enforced());
        if !needs_blob && !enforces {
            return Ok(());
        }
        let info = host.get_info().await?;
        if needs_blob {
            large_blob::check_host(&info, self.discoverable)?;
        }
        if enforces { cred_protect::check_host(&info) } else { Ok(()) }
    }

    /// Whether an excluded credential stands in the way with nobody verified yet (CTAP §12.1). One that tells it to verified users alone is
    /// left to the authenticator to judge.
    pub(in crate::client) fn is_told_of(account: &manage::Account) -> bool {
        account.cred_protect.tells(true, false)
    }

    /// What the authenticator is asked. `verified`: whether the user was, for this very request.
    pub(in crate::client) async fn begin<E: Environment>(
        &self,
        host: &Host<'_, E>,
        verified: bool,
    ) -> Result<Begun<'_>, Error> {
        let prf = self.inputs.prf.as_ref();
        let values = prf.and_then(|prf| prf.eval.as_ref()).filter(|_| verified);
        let evaluation = prf::Evaluation::begin(host, values, HMAC_SECRET_MC).await?;
        let inputs = CreationInputs {
            cred_protect: self.policy.number(),
            cred_blob: self.inputs.cred_blob.as_ref().map(|blob| blob.0.clone()),
            hmac_secret: prf.is_some(),
            hmac_secret_mc: evaluation.as_ref().map(prf::Evaluation::input),
            large_blob_key: (self.inputs.large_blob.is_some() && self.discoverable).then_some(true),
            min_pin_length: self.inputs.min_pin_length,
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

    /// The client extension results, from the authenticator's outputs and the key of the large blob.
    ///
    /// # Errors
    /// The authenticator did not do what it cannot leave undone.
    pub(in crate::client) fn results(
        self,
        extensions: Option<Value>,
        large_blob_key: Option<Vec<u8>>,
    ) -> Result<AuthenticationExtensionsClientOutputsJson, Error> {
        let asked = &self.of.inputs;
        let mut outputs = outputs(extensions)?;
        self.of.policy.check_output(&mut outputs)?;
        let mut prf = None;
        if asked.prf.is_some() {
            let enabled = Some(outputs.bool(HMAC_SECRET, HMAC_SECRET)? == Some(true));
            let results = prf::Evaluation::finish(self.evaluation, outputs.bytes(HMAC_SECRET_MC, HMAC_SECRET_MC)?)?;
            prf = Some(AuthenticationExtensionsPrfOutputsJson { enabled, results });
        }
        let is_kept = outputs.bool(CRED_BLOB, CRED_BLOB)? == Some(true);
        Ok(AuthenticationExtensionsClientOutputsJson {
            appid_exclude: app_id::is_excluded(asked),
            // L3 §10.1.3
            cred_props: asked.cred_props.then_some(CredentialPropertiesOutput { rk: self.of.discoverable }),
            prf,
            large_blob: large_blob::support(asked, large_blob_key),
            cred_blob: asked.cred_blob.as_ref().map(|_| is_kept),
            ..AuthenticationExtensionsClientOutputsJson::default()
        })
    }
}
