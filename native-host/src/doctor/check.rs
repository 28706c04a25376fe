//! How a check is put into words.

use protocol::manage::{Check, CheckState};

use crate::vault;

pub(super) fn good(name: &str, finding: impl Into<String>) -> Check {
    Check { name: name.to_owned(), state: CheckState::Good, finding: finding.into(), fix: None }
}

pub(super) fn absent(name: &str, finding: impl Into<String>) -> Check {
    Check { name: name.to_owned(), state: CheckState::Absent, finding: finding.into(), fix: None }
}

pub(super) fn mend(name: &str, finding: impl Into<String>, fix: impl Into<String>) -> Check {
    Check { name: name.to_owned(), state: CheckState::Mend, finding: finding.into(), fix: Some(fix.into()) }
}

/// An error of the layers below says what happened in its first sentences, and what to do in the last.
pub(super) fn failed(name: &str, error: &vault::Error) -> Check {
    let text = error.to_string();
    match text.rsplit_once(". ") {
        Some((happened, fix)) => mend(name, format!("{happened}."), fix),
        None => mend(name, text, "See the sentence above."),
    }
}
