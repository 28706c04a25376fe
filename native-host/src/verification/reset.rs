//! The way back from a forgotten or locked PIN: asked for today, done a day later. Whoever comes to an unlocked machine for a moment
//! cannot take the PIN over, and a passkey is never lost for want of a PIN.

use super::{NewPin, PinError, PinRecord, PinStore, SettingsStore, forget_persistent_token};

/// How long a reset that was asked for has to wait, in hours.
pub const RESET_WAIT_HOURS: u64 = 24;

/// Why a PIN was not reset.
#[derive(Debug)]
pub enum ResetError<E> {
    /// Nobody has asked for it yet, or a right PIN was entered since.
    NotAsked,
    /// It has been asked for, and has to wait.
    TooEarly {
        /// When it can be done, milliseconds since 1970.
        at: u64,
    },
    /// There is no PIN, or the store failed.
    Pin(PinError<E>),
}

/// Asks for a reset at `now` (milliseconds since 1970); one that was asked for before keeps its time. Returns when it can be done.
///
/// # Errors
/// [`PinError::NotSet`], or a failing store.
pub fn ask_to_reset<S: PinStore>(store: &S, now: u64) -> Result<u64, PinError<S::Error>> {
    let mut outcome = Err(PinError::NotSet);
    let stored = store.update_pin(&mut |record| {
        let record = record?;
        let asked = record.reset_asked().unwrap_or(now);
        outcome = Ok(done_at(asked));
        Some(record.with_reset_asked(Some(asked)))
    });
    stored.map_err(PinError::Store)?;
    outcome
}

/// Puts `new` in place of the PIN at `now`, with all tries, where that was asked for long enough ago. No CTAP command does this: it is for
/// the command line alone, for whoever can open the keychain.
///
/// # Errors
/// See [`ResetError`].
pub fn reset_pin<S, E>(store: &S, new: &NewPin, now: u64) -> Result<(), ResetError<E>>
where
    S: PinStore<Error = E> + SettingsStore<Error = E>,
{
    let failed = |error| ResetError::Pin(PinError::Store(error));
    may_reset(store.pin().map_err(failed)?.as_ref(), now)?;
    let mut fresh = Some(PinRecord::derive(new).map_err(|error| ResetError::Pin(error.into()))?);
    forget_persistent_token(store).map_err(failed)?;
    let mut outcome = Ok(());
    let stored = store.update_pin(&mut |record| {
        outcome = may_reset(record, now);
        fresh.take_if(|_| outcome.is_ok())
    });
    stored.map_err(failed)?;
    outcome
}

fn may_reset<E>(record: Option<&PinRecord>, now: u64) -> Result<(), ResetError<E>> {
    let record = record.ok_or(ResetError::Pin(PinError::NotSet))?;
    match record.reset_asked().map(done_at) {
        None => Err(ResetError::NotAsked),
        Some(at) if now < at => Err(ResetError::TooEarly { at }),
        Some(_) => Ok(()),
    }
}

fn done_at(asked: u64) -> u64 {
    asked.saturating_add(RESET_WAIT_HOURS * 60 * 60 * 1000)
}
