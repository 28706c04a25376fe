//! The form with which something is begun: what it asks for, what is wrong with what was typed, and what is sent.

mod storage;

use protocol::manage::sync::{Invitation, NewDevice, RecoveryWords, Remove, Secret, StorageConfig, Task};

use crate::presentation::view::{Words, plain, words};

pub use storage::{Kind, filled, first_field, password_field};

/// What a person is about to begin.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Turn sync on.
    TurnOn,
    /// Join other devices.
    Join,
    /// Use a recovery key.
    Recover,
    /// Use another storage, or another password for it.
    ChangeStorage,
    /// A vault of this device alone.
    StartOver,
    /// Remove a device.
    Remove {
        /// Its ID.
        id: String,
        /// Its name.
        name: String,
        /// Whether it takes the recovery key.
        needs_words: bool,
    },
    /// Make another recovery key.
    NewRecoveryKey,
    /// Turn sync off.
    TurnOff,
}

/// What the form shows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormView {
    /// The heading.
    pub title: Words,
    /// What it is for.
    pub why: &'static str,
    /// The button.
    pub submit: &'static str,
    /// Whether the button takes something away.
    pub is_dangerous: bool,
    /// The parts that are there.
    pub parts: Vec<Part>,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// The code of the other device.
    Code,
    /// The storage.
    Storage,
    /// The recovery key; what is said about it.
    RecoveryKey(&'static str),
    /// The name of this device.
    Name,
    /// Whether the others are told of the storage.
    Tell,
    /// Whether the device was lost or stolen.
    Stolen,
}

/// All that can be typed.
pub trait Typed {
    /// What stands in the field `id`.
    fn text(&self, id: &str) -> String;
    /// Whether the switch `id` is on.
    fn is_on(&self, id: &str) -> bool;
    /// Which kind of storage is chosen.
    fn kind(&self) -> Kind;
}

/// What is wrong with what was typed, and in which field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Slip {
    /// In words.
    pub what: Words,
    /// The field's ID.
    pub field: &'static str,
}

/// Letters and digits of a code.
const CODE_LENGTH: usize = 16;

/// Words of a recovery key.
pub const KEY_LENGTH: usize = 24;

/// What the form shows for `purpose`.
pub fn form(purpose: &Purpose) -> FormView {
    let (title, why, submit, parts) = match purpose {
        Purpose::TurnOn => (plain("syncTurnOn"), "syncTurnOnWhy", "syncContinue", vec![Part::Storage, Part::Name]),
        Purpose::Join => {
            (plain("syncJoin"), "syncJoinWhy", "syncContinue", vec![Part::Code, Part::Storage, Part::Name])
        }
        Purpose::Recover => {
            let parts = vec![Part::RecoveryKey("syncWordsHint"), Part::Storage, Part::Name];
            (plain("syncRecover"), "syncRecoverWhy", "syncContinue", parts)
        }
        Purpose::ChangeStorage => {
            (plain("syncChangeStorage"), "syncChangeStorageWhy", "save", vec![Part::Storage, Part::Tell])
        }
        Purpose::StartOver => {
            (plain("syncStartOver"), "syncStartOverWhy", "syncContinue", vec![Part::Storage, Part::Name])
        }
        Purpose::Remove { name, needs_words, .. } => {
            let mut parts = vec![Part::Stolen];
            if *needs_words {
                parts.push(Part::RecoveryKey("syncWordsOlder"));
            }
            (words("syncRemoveTitle", name), "syncRemoveWhy", "syncRemove", parts)
        }
        Purpose::NewRecoveryKey => {
            let parts = vec![Part::RecoveryKey("syncWordsOld")];
            (plain("syncNewKey"), "syncNewKeyWhy", "syncContinue", parts)
        }
        Purpose::TurnOff => (plain("syncTurnOff"), "syncTurnOffWhy", "syncTurnOff", Vec::new()),
    };
    let is_dangerous = matches!(purpose, Purpose::Remove { .. } | Purpose::TurnOff);
    FormView { title, why, submit, is_dangerous, parts }
}

/// What is begun with what was typed.
///
/// # Errors
/// The first [`Slip`].
pub fn task(purpose: &Purpose, typed: &impl Typed) -> Result<Task, Slip> {
    Ok(match purpose {
        Purpose::TurnOn => Task::TurnOn(device(typed)?),
        Purpose::StartOver => Task::StartOver(device(typed)?),
        Purpose::Join => {
            let code = code(&typed.text("sync-code"))?;
            Task::Join { code, device: device(typed)? }
        }
        Purpose::Recover => {
            let words = recovery_words(&typed.text("sync-words"))?;
            Task::Recover { words, device: device(typed)? }
        }
        Purpose::ChangeStorage => {
            Task::ChangeStorage { storage: storage::read(typed)?, tell_the_others: typed.is_on("sync-tell") }
        }
        Purpose::Remove { id, needs_words, .. } => {
            let words = if *needs_words { Some(recovery_words(&typed.text("sync-words"))?) } else { None };
            Task::Remove(Remove { device: id.clone(), stolen: typed.is_on("sync-stolen"), words })
        }
        Purpose::NewRecoveryKey => {
            let typed = typed.text("sync-words");
            let old = if typed.trim().is_empty() { None } else { Some(recovery_words(&typed)?) };
            Task::NewRecoveryKey { old }
        }
        Purpose::TurnOff => Task::TurnOff {},
    })
}

/// What an invitation fills the form with, pasted where the code goes: the code, and the storage.
pub fn invitation(text: &str) -> Option<(Secret, StorageConfig)> {
    Invitation::from_text(text).map(|invitation| (invitation.code, invitation.storage))
}

/// How many words there are so far.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// A recovery key as it is kept outside of Keystow: a heading, and a numbered word on each line.
pub fn numbered(heading: &str, words: &str) -> String {
    let lines = words.split_whitespace().enumerate().map(|(index, word)| format!("{:>2}  {word}\n", index + 1));
    format!("{heading}\n\n{}", lines.collect::<String>())
}

fn device(typed: &impl Typed) -> Result<NewDevice, Slip> {
    Ok(NewDevice { storage: storage::read(typed)?, name: typed.text("sync-name").trim().to_owned() })
}

fn code(text: &str) -> Result<String, Slip> {
    let length = text.chars().filter(char::is_ascii_alphanumeric).count();
    if length == CODE_LENGTH {
        return Ok(text.trim().to_owned());
    }
    Err(Slip { what: words("slipCode", &length.to_string()), field: "sync-code" })
}

/// As they are sent: in lower case, one space between them. The words themselves are the host's to judge.
fn recovery_words(text: &str) -> Result<RecoveryWords, Slip> {
    let count = count_words(text);
    if count == KEY_LENGTH {
        let words: Vec<&str> = text.split_whitespace().collect();
        return Ok(RecoveryWords::new(words.join(" ").to_lowercase()));
    }
    Err(Slip { what: words("slipWords", &count.to_string()), field: "sync-words" })
}

#[cfg(test)]
mod tests;
