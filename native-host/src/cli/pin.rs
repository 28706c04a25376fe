//! `keystow pin`.

use clap::{Args, Subcommand};
use protocol::manage::{Request, Response, Verification};

use super::error::{Error, tries_left};
use super::terminal::{confirm, read_new_pin, read_pin};
use crate::native_messaging::Host;
use crate::secret::PinHash;
use crate::vault;
use crate::verification::{NewPin, PinError, PinVerifier};

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
    /// Whoever can run this can read your keychain anyway; the PIN tells sites that you are at the machine, and seals nothing.
    Reset {
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Tell whether there is a PIN, and how many tries are left
    Status,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = Host::of_this_user();
        match self.action {
            Action::Set => set(&mut host),
            Action::Change => change(&mut host),
            Action::Reset { yes } => reset(&mut host, yes),
            Action::Status => status(&mut host),
        }
    }
}

fn set(host: &mut Host) -> Result<(), Error> {
    if verification(host)?.pin_set {
        return Err(Error::PinAlreadySet);
    }
    let new = new_pin()?;
    PinVerifier::default().set_pin(host.vault()?, &new).map_err(refused)?;
    println!("The PIN is set. Sites that ask for it do so from now on.");
    Ok(())
}

fn change(host: &mut Host) -> Result<(), Error> {
    if !verification(host)?.pin_set {
        return Err(Error::PinNotSet);
    }
    let current = read_pin("PIN: ")?;
    let new = new_pin()?;
    let current = PinHash::derive(current.as_bytes());
    PinVerifier::default().change_pin(host.vault()?, &current, &new).map_err(refused)?;
    println!("The PIN is changed.");
    Ok(())
}

fn reset(host: &mut Host, yes: bool) -> Result<(), Error> {
    if !yes && !confirm("Replace the PIN, without asking for the old one?")? {
        return Err(Error::Declined);
    }
    let new = new_pin()?;
    PinVerifier::default().reset_pin(host.vault()?, &new).map_err(refused)?;
    println!("The PIN is set anew, with all tries.");
    Ok(())
}

fn status(host: &mut Host) -> Result<(), Error> {
    let Verification { pin_set, retries, .. } = verification(host)?;
    match (pin_set, retries) {
        (false, _) => println!("No PIN is set. Choose one: keystow pin set"),
        (true, 0) => println!("The PIN is locked. Choose a new one: keystow pin reset"),
        (true, retries) => println!("A PIN is set; {}.", tries_left(retries)),
    }
    Ok(())
}

fn verification(host: &mut Host) -> Result<Verification, Error> {
    match host.manage(Request::Status {})? {
        Response::Status(status) => Ok(status.verification),
        Response::Candidates(_) | Response::List(_) | Response::Delete(_) => Err(Error::PinNotSet),
    }
}

fn new_pin() -> Result<NewPin, Error> {
    let pin = read_new_pin()?;
    NewPin::from_text(&pin).map_err(Error::PinPolicy)
}

fn refused(error: PinError<vault::Error>) -> Error {
    match error {
        PinError::NotSet => Error::PinNotSet,
        PinError::AlreadySet => Error::PinAlreadySet,
        PinError::Invalid { retries } => Error::PinWrong { retries },
        PinError::AuthBlocked | PinError::Blocked => Error::PinLocked,
        PinError::NoRandomness => Error::Refused(crate::native_messaging::refusal(&vault::Error::NoRandomness)),
        PinError::Store(error) => Error::Refused(crate::native_messaging::refusal(&error)),
    }
}
