//! Searching the list of accounts: which ones are shown, and which one is chosen then. An account out of sight is never the chosen one.

use super::view::{Person, Words, plain, words};

/// A list of more accounts than this can be searched.
pub const FROM: usize = 5;

/// Which of `people` are shown while `typed` stands in the field: those that have each of its words in one of their names.
pub fn shown(people: &[Person], typed: &str) -> Vec<bool> {
    let typed = typed.to_lowercase();
    people.iter().map(|person| typed.split_whitespace().all(|word| has(person, word))).collect()
}

/// The account that is chosen then: the one that was, while it is shown; else the first shown; none where none is.
pub fn chosen(shown: &[bool], before: Option<usize>) -> Option<usize> {
    before.filter(|&index| shown.get(index) == Some(&true)).or_else(|| shown.iter().position(|&shown| shown))
}

/// What is said of it: nothing while nothing is typed.
pub fn said(shown: &[bool], typed: &str) -> Option<Words> {
    if typed.trim().is_empty() {
        return None;
    }
    Some(match shown.iter().filter(|&&shown| shown).count() {
        0 => plain("accountsFoundNone"),
        1 => plain("accountsFoundOne"),
        several => words("accountsFound", &several.to_string()),
    })
}

fn has(person: &Person, word: &str) -> bool {
    let is_in = |name: &str| name.to_lowercase().contains(word);
    is_in(&person.name) || person.detail.as_deref().is_some_and(is_in)
}

#[cfg(test)]
mod tests;
