//! The manager: which passkeys there are, which of them a search finds, and what is said of each. Words are keys of `_locales`.

pub mod details;
pub mod settled;
pub mod slice;

use protocol::manage::Account;
use protocol::webauthn::CredentialId;

use crate::client::shown;

/// At most this wide, in CSS pixels, the list and the details come one after the other. manager.css knows it as 44rem.
pub const NARROW: f64 = 660.0;

/// All passkeys, by site and then by age.
#[derive(Default)]
pub struct Passkeys {
    entries: Vec<Entry>,
    /// Whether a passkey that is on this device alone is marked.
    pub marks_here_only: bool,
}

struct Entry {
    account: Account,
    /// What a search looks at, in lower case.
    searched: String,
}

/// A passkey in the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The RP ID.
    pub site: String,
    /// The site's letter, and which of [`TINTS`] colours it has.
    pub letter: (String, usize),
    /// The account; `None` where the site gave no name.
    pub name: Option<String>,
    /// What the user calls it; may be empty.
    pub label: String,
    /// Whether the row above is of the same site.
    pub is_more: bool,
    /// What is to be known of it.
    pub marks: Vec<&'static str>,
}

/// How many colours letters have; manager-parts.css has them as `tint-0` and on.
pub const TINTS: usize = 6;

impl Passkeys {
    /// Takes in what the host has told: new ones, and known ones as they are now.
    pub fn put(&mut self, accounts: Vec<Account>) {
        let is_later = |account: &Account| self.entries.last().is_none_or(|last| key(&last.account) < key(account));
        // The host tells them in this very order.
        if accounts.first().is_none_or(is_later) && accounts.is_sorted_by(|one, other| key(one) < key(other)) {
            return self.entries.extend(accounts.into_iter().map(Entry::from));
        }
        for account in accounts {
            self.entries.retain(|entry| entry.account.credential_id != account.credential_id);
            let place = self.entries.partition_point(|entry| key(&entry.account) < key(&account));
            self.entries.insert(place, Entry::from(account));
        }
    }

    /// Takes in all that there are now, in the place of those from before. The answer is whether anything is new.
    pub fn replace(&mut self, accounts: Vec<Account>) -> bool {
        let before = std::mem::take(&mut self.entries);
        self.put(accounts);
        !before.iter().map(|entry| &entry.account).eq(self.entries.iter().map(|entry| &entry.account))
    }

    /// Takes one out.
    pub fn remove(&mut self, id: &CredentialId) {
        self.entries.retain(|entry| entry.account.credential_id != *id);
    }

    /// The one with this ID.
    pub fn get(&self, id: &CredentialId) -> Option<&Account> {
        self.entries.iter().map(|entry| &entry.account).find(|account| account.credential_id == *id)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Those that have every word of `query` in site, account, label or note, in their order.
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query = query.to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        let has_all = |entry: &Entry| words.iter().all(|word| entry.searched.contains(word));
        self.entries.iter().enumerate().filter(|(_, entry)| has_all(entry)).map(|(index, _)| index).collect()
    }

    /// The ID of the passkey at `index`.
    pub fn id(&self, index: usize) -> Option<&CredentialId> {
        self.entries.get(index).map(|entry| &entry.account.credential_id)
    }

    /// What the list shows of the passkey at `index` where `above` stands above it.
    pub fn row(&self, index: usize, above: Option<usize>) -> Option<Row> {
        let account = &self.entries.get(index)?.account;
        let above = above.and_then(|above| self.entries.get(above));
        let mut marks = Vec::new();
        if self.is_duplicate(account) {
            marks.push("markDuplicate");
        }
        // There is room for two. What is nowhere else yet has been made just now, as a rule, and is hardly used.
        if self.marks_here_only && !account.backed_up {
            marks.push("markHereOnly");
        } else if account.last_used.is_none() {
            marks.push("markNeverUsed");
        }
        Some(Row {
            site: shown(account.rp_id.as_str()),
            letter: letter(account.rp_id.as_str()),
            name: name(account),
            label: shown(&account.label),
            is_more: above.is_some_and(|above| above.account.rp_id == account.rp_id),
            marks,
        })
    }

    /// Whether another passkey is for the same account at the same site.
    pub fn is_duplicate(&self, account: &Account) -> bool {
        let is_same = |other: &Account| {
            let is_named_so = !other.user_name.is_empty() && other.user_name == account.user_name;
            other.user_handle == account.user_handle || is_named_so
        };
        self.others(account).any(is_same)
    }

    /// Whether it is the only one of its site.
    pub fn is_only(&self, account: &Account) -> bool {
        self.others(account).next().is_none()
    }

    fn others<'a>(&'a self, account: &'a Account) -> impl Iterator<Item = &'a Account> {
        let first = self.entries.partition_point(|entry| entry.account.rp_id.as_str() < account.rp_id.as_str());
        let of_site = self.entries.iter().skip(first).map(|entry| &entry.account);
        let of_site = of_site.take_while(|other| other.rp_id == account.rp_id);
        of_site.filter(|other| other.credential_id != account.credential_id)
    }
}

impl From<Account> for Entry {
    fn from(account: Account) -> Self {
        let Account { rp_id, user_name, user_display_name, label, note, .. } = &account;
        let searched = [rp_id.as_str(), user_name, user_display_name, label, note].join("\n").to_lowercase();
        Self { account, searched }
    }
}

/// The letter of a site's icon, and its colour.
pub fn letter(rp_id: &str) -> (String, usize) {
    let name = rp_id.strip_prefix("www.").unwrap_or(rp_id);
    let first = name.chars().find(|character| character.is_alphanumeric());
    let letter = first.map_or_else(|| "?".to_owned(), |first| first.to_uppercase().to_string());
    (letter, name.bytes().map(usize::from).sum::<usize>() % TINTS)
}

/// The user name tells accounts of one site apart; sites that leave it empty are shown by what they gave.
pub fn name(account: &Account) -> Option<String> {
    let names = [&account.user_name, &account.user_display_name];
    names.into_iter().map(|name| shown(name)).find(|name| !name.is_empty())
}

fn key(account: &Account) -> (&str, u64, &[u8]) {
    (account.rp_id.as_str(), account.created, account.credential_id.as_bytes())
}

#[cfg(test)]
mod tests;
