//! What a site says of its passkeys (L3 §5.1.10, the authenticator actions of its signal methods). A site may be in error, or a script on
//! it hostile: nothing is lost by any of them for 30 days.

use std::collections::HashSet;

use protocol::webauthn::{CredentialId, RpId, UserHandle};
use rusqlite::Transaction;

use super::Vault;
use super::error::{Error, Fault};
use super::rows::random_id;
use super::trash::{TRASH_DAYS, TrashReason, trash};

impl Vault {
    /// L3 `unknownCredentialId`: the passkey goes to the trash, if it is one of this RP ID.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn signal_unknown_credential(&self, rp_id: &RpId, id: &CredentialId, now: u64) -> Result<(), Error> {
        self.signal(|transaction| {
            let Some(row) = self.row(transaction, id)? else { return Ok(()) };
            match self.open_row(&row) {
                Ok(source) if source.rp_id == *rp_id => {
                    self.move_to_trash(transaction, row.id, &source, TrashReason::UnknownToSite, now)
                }
                // A damaged one stays where it is, to be named by the integrity scan.
                Ok(_) | Err(_) => Ok(()),
            }
        })
    }

    /// L3 `allAcceptedCredentialIds`: the account's passkeys that are not `accepted` go to the trash; those that are, and that only a signal
    /// had put there, come back.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn signal_all_accepted_credentials(
        &self,
        rp_id: &RpId,
        user: &UserHandle,
        accepted: &[CredentialId],
        now: u64,
    ) -> Result<(), Error> {
        let accepted: HashSet<_> = accepted.iter().collect();
        self.signal(|transaction| {
            let mut hidden = self.trash_of(transaction, rp_id)?;
            hidden.retain(|(_, trashed)| trashed.source.user_handle == *user);
            for row in self.rows_of(transaction, rp_id)? {
                let Ok(source) = self.open_row(&row) else { continue };
                if source.user_handle == *user && !accepted.contains(&source.credential_id) {
                    self.move_to_trash(transaction, row.id, &source, TrashReason::NotAcceptedBySite, now)?;
                }
            }
            for (row, trashed) in hidden {
                let id = &trashed.source.credential_id;
                let comes_back = trashed.reason.is_signal() && accepted.contains(id);
                if comes_back && self.row(transaction, id)?.is_none() {
                    self.bring_back(transaction, row, &trashed.source)?;
                }
            }
            Ok(())
        })
    }

    /// L3 `currentUserDetails`: the account's passkeys get these names, and keep those that they had.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn signal_current_user_details(
        &self,
        rp_id: &RpId,
        user: &UserHandle,
        name: &str,
        display_name: &str,
        now: u64,
    ) -> Result<(), Error> {
        let forgotten = names_forgotten(now);
        self.signal(|transaction| {
            for row in self.rows_of(transaction, rp_id)? {
                let Ok(mut source) = self.open_row(&row) else { continue };
                if source.user_handle == *user && source.rename(name, display_name, now, forgotten) {
                    self.rewrite(transaction, row.id, &source)?;
                }
            }
            Ok(())
        })
    }

    /// One transaction, with a record written and taken out again whatever else is done: by the time that a signal takes, nobody learns
    /// whether it found anything.
    fn signal(&self, work: impl FnOnce(&Transaction<'_>) -> Result<(), Fault>) -> Result<(), Error> {
        self.write(|transaction| {
            work(transaction)?;
            let place = trash(random_id()?);
            let sealed = self.seal(place, &[0; USUAL_RECORD])?;
            transaction
                .prepare_cached("INSERT INTO trash (id, rp, credential, sealed) VALUES (?1, x'', x'', ?2)")?
                .execute((place.id, sealed))?;
            transaction.prepare_cached("DELETE FROM trash WHERE id = ?1")?.execute([place.id])?;
            Ok(())
        })
    }
}

/// Names that were replaced before this are not to be had any longer at `now`; both in milliseconds since 1970.
pub fn names_forgotten(now: u64) -> u64 {
    now.saturating_sub(TRASH_DAYS * 24 * 60 * 60 * 1000)
}

/// About as many bytes as a passkey's record has.
const USUAL_RECORD: usize = 500;
