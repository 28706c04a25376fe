//! What was begun, as it is shown: a heading, what it is about, and at most two buttons.

mod done;

use protocol::manage::sync::Step;

use super::form::Purpose;
use super::trouble::failure;
use crate::client::shown;
use crate::presentation::view::{NoticeView, Tone, Words, plain, words};

/// What is shown of a step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StepView {
    /// The heading.
    pub title: Words,
    /// What it is about.
    pub why: Option<Words>,
    /// What went wrong.
    pub notice: Option<NoticeView>,
    /// What else is there.
    pub body: Body,
    /// The button that goes on.
    pub yes: Option<(&'static str, Act)>,
    /// The other one.
    pub no: Option<(&'static str, Act)>,
}

/// What is there besides; the element that holds it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Body {
    /// Nothing.
    None,
    /// It goes on by itself, this is what is waited for.
    Waiting(&'static str),
    /// The words of the recovery key.
    Words,
    /// The fields for two of them.
    Check,
    /// The code.
    Code,
    /// What was found.
    Found,
    /// The sites of what a stolen device could have.
    Sites,
    /// The other devices, of which some may be lost.
    Lost,
}

/// What a button does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Act {
    /// `GoOn::Yes`
    Yes,
    /// `GoOn::No`
    No,
    /// `SyncRequest::Leave`
    Leave,
    /// Takes the words away, and asks for two of them.
    ToCheck,
    /// Shows the words again.
    ToWords,
    /// `GoOn::Words`
    Check,
    /// Leaves, and goes on to the storage's form.
    ChangeStorage,
}

/// What is known besides the step itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Context {
    /// What was begun, where it was begun here.
    pub purpose: Option<Purpose>,
    /// Whether the words of the recovery key have been written down.
    pub is_written: bool,
    /// Whether the storage has a password that a removed device knows.
    pub has_password: bool,
    /// Whether there are other devices.
    pub has_others: bool,
}

/// What is shown of `step`.
pub fn view(step: &Step, context: &Context) -> StepView {
    let cancel = Some(("cancel", Act::Leave));
    let view = |title, why| StepView { title, why, notice: None, body: Body::None, yes: None, no: cancel };
    match step {
        Step::Working {} => StepView { body: Body::Waiting(working(context)), ..view(plain("working"), None) },
        Step::RecoveryKey { wrong, .. } if context.is_written => StepView {
            notice: wrong.then(|| problem("keyWrong")),
            body: Body::Check,
            yes: Some(("keyCheck", Act::Check)),
            no: Some(("keyShowAgain", Act::ToWords)),
            ..view(plain("keyCheckTitle"), Some(plain("keyCheckWhy")))
        },
        Step::RecoveryKey { .. } => StepView {
            body: Body::Words,
            yes: Some(("keyWritten", Act::ToCheck)),
            ..view(plain("keyTitle"), Some(plain("keyWhy")))
        },
        Step::Code { .. } => StepView { body: Body::Code, ..view(plain("addTitle"), None) },
        Step::Asked { name } => StepView {
            yes: Some(("askedAdd", Act::Yes)),
            no: Some(("askedNotMe", Act::No)),
            ..view(words("askedTitle", &shown(name)), Some(plain("askedWhy")))
        },
        Step::Waiting {} => {
            StepView { body: Body::Waiting("waitingSaid"), ..view(plain("waitingTitle"), Some(plain("waitingWhy"))) }
        }
        Step::Found { .. } => StepView {
            body: Body::Found,
            yes: Some(("foundYes", Act::Yes)),
            no: Some(("foundNo", Act::No)),
            ..view(plain("foundTitle"), Some(plain("foundWhy")))
        },
        Step::Done(what) => done::view(what, context),
        Step::Failed { why, sentence } => {
            let (notice, _) = failure(*why, sentence, super::form::Kind::default());
            let title = plain("failedTitle");
            StepView { notice: Some(notice), no: Some(("close", Act::Leave)), ..view(title, None) }
        }
    }
}

fn working(context: &Context) -> &'static str {
    match &context.purpose {
        Some(Purpose::TurnOn | Purpose::ChangeStorage | Purpose::StartOver) => "workingStorage",
        Some(Purpose::Join) => "workingJoin",
        Some(Purpose::Recover) => "workingRecover",
        Some(Purpose::Remove { .. }) => "workingRemove",
        Some(Purpose::NewRecoveryKey | Purpose::TurnOff) | None => "workingHere",
    }
}

fn problem(key: &'static str) -> NoticeView {
    NoticeView { tone: Tone::Problem, what: plain(key), remedy: None, verbatim: None }
}

#[cfg(test)]
mod tests;
