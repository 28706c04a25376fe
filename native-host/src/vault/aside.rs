//! What a reset takes away (CTAP §6.6), kept aside for 30 days: passkeys, trash, PIN and settings, each record as it was. Bringing them
//! back brings the PIN of then back too, so that a reset is no way around it.

use protocol::cbor::{self, Fields, int_map};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::Vault;
use super::error::{Error, Fault};
use super::pin::PIN;
use super::replica::forget_replica;
use super::rows::{Row, random_id, rows};
use super::seal::Place;
use super::trash::restorable_until;

/// A reset that can be undone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reset {
    /// When it was, milliseconds since 1970.
    pub at: u64,
    /// Passkeys that it took away, without the trash.
    pub passkeys: u64,
    id: i64,
}

impl Reset {
    /// Until when it can be undone, milliseconds since 1970.
    pub fn undoable_until(&self) -> u64 {
        restorable_until(self.at)
    }
}

impl Vault {
    /// Takes everything away: passkeys, trash, PIN and settings. [`undo_reset`](Self::undo_reset) brings it back. What was replicated is so no
    /// more, and stays as it is where else it is.
    ///
    /// # Errors
    /// As the disk has it; then nothing has changed.
    pub fn reset(&self, now: u64) -> Result<(), Error> {
        self.write(|transaction| {
            // First, so that it is no change to be replicated that everything goes.
            forget_replica(transaction)?;
            let reset = random_id()?;
            let place = aside(reset);
            let happened = cbor::encode(&int_map([(TIME, Some(now.into()))]));
            transaction.prepare_cached("INSERT INTO aside VALUES (?1, ?1, ?2, 0, x'', x'', ?3)")?.execute((
                reset,
                HEAD,
                self.seal(place, &happened)?,
            ))?;
            for Kept { kind, table, aside, .. } in KINDS {
                transaction.execute(
                    &format!(
                        "INSERT INTO aside (reset, kind, original, rp, credential, sealed)
                         SELECT ?1, ?2, id, {aside}, sealed FROM {table}"
                    ),
                    (reset, kind),
                )?;
                transaction.execute(&format!("DELETE FROM {table}"), ())?;
            }
            Ok(())
        })
    }

    /// The last reset that can still be undone.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn last_reset(&self) -> Result<Option<Reset>, Error> {
        self.read(|connection| Ok(self.resets(connection)?.into_iter().max_by_key(|reset| reset.at)))
    }

    /// Brings back what `reset` took away; passkeys made since stay. A PIN of then takes the place of what is settled now; without one the
    /// PIN of now stays, so that nobody gets rid of it by an older reset.
    ///
    /// # Errors
    /// As the disk has it; then nothing has changed.
    pub fn undo_reset(&self, reset: &Reset) -> Result<(), Error> {
        self.write(|transaction| {
            let sql = "SELECT EXISTS (SELECT 1 FROM aside WHERE reset = ?1 AND kind = ?2 AND original = ?3)";
            let had_pin = transaction.query_row(sql, (reset.id, VERIFICATION, PIN.id), |row| row.get(0))?;
            if had_pin {
                transaction.execute("DELETE FROM verification", ())?;
            }
            bring_back(transaction, reset.id)?;
            Ok(transaction.execute("DELETE FROM aside WHERE reset = ?1", [reset.id]).map(drop)?)
        })
    }

    /// Removes for good what was reset 30 days before `now`.
    ///
    /// # Errors
    /// As the disk has it.
    pub(super) fn purge_resets(&self, now: u64) -> Result<(), Error> {
        let expired = |reset: &Reset| reset.undoable_until() <= now;
        if !self.read(|connection| self.resets(connection))?.iter().any(expired) {
            return Ok(());
        }
        self.write(|transaction| {
            for reset in self.resets(transaction)?.iter().filter(|reset| expired(reset)) {
                transaction.execute("DELETE FROM aside WHERE reset = ?1", [reset.id])?;
            }
            Ok(())
        })
    }

    /// Whether the row `id` of `aside` opens, as what it is.
    pub(super) fn is_sound_aside(&self, connection: &Connection, id: i64) -> bool {
        let sql = "SELECT kind, original, rp, credential, sealed FROM aside NOT INDEXED WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            Ok((row.get(0)?, Row { id: row.get(1)?, rp: row.get(2)?, credential: row.get(3)?, sealed: row.get(4)? }))
        };
        let Ok((kind, row)) = connection.query_row(sql, [id], read) else { return false };
        match kind {
            HEAD => self.open_sealed(aside(id), &row.sealed).is_ok_and(|happened| time(&happened).is_ok()),
            CREDENTIALS => self.open_row(&row).and_then(|source| self.open_secrets(&source)).is_ok(),
            TRASH => self.open_trashed(&row).is_ok(),
            HISTORY => self.open_history(&row).is_ok(),
            VERIFICATION => self.open_sealed(Place { table: "verification", id: row.id }, &row.sealed).is_ok(),
            _ => false,
        }
    }

    /// Every reset whose head can be read.
    fn resets(&self, connection: &Connection) -> Result<Vec<Reset>, Fault> {
        let mut heads = Vec::new();
        rows(connection, &format!("SELECT id, rp, credential, sealed FROM aside WHERE kind = {HEAD}"), (), |row| {
            let opened = self.open_sealed(aside(row.id), &row.sealed).ok();
            heads.extend(opened.and_then(|happened| Some((row.id, time(&happened).ok()?))));
        })?;
        let passkeys = |id| count(connection, id);
        heads.into_iter().map(|(id, at)| Ok(Reset { at, passkeys: passkeys(id)?, id })).collect()
    }
}

/// A passkey that is here again already, under another record id, stays as it is; so does its history. Settings of then replace those of now.
fn bring_back(transaction: &Transaction<'_>, reset: i64) -> Result<(), Fault> {
    for Kept { kind, table, indexes, conflict, .. } in KINDS {
        let sql = format!(
            "INSERT OR {conflict} INTO {table} (id, {indexes} sealed)
             SELECT original, {indexes} sealed FROM aside WHERE reset = ?1 AND kind = ?2"
        );
        transaction.execute(&sql, (reset, kind))?;
    }
    Ok(())
}

fn count(connection: &Connection, reset: i64) -> Result<u64, Fault> {
    let sql = "SELECT count(*) FROM aside WHERE reset = ?1 AND kind = ?2";
    let count: Option<i64> = connection.query_row(sql, (reset, CREDENTIALS), |row| row.get(0)).optional()?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

fn time(happened: &[u8]) -> Result<u64, cbor::Error> {
    let time = Fields::decode(happened, "reset")?.int(TIME, "time")?.ok_or(cbor::Error::Missing("time"))?;
    u64::try_from(time).map_err(|_| cbor::Error::OutOfRange("time"))
}

pub(super) fn aside(id: i64) -> Place {
    Place { table: "aside", id }
}

/// `aside.kind`: the head of a reset, sealed like every record. The others keep the seals that they had in their tables.
const HEAD: i64 = 0;
const CREDENTIALS: i64 = 1;
const TRASH: i64 = 2;
const VERIFICATION: i64 = 3;
const HISTORY: i64 = 4;

/// A table whose records are kept aside.
struct Kept {
    kind: i64,
    table: &'static str,
    /// Its blind indexes, each with a comma.
    indexes: &'static str,
    /// What goes into `rp` and `credential`.
    aside: &'static str,
    /// What becomes of a record that comes back, where one of now is in its place.
    conflict: &'static str,
}

const KINDS: [Kept; 4] = [
    Kept {
        kind: CREDENTIALS,
        table: "credentials",
        indexes: "rp, credential,",
        aside: "rp, credential",
        conflict: "IGNORE",
    },
    Kept { kind: TRASH, table: "trash", indexes: "rp, credential,", aside: "rp, credential", conflict: "IGNORE" },
    Kept { kind: VERIFICATION, table: "verification", indexes: "", aside: "x'', x''", conflict: "REPLACE" },
    Kept { kind: HISTORY, table: "history", indexes: "credential,", aside: "x'', credential", conflict: "IGNORE" },
];

const TIME: i64 = 1;
