//! `keystow remove`.

use clap::Args;
use protocol::manage::{DeleteRequest, Request, Response};

use super::date::Moment;
use super::error::Error;
use super::list;
use super::opened::opened;
use super::search::find;
use super::terminal::confirm;

/// Move a passkey to "recently deleted"
///
/// It signs in no more from now on, and can be brought back for 30 days. The site is not told: remove the passkey there too.
#[derive(Args)]
pub(super) struct Arguments {
    /// The beginning of its id as `keystow list` shows it, or a part of its site, its user name or what you call it
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        let account = find(&mut host, "keystow remove", &self.query)?;
        let named = list::named(&account);
        if !self.yes && !confirm(&format!("Remove {named}?"))? {
            return Err(Error::Declined);
        }
        let credential_id = account.credential_id.clone();
        if let Response::Delete(deleted) = host.manage(Request::Delete(DeleteRequest { credential_id }))? {
            println!(
                "Removed {named}. Until {} UTC it can be brought back: keystow restore {}",
                Moment(deleted.restorable_until),
                list::short_id(&account.credential_id)
            );
        }
        Ok(())
    }
}
