//! What can be found, each thing under a name that stays.

use serde::{Deserialize, Serialize};

use crate::native_message::ErrorCode;

/// What a [`Check`](super::Check) found, for whoever has words of its own for it; the details that its words need are beside it. On the wire
/// the code of an error, as [`ErrorCode`] is written, or a finding's name.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FindingCode {
    /// The keychain or the vault failed.
    Error(ErrorCode),
    /// Anything else.
    Finding(Finding),
}

/// The findings that are no error. In brackets their details, in order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Finding {
    /// The host runs (its version; its file).
    HostRuns,
    /// The same, and core dumps could not be turned off (its version; its file).
    HostMayDump,
    /// The keychain holds the vault's key (its name there).
    KeychainHoldsKey,
    /// The keychain works and holds nothing yet.
    KeychainIsEmpty,
    /// The user has no home folder.
    NoHome,
    /// There is no vault yet (where it will be).
    NoVault,
    /// The vault is there, and its key is not (the file).
    VaultNotSeen,
    /// Every record is sound (how many; the file).
    VaultSound,
    /// Something in the vault is damaged (how many passkeys can be used; the file; what is damaged).
    VaultDamaged,
    /// The OS verifies the user.
    OsVerifies,
    /// The OS could, and is not asked.
    OsCouldVerify,
    /// It could not: no polkit answers.
    PolkitMissing,
    /// It could not: polkit has not answered for seconds.
    PolkitSilent,
    /// It could not: polkit does not know Keystow's action.
    PolkitActionMissing,
    /// It could not: polkit says yes without asking.
    PolkitAsksNobody,
    /// It could not: polkit says no without asking.
    PolkitDenies,
    /// It could not: polkit cannot tell who asks.
    PolkitRefuses,
    /// Keystow knows no way on this system.
    OsUnsupported,
    /// This device was removed from sync by another.
    SyncRemoved,
    /// No pass of sync has come to its end yet.
    SyncNever,
    /// The last pass of sync was long ago (days).
    SyncLate,
    /// Sync is in step (devices; days since the last pass).
    SyncInStep,
    /// A Flatpak has a manifest that someone put there.
    SandboxHasManifest,
    /// A browser's sandbox does not let it start Keystow (`Flatpak` or `Snap`).
    LockedIn,
    /// A browser has no manifest.
    ManifestMissing,
    /// Its manifest names a file that is not there (the file).
    ManifestDangling,
    /// Its manifest does not let our extension in.
    ManifestUnusable,
    /// Its manifest cannot be read.
    ManifestUnreadable,
    /// Everyone may change what it goes by (the file).
    WritableByAll,
    /// What it looks for may not be started (the file).
    NotExecutable,
    /// It knows where Keystow is; the host is not asked while the keychain is not in order.
    NotAsked,
    /// It finds Keystow, which answers.
    Answers,
    /// The same, from a Flatpak by xdg-native-messaging-proxy.
    AnswersByProxy,
    /// The same, from a Snap by the WebExtensions portal.
    AnswersByPortal,
    /// It starts a host of another version (the file; its version; this one's).
    OtherVersion,
    /// It finds Keystow, which answers that it cannot work now.
    CannotWork,
    /// It cannot start the host (the file; why).
    NotStarted,
    /// What it starts does not answer as Keystow does (the file).
    NoAnswer,
    /// What it starts does not answer in time (the file).
    NoAnswerInTime,
    /// No browser is here; one that comes finds Keystow.
    NoBrowserYet,
    /// No browser is here, or finds Keystow.
    NoBrowser,
    /// Other browsers are not here (their names).
    NotHere,
    /// One that a newer host knows.
    #[serde(other)]
    Other,
}

impl From<ErrorCode> for FindingCode {
    fn from(code: ErrorCode) -> Self {
        Self::Error(code)
    }
}

impl From<Finding> for FindingCode {
    fn from(finding: Finding) -> Self {
        Self::Finding(finding)
    }
}
