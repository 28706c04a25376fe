//! Devices & sync: what the manager asks of the host, and how things stand. Nothing here waits for a storage: what takes time is begun, goes on in
//! the host, and is looked at with [`SyncRequest::State`].

mod hidden;
mod state;
mod step;
mod storage;
mod task;

use serde::{Deserialize, Serialize};

pub use hidden::{RecoveryWords, Secret};
pub use state::{Alarm, Device, SyncState, SyncTrouble, Synced, TroubleKind};
pub use step::{Done, Step, SyncFailure};
pub use storage::{Invitation, StorageConfig};
pub use task::{Begin, GoOn, NewDevice, Remove, Task};

/// See [`Request::Sync`](super::Request::Sync). All are answered by a [`SyncState`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum SyncRequest {
    /// How things stand. Changes nothing.
    State {},
    /// Synchronizes now.
    Now {},
    /// Begins one of the things that a person does, after the one before has ended or was left ([`Leave`](Self::Leave)).
    Begin(Begin),
    /// Goes on with what was begun.
    GoOn(GoOn),
    /// Leaves what was begun, or closes its last screen. What is done stays done.
    Leave {},
}

#[cfg(test)]
mod tests;
