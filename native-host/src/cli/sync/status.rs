//! How things stand, in words and as JSON.

use std::thread;
use std::time::Duration;

use protocol::manage::sync::{Alarm, Synced};

use super::super::conversation::{counted, state};
use super::super::date::Moment;
use super::super::error::Error;
use super::super::terminal::{harmless, print_json};
use super::synced;
use crate::native_messaging::Host;

pub(super) fn show(host: &mut Host, json: bool) -> Result<(), Error> {
    let state = state(host)?;
    if json {
        print_json(&state);
        return Ok(());
    }
    match &state.on {
        None => println!("Sync is off. Turn it on: keystow sync on, or join your other devices: keystow device join"),
        Some(synced) => print!("{}", described(synced)),
    }
    Ok(())
}

/// The state once no pass is under way.
pub(super) fn when_idle(host: &mut Host) -> Result<Synced, Error> {
    loop {
        let synced = synced(host)?;
        if !synced.busy {
            return Ok(synced);
        }
        thread::sleep(LOOK);
    }
}

fn described(synced: &Synced) -> String {
    let mut lines = Vec::new();
    if synced.removed {
        lines.push("This device was removed by another. Its passkeys still work here.".to_owned());
        lines.push("Join again: keystow device join, or end sync here: keystow sync off".to_owned());
    }
    let last = synced.last.map_or_else(|| "never".to_owned(), |at| format!("{} UTC", Moment(at)));
    lines.push(format!("{:<14}{}", "storage", harmless(&synced.storage)));
    lines.push(format!("{:<14}{last}", "last synced"));
    lines.push(format!("{:<14}{}", "to be sent", counted(synced.pending, "passkey")));
    lines.push(format!("{:<14}{}", "devices", synced.devices.len()));
    lines.push(format!("{:<14}{}", "recovery keys", synced.recovery_keys));
    if !synced.untold.is_empty() {
        let names: Vec<_> = synced.untold.iter().map(|name| harmless(name)).collect();
        lines.push(format!("{:<14}{}", "untold", names.join(", ")));
        lines.push("They do not know the new storage yet: keep the old password good until they do.".to_owned());
    }
    lines.extend(synced.trouble.iter().map(|trouble| harmless(&trouble.sentence)));
    lines.extend(synced.alarms.iter().map(alarm));
    lines.join("\n") + "\n"
}

/// What happened, and what to do.
fn alarm(alarm: &Alarm) -> String {
    let quoted = |name: &String| format!("\"{}\"", harmless(name));
    match alarm {
        Alarm::RolledBack { device } => format!(
            "The storage shows an older state of {}. Nothing is lost here; publish again: keystow sync now",
            quoted(device)
        ),
        Alarm::Withheld { device } => format!(
            "A change by {} has not arrived for a day. See whether that device is in step: keystow sync status, there",
            quoted(device)
        ),
        Alarm::Twice { device } => format!(
            "{} is listed twice: it was restored from a backup, or copied. If that was not you: keystow device remove",
            quoted(device)
        ),
        Alarm::Removed { device, by } if by.is_empty() => format!("{} was removed.", quoted(device)),
        Alarm::Removed { device, by } => format!("{} was removed by {}.", quoted(device), quoted(by)),
        Alarm::Silent { device } => {
            format!("{} has written nothing for 30 days. If it is gone for good: keystow device remove", quoted(device))
        }
        Alarm::Newer { device } => {
            format!("{} writes what this version does not understand. Update Keystow here.", quoted(device))
        }
        Alarm::Strange { count } => {
            format!("{} on the storage that no device of yours wrote: left alone.", counted(*count, "object"))
        }
    }
}

/// How often it is looked whether a pass has ended.
const LOOK: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests;
