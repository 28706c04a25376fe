//! A question of the client as what the window shows: which words, which fields, which buttons. Words are keys of `_locales`.

use super::notice::{notice_view, tries_left, waiting};
use crate::client::Tab;
use crate::client::prompt::{Account, Kind, Notice, Question, Verification};

/// A text of `_locales` and what goes into its placeholders.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Words {
    /// The message's key.
    pub key: &'static str,
    /// `$1`, where the message has one.
    pub argument: Option<String>,
}

/// What a notice is to the user; it decides colour and icon.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Something to know.
    Information,
    /// Something to try again or to mend.
    Problem,
}

/// A notice in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoticeView {
    /// What it is to the user.
    pub tone: Tone,
    /// What happened.
    pub what: Words,
    /// What to do about it, where it is not said already.
    pub remedy: Option<Words>,
    /// The host's own sentence, in English.
    pub verbatim: Option<String>,
}

/// The passkeys shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum People {
    /// Whom the new passkey is for, or the one that there is: nothing to choose.
    One(Person),
    /// A list to choose from, the first one chosen to begin with.
    Choice(Vec<Person>),
}

/// One account in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// The line that tells accounts apart.
    pub name: String,
    /// A second line, where it says anything new.
    pub detail: Option<String>,
    /// When its passkey was used last or, never used, made: milliseconds since 1970. Only where there is a choice.
    pub when: Option<When>,
}

/// A moment of a passkey's life, milliseconds since 1970.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum When {
    /// It signed last.
    Used(u64),
    /// It was made, and has never signed.
    Created(u64),
}

/// Which fields there are for a PIN.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PinFields {
    /// None.
    None,
    /// One, for the PIN that is set.
    Enter {
        /// Whether what was entered before was wrong.
        wrong: bool,
    },
    /// Two, for a PIN to be chosen.
    Choose {
        /// Fewest code points it may have.
        min_length: u8,
    },
}

/// The whole window.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct View {
    /// The heading, with the RP ID as its argument.
    pub title: Words,
    /// Who asks; `None` where it is our own page, as the heading says.
    pub origin: Option<String>,
    /// What is out of the ordinary about where it is asked from.
    pub context: Vec<Words>,
    /// Who it is about; `None` where the window has only something to say.
    pub people: Option<People>,
    /// A line about what consent leads to.
    pub hint: Option<&'static str>,
    /// Fields for the PIN.
    pub pin: PinFields,
    /// The notice, if any.
    pub notice: Option<NoticeView>,
    /// The consenting button; `None` where consent leads nowhere.
    pub approve: Option<&'static str>,
    /// What is said after consent, while the OS asks; `None` where it is not going to.
    pub waiting: Option<NoticeView>,
    /// The button that goes to the PIN instead of the OS; `None` where there is no such choice.
    pub use_pin: Option<&'static str>,
    /// The button that leaves the site to the browser for good; `None` where there is no such choice.
    pub leave_site: Option<&'static str>,
    /// The button that ends it.
    pub cancel: &'static str,
}

/// What the window shows for `question`.
pub fn view(question: &Question) -> View {
    let already_registered = matches!(question.notice, Some(Notice::AlreadyRegistered));
    let can_approve = question.can_approve();
    let os_asks = can_approve && matches!(question.verification, Verification::BuiltIn { .. });
    View {
        title: title(question, already_registered),
        origin: (!question.is_our_own()).then(|| question.origin.clone()),
        context: context(question),
        people: can_approve.then(|| people(&question.kind)),
        hint: hint(question),
        pin: if can_approve { pin_fields(question) } else { PinFields::None },
        notice: question.notice.as_ref().map(|notice| notice_view(notice, question)).or_else(|| tries_left(question)),
        approve: can_approve.then_some(approve_key(question, already_registered)),
        waiting: os_asks.then(waiting),
        use_pin: question.can_use_pin().then_some("usePin"),
        leave_site: question.can_leave_site().then_some("alwaysUseAnother"),
        cancel: if can_approve && !already_registered { "cancel" } else { "close" },
    }
}

/// A line each.
fn context(question: &Question) -> Vec<Words> {
    let Tab { private, container } = question.tab;
    let stays = private && matches!(question.kind, Kind::Create { .. });
    [
        question.related.then(|| words("contextRelated", question.rp_id.as_str())),
        container.then(|| plain("contextContainer")),
        stays.then(|| plain("contextPrivate")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn title(question: &Question, already_registered: bool) -> Words {
    let key = title_key(question, already_registered);
    if question.is_our_own() { plain(key) } else { words(key, question.rp_id.as_str()) }
}

fn title_key(question: &Question, already_registered: bool) -> &'static str {
    match question.kind {
        Kind::Create { .. } if already_registered => "titleAlreadyRegistered",
        Kind::Create { .. } if question.is_our_own() => "titleCreateTest",
        Kind::Get { .. } if question.is_our_own() => "titleGetTest",
        Kind::Create { .. } => "titleCreate",
        Kind::Get { .. } => "titleGet",
    }
}

fn approve_key(question: &Question, already_registered: bool) -> &'static str {
    match question.kind {
        Kind::Create { .. } if already_registered => "approveAlreadyRegistered",
        Kind::Create { .. } => "approveCreate",
        Kind::Get { .. } => "approveGet",
    }
}

impl View {
    /// The element that gets the keyboard: where the user goes on, and never a button. In a longer list that is the list, as going to
    /// the PIN would scroll it out of sight; unless the user has been there, and the PIN was wrong.
    pub fn first(&self) -> &'static str {
        match (&self.people, self.pin) {
            (Some(People::Choice(several)), _) if several.len() > 2 && !self.has_problem() => "account-0",
            (_, PinFields::Enter { .. }) => "pin",
            (_, PinFields::Choose { .. }) => "pin-new",
            (Some(People::Choice(_)), PinFields::None) => "account-0",
            (_, PinFields::None) => "title",
        }
    }

    /// Whether there is a notice of something to try again or to mend: in a window too small for all, that is what must be seen.
    pub fn has_problem(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| notice.tone == Tone::Problem)
    }
}

/// That the OS will ask, or where a new passkey goes. Not beside a longer text that says more.
fn hint(question: &Question) -> Option<&'static str> {
    match (&question.notice, question.verification, &question.kind) {
        (Some(_), _, _) | (None, Verification::NewPin { .. }, _) => None,
        (None, Verification::BuiltIn { .. }, _) => Some("hintBuiltIn"),
        (None, Verification::None | Verification::Pin { .. }, Kind::Create { .. }) => Some("hintCreate"),
        (None, Verification::None | Verification::Pin { .. }, Kind::Get { .. }) => None,
    }
}

fn people(kind: &Kind) -> People {
    match kind {
        Kind::Create { user_name, user_display_name, .. } => People::One(person(user_name, user_display_name, None)),
        Kind::Get { accounts } => match accounts.as_slice() {
            [only] => People::One(person(&only.user_name, &only.user_display_name, None)),
            several => People::Choice(several.iter().map(choice).collect()),
        },
    }
}

fn choice(account: &Account) -> Person {
    let when = account.last_used.map_or(When::Created(account.created), When::Used);
    person(&account.user_name, &account.user_display_name, Some(when))
}

/// The user name tells accounts of one site apart and so comes first; sites that leave it empty are shown by what they gave.
fn person(user_name: &str, display_name: &str, when: Option<When>) -> Person {
    let (name, display_name) = (user_name.trim(), display_name.trim());
    if name.is_empty() {
        return Person { name: display_name.to_owned(), detail: None, when };
    }
    let says_more = !display_name.is_empty() && display_name != name;
    Person { name: name.to_owned(), detail: says_more.then(|| display_name.to_owned()), when }
}

fn pin_fields(question: &Question) -> PinFields {
    match question.verification {
        Verification::None | Verification::BuiltIn { .. } => PinFields::None,
        Verification::Pin { .. } => {
            PinFields::Enter { wrong: matches!(question.notice, Some(Notice::WrongPin { .. })) }
        }
        Verification::NewPin { min_length } => PinFields::Choose { min_length },
    }
}

pub(super) fn plain(key: &'static str) -> Words {
    Words { key, argument: None }
}

pub(super) fn words(key: &'static str, argument: &str) -> Words {
    Words { key, argument: Some(argument.to_owned()) }
}

#[cfg(test)]
mod tests;
