//! User verification by the CTAP client PIN (CTAP §6.5): what is kept of a PIN, how a candidate is judged, and the lock-out.

mod pin;
mod record;

use protocol::manage::Verification;

use crate::secret::{NoRandomness, PinHash};

pub use pin::{NewPin, PinPolicyViolation};
pub use record::{PinRecord, RecordError};

/// CTAP §6.5.1: tries before the PIN is locked.
pub const MAX_RETRIES: u8 = 8;

/// CTAP §6.5.1: wrong tries in a row before a new host session is needed.
pub const MAX_CONSECUTIVE: u8 = 3;

/// CTAP §6.5.1: fewest code points a PIN may have.
pub const MIN_PIN_LENGTH: u8 = 4;

/// Where the PIN record is kept. The vault implements it.
pub trait PinStore {
    /// Why it failed.
    type Error;

    /// The record as it is now.
    ///
    /// # Errors
    /// The store's own.
    fn pin(&self) -> Result<Option<PinRecord>, Self::Error>;

    /// Reads the record, lets `change` decide what replaces it, and commits that durably: one transaction, alone among all processes.
    /// `None` from `change` leaves the record as it was.
    ///
    /// # Errors
    /// The store's own; then nothing has changed.
    fn update_pin(&self, change: &mut dyn FnMut(Option<&PinRecord>) -> Option<PinRecord>) -> Result<(), Self::Error>;
}

/// Judges PINs for one host session: three wrong tries in a row block it until a new session, eight in all lock the PIN.
#[derive(Debug, Default)]
pub struct PinVerifier {
    consecutive_failures: u8,
}

/// Why a PIN was not accepted or not set.
#[derive(Debug)]
pub enum PinError<E> {
    /// CTAP2_ERR_PIN_NOT_SET.
    NotSet,
    /// A PIN is there already: CTAP §6.5.5.5 answers CTAP2_ERR_PIN_AUTH_INVALID; change it instead.
    AlreadySet,
    /// CTAP2_ERR_PIN_INVALID, with the tries left. The authenticator then makes a new key agreement key.
    Invalid {
        /// Tries left in all.
        retries: u8,
    },
    /// CTAP2_ERR_PIN_AUTH_BLOCKED: three wrong in a row. A new host session is needed.
    AuthBlocked,
    /// CTAP2_ERR_PIN_BLOCKED: no tries left.
    Blocked,
    /// The OS gives no random bytes.
    NoRandomness,
    /// The store failed. Nothing was verified.
    Store(E),
}

type Outcome<S> = Result<(), PinError<<S as PinStore>::Error>>;

impl PinVerifier {
    /// CTAP §6.5.5.2 powerCycleState: whether no PIN is judged any more until a new host session.
    pub fn needs_new_session(&self) -> bool {
        self.consecutive_failures >= MAX_CONSECUTIVE
    }

    /// How the user can be verified now.
    ///
    /// # Errors
    /// The store's own.
    pub fn status<S: PinStore>(&self, store: &S) -> Result<Verification, S::Error> {
        let retries = store.pin()?.map(|record| record.retries());
        Ok(Verification {
            pin_set: retries.is_some(),
            retries: retries.unwrap_or(MAX_RETRIES),
            min_pin_length: MIN_PIN_LENGTH,
        })
    }

    /// CTAP §6.5.5.5 setPIN: the first PIN.
    ///
    /// # Errors
    /// [`PinError::AlreadySet`], or a failing store.
    pub fn set_pin<S: PinStore>(&mut self, store: &S, new: &NewPin) -> Outcome<S> {
        let mut record = Some(PinRecord::derive(new)?);
        let mut outcome = Ok(());
        let stored = store.update_pin(&mut |before| match before {
            Some(_) => {
                outcome = Err(PinError::AlreadySet);
                None
            }
            None => record.take(),
        });
        stored.map_err(PinError::Store)?;
        outcome
    }

    /// CTAP §6.5.5.6 changePIN: `current` is judged as by [`verify`](Self::verify), then `new` takes its place.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    pub fn change_pin<S: PinStore>(&mut self, store: &S, current: &PinHash, new: &NewPin) -> Outcome<S> {
        self.verify(store, current)?;
        self.reset_pin(store, new)
    }

    /// Puts `new` in place of whatever PIN there is, and unlocks it. No CTAP command does this: it is for the command line alone, where
    /// whoever calls it can read the keychain anyway. Without it a locked PIN would lock the passkeys for ever.
    ///
    /// # Errors
    /// A failing store.
    pub fn reset_pin<S: PinStore>(&mut self, store: &S, new: &NewPin) -> Outcome<S> {
        let mut record = Some(PinRecord::derive(new)?);
        store.update_pin(&mut |_| record.take()).map_err(PinError::Store)?;
        self.consecutive_failures = 0;
        Ok(())
    }

    /// CTAP §6.5.5.7.2: takes one try, durably and before looking; gives all tries back if `candidate` is right.
    ///
    /// # Errors
    /// Every outcome but a right PIN is one of [`PinError`].
    pub fn verify<S: PinStore>(&mut self, store: &S, candidate: &PinHash) -> Outcome<S> {
        let taken = self.take_one_try(store)?;
        if taken.matches(candidate) {
            self.consecutive_failures = 0;
            return give_tries_back(store, &taken);
        }
        self.consecutive_failures += 1;
        Err(match taken.retries() {
            0 => PinError::Blocked,
            _ if self.consecutive_failures >= MAX_CONSECUTIVE => PinError::AuthBlocked,
            retries => PinError::Invalid { retries },
        })
    }

    /// The record as it is after the try was taken from it.
    fn take_one_try<S: PinStore>(&self, store: &S) -> Result<PinRecord, PinError<S::Error>> {
        let mut outcome = Err(PinError::NotSet);
        let stored = store.update_pin(&mut |record| {
            let record = record?;
            if record.retries() == 0 {
                outcome = Err(PinError::Blocked);
                return None;
            }
            if self.consecutive_failures >= MAX_CONSECUTIVE {
                outcome = Err(PinError::AuthBlocked);
                return None;
            }
            outcome = Ok(record.with_retries(record.retries() - 1));
            Some(record.with_retries(record.retries() - 1))
        });
        stored.map_err(PinError::Store)?;
        outcome
    }
}

/// Unless another host has changed the PIN meanwhile.
fn give_tries_back<S: PinStore>(store: &S, verified: &PinRecord) -> Outcome<S> {
    let stored = store.update_pin(&mut |now| {
        let now = now.filter(|now| now.same_pin(verified))?;
        Some(now.with_retries(MAX_RETRIES))
    });
    stored.map_err(PinError::Store)
}

impl<E> From<NoRandomness> for PinError<E> {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

#[cfg(test)]
mod tests;
