//! What a pass is for.

use crate::ids::{DeviceId, VaultId};

use super::{JoinCode, Newcomer, PaperKey};

/// What a pass is for. All but [`Check`](Self::Check), [`Look`](Self::Look) and the mailbox tasks synchronize too.
pub enum Task {
    /// Synchronizes. Where sync is off: nothing.
    Sync,
    /// Tries a storage: writes, reads and deletes an object, lists what is there. → [`Outcome::Checked`](super::Outcome::Checked).
    Check,
    /// Turns sync on: founds a vault of this device and a recovery key (SYNC §8), and publishes. Done once its head is on the storage;
    /// until then it is on here, and later passes go on.
    Found {
        /// What the others will see this device called.
        name: String,
        /// The recovery key.
        paper: PaperKey,
    },
    /// SYNC §9 step 2: asks to be let in.
    Ask {
        /// As typed here.
        code: JoinCode,
        /// What the others will see this device called.
        name: String,
    },
    /// SYNC §9 step 5: looks whether this device was let in. If so it is in from then on. → `NotYet` or `Joined`.
    AwaitYes {
        /// As with [`Ask`](Self::Ask).
        code: JoinCode,
    },
    /// SYNC §9 step 3: looks who asks. → `NotYet` or `Asked`.
    AwaitAsk {
        /// As shown here.
        code: JoinCode,
    },
    /// SYNC §9 step 4: lets it in. → `Done` once it can come in.
    Admit {
        /// As shown here.
        code: JoinCode,
        /// As [`Outcome::Asked`](super::Outcome::Asked) had it.
        newcomer: Newcomer,
    },
    /// The user says no: the one who asks is told.
    Decline {
        /// As shown here.
        code: JoinCode,
    },
    /// SYNC §9 step 6: deletes the mailbox.
    Close {
        /// As shown here.
        code: JoinCode,
    },
    /// SYNC §10. → `Done` once the head that says so is on the storage, `NotYet` where that will be as soon as it can be,
    /// `Refused(TooOld)` where it takes the recovery key.
    Remove {
        /// Which; their other names (born again) go with them.
        devices: Vec<DeviceId>,
        /// Where one is older than this device.
        paper: Option<PaperKey>,
    },
    /// SYNC §11: what a recovery key opens. → `Looked`.
    Look {
        /// The recovery key.
        paper: PaperKey,
    },
    /// SYNC §11: joins the vault that the recovery key opens. → `Joined`.
    Recover {
        /// The recovery key.
        paper: PaperKey,
        /// Which of those that were [found](super::FoundVault).
        vault: VaultId,
        /// What the others will see this device called.
        name: String,
    },
    /// SYNC §11: one more recovery key, or another in the place of `old`.
    InvitePaper {
        /// The one to come.
        new: PaperKey,
        /// The one to go.
        old: Option<PaperKey>,
    },
    /// Turns sync off on this device.
    Forget,
    /// A new vault of this device's passkeys, with nobody else in it (SYNC §8).
    StartOver {
        /// What the others will see this device called.
        name: String,
        /// The recovery key of the new vault.
        paper: PaperKey,
    },
}

/// What a storage's yes to a put means (SYNC §13).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Backing {
    /// It is on the storage.
    Server,
    /// It is in a folder that other software carries about, later.
    Folder,
}
