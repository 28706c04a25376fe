//! The real keychain, through `keyring`, bounded in time.
//!
//! What its Secret Service store does (zbus-secret-service-keyring-store 1.0, secret-service 5.2, gnome-keyring 42): a search that
//! meets a locked item asks the service to unlock it and then waits for the user's answer without a limit. Where no password window
//! can be opened the service answers "dismissed" at once. So each call runs on a thread of its own, and is waited for for a minute;
//! one that is late is waited for again by the next call, so that two windows never open and a late answer is not lost.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::{Keychain, KeychainError, SERVICE, USER};
use crate::secret::{VaultKey, leaving_no_trace};

type Loaded = Result<Option<VaultKey>, KeychainError>;

/// The keychain of this user on this machine.
pub struct OsKeychain {
    patience: Duration,
    late: Mutex<Option<Receiver<Loaded>>>,
}

impl OsKeychain {
    /// The keychain of this user; nothing is asked of it yet.
    pub fn new() -> Self {
        Self::with_patience(PATIENCE)
    }

    /// As [`new`](Self::new), waiting for each answer no longer than `patience`.
    pub fn with_patience(patience: Duration) -> Self {
        Self { patience, late: Mutex::new(None) }
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new()
    }
}

impl Keychain for OsKeychain {
    fn load(&self) -> Loaded {
        let mut late = self.late.lock().map_err(|_| KeychainError::TimedOut)?;
        let answer = late.take().map_or_else(|| in_thread(load), Ok)?;
        match answer.recv_timeout(self.patience) {
            Ok(loaded) => loaded,
            Err(RecvTimeoutError::Timeout) => {
                *late = Some(answer);
                Err(KeychainError::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => Err(unavailable("its client crashed")),
        }
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        // EXPOSE: a copy for the thread that hands it to the keychain.
        let key = Zeroizing::new(key.expose_secret().to_vec());
        let answer = in_thread(move || store(&key))?;
        match answer.recv_timeout(self.patience) {
            Ok(stored) => stored,
            Err(RecvTimeoutError::Timeout) => Err(KeychainError::TimedOut),
            Err(RecvTimeoutError::Disconnected) => Err(unavailable("its client crashed")),
        }
    }
}

fn load() -> Loaded {
    match entry()?.get_secret() {
        Ok(secret) => {
            let secret = Zeroizing::new(secret);
            VaultKey::from_slice(&secret).map(Some).ok_or(KeychainError::Foreign)
        }
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(explain(error)),
    }
}

fn store(key: &[u8]) -> Result<(), KeychainError> {
    entry()?.set_secret(key).map_err(explain)
}

fn entry() -> Result<Entry, KeychainError> {
    if let Err(error) = Entry::store_status() {
        return Err(unavailable(error));
    }
    Entry::new(SERVICE, USER).map_err(explain)
}

/// Runs `work` on a thread of its own, since it may never come back. The thread's stack stays mapped for the next one.
fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<Receiver<T>, KeychainError> {
    let (sender, receiver) = channel();
    // Nobody may be waiting any longer; the answer is then dropped, and zeroized.
    let run = move || drop(sender.send(leaving_no_trace(work)));
    let spawned = thread::Builder::new().name("keychain".to_owned()).spawn(run);
    spawned.map(|_| receiver).map_err(unavailable)
}

/// The one place where `keyring`'s errors become ours. It is written out: `Ambiguous` and `BadDataFormat` carry data that must not
/// reach a message.
fn explain(error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => KeychainError::Foreign,
        error => unavailable(error),
    }
}

fn unavailable(detail: impl ToString) -> KeychainError {
    KeychainError::Unavailable(detail.to_string())
}

/// How long the user has for the keychain's password window.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to do where there is none.
#[cfg(target_os = "linux")]
pub(super) const HOW_TO_GET_ONE: &str =
    "Log in to a desktop session, or install one with: sudo apt install gnome-keyring (or KWallet, or KeePassXC).";
/// What to do where there is none.
#[cfg(not(target_os = "linux"))]
pub(super) const HOW_TO_GET_ONE: &str = "Log in to your desktop, then try again.";
