//! Naming one passkey of many on the command line.

use protocol::manage::Account;

use super::error::Error;
use super::list;
use super::terminal::harmless;
use crate::native_messaging::Host;

/// What the command that searches is called, and the one that shows what it searches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    pub(super) command: &'static str,
    pub(super) list: &'static str,
}

impl Search {
    /// The passkey that `query` names: the one whose id begins so, or else the only one whose site, user name or
    /// label has it.
    ///
    /// # Errors
    /// [`Error::NoMatch`], [`Error::Ambiguous`].
    pub(super) fn the_one<'a>(self, accounts: &[&'a Account], query: &str) -> Result<&'a Account, Error> {
        let by_id: Vec<_> = accounts.iter().filter(|account| has_id(account, query)).collect();
        let matches =
            if by_id.is_empty() { accounts.iter().filter(|account| mentions(account, query)).collect() } else { by_id };
        match matches.as_slice() {
            [] => Err(Error::NoMatch { query: query.to_owned(), list: self.list }),
            [account] => Ok(account),
            several => Err(Error::Ambiguous {
                matches: several.iter().map(|account| line(account)).collect(),
                command: self.command,
            }),
        }
    }
}

/// A few letters are the beginning of some id by chance: only what is as long as a shown id is taken for one.
fn has_id(account: &Account, query: &str) -> bool {
    query.len() >= 6 && account.credential_id.to_string().starts_with(query)
}

fn mentions(account: &Account, query: &str) -> bool {
    let query = query.to_lowercase();
    let Account { rp_id, rp_name, user_name, user_display_name, label, .. } = account;
    let texts = [rp_id.as_str(), rp_name, user_name, user_display_name, label];
    !query.is_empty() && texts.iter().any(|text| text.to_lowercase().contains(&query))
}

/// The one passkey that `query` names, for a command that is called so.
///
/// # Errors
/// As for [`Search::the_one`]; where the vault cannot be read.
pub(super) fn find(host: &mut Host, command: &'static str, query: &str) -> Result<Account, Error> {
    let accounts = list::all(host)?;
    let search = Search { command, list: "keystow list" };
    search.the_one(&accounts.iter().collect::<Vec<_>>(), query).cloned()
}

fn line(account: &Account) -> String {
    let id = list::short_id(&account.credential_id);
    format!("  {id}  {}  {}", harmless(account.rp_id.as_str()), list::user(account))
}

#[cfg(test)]
mod tests;
