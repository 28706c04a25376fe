//! `keystow remove`.

use clap::Args;
use protocol::manage::{DeleteRequest, Request, Response};

use super::date::Moment;
use super::error::Error;
use super::list;
use super::search::Search;
use super::terminal::{confirm, harmless};
use crate::native_messaging::Host;

/// Move a passkey to "recently deleted"
///
/// It signs in no more from now on, and can be brought back for 30 days. The site is not told: remove the passkey there too.
#[derive(Args)]
pub(super) struct Arguments {
    /// The beginning of its id as `keystow list` shows it, or a part of its site or user name
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = Host::of_this_user();
        let accounts = list::all(&mut host)?;
        let search = Search { command: "keystow remove", list: "keystow list" };
        let account = search.the_one(&accounts.iter().collect::<Vec<_>>(), &self.query)?;
        let named = format!("the passkey of {} for {}", list::user(account), harmless(account.rp_id.as_str()));
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
