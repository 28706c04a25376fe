//! What the user writes on a passkey.

use std::fmt;

use protocol::manage::{EditRequest, Edited, MAX_LABEL_LENGTH, MAX_NOTE_LENGTH};

use super::Error;
use crate::vault::Vault;

/// What cannot be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadText {
    /// The label is too long.
    LongLabel,
    /// The label has control characters.
    SteeringLabel,
    /// The note is too long.
    LongNote,
    /// The note has control characters other than new lines.
    SteeringNote,
}

/// Writes it. Spaces around a label are left out.
pub(super) fn edit(vault: &Vault, request: &EditRequest) -> Result<Edited, Error> {
    let label = request.label.as_deref().map(str::trim);
    let note = request.note.as_deref();
    check(label, note).map_err(Error::Text)?;
    let mut account = None;
    vault.update(&request.credential_id, |source| {
        label.into_iter().for_each(|label| label.clone_into(&mut source.label));
        note.into_iter().for_each(|note| note.clone_into(&mut source.note));
        account = Some(source.account());
    })?;
    Ok(Edited { account: Box::new(account.ok_or(Error::NotFound)?) })
}

fn check(label: Option<&str>, note: Option<&str>) -> Result<(), BadText> {
    let (label, note) = (label.unwrap_or_default(), note.unwrap_or_default());
    if label.len() > MAX_LABEL_LENGTH {
        Err(BadText::LongLabel)
    } else if label.chars().any(char::is_control) {
        Err(BadText::SteeringLabel)
    } else if note.len() > MAX_NOTE_LENGTH {
        Err(BadText::LongNote)
    } else if note.chars().any(|letter| letter.is_control() && letter != '\n') {
        Err(BadText::SteeringNote)
    } else {
        Ok(())
    }
}

impl fmt::Display for BadText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongLabel => {
                write!(f, "The name has more than {MAX_LABEL_LENGTH} bytes; nothing was changed. Give a shorter one.")
            }
            Self::SteeringLabel => f.write_str(
                "The name has a control character, such as a new line or a tab; nothing was changed. Give one without.",
            ),
            Self::LongNote => {
                write!(f, "The note has more than {MAX_NOTE_LENGTH} bytes; nothing was changed. Give a shorter one.")
            }
            Self::SteeringNote => f.write_str(
                "The note has a control character other than a new line, such as a tab; nothing was changed. Give one without.",
            ),
        }
    }
}
