//! What keeps this machine in step without being asked: a thread with a vault of its own, that runs a pass when something has changed here, and
//! every few minutes. A ceremony never waits for it, but for a creation that wants to know whether its passkey is backed up (SYNC §13).
//!
//! It ends with its process, in the middle of a pass too: the next one goes on.

mod pace;

use std::cell::OnceCell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use protocol::manage::sync::TroubleKind;
use protocol::webauthn::CredentialId;
use sync_engine::engine::{Report, Task};
use sync_engine::storage::Trouble;

use super::tasks::{Broken, ThisDevice, kind};
use crate::secret::leaving_no_trace;
use crate::vault::Vault;
use pace::Pace;

/// Opens this machine as a device, for the worker's thread.
pub type OpenDevice = Arc<dyn Fn() -> Result<Box<dyn ThisDevice>, Broken> + Send + Sync>;

/// What keeps this machine in step, once sync is on. Until then it costs one look into the vault each time.
pub struct InStep {
    open: OpenDevice,
    worker: OnceCell<Arc<Shared>>,
}

/// What the thread and those who ask share.
#[derive(Default)]
struct Shared {
    board: Mutex<Board>,
    bell: Condvar,
}

#[derive(Clone, Default)]
struct Board {
    /// Passes that were asked for, counted, and up to which one all are done.
    asked: u64,
    done: u64,
    /// Somebody has perhaps changed something.
    nudged: bool,
    running: bool,
    ended: bool,
    trouble: Option<Failure>,
    /// When that was.
    failed: Option<Instant>,
}

/// Why the last pass did not come to its end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The storage.
    Storage(Trouble),
    /// Something on this machine.
    Here(Broken),
}

impl Failure {
    /// What kind it is, for screens.
    pub fn kind(&self) -> TroubleKind {
        match self {
            Self::Storage(trouble) => kind(trouble),
            Self::Here(_) => TroubleKind::Failed,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(trouble) => trouble.fmt(f),
            Self::Here(broken) => broken.fmt(f),
        }
    }
}

impl InStep {
    /// Nothing is begun yet.
    pub fn new(open: OpenDevice) -> Self {
        Self { open, worker: OnceCell::new() }
    }

    /// Something may have changed in `vault`, or it has just been opened.
    pub fn nudge(&self, vault: &Vault) {
        if let Some(worker) = self.worker(vault) {
            worker.board().nudged = true;
            worker.bell.notify_all();
        }
    }

    /// Has a pass run now, whatever has changed.
    pub fn ask(&self, vault: &Vault) {
        if let Some(worker) = self.worker(vault) {
            worker.ask();
        }
    }

    /// Whether a pass is under way or has been asked for.
    pub fn is_busy(&self) -> bool {
        self.worker.get().is_some_and(|worker| worker.board().is_busy())
    }

    /// Why the last pass of this process did not come to its end; nothing where it did.
    pub fn failure(&self) -> Option<Failure> {
        self.worker.get().and_then(|worker| worker.board().trouble.clone())
    }

    /// Publishes a passkey that was made just now, with so much patience, and says whether it can be had from somewhere else now (L3 §6.1.3 BS
    /// by SYNC §13). Where the storage failed a moment ago, it is not waited for.
    pub fn publish_within(&self, vault: &Vault, patience: Duration, id: &CredentialId) -> bool {
        let Some(worker) = self.worker(vault) else { return false };
        if worker.board().failed.is_some_and(|failed| failed.elapsed() < SORE) {
            worker.board().nudged = true;
            worker.bell.notify_all();
            return false;
        }
        let asked = worker.ask();
        worker.wait(patience, |board| board.done >= asked);
        vault.get(id).is_ok_and(|source| source.is_some_and(|source| source.backup_state))
    }

    /// Stays until the process ends, and tells of each change between trouble and none.
    pub fn watch(&self, vault: &Vault, mut tell: impl FnMut(Option<&Failure>)) {
        let mut told = None;
        while let Some(worker) = self.worker(vault) {
            let passes = worker.board().done;
            worker.wait(LOOK, |board| board.done != passes);
            let board = worker.board().clone();
            if board.done > 0 && told.as_ref() != Some(&board.trouble) {
                tell(board.trouble.as_ref());
                told = Some(board.trouble);
            }
        }
    }

    /// The worker, begun where sync is on.
    fn worker(&self, vault: &Vault) -> Option<&Shared> {
        if self.worker.get().is_none() && !vault.is_replicated().unwrap_or(false) {
            return None;
        }
        Some(self.worker.get_or_init(|| {
            let shared = Arc::new(Shared::default());
            shared.board().asked = 1;
            let (theirs, open) = (Arc::clone(&shared), Arc::clone(&self.open));
            let run = move || theirs.run(&open);
            // Where there is no thread to be had, nothing is kept in step, and all else works.
            if thread::Builder::new().name("sync".to_owned()).spawn(run).is_err() {
                shared.board().done = u64::MAX;
            }
            shared
        }))
    }
}

impl Drop for InStep {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.get() {
            worker.board().ended = true;
            worker.bell.notify_all();
        }
    }
}

impl Board {
    fn is_busy(&self) -> bool {
        self.running || self.done < self.asked
    }
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a pass, and gives its number.
    fn ask(&self) -> u64 {
        let mut board = self.board();
        board.asked += 1;
        let asked = board.asked;
        drop(board);
        self.bell.notify_all();
        asked
    }

    /// Waits until it is so, or the patience is at its end.
    fn wait(&self, patience: Duration, is_so: impl Fn(&Board) -> bool) {
        // Poisoned or not, what is on the board is looked at by the caller.
        let _ = self.bell.wait_timeout_while(self.board(), patience, |board| !is_so(board));
    }

    /// The thread.
    fn run(&self, open: &OpenDevice) {
        let mut device = None;
        let mut pace = Pace::default();
        loop {
            self.board().nudged = false;
            let asked = self.board().asked;
            let is_asked = asked > self.board().done;
            if is_asked || pace.is_due() || self.has_news(&mut device, &pace) {
                self.board().running = true;
                let passed = leaving_no_trace(|| unless_it_panics(|| pass(&mut device, open)));
                pace.passed(&passed);
                self.take_down(asked, passed);
            }
            let pause = pace.left().min(LOOK);
            self.wait(pause, |board| board.nudged || board.ended || board.done < board.asked);
            if self.board().ended {
                return;
            }
        }
    }

    /// Whether something here is to go to the storage, which has not failed lately.
    fn has_news(&self, device: &mut Option<Box<dyn ThisDevice>>, pace: &Pace) -> bool {
        !pace.is_sore() && device.as_mut().is_some_and(|device| device.has_news().unwrap_or(false))
    }

    fn take_down(&self, asked: u64, passed: Result<Report, Broken>) {
        let mut board = self.board();
        board.running = false;
        board.done = asked;
        board.trouble = match passed {
            Ok(report) => report.trouble.map(Failure::Storage),
            Err(broken) => Some(Failure::Here(broken)),
        };
        board.failed = board.trouble.as_ref().map(|_| Instant::now());
        drop(board);
        self.bell.notify_all();
    }
}

/// One pass. What failed on this machine is opened anew the next time.
fn pass(device: &mut Option<Box<dyn ThisDevice>>, open: &OpenDevice) -> Result<Report, Broken> {
    let mut opened = device.take().map_or_else(|| open(), Ok)?;
    let report = opened.run(None, Task::Sync)?;
    *device = Some(opened);
    Ok(report)
}

/// Does `work`. A mistake in it must not end the thread that it runs on without a word.
pub(super) fn unless_it_panics<T>(work: impl FnOnce() -> Result<T, Broken>) -> Result<T, Broken> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Broken("Keystow made a mistake while it synchronized. Nothing is lost; please report it.".to_owned()))
    })
}

/// How often the worker looks whether another process has changed something.
const LOOK: Duration = Duration::from_secs(15);

/// After a failure a creation does not wait for the storage for so long.
const SORE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
