//! Recently deleted: what was deleted or replaced stays for 30 days, sealed like the rest.

use protocol::cbor::{self, Fields, int_map};
use protocol::webauthn::{CredentialId, RpId};
use rusqlite::{Connection, Transaction};

use super::Vault;
use super::error::{Error, Fault};
use super::history::forget_history;
use super::rows::{Row, collect, random_id};
use super::seal::{OpenError, Place};
use crate::credential::{self, PublicKeyCredentialSource};

/// How long a passkey stays in the trash.
pub const TRASH_DAYS: u64 = 30;

/// A passkey in the trash.
///
/// ```cddl
/// ; A CBOR sequence (RFC 8742): what happened, then the record as it was.
/// trashed = ( { 1: uint (milliseconds since 1970), 2: reason }, record )
/// reason = 0 (deleted) / 1 (replaced) / 2 (unknown to the site) / 3 (not accepted by the site) / 4 (unanswered)
/// ```
pub struct Trashed {
    /// The passkey as it was.
    pub source: PublicKeyCredentialSource,
    /// When it was deleted, milliseconds since 1970.
    pub deleted: u64,
    /// Why it is here.
    pub reason: TrashReason,
}

/// Why a passkey is in the trash.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TrashReason {
    /// The user deleted it.
    Deleted,
    /// The site registered another one for the same account.
    Replaced,
    /// The site said that it does not know it.
    UnknownToSite,
    /// The site said which ones it accepts, and it is not among them.
    NotAcceptedBySite,
    /// It was made for a page that had given up meanwhile, and never learned of it.
    Unanswered,
}

impl TrashReason {
    /// Whether it was a signal of the site (L3 §5.1.10) that put it there.
    pub fn is_signal(self) -> bool {
        matches!(self, Self::UnknownToSite | Self::NotAcceptedBySite)
    }

    /// Its number in the CDDL of [`Trashed`].
    pub fn number(self) -> i64 {
        match self {
            Self::Deleted => 0,
            Self::Replaced => 1,
            Self::UnknownToSite => 2,
            Self::NotAcceptedBySite => 3,
            Self::Unanswered => 4,
        }
    }

    /// The reason of that number.
    pub fn from_number(number: i64) -> Option<Self> {
        let all = [Self::Deleted, Self::Replaced, Self::UnknownToSite, Self::NotAcceptedBySite, Self::Unanswered];
        all.into_iter().find(|reason| reason.number() == number)
    }
}

impl Trashed {
    /// Until when it can be restored, milliseconds since 1970.
    pub fn restorable_until(&self) -> u64 {
        restorable_until(self.deleted)
    }
}

impl Vault {
    /// Moves a passkey that the user deletes to the trash. Returns until when it can be restored, milliseconds since 1970; nothing where there is none of that
    /// credential ID.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`]; else as the disk has it.
    pub fn delete(&self, id: &CredentialId, now: u64) -> Result<Option<u64>, Error> {
        self.delete_for(id, TrashReason::Deleted, now)
    }

    /// As [`delete`](Self::delete), for a passkey whose page had given up before it was made.
    ///
    /// # Errors
    /// As for [`delete`](Self::delete).
    pub fn delete_unanswered(&self, id: &CredentialId, now: u64) -> Result<Option<u64>, Error> {
        self.delete_for(id, TrashReason::Unanswered, now)
    }

    fn delete_for(&self, id: &CredentialId, reason: TrashReason, now: u64) -> Result<Option<u64>, Error> {
        self.write(|transaction| {
            let Some(row) = self.row(transaction, id)? else { return Ok(None) };
            let source = self.open_row(&row)?;
            self.move_to_trash(transaction, row.id, &source, reason, now)?;
            Ok(Some(restorable_until(now)))
        })
    }

    /// What is in the trash, last deleted first. Damaged records are left out.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn trash(&self) -> Result<Vec<Trashed>, Error> {
        self.read(|connection| {
            let rows = collect(connection, "SELECT id, rp, credential, sealed FROM trash", ())?;
            let mut trashed: Vec<_> = rows.iter().filter_map(|row| self.open_trashed(row).ok()).collect();
            trashed.sort_by_key(|trashed| std::cmp::Reverse(trashed.deleted));
            Ok(trashed)
        })
    }

    /// Brings the passkey that was deleted last under that credential ID back. False where there is none.
    ///
    /// # Errors
    /// [`Error::Duplicate`] where one of that credential ID is there again; else as the disk has it.
    pub fn restore(&self, id: &CredentialId) -> Result<bool, Error> {
        self.write(|transaction| {
            let index = self.keys.credential_index(id);
            let sql = "SELECT id, rp, credential, sealed FROM trash WHERE credential = ?1";
            let opened = collect(transaction, sql, [index.as_bytes()])?.into_iter();
            let mut opened: Vec<_> =
                opened.map(|row| Ok((row.id, self.open_trashed(&row)?))).collect::<Result<_, Error>>()?;
            opened.sort_by_key(|(_, trashed)| trashed.deleted);
            let Some((row, trashed)) = opened.pop() else { return Ok(false) };
            if self.row(transaction, id)?.is_some() {
                return Err(Error::Duplicate.into());
            }
            self.bring_back(transaction, row, &trashed.source)?;
            Ok(true)
        })
    }

    /// Removes for good what has been in the trash, or aside, for 30 days at `now`; returns how many passkeys of the trash. Those that are
    /// replicated go when [`Replica::forget_passkey`](super::Replica::forget_passkey) says so.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn purge(&self, now: u64) -> Result<u64, Error> {
        self.purge_resets(now)?;
        let expired = |row: &Row| self.open_trashed(row).is_ok_and(|trashed| trashed.restorable_until() <= now);
        let due = |connection: &Connection| {
            let sql = "SELECT id, rp, credential, sealed FROM trash
                       WHERE NOT EXISTS (SELECT 1 FROM replica WHERE replica.credential = trash.credential)";
            Ok(collect(connection, sql, ())?.into_iter().filter(expired).collect::<Vec<_>>())
        };
        // Without a write lock where nothing is due, which is nearly always.
        if self.read(due)?.is_empty() {
            return Ok(0);
        }
        self.write(|transaction| {
            let due = due(transaction)?;
            due.iter().try_for_each(|row| purge_row(transaction, row))?;
            Ok(due.len() as u64)
        })
    }

    pub(super) fn move_to_trash(
        &self,
        transaction: &Transaction<'_>,
        row: i64,
        source: &PublicKeyCredentialSource,
        reason: TrashReason,
        now: u64,
    ) -> Result<(), Fault> {
        self.add_to_trash(transaction, source, reason, now)?;
        transaction.prepare_cached("DELETE FROM credentials WHERE id = ?1")?.execute([row])?;
        Ok(())
    }

    /// Seals `source` and adds it to the trash under a fresh random id.
    pub(super) fn add_to_trash(
        &self,
        transaction: &Connection,
        source: &PublicKeyCredentialSource,
        reason: TrashReason,
        now: u64,
    ) -> Result<(), Fault> {
        let place = trash(random_id()?);
        let happened = cbor::encode(&int_map([(TIME, Some(now.into())), (REASON, Some(reason.number().into()))]));
        let record = zeroize::Zeroizing::new([happened.as_slice(), &credential::encode(source)].concat());
        let rp = self.keys.rp_index(&source.rp_id);
        let index = self.keys.credential_index(&source.credential_id);
        transaction
            .prepare_cached("INSERT INTO trash (id, rp, credential, sealed) VALUES (?1, ?2, ?3, ?4)")?
            .execute((place.id, rp.as_bytes(), index.as_bytes(), self.seal(place, &record)?))?;
        Ok(())
    }

    pub(super) fn bring_back(
        &self,
        transaction: &Transaction<'_>,
        row: i64,
        source: &PublicKeyCredentialSource,
    ) -> Result<(), Fault> {
        self.add(transaction, source)?;
        transaction.prepare_cached("DELETE FROM trash WHERE id = ?1")?.execute([row])?;
        Ok(())
    }

    /// What is in the trash of an RP ID, with the row that it is in. Damaged records are left out.
    pub(super) fn trash_of(&self, connection: &Connection, rp_id: &RpId) -> Result<Vec<(i64, Trashed)>, Fault> {
        let rp = self.keys.rp_index(rp_id);
        let rows = collect(connection, "SELECT id, rp, credential, sealed FROM trash WHERE rp = ?1", [rp.as_bytes()])?;
        Ok(rows.iter().filter_map(|row| Some((row.id, self.open_trashed(row).ok()?))).collect())
    }

    pub(super) fn open_trashed(&self, row: &Row) -> Result<Trashed, Error> {
        let place = trash(row.id);
        let damaged = || Error::RecordDamaged { record: place.to_string() };
        let record = self.open_sealed(place, &row.sealed).map_err(|_| damaged())?;
        let trashed = self.decode_trashed(&record).map_err(|_| damaged())?;
        let indexed = row.rp == self.keys.rp_index(&trashed.source.rp_id).as_bytes()
            && row.credential == self.keys.credential_index(&trashed.source.credential_id).as_bytes();
        match indexed {
            true => Ok(trashed),
            false => Err(damaged()),
        }
    }

    fn decode_trashed(&self, record: &[u8]) -> Result<Trashed, OpenError> {
        let (happened, source) = record.split_at(cbor::check_prefix(record).map_err(|_| OpenError)?);
        let (deleted, reason) = decode_happened(happened).map_err(|_| OpenError)?;
        Ok(Trashed { source: self.decode(source)?, deleted, reason })
    }
}

/// Removes what is in this row of the trash for good.
pub(super) fn purge_row(transaction: &Connection, row: &Row) -> Result<(), Fault> {
    transaction.prepare_cached("DELETE FROM trash WHERE id = ?1")?.execute([row.id])?;
    forget_history(transaction, row)
}

fn decode_happened(happened: &[u8]) -> Result<(u64, TrashReason), cbor::Error> {
    let mut fields = Fields::decode(happened, "trashed")?;
    let time = fields.int(TIME, "time")?.ok_or(cbor::Error::Missing("time"))?;
    let reason = fields.int(REASON, "reason")?.and_then(TrashReason::from_number);
    let time = u64::try_from(time).map_err(|_| cbor::Error::OutOfRange("time"))?;
    Ok((time, reason.ok_or(cbor::Error::OutOfRange("reason"))?))
}

pub(super) fn trash(id: i64) -> Place {
    Place { table: "trash", id }
}

pub(super) fn restorable_until(deleted: u64) -> u64 {
    deleted.saturating_add(TRASH_DAYS * 24 * 60 * 60 * 1000)
}

const TIME: i64 = 1;
const REASON: i64 = 2;
