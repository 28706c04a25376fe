//! L3 §5.1.3 with `mediation` conditional: a passkey for an account that has just been signed in to with a password. Nobody is asked, so no
//! window opens, UP and UV are 0, nothing takes another passkey's place, and the page learns nothing of what is here.
//!
//! Unlike other ceremonies it is not dropped when the page gives it up, because what the host makes meanwhile would be left over: who runs it
//! lets it end, and then calls [`withdraw`].

use protocol::cbor::Value;
use protocol::ctap::{Options, StatusCode, make_credential};
use protocol::manage;
use protocol::webauthn::CredentialId;
use protocol::webauthn::json::UserVerificationRequirement;

use super::Ceremony;
use crate::client::error::{Error, HostFault, NotServed, PageFault, UserChoice};
use crate::client::host::Host;
use crate::client::request::Mediation;
use crate::client::{Ancestors, Caller, Environment, Reply, Saved};

/// Takes back what the page, having given up, was not told of. It goes to "recently deleted", with that as its reason.
pub fn withdraw(saved: &Saved, environment: &impl Environment) {
    let request = manage::DeleteRequest { credential_id: saved.credential_id.clone() };
    // Without a host it stays; the page's next signal of what it accepts takes it away.
    let _gone = environment.tell(manage::Request::Withdraw(request));
}

/// Whether nobody is to be asked. L3 §5.1.3 step 2: never in a frame of another origin.
pub(super) fn is_wanted(mediation: Mediation, caller: &Caller) -> Result<bool, Error> {
    match (mediation, &caller.ancestors) {
        (Mediation::Modal, _) => Ok(false),
        (Mediation::Conditional, Ancestors::SameOrigin) => Ok(true),
        (Mediation::Conditional, Ancestors::CrossOrigin { .. }) => Err(Error::User(UserChoice::NotAsked)),
        (Mediation::Immediate, _) => Err(Error::NotServed(NotServed::Mediation)),
    }
}

impl Ceremony<'_> {
    /// L3 §5.1.3 steps 19 and 22, as far as they can be done without a question.
    pub(super) async fn run_unasked(self, environment: &impl Environment) -> Result<Reply, Error> {
        // what an earlier run has made, if this one takes up a ceremony whose background was stopped
        let before = environment.saved_before().await;
        // L3 §5.1.3 step 19: a sign-in a moment ago, and the user's consent to this kind of creation
        if before.is_none() && !environment.may_upgrade().await {
            return Err(Error::NotServed(NotServed::Mediation));
        }
        // L3 §5.1.3 step 22, userVerification
        let required = self.options.authenticator_selection.user_verification;
        if required == Some(UserVerificationRequirement::Required) {
            return Err(Error::Page(PageFault::VerificationUnasked));
        }
        if let Some(saved) = before {
            withdraw(&saved, environment);
        }
        // L3 §5.1.3 step 22, authenticatorMakeCredential
        self.create_unasked(environment).await.map_err(untold)
    }

    async fn create_unasked(&self, environment: &impl Environment) -> Result<Reply, Error> {
        let host = Host(environment);
        let excluded = self.excluded();
        let candidates = host.candidates(self.looked_for(&excluded)).await?;
        if candidates.verification.always {
            // CTAP alwaysUv: who wants to be asked every time has not consented to this.
            return Err(Error::NotServed(NotServed::Mediation));
        }
        if candidates.accounts.iter().any(|account| excluded.contains(&account.credential_id)) {
            return Err(Error::User(UserChoice::NotAsked));
        }
        if !self.extensions.can_be_unasked() {
            return Err(Error::NotServed(NotServed::Mediation));
        }
        self.extensions.check_host(&host).await?;
        let extensions = self.extensions.begin(&host, false).await?;
        let request = self.request_unasked(excluded, extensions.inputs());
        let response = host.conditional_create(&request, self.caller).await?;
        let credential = self.credential(response, None, extensions)?;
        let saved = Saved {
            rp_id: self.rp_id().clone(),
            user_name: self.options.user.name.clone(),
            credential_id: credential.id.clone(),
        };
        environment.saved(&saved).await;
        Ok(Reply::saved(&credential, saved))
    }

    /// L3 §5.1.3 step 22, the parameters, with `requireUserPresence` false. Nothing is vouched for by a signature that nobody asked for.
    fn request_unasked(&self, excluded: Vec<CredentialId>, extensions: Option<Value>) -> make_credential::Request {
        let request = self.request(None, excluded, extensions);
        make_credential::Request {
            options: Options { up: Some(false), ..request.options },
            attestation_formats: vec!["none".to_owned()],
            ..request
        }
    }
}

/// What becomes of an error that nobody was shown. L3 §6.3.2 step 3 lets only a user who was asked tell that an excluded credential is here:
/// the page gets NotAllowedError then, not InvalidStateError, as for everything else that it may not know.
fn untold(error: Error) -> Error {
    match error {
        Error::Host(HostFault::Status(StatusCode::PuatRequired)) => Error::NotServed(NotServed::Mediation),
        Error::Host(HostFault::Refused(_)) => Error::NotServed(NotServed::HostGone),
        Error::Host(HostFault::Status(_) | HostFault::BrokeContract(_)) => Error::User(UserChoice::NotAsked),
        other => other,
    }
}

#[cfg(test)]
mod tests;
