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

use keyring::{Entry as OsEntry, Error};
use zeroize::Zeroizing;

use super::{Entries, Entry, Keychain, KeychainError, SERVICE, USER};
use crate::secret::{VaultKey, leaving_no_trace};

/// What an entry holds.
type Loaded = Result<Option<Zeroizing<Vec<u8>>>, KeychainError>;

/// The keychain of this user on this machine.
pub struct OsKeychain {
    patience: Duration,
    late: Mutex<Option<(&'static str, Receiver<Loaded>)>>,
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

    /// What the entry of that user name holds.
    fn load_entry(&self, user: &'static str) -> Loaded {
        let mut late = self.late.lock().map_err(|_| KeychainError::TimedOut)?;
        loop {
            let (asked, answer) = late.take().map_or_else(|| Ok((user, in_thread(move || load(user))?)), Ok)?;
            match answer.recv_timeout(self.patience) {
                Ok(loaded) if asked == user => return loaded,
                // The answer to another question came late; now it is this one's turn.
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {
                    *late = Some((asked, answer));
                    return Err(KeychainError::TimedOut);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(unavailable("its client crashed")),
            }
        }
    }

    /// Carries out what gives nothing back.
    fn carry_out(
        &self,
        work: impl FnOnce() -> Result<(), KeychainError> + Send + 'static,
    ) -> Result<(), KeychainError> {
        match in_thread(work)?.recv_timeout(self.patience) {
            Ok(done) => done,
            Err(RecvTimeoutError::Timeout) => Err(KeychainError::TimedOut),
            Err(RecvTimeoutError::Disconnected) => Err(unavailable("its client crashed")),
        }
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new()
    }
}

impl Keychain for OsKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        let secret = self.load_entry(USER)?;
        secret.map(|secret| VaultKey::from_slice(&secret).ok_or(KeychainError::Foreign)).transpose()
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        // EXPOSE: a copy for the thread that hands it to the keychain.
        let key = Zeroizing::new(key.expose_secret().to_vec());
        self.carry_out(move || store(USER, &key))
    }
}

impl Entries for OsKeychain {
    fn entry(&self, entry: Entry) -> Loaded {
        self.load_entry(entry.user())
    }

    fn keep(&self, entry: Entry, secret: &[u8]) -> Result<(), KeychainError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.carry_out(move || store(entry.user(), &secret))
    }

    fn remove(&self, entry: Entry) -> Result<(), KeychainError> {
        self.carry_out(move || remove(entry.user()))
    }
}

fn load(user: &str) -> Loaded {
    match os_entry(user)?.get_secret() {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(explain(error)),
    }
}

fn store(user: &str, secret: &[u8]) -> Result<(), KeychainError> {
    os_entry(user)?.set_secret(secret).map_err(explain)
}

fn remove(user: &str) -> Result<(), KeychainError> {
    match os_entry(user)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(explain(error)),
    }
}

fn os_entry(user: &str) -> Result<OsEntry, KeychainError> {
    if let Err(error) = OsEntry::store_status() {
        return Err(unavailable(error));
    }
    OsEntry::new(SERVICE, user).map_err(explain)
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
