//! The user's consent: the window's question until it is decided, and what that proves.

use protocol::ctap::PinUvAuth;
use protocol::ctap::pin_uv_auth::PinUvAuthToken;
use protocol::webauthn::{ClientDataHash, CredentialId};

use super::environment::Environment;
use super::error::{Error, HostFault, NotServed, UserChoice};
use super::host::Host;
use super::lifetime::unless;
use super::pin::{self, Rejected, Scope};
use super::prompt::{Approval, Decision, Notice, Question, Verification};

/// Proof that the user consented to one question (user presence), and was verified by the host where it asked for that.
pub(super) struct Consent {
    /// The credential that was chosen, if one was to be.
    pub(super) chosen: Option<CredentialId>,
    token: Option<PinUvAuthToken>,
}

impl Consent {
    /// Asks until the user has decided: a wrong PIN, one that does not do, or an OS that does not confirm, asks again, with a notice.
    pub(super) async fn to<E: Environment>(
        mut question: Question,
        scope: Scope<'_>,
        environment: &E,
    ) -> Result<Self, Error> {
        loop {
            let rejected = match answer(&question, environment).await? {
                Answer::Approved(approval) => {
                    match verify(question.verification, &approval, scope, environment).await {
                        Ok(token) => return Ok(Self { chosen: approval.credential_id, token }),
                        Err(rejected) => rejected,
                    }
                }
                Answer::UsePin => pin::ask(&Host(environment), None).await?,
            };
            match rejected {
                Rejected::Over(error) => return Err(error),
                Rejected::Ask(verification, notice) => question = Question { verification, notice, ..question },
            }
        }
    }

    /// Whether the host has verified the user for this request.
    pub(super) fn user_verified(&self) -> bool {
        self.token.is_some()
    }

    /// The proof of verification for the one message with `hash`, if there is one.
    pub(super) fn authenticate(&self, hash: &ClientDataHash) -> Option<PinUvAuth> {
        self.prove(&hash.0)
    }

    /// The proof of verification for another message that its scope allows.
    pub(super) fn prove(&self, message: &[u8]) -> Option<PinUvAuth> {
        let token = self.token.as_ref()?;
        Some(PinUvAuth { param: token.authenticate(message), protocol: Some(token.protocol().number()) })
    }
}

/// One question, answered with an approval.
pub(super) async fn approval(question: &Question, environment: &impl Environment) -> Result<Approval, Error> {
    match answer(question, environment).await? {
        Answer::Approved(approval) => Ok(approval),
        Answer::UsePin => Err(Error::User(UserChoice::Cancelled)),
    }
}

/// Tells the user why the host cannot serve, where it said why; what the page gets is then the user's choice. Other errors stay.
pub(super) async fn explain(error: Error, question: Question, environment: &impl Environment) -> Error {
    let Error::Host(HostFault::Refused(refusal)) = error else { return error };
    let notice = Some(Notice::HostError { code: refusal.code, message: refusal.message });
    let question = Question { verification: Verification::None, notice, ..question };
    match approval(&question, environment).await {
        Err(choice) => choice,
        Ok(_) => Error::User(UserChoice::Cancelled),
    }
}

/// An answer that goes on with the ceremony.
enum Answer {
    Approved(Approval),
    UsePin,
}

/// An answer that was not offered does not come from our window: it counts as Cancel.
async fn answer(question: &Question, environment: &impl Environment) -> Result<Answer, Error> {
    match environment.ask(question.clone()).await {
        Decision::Approve(approval) if question.can_approve() => Ok(Answer::Approved(approval)),
        Decision::UsePin if question.can_use_pin() => Ok(Answer::UsePin),
        Decision::AlwaysUseAnother if !question.can_leave_site() => Err(ended(&Decision::Cancel)),
        other => Err(ended(&other)),
    }
}

/// What a decision that ends the ceremony makes of it.
fn ended(decision: &Decision) -> Error {
    match decision {
        Decision::UseAnother | Decision::AlwaysUseAnother => Error::NotServed(NotServed::UserChoseAnother),
        Decision::Approve(_) | Decision::UsePin | Decision::Cancel => Error::User(UserChoice::Cancelled),
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
        Verification::BuiltIn { pin } => {
            // The OS may leave the user a minute, and the window is open all the while.
            let withdrawn = async { ended(&environment.withdrawn().await) };
            unless(withdrawn, pin::token_using_uv(&host, pin, scope)).await.map(Some)
        }
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

#[cfg(test)]
mod tests;
