//! `keystow verification`.

use clap::{Args, Subcommand, ValueEnum};

use super::error::{Error, tries_left};
use super::opened::opened;
use super::pin::{refused, verification};
use super::terminal::read_pin;
use crate::native_messaging::Host;
use crate::secret::PinHash;
use crate::verification::os::{OsVerifier, UserVerifier};
use crate::verification::{PinError, PinVerifier, Settings, SettingsStore};

/// Settle how you show that it is you: the PIN, the system, always or only where a site asks
///
/// Where a PIN is set, it is asked for before anything is changed.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Tell how it is settled
    Status,
    /// Let the system ask instead of the PIN: for your password or your fingerprint, as it is set up
    Os {
        /// Whether it shall
        switch: Switch,
    },
    /// Ask every time, even where a site does not want to know
    Always {
        /// Whether it shall
        switch: Switch,
    },
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        match self.action {
            Action::Status => status(&mut host),
            Action::Os { switch } => {
                if switch == Switch::On
                    && let Some(why) = OsVerifier::default().availability().obstacle()
                {
                    return Err(Error::OsVerification(why));
                }
                settle(&mut host, |settings| settings.os_verification = switch == Switch::On)?;
                println!("Settled: {}.", os_sentence(switch == Switch::On));
                Ok(())
            }
            Action::Always { switch } => {
                settle(&mut host, |settings| settings.always_uv = switch == Switch::On)?;
                println!("Settled: {}.", always_sentence(switch == Switch::On));
                Ok(())
            }
        }
    }
}

fn status(host: &mut Host) -> Result<(), Error> {
    let state = verification(host)?;
    let settings = host.existing_vault()?.map_or_else(|| Ok(Settings::default()), SettingsStore::settings);
    let settings = settings.map_err(|error| refused(PinError::Store(error)))?;
    match (state.pin_set, state.retries) {
        (false, _) => println!("No PIN is set."),
        (true, 0) => println!("The PIN is locked."),
        (true, retries) => println!("A PIN is set; {}.", tries_left(retries)),
    }
    println!("A PIN has at least {} characters.", state.min_pin_length);
    println!("As settled, {}.", os_sentence(settings.os_verification));
    if settings.os_verification && !state.built_in {
        println!("It cannot ask now. See why: keystow doctor");
    }
    println!("As settled, {}.", always_sentence(state.always));
    Ok(())
}

fn settle(host: &mut Host, change: impl Fn(&mut Settings)) -> Result<(), Error> {
    if verification(host)?.pin_set {
        let pin = read_pin("PIN: ")?;
        PinVerifier::default().verify(host.vault()?, &PinHash::derive(pin.as_bytes())).map_err(refused)?;
    }
    let settled = host.vault()?.update_settings(&mut |settings| change(settings));
    settled.map_err(|error| refused(PinError::Store(error)))
}

fn os_sentence(on: bool) -> &'static str {
    if on { "the system asks you, in place of the PIN" } else { "the PIN is asked for, not the system" }
}

fn always_sentence(on: bool) -> &'static str {
    if on { "you are asked every time" } else { "you are asked where a site wants to know" }
}
