//! One of the tasks of sync at the terminal: what it shows and asks, until it is done.

use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

use protocol::manage::sync::{Done, GoOn, Secret, Step, SyncRequest, SyncState, Task};
use protocol::manage::{Request, Response};

use super::date::Moment;
use super::error::Error;
use super::pin::{refused, verification};
use super::qr;
use super::recovery_key;
use super::spinner::while_waiting;
use super::terminal::{confirm_by_typing, harmless, read_pin};
use crate::native_messaging::Host;
use crate::secret::PinHash;
use crate::verification::PinVerifier;
use crate::verification::os::{OsVerifier, Outcome, Reason, UserVerifier};

/// Does the task with the user, who is verified first where that is settled so.
///
/// # Errors
/// Why it failed, or where the user did not go through with it.
pub(super) fn carry_out(host: &mut Host, task: Task) -> Result<Done, Error> {
    verify(host)?;
    let mut state = while_waiting(WORKING, || host.begin_verified(task))?;
    let done = loop {
        let next = match state.step {
            None => return Err(Error::Declined),
            Some(Step::Done(done)) => break done,
            Some(Step::Failed { why, sentence }) => {
                ask(host, SyncRequest::Leave {})?;
                return Err(Error::Sync { why, sentence });
            }
            Some(step) => go_on(host, step),
        };
        // Whatever ends the conversation ends the task.
        state = match next {
            Ok(state) => state,
            Err(error) => {
                let _ = ask(host, SyncRequest::Leave {});
                return Err(error);
            }
        };
    };
    ask(host, SyncRequest::Leave {})?;
    Ok(done)
}

/// How things stand.
///
/// # Errors
/// The host's own.
pub(super) fn state(host: &mut Host) -> Result<SyncState, Error> {
    ask(host, SyncRequest::State {})
}

/// Asks the host one of the things of sync.
///
/// # Errors
/// The host's own.
pub(super) fn ask(host: &mut Host, request: SyncRequest) -> Result<SyncState, Error> {
    match host.manage(Request::Sync(Box::new(request)))? {
        Response::Sync(state) => Ok(*state),
        _ => Ok(SyncState::default()),
    }
}

/// By the PIN where one is set, else by the OS where that is switched on.
fn verify(host: &mut Host) -> Result<(), Error> {
    let state = verification(host)?;
    if state.pin_set {
        let pin = read_pin("PIN: ")?;
        return PinVerifier::default().verify(host.vault()?, &PinHash::derive(pin.as_bytes())).map_err(refused);
    }
    if state.built_in && OsVerifier::default().verify(Reason::Management) != Outcome::Verified {
        return Err(Error::NotVerified);
    }
    Ok(())
}

/// Shows the step, asks what it asks, and waits for the next.
fn go_on(host: &mut Host, step: Step) -> Result<SyncState, Error> {
    match &step {
        Step::RecoveryKey { words, asked, wrong } => {
            if *wrong {
                eprintln!("Those were not the words. Here they are once more.");
            }
            recovery_key::show(words)?;
            let words = recovery_key::ask_back(*asked)?;
            return ask(host, SyncRequest::GoOn(GoOn::Words(words)));
        }
        Step::Asked { name } => {
            let question = format!("\"{}\" wants to join, and came with the code.", harmless(name));
            return said_yes(host, confirm_by_typing(&question, "add"));
        }
        Step::Found { .. } => {
            println!("{}", found(&step));
            return said_yes(host, confirm_by_typing("Is that your vault, as you remember it?", "yes"));
        }
        Step::Code { code, invitation, until } => show_code(code, invitation, *until),
        Step::Working {} | Step::Waiting {} | Step::Done(_) | Step::Failed { .. } => {}
    }
    let sentence = match step {
        Step::Code { .. } => "Waiting for the other device",
        Step::Waiting {} => "Waiting for your other device to let this one in",
        _ => WORKING,
    };
    while_waiting(sentence, || until_it_moves(host, &step))
}

/// Hands on the answer. After a no the other side is told before this ends.
fn said_yes(host: &mut Host, confirmed: Result<(), Error>) -> Result<SyncState, Error> {
    match confirmed {
        Ok(()) => ask(host, SyncRequest::GoOn(GoOn::Yes {})),
        Err(error) => {
            let state = ask(host, SyncRequest::GoOn(GoOn::No {}))?;
            if let Some(step) = state.step {
                while_waiting("Telling the other device", || until_it_moves(host, &step))?;
            }
            Err(error)
        }
    }
}

fn until_it_moves(host: &mut Host, step: &Step) -> Result<SyncState, Error> {
    loop {
        let state = state(host)?;
        if state.step.as_ref() != Some(step) {
            return Ok(state);
        }
        thread::sleep(LOOK);
    }
}

/// The code, and at a terminal a picture of it with the storage's address.
fn show_code(code: &Secret, invitation: &Secret, until: u64) {
    // EXPOSE: for the user to type on the other device.
    let (code, invitation) = (code.expose_secret(), invitation.expose_secret());
    println!("On the other device choose \"Join my other devices\", or run: keystow device join");
    println!("The code, good for once and until {} UTC:\n\n    {code}\n", Moment(until));
    if io::stdout().is_terminal()
        && let Some(picture) = qr::code(invitation)
    {
        println!("{picture}\n");
        println!("The picture holds the code and where the storage is, not its password. As text: {invitation}");
    } else {
        println!("The code and where the storage is, as one text: {invitation}");
    }
}

fn found(step: &Step) -> String {
    let Step::Found { passkeys, devices, changed, by } = step else { return String::new() };
    let devices: Vec<_> = devices.iter().map(|name| format!("\"{}\"", harmless(name))).collect();
    let mut text = format!("Found a vault: {}, {}", counted(*passkeys, "passkey"), of_devices(&devices));
    if let Some(changed) = changed {
        text += &format!("; last changed {} UTC", Moment(*changed));
    }
    if !by.is_empty() {
        text += &format!(" by \"{}\"", harmless(by));
    }
    text + "."
}

fn of_devices(names: &[String]) -> String {
    match names {
        [] => "no devices".to_owned(),
        names => format!("{} ({})", counted(names.len() as u64, "device"), names.join(", ")),
    }
}

/// `1 passkey`, `2 passkeys`.
pub(super) fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

const WORKING: &str = "Working with the storage";

/// How often it is looked whether a task has moved on.
const LOOK: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_one_sentence() {
        let step = Step::Found {
            passkeys: 412,
            devices: vec!["MacBook".to_owned(), "Desk\u{1b}top".to_owned()],
            changed: Some(1_790_000_000_000),
            by: "MacBook".to_owned(),
        };
        let text = "Found a vault: 412 passkeys, 2 devices (\"MacBook\", \"Desk\u{fffd}top\"); last changed 2026-09-21 14:13 UTC by \"MacBook\".";
        assert_eq!(found(&step), text);
        let step = Step::Found { passkeys: 1, devices: Vec::new(), changed: None, by: String::new() };
        assert_eq!(found(&step), "Found a vault: 1 passkey, no devices.");
    }
}
