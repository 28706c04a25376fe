//! One passkey in full.

use protocol::manage::sync::SyncState;
use protocol::manage::{Account, Gone, TrashReason, Use, UseKind, Verified};

use super::{Passkeys, letter, name};
use crate::client::shown;
use crate::presentation::sync::home::copies;
use crate::presentation::view::Words;

/// One passkey in full.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Details {
    /// The RP ID.
    pub site: String,
    /// The site's letter, and its colour.
    pub letter: (String, usize),
    /// The account; `None` where the site gave no name.
    pub name: Option<String>,
    /// L3 user name, as it is copied; empty where there is none.
    pub user_name: String,
    /// L3 display name, where it says anything new.
    pub display_name: Option<String>,
    /// Whether there is a copy off this computer.
    pub is_backed_up: bool,
    /// The same in words.
    pub copies: Words,
    /// The kind of key in words, and the name of the algorithm.
    pub algorithm: (&'static str, &'static str),
    /// Whether the site derives encryption keys from it.
    pub prf: &'static str,
    /// What is to be known of it.
    pub remarks: Vec<&'static str>,
    /// What is to be thought of before it is deleted.
    pub warnings: Vec<Words>,
}

/// What is shown of `account`, which is one of `passkeys`. `sync`: how things stand there, as far as it is known.
pub fn details(account: &Account, passkeys: &Passkeys, sync: Option<&SyncState>) -> Details {
    let display_name = shown(&account.user_display_name);
    let name = name(account);
    let is_new = !display_name.is_empty() && name.as_deref() != Some(&display_name);
    let site = shown(account.rp_id.as_str());
    let remarks = [
        passkeys.is_duplicate(account).then_some("remarkDuplicate"),
        account.last_used.is_none().then_some("remarkNeverUsed"),
    ];
    let warnings = [
        account.prf_used.then(|| with("warningPrf", &site)),
        passkeys.is_only(account).then(|| with("warningOnly", &site)),
    ];
    Details {
        letter: letter(account.rp_id.as_str()),
        user_name: shown(&account.user_name),
        display_name: is_new.then_some(display_name),
        name,
        is_backed_up: account.backed_up,
        copies: copies(account.backed_up, sync),
        algorithm: algorithm(account.algorithm),
        prf: if account.prf_used { "prfUsed" } else { "prfUnused" },
        remarks: remarks.into_iter().flatten().collect(),
        warnings: warnings.into_iter().flatten().collect(),
        site,
    }
}

/// COSEAlgorithmIdentifier in words, and by its name.
fn algorithm(number: i64) -> (&'static str, &'static str) {
    match number {
        -7 => ("algorithmCurve", "ES256"),
        -35 => ("algorithmCurve", "ES384"),
        -8 => ("algorithmCurve", "Ed25519"),
        -257 => ("algorithmRsa", "RS256"),
        -48 => ("algorithmQuantum", "ML-DSA-44"),
        -49 => ("algorithmQuantum", "ML-DSA-65"),
        _ => ("algorithmOther", ""),
    }
}

/// What was done, and how the user was verified.
pub fn use_words(used: &Use) -> (&'static str, &'static str) {
    let kind = match used.kind {
        UseKind::Created => "historyCreated",
        UseKind::SignedIn => "historySignedIn",
    };
    let verified = match used.verified {
        Verified::No => "verifiedNo",
        Verified::Pin => "verifiedPin",
        Verified::BuiltIn => "verifiedBuiltIn",
    };
    (kind, verified)
}

/// Why it is gone, and what the button does that brings it back.
pub fn gone_words(gone: &Gone) -> (&'static str, &'static str) {
    match gone.reason {
        TrashReason::Deleted => ("goneDeleted", "restore"),
        TrashReason::Replaced => ("goneReplaced", "restore"),
        TrashReason::UnknownToSite => ("goneUnknown", "restore"),
        TrashReason::NotAcceptedBySite => ("goneNotAccepted", "restore"),
        TrashReason::Unanswered => ("goneUnanswered", "restore"),
        TrashReason::RenamedBySite => ("goneRenamed", "restoreNames"),
    }
}

fn with(key: &'static str, argument: &str) -> Words {
    Words { key, argument: Some(argument.to_owned()) }
}

#[cfg(test)]
mod tests;
