//! What the user has written on a passkey, when another one takes its place: it is about the account, and stays with that.

use protocol::webauthn::CredentialId;
use rusqlite::Transaction;

use super::Vault;
use super::error::Fault;
use crate::credential::PublicKeyCredentialSource;

/// A label and a note.
pub(super) struct Written {
    label: String,
    note: String,
}

impl Written {
    pub(super) fn of(source: &PublicKeyCredentialSource) -> Self {
        Self { label: source.label.clone(), note: source.note.clone() }
    }

    /// Each is the first that is found.
    pub(super) fn take_from(&mut self, old: &PublicKeyCredentialSource) {
        for (own, olds) in [(&mut self.label, &old.label), (&mut self.note, &old.note)] {
            if own.is_empty() {
                own.clone_from(olds);
            }
        }
    }
}

impl Vault {
    /// Puts it on the passkey of a credential ID, if there is anything.
    pub(super) fn write_on(
        &self,
        transaction: &Transaction<'_>,
        id: &CredentialId,
        written: Written,
    ) -> Result<(), Fault> {
        if written.label.is_empty() && written.note.is_empty() {
            return Ok(());
        }
        let Some(row) = self.row(transaction, id)? else { return Ok(()) };
        let mut source = self.open_row(&row)?;
        (source.label, source.note) = (written.label, written.note);
        self.rewrite(transaction, row.id, &source)
    }
}
