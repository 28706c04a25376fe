//! Passkeys that the user is not asked for (L3 §5.1.3, `mediation` conditional).

use super::Vault;
use super::error::Error;
use super::trash::TrashReason;
use crate::credential::PublicKeyCredentialSource;

impl Vault {
    /// Adds a passkey where the account has none, and none that the user has deleted in the last 30 days: what nobody asked for takes
    /// nothing's place, and does not come again after it was taken back. False where it is not added. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`Error::Duplicate`] where its credential ID is there already; else as the disk has it.
    pub fn insert_unasked(&self, source: &PublicKeyCredentialSource, now: u64) -> Result<bool, Error> {
        let is_of_account = |other: &PublicKeyCredentialSource| other.user_handle == source.user_handle;
        self.write(|transaction| {
            if self.row(transaction, &source.credential_id)?.is_some() {
                return Err(Error::Duplicate.into());
            }
            for row in self.rows_of(transaction, &source.rp_id)? {
                if self.open_row(&row).is_ok_and(|held| is_of_account(&held)) {
                    return Ok(false);
                }
            }
            let deleted = self.trash_of(transaction, &source.rp_id)?.into_iter().any(|(_, trashed)| {
                let stays_away = trashed.reason == TrashReason::Deleted && now < trashed.restorable_until();
                stays_away && is_of_account(&trashed.source)
            });
            if !deleted {
                self.add(transaction, source)?;
            }
            Ok(!deleted)
        })
    }
}
