//! `keystow pin`.

use clap::{Args, Subcommand};
use protocol::manage::{Request, Response, Verification};

use super::date::{Moment, now};
use super::error::{Error, tries_left};
use super::opened::opened;
use super::terminal::{read_new_pin, read_pin};
use crate::native_messaging::Host;
use crate::secret::PinHash;
use crate::vault;
use crate::verification::{NewPin, PinError, PinStore, PinVerifier, ResetError, ask_to_reset, reset_pin};

/// Choose, change or look after the PIN that sites ask for
///
/// A site that wants to be sure that it is you makes Keystow ask for this PIN. It never leaves this machine.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Choose the PIN
    ///
    /// At a terminal it is asked for, twice. Otherwise it is the first line of standard input.
    Set,
    /// Choose another PIN
    ///
    /// At a terminal both are asked for. Otherwise the first line of standard input is the PIN there is, the second the new one.
    Change,
    /// Choose a new PIN where the old one is forgotten or locked
    ///
    /// The first time it only notes that you asked. A day later, run again, it asks for the new PIN. So nobody who finds your machine
    /// unlocked for a moment can take your PIN over: entering the right one takes the request back. No passkey is lost by it.
    Reset,
    /// Tell whether there is a PIN, and how many tries are left
    Status,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        match self.action {
            Action::Set => set(&mut host),
            Action::Change => change(&mut host),
            Action::Reset => reset(&mut host),
            Action::Status => status(&mut host),
        }
    }
}

fn set(host: &mut Host) -> Result<(), Error> {
    if verification(host)?.pin_set {
        return Err(Error::PinAlreadySet);
    }
    let new = new_pin(host)?;
    PinVerifier::default().set_pin(host.vault()?, &new).map_err(refused)?;
    println!("The PIN is set. Sites that ask for it do so from now on.");
    Ok(())
}

fn change(host: &mut Host) -> Result<(), Error> {
    if !verification(host)?.pin_set {
        return Err(Error::PinNotSet);
    }
    let current = read_pin("PIN: ")?;
    let new = new_pin(host)?;
    let current = PinHash::derive(current.as_bytes());
    PinVerifier::default().change_pin(host.vault()?, &current, &new).map_err(refused)?;
    println!("The PIN is changed.");
    Ok(())
}

fn reset(host: &mut Host) -> Result<(), Error> {
    let Some(vault) = host.existing_vault()? else { return Err(Error::PinNotSet) };
    let pin = vault.pin().map_err(|error| refused(PinError::Store(error)))?.ok_or(Error::PinNotSet)?;
    if pin.reset_asked().is_none() {
        let at = ask_to_reset(vault, now()).map_err(refused)?;
        println!("Noted. From {} UTC on, choose a new PIN: keystow pin reset", Moment(at));
        println!("Entering the right PIN before that takes the request back.");
        return Ok(());
    }
    // Said before anything is asked for.
    let at = ask_to_reset(vault, now()).map_err(refused)?;
    if now() < at {
        return Err(Error::ResetWaits { at });
    }
    let new = new_pin(host)?;
    match reset_pin(host.vault()?, &new, now()) {
        Ok(()) => println!("The PIN is set anew, with all tries."),
        Err(ResetError::NotAsked) => return Err(Error::ResetTakenBack),
        Err(ResetError::TooEarly { at }) => return Err(Error::ResetWaits { at }),
        Err(ResetError::Pin(error)) => return Err(refused(error)),
    }
    Ok(())
}

fn status(host: &mut Host) -> Result<(), Error> {
    let Verification { pin_set, retries, .. } = verification(host)?;
    let pin = host.existing_vault()?.map_or(Ok(None), PinStore::pin);
    let asked = pin.map_err(|error| refused(PinError::Store(error)))?.and_then(|pin| pin.reset_asked());
    match (pin_set, retries) {
        (false, _) => println!("No PIN is set. Choose one: keystow pin set"),
        (true, 0) => println!("The PIN is locked. Choose a new one: keystow pin reset"),
        (true, retries) => println!("A PIN is set; {}.", tries_left(retries)),
    }
    if let Some(asked) = asked {
        // A locked PIN cannot be entered.
        let way_back = if retries > 0 { " If that was not you, enter your PIN once." } else { "" };
        println!("A reset was asked for on {} UTC.{way_back}", Moment(asked));
    }
    Ok(())
}

pub(super) fn verification(host: &mut Host) -> Result<Verification, Error> {
    match host.manage(Request::Status {})? {
        Response::Status(status) => Ok(status.verification),
        _ => Err(Error::PinNotSet),
    }
}

fn new_pin(host: &mut Host) -> Result<NewPin, Error> {
    let min_length = verification(host)?.min_pin_length;
    let pin = read_new_pin()?;
    NewPin::from_text(&pin, min_length).map_err(Error::PinPolicy)
}

pub(super) fn refused(error: PinError<vault::Error>) -> Error {
    match error {
        PinError::NotSet => Error::PinNotSet,
        PinError::AlreadySet => Error::PinAlreadySet,
        PinError::Invalid { retries } => Error::PinWrong { retries },
        PinError::AuthBlocked | PinError::Blocked => Error::PinLocked,
        PinError::Unchanged => Error::PinUnchanged,
        PinError::NoRandomness => Error::Refused(crate::native_messaging::refusal(&vault::Error::NoRandomness)),
        PinError::Store(error) => Error::Refused(crate::native_messaging::refusal(&error)),
    }
}
