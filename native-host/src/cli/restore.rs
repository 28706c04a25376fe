//! `keystow restore`.

use std::collections::HashSet;

use clap::Args;
use protocol::manage::{Account, Gone, Request, Response, RestoreRequest, TrashReason};

use super::error::Error;
use super::list;
use super::opened::opened;
use super::search::Search;
use super::terminal::harmless;

/// Bring a passkey back from "recently deleted"
///
/// `keystow list --deleted` shows what can be brought back, for 30 days, and why it went. Where a site has changed the name of a passkey, the
/// passkey gets the name back that it had before.
#[derive(Args)]
pub(super) struct Arguments {
    /// The beginning of its id as `keystow list --deleted` shows it, or a part of its site, its user name or what you
    /// call it
    #[arg(value_name = "ID OR SEARCH")]
    query: String,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), Error> {
        let mut host = opened()?;
        let gone = list::all_gone(&mut host)?;
        let search = Search { command: "keystow restore", list: "keystow list --deleted" };
        let account = search.the_one(&last_of_each(&gone), &self.query)?;
        let renamed = gone.iter().any(|gone| {
            gone.reason == TrashReason::RenamedBySite && gone.account.credential_id == account.credential_id
        });
        let credential_id = account.credential_id.clone();
        if let Response::Restore(restored) = host.manage(Request::Restore(RestoreRequest { credential_id }))? {
            let (user, site) = (list::user(&restored.account), harmless(restored.account.rp_id.as_str()));
            match renamed {
                true => println!("The passkey for {site} is called {user} again."),
                false => println!("Brought back the passkey of {user} for {site}."),
            }
        }
        Ok(())
    }
}

/// A passkey may have had several names; the last one is what comes back.
fn last_of_each(gone: &[Gone]) -> Vec<&Account> {
    let mut seen = HashSet::new();
    gone.iter().map(|gone| &gone.account).filter(|account| seen.insert(&account.credential_id)).collect()
}
