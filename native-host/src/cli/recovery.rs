//! `keystow recovery`.

use clap::{Args, Subcommand};
use protocol::manage::sync::{Done, Task};

use super::conversation::{carry_out, counted};
use super::error::Error;
use super::opened::opened;
use super::recovery_key;
use super::sync::{OnArguments, synced};
use crate::native_messaging::Host;

/// The recovery key: 24 words on paper that bring everything back
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a recovery key beside those that there are
    New {
        /// In the place of the one there is, whose words are asked for: that one ends
        #[arg(long)]
        replace: bool,
    },
    /// Get everything back on this machine, with the 24 words and the login of the storage
    ///
    /// Without a terminal, standard input has the words as its first line, then the storage's password, then the PIN
    /// where one is set.
    Use(Box<OnArguments>),
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        match self.action {
            Action::New { replace } => make(&mut host, replace),
            Action::Use(device) => recover(&mut host, *device),
        }
    }
}

fn make(host: &mut Host, replace: bool) -> Result<(), Error> {
    synced(host)?;
    let old = if replace { Some(recovery_key::read("The 24 words there are: ")?) } else { None };
    carry_out(host, Task::NewRecoveryKey { old })?;
    match replace {
        true => println!("The recovery key is replaced. The old words open nothing that is new; destroy them."),
        false => println!("There is another recovery key. Each one opens the vault, with the login of the storage."),
    }
    Ok(())
}

fn recover(host: &mut Host, device: OnArguments) -> Result<(), Error> {
    let words = recovery_key::read("Your 24 words: ")?;
    let device = device.read()?;
    if let Done::Joined { passkeys } = carry_out(host, Task::Recover { device, words })? {
        println!("This device is in. {} here now.", counted(passkeys, "passkey"));
        println!("Remove the devices that are lost: keystow device list, then keystow device remove");
    }
    Ok(())
}
