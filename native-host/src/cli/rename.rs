//! `keystow rename` and `keystow note`: what the user writes on a passkey.

use clap::Args;
use protocol::manage::{Account, EditRequest, Request, Response};

use super::error::Error;
use super::list;
use super::opened::opened;
use super::search::find;
use super::terminal::harmless;

/// Call a passkey what you like
///
/// The site is not told, and cannot change it. A passkey that the site registers in the place of this one is called so too.
#[derive(Args)]
pub(super) struct Arguments {
    /// The beginning of its id as `keystow list` shows it, or a part of its site, its user name or what you call it
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
    /// What to call it; empty ("") for nothing of your own any more
    name: String,
}

/// Write a note on a passkey
///
/// `keystow show` tells it. The site is not told.
#[derive(Args)]
pub(super) struct NoteArguments {
    /// The beginning of its id as `keystow list` shows it, or a part of its site, its user name or what you call it
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
    /// What to note, in place of what was; empty ("") for nothing any more
    text: String,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let account = edit("keystow rename", &self.query, |edit| edit.label = Some(self.name))?;
        let named = list::named(&account);
        match account.label.as_str() {
            "" => println!("No name of yours is on {named} any more."),
            label => println!("Called {} from now on: {named}.", harmless(label)),
        }
        Ok(())
    }
}

impl NoteArguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let account = edit("keystow note", &self.query, |edit| edit.note = Some(self.text))?;
        let named = list::named(&account);
        match account.note.as_str() {
            "" => println!("No note is on {named} any more."),
            _ => println!("The note is on {named}. See it: keystow show {}", list::short_id(&account.credential_id)),
        }
        Ok(())
    }
}

/// The passkey as it is then.
fn edit(command: &'static str, query: &str, change: impl FnOnce(&mut EditRequest)) -> Result<Account, Error> {
    let mut host = opened()?;
    let account = find(&mut host, command, query)?;
    let mut request = EditRequest { credential_id: account.credential_id.clone(), label: None, note: None };
    change(&mut request);
    match host.manage(Request::Edit(request))? {
        Response::Edit(edited) => Ok(*edited.account),
        _ => Ok(account),
    }
}
