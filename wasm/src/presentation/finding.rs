//! What the host found, in words: of our own where we have some for the finding's code, else in the host's English.

use protocol::manage::{Check, Finding, FindingCode};
use protocol::native_message::ErrorCode;

use super::host_error::host_error;

/// The words for a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Found {
    /// What was found: a message's key. Its `$1`, `$2` and so on are the finding's details.
    pub what: &'static str,
    /// What mends it: a message's key; `None` where that is a command, which is in no language.
    pub fix: Option<&'static str>,
    /// Whether it says why the user is verified by the PIN alone.
    pub by_pin: bool,
}

/// The words for `code`; `None` where the host's own are to be shown.
pub fn words(code: Option<FindingCode>) -> Option<Found> {
    match code? {
        FindingCode::Error(code) => of_error(code),
        FindingCode::Finding(finding) => of_finding(finding),
    }
}

/// The words for what was looked at; `None` where its name is one in every language.
pub fn name(check: &Check) -> Option<&'static str> {
    Some(match check.name.as_str() {
        "host" => "checkHost",
        "keychain" => "welcomeKeychain",
        "vault" => "welcomeVault",
        "user verification" => "welcomeVerification",
        "sync" => "checkSync",
        "browsers" => "checkBrowsers",
        "other browsers" => "checkOtherBrowsers",
        _ => return None,
    })
}

/// In the words that notices have for it, where those say all.
fn of_error(code: ErrorCode) -> Option<Found> {
    let said = host_error(code, "");
    let fix = match code {
        ErrorCode::KeychainUnavailable => "foundFixKeychain",
        // It is the doctor that is asked.
        ErrorCode::VaultUnreadable => return None,
        _ => said.remedy?.key,
    };
    Some(Found { what: said.what.key, fix: Some(fix), by_pin: false })
}

fn of_finding(finding: Finding) -> Option<Found> {
    Some(match finding {
        Finding::HostRuns => plain("foundHostRuns"),
        Finding::HostMayDump => plain("foundHostMayDump"),
        Finding::KeychainHoldsKey => plain("foundKeychainHoldsKey"),
        Finding::KeychainIsEmpty => plain("foundKeychainIsEmpty"),
        Finding::NoHome => mended("foundNoHome", "foundFixNoHome"),
        Finding::NoVault => plain("foundNoVault"),
        Finding::VaultNotSeen => plain("foundVaultNotSeen"),
        Finding::VaultSound => plain("foundVaultSound"),
        Finding::VaultDamaged => mended("foundVaultDamaged", "foundFixVaultDamaged"),
        Finding::SyncRemoved => mended("foundSyncRemoved", "foundFixSyncRemoved"),
        Finding::SyncNever => plain("foundSyncNever"),
        Finding::SyncLate => plain("foundSyncLate"),
        Finding::SyncInStep => plain("foundSyncInStep"),
        Finding::OsVerifies => plain("foundOsVerifies"),
        Finding::OsCouldVerify => by_pin(plain("foundOsCouldVerify")),
        Finding::PolkitMissing => by_pin(mended("foundPolkitMissing", "foundFixPolkitMissing")),
        Finding::PolkitSilent => by_pin(plain("foundPolkitSilent")),
        Finding::PolkitActionMissing => by_pin(plain("foundPolkitActionMissing")),
        Finding::PolkitAsksNobody => by_pin(mended("foundPolkitAsksNobody", "foundFixPolkitAsksNobody")),
        Finding::PolkitDenies => by_pin(mended("foundPolkitDenies", "foundFixPolkitDenies")),
        Finding::PolkitRefuses => by_pin(mended("foundPolkitRefuses", "foundFixPolkitRefuses")),
        Finding::OsUnsupported => by_pin(plain("foundOsUnsupported")),
        Finding::SandboxHasManifest => plain("foundSandboxHasManifest"),
        Finding::LockedIn => mended("foundLockedIn", "foundFixLockedIn"),
        Finding::ManifestMissing => plain("foundManifestMissing"),
        Finding::ManifestDangling => plain("foundManifestDangling"),
        Finding::ManifestUnusable => plain("foundManifestUnusable"),
        Finding::ManifestUnreadable => plain("foundManifestUnreadable"),
        Finding::WritableByAll => plain("foundWritableByAll"),
        Finding::NotExecutable => plain("foundNotExecutable"),
        Finding::NotAsked => plain("foundNotAsked"),
        Finding::Answers => plain("foundAnswers"),
        Finding::AnswersByProxy => plain("foundAnswersByProxy"),
        Finding::AnswersByPortal => plain("foundAnswersByPortal"),
        Finding::OtherVersion => plain("foundOtherVersion"),
        Finding::CannotWork => plain("foundCannotWork"),
        Finding::NotStarted => plain("foundNotStarted"),
        Finding::NoAnswer => plain("foundNoAnswer"),
        Finding::NoAnswerInTime => plain("foundNoAnswerInTime"),
        Finding::NoBrowserYet => plain("foundNoBrowserYet"),
        Finding::NoBrowser => plain("foundNoBrowser"),
        Finding::NotHere => plain("foundNotHere"),
        Finding::Other => return None,
    })
}

fn plain(what: &'static str) -> Found {
    Found { what, fix: None, by_pin: false }
}

fn mended(what: &'static str, fix: &'static str) -> Found {
    Found { fix: Some(fix), ..plain(what) }
}

fn by_pin(found: Found) -> Found {
    Found { by_pin: true, ..found }
}

#[cfg(test)]
mod tests;
