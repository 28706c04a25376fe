//! `keystow sync`.

mod status;
mod watch;

use clap::{Args, Subcommand};
use protocol::manage::sync::{Done, NewDevice, SyncFailure, SyncRequest, Synced, Task};

use super::conversation::{ask, carry_out, state};
use super::error::Error;
use super::opened::opened;
use super::spinner::while_waiting;
use super::storage::{StorageArguments, with_password};
use super::terminal::harmless;
use crate::native_messaging::Host;

/// Keep your devices in step, over a storage of your own
///
/// All that is put there is sealed on this machine first. Where a PIN is set, it is asked for before anything is changed.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Turn sync on: a first device, a storage, and a recovery key on paper
    ///
    /// The other devices join this one: `keystow device add` here, `keystow device join` there. Without a terminal the storage's password
    /// is the first line of standard input, the PIN the next where one is set, then come the two words that are asked for.
    On(OnArguments),
    /// Synchronize now
    Now,
    /// Tell how things stand
    Status {
        /// Print JSON, for other programs
        ///
        /// One object; its member `on` is absent while sync is off. Otherwise it has storage, last (when a pass last came to its end, milliseconds
        /// since 1970), pending (passkeys with changes that no storage has yet), devices, recoveryKeys, alarms, removed, and, where there is
        /// any, trouble. These names stay as they are; there may be more of them.
        #[arg(long)]
        json: bool,
    },
    /// Synchronize from now on, until ended: at once after each change, and every few minutes
    ///
    /// For a machine where no browser is always open. Browsers do the same while they are.
    Watch {
        /// Put a systemd unit of your user in place instead, and say how to enable it
        #[arg(long)]
        install: bool,
    },
    /// Use another storage, or another password for it
    ///
    /// The other devices are told, by way of the storage of now, unless it is a folder or --only-here is given.
    Storage(StorageChange),
    /// Begin a new vault of what is on this device, with nobody else in it
    ///
    /// For the day when a device was stolen that no other can remove, and the recovery key is lost. The other devices join again.
    StartOver(OnArguments),
    /// End sync on this device; its passkeys stay
    Off,
}

/// Where, and as what.
#[derive(Args)]
pub(super) struct OnArguments {
    #[command(flatten)]
    storage: StorageArguments,
    /// What the other devices see this one called, in place of the machine's name
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    name: String,
}

#[derive(Args)]
struct StorageChange {
    #[command(flatten)]
    storage: StorageArguments,
    /// The same storage, with another password
    #[arg(long, conflicts_with = "storage")]
    password: bool,
    /// Do not tell the other devices
    #[arg(long)]
    only_here: bool,
}

impl OnArguments {
    /// The device as it is to be.
    ///
    /// # Errors
    /// As [`StorageArguments::read`].
    pub(super) fn read(self) -> Result<NewDevice, Error> {
        Ok(NewDevice { storage: self.storage.read()?, name: self.name })
    }

    /// Whether a storage was named.
    pub(super) fn name_a_storage(&self) -> bool {
        self.storage.are_given()
    }

    /// What it is called.
    pub(super) fn into_name(self) -> String {
        self.name
    }
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        if let Action::Watch { install: true } = self.action {
            return watch::install();
        }
        let mut host = opened()?;
        match self.action {
            Action::On(device) => turn_on(&mut host, device),
            Action::Now => now(&mut host),
            Action::Status { json } => status::show(&mut host, json),
            Action::Watch { .. } => watch::run(host),
            Action::Storage(change) => change_storage(&mut host, change),
            Action::StartOver(device) => start_over(&mut host, device),
            Action::Off => turn_off(&mut host),
        }
    }
}

/// The vault that is synchronized.
///
/// # Errors
/// [`Error::SyncIsOff`].
pub(super) fn synced(host: &mut Host) -> Result<Synced, Error> {
    state(host)?.on.ok_or(Error::SyncIsOff)
}

fn turn_on(host: &mut Host, device: OnArguments) -> Result<(), Error> {
    if state(host)?.on.is_some() {
        return Err(Error::SyncIsOn);
    }
    carry_out(host, Task::TurnOn(device.read()?))?;
    println!("Sync is on. Add your other devices: keystow device add");
    Ok(())
}

fn now(host: &mut Host) -> Result<(), Error> {
    synced(host)?;
    let synced = while_waiting("Synchronizing", || {
        ask(host, SyncRequest::Now {})?;
        status::when_idle(host)
    })?;
    match synced.trouble {
        Some(trouble) => Err(Error::Storage(trouble.sentence)),
        None if synced.removed => Err(removed()),
        None => {
            println!("Synchronized.");
            Ok(())
        }
    }
}

/// This device was removed by another.
fn removed() -> Error {
    let sentence =
        "This device was removed by another. Join again: keystow device join, or end sync here: keystow sync off";
    Error::Sync { why: SyncFailure::NotNow, sentence: sentence.to_owned() }
}

fn change_storage(host: &mut Host, change: StorageChange) -> Result<(), Error> {
    let now = synced(host)?.at;
    let storage = match (change.password, now) {
        (true, Some(now)) => with_password(now)?,
        _ => change.storage.read()?,
    };
    let done = carry_out(host, Task::ChangeStorage { storage, tell_the_others: !change.only_here })?;
    println!("The storage is changed.");
    if let Done::StorageChanged { waiting } = done
        && !waiting.is_empty()
    {
        let names: Vec<_> = waiting.iter().map(|name| harmless(name)).collect();
        println!("Not yet told: {}.", names.join(", "));
        println!("Keep the old password good until they are. See when: keystow sync status");
    }
    Ok(())
}

fn start_over(host: &mut Host, device: OnArguments) -> Result<(), Error> {
    carry_out(host, Task::StartOver(device.read()?))?;
    println!("The vault is this device's alone. Let the others join again: keystow device add");
    Ok(())
}

fn turn_off(host: &mut Host) -> Result<(), Error> {
    synced(host)?;
    carry_out(host, Task::TurnOff {})?;
    println!("Sync is off on this device. Its passkeys are kept.");
    println!("On another device, remove this one from the list: keystow device remove");
    Ok(())
}
