//! Naming one passkey of many on the command line.

use protocol::manage::Account;

use super::error::Error;
use super::list;
use super::terminal::harmless;

/// What the command that searches is called, and the one that shows what it searches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    pub(super) command: &'static str,
    pub(super) list: &'static str,
}

impl Search {
    /// The passkey that `query` names: the one whose id begins so, or else the only one whose site or user name has it.
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
    let texts = [account.rp_id.as_str(), &account.rp_name, &account.user_name, &account.user_display_name];
    !query.is_empty() && texts.iter().any(|text| text.to_lowercase().contains(&query))
}

fn line(account: &Account) -> String {
    let id = list::short_id(&account.credential_id);
    format!("  {id}  {}  {}", harmless(account.rp_id.as_str()), list::user(account))
}

#[cfg(test)]
mod tests;
