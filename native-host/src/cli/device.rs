//! `keystow device`.

use clap::{Args, Subcommand};
use protocol::manage::sync::{Device, Done, Invitation, NewDevice, Remove, Secret, Task};

use super::conversation::{carry_out, counted};
use super::date::Moment;
use super::error::Error;
use super::list::aligned;
use super::opened::opened;
use super::recovery_key;
use super::storage::with_password;
use super::sync::{OnArguments, synced};
use super::terminal::{confirm, harmless, print_json, read_line};
use crate::native_messaging::Host;

/// The devices that are kept in step: look, add, join, remove
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show the devices
    List {
        /// Print JSON, for other programs
        ///
        /// A list of devices, this one first, each with id, name, here (whether it is this one), removable (without the recovery key), and,
        /// where they are known, seen (milliseconds since 1970) and invited (names). These names stay as they are; there may be more of them.
        #[arg(long)]
        json: bool,
    },
    /// Let another device join: shows a code, and asks before it lets the device in
    Add,
    /// Join your other devices, with the code that one of them shows
    ///
    /// Without a terminal, standard input has the code, or the text beside it, as its first line, then the storage's password, then
    /// the PIN where one is set.
    Join(Box<OnArguments>),
    /// Remove a device: it gets nothing new from then on
    ///
    /// What it has it keeps. One that joined before this one takes the recovery key.
    Remove {
        /// Its name or a part of it, or the beginning of its id
        #[arg(value_name = "DEVICE")]
        query: String,
        /// Somebody else may have it: remove the devices too that it let in, and list the sites to make new passkeys at
        #[arg(long)]
        stolen: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        match self.action {
            Action::List { json } => list(&mut host, json),
            Action::Add => add(&mut host),
            Action::Join(device) => join(&mut host, *device),
            Action::Remove { query, stolen, yes } => remove(&mut host, &query, stolen, yes),
        }
    }
}

fn list(host: &mut Host, json: bool) -> Result<(), Error> {
    let devices = synced(host)?.devices;
    if json {
        print_json(&devices);
    } else {
        print!("{}", table(&devices));
    }
    Ok(())
}

fn add(host: &mut Host) -> Result<(), Error> {
    synced(host)?;
    if let Done::Added { name, passkeys } = carry_out(host, Task::AddDevice {})? {
        println!("\"{}\" is in, with {}.", harmless(&name), counted(passkeys, "passkey"));
    }
    Ok(())
}

fn join(host: &mut Host, device: OnArguments) -> Result<(), Error> {
    let mut typed = read_line("The code, or the text beside it: ", "code")?;
    let typed = Secret::new(std::mem::take(&mut *typed));
    // EXPOSE: to be read.
    let (code, device) = match Invitation::from_text(typed.expose_secret()) {
        Some(invitation) if !device.name_a_storage() => {
            let storage = with_password(invitation.storage)?;
            (invitation.code, NewDevice { storage, name: device.into_name() })
        }
        Some(invitation) => (invitation.code, device.read()?),
        None => (typed, device.read()?),
    };
    // EXPOSE: to be sent as it was typed.
    let code = code.expose_secret().to_owned();
    if let Done::Joined { passkeys } = carry_out(host, Task::Join { device, code })? {
        println!("This device is in. {} here now.", counted(passkeys, "passkey"));
    }
    Ok(())
}

fn remove(host: &mut Host, query: &str, stolen: bool, yes: bool) -> Result<(), Error> {
    let devices = synced(host)?.devices;
    let device = the_one(&devices, query)?;
    let others = match (stolen, device.invited.as_slice()) {
        (true, [_, ..]) => format!(", and with it {}", quoted(&device.invited)),
        _ => String::new(),
    };
    if !yes && !confirm(&format!("Remove \"{}\"{others}?", harmless(&device.name)))? {
        return Err(Error::Declined);
    }
    let words = match device.removable {
        true => None,
        false => {
            eprintln!("It joined before this device, so it takes the recovery key.");
            Some(recovery_key::read("The 24 words: ")?)
        }
    };
    match carry_out(host, Task::Remove(Remove { device: device.id.clone(), stolen, words }))? {
        Done::Removed { name, sites } => tell_removed(&name, &sites),
        Done::RemovedLater { name } => println!(
            "\"{}\" will be removed as soon as the storage can be reached. See when: keystow device list",
            harmless(&name)
        ),
        _ => {}
    }
    Ok(())
}

fn tell_removed(name: &str, sites: &[String]) {
    println!("\"{}\" is removed: it gets nothing new. What it has it keeps.", harmless(name));
    println!(
        "If it knows the password of the storage, make a new one there, then run: keystow sync storage --password"
    );
    if sites.is_empty() {
        return;
    }
    println!("\nWhoever has it could have these passkeys. At each site sign in, make a new one, delete the old one:");
    for site in sites {
        println!("  [ ] {}", harmless(site));
    }
}

/// The device that `query` names.
fn the_one<'a>(devices: &'a [Device], query: &str) -> Result<&'a Device, Error> {
    let wanted = query.to_lowercase();
    let others = || devices.iter().filter(|device| !device.here);
    let by_id: Vec<_> = others().filter(|device| wanted.len() >= SHORT_ID && device.id.starts_with(&wanted)).collect();
    let by_name = || others().filter(|device| !wanted.is_empty() && device.name.to_lowercase().contains(&wanted));
    let matches = if by_id.is_empty() { by_name().collect() } else { by_id };
    match matches.as_slice() {
        [device] => Ok(device),
        [] => Err(Error::NoSuchDevice { query: query.to_owned() }),
        several => Err(Error::SeveralDevices { matches: several.iter().map(|device| line(device)).collect() }),
    }
}

fn table(devices: &[Device]) -> String {
    let rows = devices.iter().map(|device| {
        let never = || if device.here { String::new() } else { "never".to_owned() };
        let seen = device.seen.map_or_else(never, |at| Moment(at).to_string());
        let here = if device.here { "this one" } else { "" };
        [short_id(device), harmless(&device.name), seen, here.to_owned()]
    });
    aligned(["ID", "NAME", "LAST WROTE (UTC)", ""], rows)
}

fn line(device: &Device) -> String {
    format!("  {}  {}", short_id(device), harmless(&device.name))
}

fn short_id(device: &Device) -> String {
    device.id.chars().take(SHORT_ID).collect()
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{}\"", harmless(name))).collect::<Vec<_>>().join(", ")
}

/// Digits of an id that tell a few dozen apart.
const SHORT_ID: usize = 8;

#[cfg(test)]
mod tests;
