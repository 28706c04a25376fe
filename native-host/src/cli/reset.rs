//! `keystow reset`.

use clap::Args;
use protocol::ctap::{Command, response_parameters};
use protocol::native_message::{self, ErrorCode};

use super::date::{Moment, now};
use super::error::Error;
use super::opened::opened;
use super::pin::{refused, verification};
use super::terminal::confirm_by_typing;
use crate::native_messaging::Host;
use crate::verification::PinError;

/// Start over: no passkeys, no PIN, no settings
///
/// Everything is kept aside for 30 days, still sealed, and can be brought back as it was, the PIN included. Sites are not told.
#[derive(Args)]
pub(super) struct Arguments {
    /// Bring back what the last reset took away
    ///
    /// Passkeys made since then stay. A PIN of before takes the place of the one of now.
    #[arg(long)]
    undo: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        if self.undo { undo(&mut host) } else { reset(&mut host) }
    }
}

fn reset(host: &mut Host) -> Result<(), Error> {
    let Some(vault) = host.existing_vault()? else {
        println!("There is nothing to take away: Keystow is as new.");
        return Ok(());
    };
    let passkeys = passkeys(vault.count().map_err(|error| refused(PinError::Store(error)))?);
    let pin = if verification(host)?.pin_set { " and the PIN" } else { "" };
    confirm_by_typing(&format!("This takes away {passkeys}{pin}, on this machine."), "reset")?;
    host.confirm_reset()?;
    let answer = host.ctap(&Command::Reset.message(&[]))?;
    response_parameters(&answer).map_err(|status| internal(&status.to_string()))?;
    let reset = last_reset(host)?;
    println!("Keystow is as new. Until {} UTC all of it can be brought back: keystow reset --undo", Moment(reset));
    Ok(())
}

fn undo(host: &mut Host) -> Result<(), Error> {
    let Some(vault) = host.existing_vault()? else { return Err(Error::NothingToUndo) };
    let store = |error| refused(PinError::Store(error));
    let reset = vault.last_reset().map_err(store)?.filter(|reset| now() < reset.undoable_until());
    let reset = reset.ok_or(Error::NothingToUndo)?;
    vault.undo_reset(&reset).map_err(store)?;
    println!("Brought back {}, as of {} UTC.", passkeys(reset.passkeys), Moment(reset.at));
    Ok(())
}

/// Until when it can be undone, milliseconds since 1970.
fn last_reset(host: &mut Host) -> Result<u64, Error> {
    let reset = host.vault()?.last_reset().map_err(|error| refused(PinError::Store(error)))?;
    Ok(reset.ok_or(Error::NothingToUndo)?.undoable_until())
}

fn passkeys(count: u64) -> String {
    match count {
        1 => "1 passkey".to_owned(),
        count => format!("{count} passkeys"),
    }
}

fn internal(status: &str) -> native_message::Error {
    let message = format!("Keystow made a mistake ({status}). Please report it; nothing is lost.");
    native_message::Error::new(ErrorCode::Internal, message)
}
