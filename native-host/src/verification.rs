//! User verification: by the CTAP client PIN (CTAP §6.5), what is kept of it, how a candidate is judged, the lock-out and the way back; and
//! what the user has settled about it.

pub mod os;
mod pin;
mod record;
mod reset;
mod settings;

use protocol::manage::Verification;

use crate::secret::{NoRandomness, PinHash};
use os::{Availability, UserVerifier};

pub use pin::{NewPin, PinPolicyViolation};
pub use record::{PinRecord, RecordError};
pub use reset::{RESET_WAIT_HOURS, ResetError, ask_to_reset, reset_pin};
pub use settings::{MAX_MIN_PIN_LENGTH_RP_IDS, Settings, SettingsStore};

/// CTAP §6.5.1: tries before the PIN is locked.
pub const MAX_RETRIES: u8 = 8;

/// CTAP §6.5.1: wrong tries in a row before a new host session is needed.
pub const MAX_CONSECUTIVE: u8 = 3;

/// CTAP §6.5.1: fewest code points a PIN may have, unless a higher number has been set.
pub const MIN_PIN_LENGTH: u8 = 4;

/// CTAP §6.5.1: most bytes of a PIN in UTF-8.
pub const MAX_PIN_LENGTH: u8 = 63;

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

type Outcome<S> = Result<(), PinError<<S as PinStore>::Error>>;

impl PinVerifier {
    /// CTAP §6.5.5.2 powerCycleState: whether no PIN is judged any more until a new host session.
    pub fn needs_new_session(&self) -> bool {
        self.consecutive_failures >= MAX_CONSECUTIVE
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
    pub fn change_pin<S, E>(&mut self, store: &S, current: &PinHash, new: &NewPin) -> Result<(), PinError<E>>
    where
        S: PinStore<Error = E> + SettingsStore<Error = E>,
    {
        self.verify(store, current)?;
        self.replace_pin(store, new)
    }

    /// Puts `new` in place of the PIN there is, once that has been judged.
    ///
    /// # Errors
    /// [`PinError::Unchanged`] where the PIN must be changed and is not; a failing store.
    pub fn replace_pin<S, E>(&mut self, store: &S, new: &NewPin) -> Result<(), PinError<E>>
    where
        S: PinStore<Error = E> + SettingsStore<Error = E>,
    {
        let before = store.pin().map_err(PinError::Store)?;
        if before.is_some_and(|before| before.must_change() && before.matches(new.hash())) {
            return Err(PinError::Unchanged);
        }
        let mut record = Some(PinRecord::derive(new)?);
        forget_persistent_token(store).map_err(PinError::Store)?;
        store.update_pin(&mut |_| record.take()).map_err(PinError::Store)?;
        self.consecutive_failures = 0;
        Ok(())
    }

    /// CTAP §6.5.5.7.2: takes one try, durably and before looking; gives all tries back if `candidate` is right, and takes back a reset that
    /// was asked for: whoever knows the PIN has not forgotten it.
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
    /// CTAP §6.11.4 forceChangePin: the new PIN is the one that was to be changed.
    Unchanged,
    /// The OS gives no random bytes.
    NoRandomness,
    /// The store failed. Nothing was verified.
    Store(E),
}

/// How the user can be verified now. The OS is asked only where the user has switched that on.
///
/// # Errors
/// The store's own.
pub fn state<S, E>(store: &S, user_verifier: &dyn UserVerifier) -> Result<Verification, E>
where
    S: PinStore<Error = E> + SettingsStore<Error = E>,
{
    let (pin, settings) = (store.pin()?, store.settings()?);
    let built_in = settings.os_verification && user_verifier.availability() == Availability::Ready;
    Ok(Verification {
        pin_set: pin.is_some(),
        retries: pin.as_ref().map_or(MAX_RETRIES, PinRecord::retries),
        min_pin_length: settings.min_pin_length,
        must_change_pin: pin.is_some_and(|pin| pin.must_change()),
        built_in,
        always: settings.always_uv,
    })
}

/// CTAP resetPersistentPinUvAuthToken. It comes before the new PIN: what the old one gave is never good beside it.
fn forget_persistent_token<S: SettingsStore>(store: &S) -> Result<(), S::Error> {
    store.update_settings(&mut |settings| settings.persistent_token = None)
}

/// Unless another host has changed the PIN meanwhile.
fn give_tries_back<S: PinStore>(store: &S, verified: &PinRecord) -> Outcome<S> {
    let stored = store.update_pin(&mut |now| {
        let now = now.filter(|now| now.same_pin(verified))?;
        Some(now.with_retries(MAX_RETRIES).with_reset_asked(None))
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
