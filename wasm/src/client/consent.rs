//! The user's consent: the window's question until it is decided, and what that proves.

use protocol::ctap::PinUvAuth;
use protocol::ctap::pin_uv_auth::PinUvAuthToken;
use protocol::webauthn::{ClientDataHash, CredentialId};

use super::environment::Environment;
use super::error::{Error, HostFault, NotServed, UserChoice};
use super::host::Host;
use super::pin::{self, Rejected, Scope};
use super::prompt::{Approval, Decision, Notice, Question, Verification};

/// Proof that the user consented to one question (user presence), and was verified by the host where it asked for that.
pub(super) struct Consent {
    /// The credential that was chosen, if one was to be.
    pub(super) chosen: Option<CredentialId>,
    token: Option<PinUvAuthToken>,
}

impl Consent {
    /// Asks until the user has decided: a wrong PIN or one that does not do asks again, with a notice.
    pub(super) async fn to<E: Environment>(
        mut question: Question,
        scope: Scope<'_>,
        environment: &E,
    ) -> Result<Self, Error> {
        loop {
            let approval = approval(&question, environment).await?;
            match verify(question.verification, &approval, scope, environment).await {
                Ok(token) => return Ok(Self { chosen: approval.credential_id, token }),
                Err(Rejected::Over(error)) => return Err(error),
                Err(Rejected::Ask(verification, notice)) => question = Question { verification, notice, ..question },
            }
        }
    }

    /// Whether the host has verified the user for this request.
    pub(super) fn user_verified(&self) -> bool {
        self.token.is_some()
    }

    /// The proof of verification for the one message with `hash`, if there is one.
    pub(super) fn authenticate(&self, hash: &ClientDataHash) -> Option<PinUvAuth> {
        self.token
            .as_ref()
            .map(|token| PinUvAuth { param: token.authenticate(&hash.0), protocol: Some(token.protocol().number()) })
    }
}

/// One question, answered with an approval.
pub(super) async fn approval(question: &Question, environment: &impl Environment) -> Result<Approval, Error> {
    match environment.ask(question.clone()).await {
        Decision::Approve(approval) if question.can_approve() => Ok(approval),
        Decision::Approve(_) | Decision::Cancel => Err(Error::User(UserChoice::Cancelled)),
        Decision::UseAnother => Err(Error::NotServed(NotServed::UserChoseAnother)),
    }
}

/// Tells the user why the host cannot serve, where it said why; what the page gets is then the user's choice. Other errors stay.
pub(super) async fn explain(error: Error, question: Question, environment: &impl Environment) -> Error {
    let Error::Host(HostFault::Refused(refusal)) = error else { return error };
    let notice = Some(Notice::HostError { message: refusal.message });
    let question = Question { verification: Verification::None, notice, ..question };
    match approval(&question, environment).await {
        Err(choice) => choice,
        Ok(_) => Error::User(UserChoice::Cancelled),
    }
}

/// An approval without what was asked for does not come from our window: it counts as Cancel.
async fn verify<E: Environment>(
    verification: Verification,
    approval: &Approval,
    scope: Scope<'_>,
    environment: &E,
) -> Result<Option<PinUvAuthToken>, Rejected> {
    let host = Host(environment);
    let cancelled = Error::User(UserChoice::Cancelled);
    match verification {
        Verification::None => Ok(None),
        Verification::Pin { .. } => {
            let pin = approval.pin.as_ref().ok_or(cancelled)?;
            pin::token(&host, pin, scope).await.map(Some)
        }
        Verification::NewPin { min_length } => {
            let pin = approval.new_pin.as_ref().ok_or(cancelled)?;
            pin::set_and_token(&host, pin, min_length, scope).await.map(Some)
        }
    }
}
