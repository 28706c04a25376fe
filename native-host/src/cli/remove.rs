//! `keystow remove`.

use clap::Args;
use protocol::manage::{Account, DeleteRequest, Request, Response};

use super::date::Moment;
use super::error::Error;
use super::list;
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
        let account = the_one(&accounts, &self.query)?;
        let named = format!("the passkey of {} for {}", list::user(account), harmless(account.rp_id.as_str()));
        if !self.yes && !confirm(&format!("Remove {named}?"))? {
            return Err(Error::Declined);
        }
        let credential_id = account.credential_id.clone();
        if let Response::Delete(deleted) = host.manage(Request::Delete(DeleteRequest { credential_id }))? {
            println!(
                "Removed {named}. It is kept among the recently deleted until {} UTC.",
                Moment(deleted.restorable_until)
            );
        }
        Ok(())
    }
}

/// The passkey that `query` names: the one whose id begins so, or else the only one whose site or user name has it.
fn the_one<'a>(accounts: &'a [Account], query: &str) -> Result<&'a Account, Error> {
    let by_id: Vec<_> = accounts.iter().filter(|account| has_id(account, query)).collect();
    let matches =
        if by_id.is_empty() { accounts.iter().filter(|account| mentions(account, query)).collect() } else { by_id };
    match matches.as_slice() {
        [] => Err(Error::NoMatch { query: query.to_owned() }),
        [account] => Ok(account),
        several => Err(Error::Ambiguous { matches: several.iter().map(|account| line(account)).collect() }),
    }
}

/// A few letters are the beginning of some id by chance: only what is as long as a shown id is taken for one.
fn has_id(account: &Account, query: &str) -> bool {
    query.len() >= 6 && account.credential_id.to_string().starts_with(query)
}

fn mentions(account: &Account, query: &str) -> bool {
    let query = query.to_lowercase();
    let texts = [account.rp_id.as_str(), &account.rp_name, &account.user_name, &account.user_display_name];
    !query.is_empty() && texts.iter().any(|text| text.to_lowercase().contains(&query))
}

fn line(account: &Account) -> String {
    let id = list::short_id(&account.credential_id);
    format!("  {id}  {}  {}", harmless(account.rp_id.as_str()), list::user(account))
}

#[cfg(test)]
mod tests;
