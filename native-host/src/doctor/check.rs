//! How a check is put into words.

use protocol::manage::{Check, CheckState, Finding, FindingCode};

use crate::vault;

/// What was found: its code, and the details that words for it need.
pub(super) struct Found {
    code: FindingCode,
    details: Vec<String>,
}

/// A finding with its details.
pub(super) fn found<const N: usize>(finding: Finding, details: [&str; N]) -> Found {
    Found { code: finding.into(), details: details.map(str::to_owned).to_vec() }
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        found(finding, [])
    }
}

pub(super) fn good(name: &str, found: impl Into<Found>, finding: impl Into<String>) -> Check {
    check(name, CheckState::Good, found.into(), finding.into())
}

pub(super) fn absent(name: &str, found: impl Into<Found>, finding: impl Into<String>) -> Check {
    check(name, CheckState::Absent, found.into(), finding.into())
}

pub(super) fn mend(name: &str, found: impl Into<Found>, finding: impl Into<String>, fix: impl Into<String>) -> Check {
    Check { fix: Some(fix.into()), ..check(name, CheckState::Mend, found.into(), finding.into()) }
}

/// An error of the layers below says what happened in its first sentences, and what to do in the last.
pub(super) fn failed(name: &str, error: &vault::Error) -> Check {
    let found = Found { code: error.code().into(), details: Vec::new() };
    let text = error.to_string();
    match text.rsplit_once(". ") {
        Some((happened, fix)) => mend(name, found, format!("{happened}."), fix),
        None => mend(name, found, text, "See the sentence above."),
    }
}

fn check(name: &str, state: CheckState, found: Found, finding: String) -> Check {
    let Found { code, details } = found;
    Check { name: name.to_owned(), state, code: Some(code), details, finding, fix: None }
}
