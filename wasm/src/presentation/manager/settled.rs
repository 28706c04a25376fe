//! How verification is settled, what can be switched of it and how; the rules; what is copied of a diagnosis.

use std::fmt::Write;

use protocol::manage::{CheckState, Diagnosis, OsVerification, Settings};

use crate::client::What;
use crate::presentation::finding::words;
use crate::presentation::view::{PinFields, Words};

/// The section on verification.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VerificationView {
    /// How the user is verified, in a sentence.
    pub said: Words,
    /// What is wrong with the PIN, if anything.
    pub problem: Option<(Words, &'static str)>,
    /// The button for the PIN; `None` where the PIN is locked.
    pub pin: Option<(&'static str, What)>,
    /// The switch for the OS: on, and whether it can be used.
    pub os: (bool, bool),
    /// What is said about the OS: a word of ours, or the host's finding and what mends it, each in our words or in its own.
    pub os_said: Result<&'static str, [Said; 2]>,
    /// Whether the user is always verified; `None` where there is nothing to verify by.
    pub always: Option<bool>,
}

/// A message's key, or a text of the host's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Said {
    /// A message's key.
    Ours(&'static str),
    /// English, or a command.
    Host(String),
}

/// What is shown for `settings`.
pub fn verification(settings: &Settings) -> VerificationView {
    let Settings { verification: now, os_verification, os } = settings;
    let locked = now.pin_set && now.retries == 0;
    let said = match (now.built_in, now.pin_set) {
        (true, _) => plain("settledOs"),
        (false, true) => plain("settledPin"),
        (false, false) => plain("settledNothing"),
    };
    let problem = match now.retries {
        0 if now.pin_set => Some((plain("noticePinLocked"), "remedyPinLocked")),
        _ if now.must_change_pin => Some((plain("noticePinMustChange"), "settledChangeHere")),
        1 if now.pin_set => Some((plain("noticeLastTry"), "settledTries")),
        tries @ 2..=3 if now.pin_set => Some((with("noticeFewTries", &tries.to_string()), "settledTries")),
        _ => None,
    };
    let pin = if now.pin_set { ("settingsChangePin", What::ChangePin) } else { ("settingsChoosePin", What::SetPin) };
    let os_said = match os {
        OsVerification::Ready => Ok("settingsOsReady"),
        OsVerification::Unsupported => Ok("settingsOsUnsupported"),
        OsVerification::NotSetUp { code, finding, fix } => {
            let found = words(*code);
            let said =
                |key: Option<&'static str>, host: &String| key.map_or_else(|| Said::Host(host.clone()), Said::Ours);
            Err([said(found.map(|found| found.what), finding), said(found.and_then(|found| found.fix), fix)])
        }
    };
    // What is on can be switched off, whatever has become of the OS.
    let os = (*os_verification, *os_verification || *os == OsVerification::Ready);
    let always = (now.pin_set || now.built_in || now.always).then_some(now.always);
    VerificationView { said, problem, pin: (!locked).then_some(pin), os, os_said, always }
}

/// What is to be typed to settle `what`.
pub fn fields(what: What, settings: &Settings) -> Fields {
    let now = settings.verification;
    let choose = PinFields::Choose { min_length: now.min_pin_length };
    let proof = if now.built_in || !now.pin_set { PinFields::None } else { PinFields::Enter { wrong: false } };
    match what {
        What::SetPin => Fields { current: PinFields::None, new: choose },
        What::ChangePin => Fields { current: PinFields::Enter { wrong: false }, new: choose },
        What::AlwaysUv(_) | What::OsVerification(_) => Fields { current: proof, new: PinFields::None },
    }
}

/// See [`fields`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fields {
    /// For the PIN that is set.
    pub current: PinFields,
    /// For the PIN that is chosen.
    pub new: PinFields,
}

/// What a rule says that a site has: that Keystow is off there, or else that nothing is saved automatically.
pub fn rule_words(is_off: bool) -> &'static str {
    if is_off { "ruleOff" } else { "ruleUpgradesOff" }
}

/// The word for a check's state, and the class that draws it.
pub fn state_words(state: CheckState) -> (&'static str, &'static str) {
    match state {
        CheckState::Good => ("checkGood", "good"),
        CheckState::Mend => ("checkMend", "mend"),
        CheckState::Absent => ("checkAbsent", "absent"),
    }
}

/// A diagnosis as it is copied: for whoever is to help, in English, after lines on the extension and the browser.
pub fn report(extension: &str, browser: &str, diagnosis: Option<&Diagnosis>) -> String {
    let mut text = format!("Keystow extension {extension}\n{browser}\n");
    for check in diagnosis.map(|diagnosis| &diagnosis.checks[..]).unwrap_or_default() {
        let state = match check.state {
            CheckState::Good => "good",
            CheckState::Mend => "to be mended",
            CheckState::Absent => "not there",
        };
        let _infallible = write!(text, "\n{} ({state}): {}", check.name, check.finding);
        if let Some(fix) = &check.fix {
            let _infallible = write!(text, "\n  {fix}");
        }
    }
    text.push('\n');
    text
}

fn plain(key: &'static str) -> Words {
    Words { key, argument: None }
}

fn with(key: &'static str, argument: &str) -> Words {
    Words { key, argument: Some(argument.to_owned()) }
}

#[cfg(test)]
mod tests;
