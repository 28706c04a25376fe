//! The welcome page: what has to be in order before a passkey can be used, one thing after the other, and what mends it.

use protocol::manage::{OsVerification, Settings, Verification};
use protocol::native_message::ErrorCode;
use serde_json::{Value, from_value};

use super::host_error::host_error;
use super::problem::{HOST_MISSING, Problem};
use super::view::{NoticeView, Tone, Words, plain};

/// What is known so far.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Known {
    /// What the host has answered last; `None`: nothing yet.
    pub host: Option<Result<Settings, Problem>>,
    /// Why the keychain is not well, where no vault shows that it is reachable; `None`: nothing is wrong with it, as far as is known.
    pub keychain: Option<ErrorCode>,
    /// How the test passkey is.
    pub trial: Trial,
}

/// How the test passkey is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Trial {
    /// Not tried.
    #[default]
    Open,
    /// It is being made and used.
    Running,
    /// The user has not gone through with it.
    Ended,
    /// It was made, or used, and the answer is not what it must be.
    Failed,
    /// It was made and used.
    Works {
        /// Whether it was removed afterwards.
        removed: bool,
    },
}

/// How a step is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// It comes after one that is not done.
    Later,
    /// It is being looked at.
    Asking,
    /// The user is to do something that is no fault.
    Todo,
    /// It is in order.
    Done,
    /// It has to be mended.
    Wrong,
}

/// What the user does about a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Act {
    /// Runs a command.
    Command(&'static str),
    /// Has the host asked again: it is not by itself where the system would ask the user each time.
    AskAgain,
    /// Chooses a PIN.
    ChoosePin {
        /// Fewest code points it may have.
        min_length: u8,
        /// Whether the system could ask instead.
        system: bool,
    },
    /// Tries a passkey.
    Try,
}

/// One step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// How it is.
    pub state: State,
    /// What there is to say.
    pub said: Option<NoticeView>,
    /// What the user does about it.
    pub act: Option<Act>,
}

/// The steps, in their order: the host, the keychain, the vault, user verification, a passkey.
pub const STEPS: [&str; 5] = ["host", "keychain", "vault", "verification", "trial"];

/// Puts a keychain on a system that has none; the others bring their own.
const INSTALL_KEYCHAIN: &str = "sudo apt install gnome-keyring";

/// What the page shows.
pub fn view(known: &Known) -> [Step; 5] {
    let [host, keychain, vault] = of_the_host(known);
    let verification = match &known.host {
        Some(Ok(settings)) if vault.state == State::Done => verification(settings),
        _ => step(State::Later),
    };
    let trial = if verification.state == State::Done { trial(known.trial) } else { step(State::Later) };
    [host, keychain, vault, verification, trial]
}

/// Whether the page goes on asking the host by itself.
pub fn goes_on(known: &Known) -> bool {
    let steps = view(known);
    let waits_for_a_click = steps.iter().any(|step| matches!(step.act, Some(Act::AskAgain)));
    !waits_for_a_click && steps[4].state == State::Later
}

fn of_the_host(known: &Known) -> [Step; 3] {
    let later = || step(State::Later);
    match &known.host {
        None => [step(State::Asking), later(), later()],
        Some(Ok(_)) => match &known.keychain {
            None => [step(State::Done), step(State::Done), step(State::Done)],
            Some(code) => refused(*code, ""),
        },
        Some(Err(problem)) if problem.code == HOST_MISSING => {
            let said = NoticeView { remedy: Some(plain("welcomeRemedyHost")), ..notice("hostMissing") };
            let host = Step { said: Some(said), act: Some(Act::Command("keystow install")), ..step(State::Wrong) };
            [host, later(), later()]
        }
        Some(Err(problem)) => {
            let code = from_value(Value::from(problem.code.clone())).unwrap_or(ErrorCode::Internal);
            refused(code, &problem.message)
        }
    }
}

/// The host is there and cannot serve.
fn refused(code: ErrorCode, sentence: &str) -> [Step; 3] {
    let mut said = host_error(code, sentence);
    let act = match code {
        ErrorCode::KeychainUnavailable => {
            said.remedy = Some(plain("welcomeRemedyKeychain"));
            Act::Command(INSTALL_KEYCHAIN)
        }
        // Each time that it is asked, the system asks the user.
        ErrorCode::KeychainLocked => Act::AskAgain,
        _ => Act::Command("keystow doctor"),
    };
    let wrong = Step { said: Some(said), act: Some(act), ..step(State::Wrong) };
    match code {
        ErrorCode::KeychainUnavailable | ErrorCode::KeychainLocked | ErrorCode::KeychainEmptied => {
            [step(State::Done), wrong, step(State::Later)]
        }
        ErrorCode::BadMessage | ErrorCode::TooLarge | ErrorCode::Cancelled | ErrorCode::Internal => {
            [wrong, step(State::Later), step(State::Later)]
        }
        ErrorCode::NotFound
        | ErrorCode::BadText
        | ErrorCode::NotVerified
        | ErrorCode::OsVerificationNotSetUp
        | ErrorCode::VaultWrongKey
        | ErrorCode::VaultUnreadable
        | ErrorCode::RecordDamaged
        | ErrorCode::VaultUnwritable => [step(State::Done), step(State::Done), wrong],
    }
}

fn verification(settings: &Settings) -> Step {
    let Verification { pin_set, built_in, min_pin_length, .. } = settings.verification;
    let done = |key| Step { said: Some(information(key)), ..step(State::Done) };
    match (built_in, pin_set) {
        (true, _) => done("welcomeBySystem"),
        (false, true) => done("welcomeByPin"),
        (false, false) => {
            let act = Act::ChoosePin { min_length: min_pin_length, system: settings.os == OsVerification::Ready };
            Step { act: Some(act), ..step(State::Todo) }
        }
    }
}

fn trial(trial: Trial) -> Step {
    let act = Some(Act::Try);
    match trial {
        Trial::Open => Step { said: Some(information("welcomeTrialExplained")), act, ..step(State::Todo) },
        Trial::Running => Step { said: Some(information("welcomeTrialRunning")), ..step(State::Asking) },
        Trial::Ended => Step { said: Some(information("welcomeTrialEnded")), act, ..step(State::Todo) },
        Trial::Failed => {
            let said = NoticeView { remedy: Some(plain("remedyDoctor")), ..notice("welcomeTrialFailed") };
            Step { said: Some(said), act, ..step(State::Wrong) }
        }
        Trial::Works { removed } => {
            let remedy = if removed { "welcomeTrialRemoved" } else { "welcomeTrialLeft" };
            let said = NoticeView { remedy: Some(plain(remedy)), ..information("welcomeTrialWorks") };
            Step { said: Some(said), ..step(State::Done) }
        }
    }
}

fn step(state: State) -> Step {
    Step { state, said: None, act: None }
}

fn notice(key: &'static str) -> NoticeView {
    NoticeView { tone: Tone::Problem, what: plain(key), remedy: None, verbatim: None }
}

fn information(key: &'static str) -> NoticeView {
    NoticeView { tone: Tone::Information, ..notice(key) }
}

impl State {
    /// In words, for those who do not see the sign; `None` where there is nothing to say.
    pub fn words(self) -> Option<Words> {
        match self {
            Self::Later => None,
            Self::Asking => Some(plain("welcomeAsking")),
            Self::Todo => Some(plain("welcomeTodo")),
            Self::Done => Some(plain("welcomeDone")),
            Self::Wrong => Some(plain("welcomeWrong")),
        }
    }

    /// The class of the step's element.
    pub fn class(self) -> &'static str {
        match self {
            Self::Later => "step later",
            Self::Asking => "step asking",
            Self::Todo => "step todo",
            Self::Done => "step done",
            Self::Wrong => "step wrong",
        }
    }
}

#[cfg(test)]
mod tests;
