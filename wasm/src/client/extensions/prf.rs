//! prf (L3 §10.1.4), by way of hmac-secret (CTAP §12.7, §12.8).
//!
//! hmac-secret has two PRFs for a credential, one for verified users and one for others. L3 has pages know the first alone, whatever
//! `userVerification` says: where there is something to evaluate, the user is verified, and is asked to choose a PIN where nothing is set
//! up for it. Otherwise what a page had encrypted could not be read once the user is verified.

use std::collections::BTreeMap;

use protocol::base64url;
use protocol::ctap::extensions::HmacSecretInput;
use protocol::webauthn::CredentialId;
use protocol::webauthn::json::{
    AuthenticationExtensionsClientInputsJson, AuthenticationExtensionsPrfValuesJson, PrfResultsJson,
    PublicKeyCredentialDescriptorJson,
};
use protocol::webauthn::prf::Salts;

use super::super::environment::Environment;
use super::super::error::{Error, PageFault};
use super::super::host::{Host, broke};
use super::super::pin::Session;

/// L3 §10.1.4, registration, step 1.
pub(super) fn check_creation(inputs: &AuthenticationExtensionsClientInputsJson) -> Result<(), Error> {
    match &inputs.prf {
        Some(prf) if prf.eval_by_credential.is_some() => Err(Error::Page(PageFault::PrfByCredential)),
        Some(_) | None => Ok(()),
    }
}

/// The inputs of get, each known to be for a credential that the page allows.
#[derive(Default)]
pub(super) struct ByCredential {
    any: Option<AuthenticationExtensionsPrfValuesJson>,
    by_id: BTreeMap<CredentialId, AuthenticationExtensionsPrfValuesJson>,
}

impl ByCredential {
    /// L3 §10.1.4, authentication, steps 1 and 2. Takes the inputs out; that there were some is left.
    pub(super) fn of(
        inputs: &mut AuthenticationExtensionsClientInputsJson,
        allowed: &[PublicKeyCredentialDescriptorJson],
    ) -> Result<Self, Error> {
        let Some(prf) = &mut inputs.prf else { return Ok(Self::default()) };
        let by_credential = prf.eval_by_credential.take().unwrap_or_default();
        if !by_credential.is_empty() && allowed.is_empty() {
            return Err(Error::Page(PageFault::PrfByCredential));
        }
        let mut by_id = BTreeMap::new();
        for (key, values) in by_credential {
            let id = base64url::decode(&key).ok().filter(|id| !id.is_empty()).map(CredentialId::from);
            let id = id.filter(|id| allowed.iter().any(|descriptor| descriptor.id == *id));
            by_id.insert(id.ok_or(Error::Page(PageFault::PrfCredential))?, values);
        }
        Ok(Self { any: prf.eval.take(), by_id })
    }

    /// L3 §10.1.4, authentication, step 4 `ev`: its own inputs, else those for any.
    pub(super) fn of_credential(&self, id: &CredentialId) -> Option<&AuthenticationExtensionsPrfValuesJson> {
        self.by_id.get(id).or(self.any.as_ref())
    }
}

/// Salts on their way to the authenticator, and the secret that they are agreed on under. All zeroized on drop.
pub(super) struct Evaluation {
    salts: Salts,
    session: Session,
    input: HmacSecretInput,
}

impl Evaluation {
    /// Agrees on a secret; nothing where there is nothing to evaluate, or the authenticator does not know `extension`.
    pub(super) async fn begin<E: Environment>(
        host: &Host<'_, E>,
        values: Option<&AuthenticationExtensionsPrfValuesJson>,
        extension: &str,
    ) -> Result<Option<Self>, Error> {
        let Some(values) = values else { return Ok(None) };
        let info = host.get_info().await?;
        if !info.extensions.iter().any(|known| known == extension) {
            return Ok(None);
        }
        let session = Session::of(host, &info).await?;
        let salts = Salts::of(values);
        let input = session.seal(&salts, host);
        Ok(Some(Self { salts, session, input }))
    }

    pub(super) fn input(&self) -> HmacSecretInput {
        self.input.clone()
    }

    /// The PRF's outputs; nothing where the authenticator gave none.
    pub(super) fn finish(evaluation: Option<Self>, output: Option<Vec<u8>>) -> Result<Option<PrfResultsJson>, Error> {
        let (Some(evaluation), Some(output)) = (evaluation, output) else { return Ok(None) };
        evaluation.session.open(&evaluation.salts, &output).map(Some).ok_or(broke("the output of hmac-secret"))
    }
}
