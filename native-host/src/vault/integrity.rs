//! A scan of the whole vault for `keystow doctor`: every record opened, every index followed, SQLite's own check run.

use rusqlite::{Connection, OptionalExtension};

use super::Vault;
use super::aside::aside;
use super::create::KEY_CHECK;
use super::error::{Error, Fault};
use super::history::history;
use super::replica::{COLUMNS, STATE, outbox, replica};
use super::rows::{Row, credentials};
use super::seal::Place;
use crate::credential::PublicKeyCredentialSource;

/// What a scan found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Integrity {
    /// Sound passkeys, without the trash.
    pub records: u64,
    /// Damaged records by table and id.
    pub damaged: Vec<String>,
    /// What is wrong with the file around the records.
    pub structure: Vec<String>,
}

impl Integrity {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.damaged.is_empty() && self.structure.is_empty()
    }
}

impl Vault {
    /// Looks at everything and changes nothing.
    ///
    /// # Errors
    /// None for damage, which is what the result tells of.
    pub fn integrity(&self) -> Result<Integrity, Error> {
        let mut found = Integrity::default();
        self.read(|connection| {
            self.scan_credentials(connection, &mut found);
            self.scan_trash(connection, &mut found);
            self.scan_single_records(connection, &mut found);
            self.scan_history(connection, &mut found);
            self.scan_aside(connection, &mut found);
            self.scan_replica(connection, &mut found);
            found.structure.extend(check_structure(connection));
            Ok(())
        })?;
        Ok(found)
    }

    fn scan_credentials(&self, connection: &Connection, found: &mut Integrity) {
        for id in ids(connection, "credentials", &mut found.structure) {
            match row(connection, "credentials", id).map(|row| self.open_whole(&row)) {
                Ok(Ok(source)) if self.is_indexed(connection, id, &source.rp_id, &source.credential_id) => {
                    found.records += 1
                }
                Ok(Ok(_)) => {
                    found.records += 1;
                    found.structure.push(format!("{} is missing from an index", credentials(id)));
                }
                _ => found.damaged.push(credentials(id).to_string()),
            }
        }
    }

    /// Opens a row and the secrets in it, which a passkey needs as much.
    fn open_whole(&self, row: &Row) -> Result<PublicKeyCredentialSource, Error> {
        let source = self.open_row(row)?;
        self.open_secrets(&source).map(|_| source)
    }

    fn scan_trash(&self, connection: &Connection, found: &mut Integrity) {
        for id in ids(connection, "trash", &mut found.structure) {
            let opened = row(connection, "trash", id).map(|row| self.open_trashed(&row));
            if !matches!(opened, Ok(Ok(_))) {
                found.damaged.push(Place { table: "trash", id }.to_string());
            }
        }
    }

    fn scan_single_records(&self, connection: &Connection, found: &mut Integrity) {
        if !matches!(self.key_check_opens(connection), Ok(true)) {
            found.damaged.push(KEY_CHECK.to_string());
        }
        for looked_at in [self.pin_record(connection).map(drop), self.settings_record(connection).map(drop)] {
            match looked_at {
                Ok(()) => {}
                Err(Fault::Ours(Error::RecordDamaged { record })) => found.damaged.push(record),
                Err(_) => found.structure.push("the table verification cannot be read".to_owned()),
            }
        }
    }

    fn scan_history(&self, connection: &Connection, found: &mut Integrity) {
        for id in ids(connection, "history", &mut found.structure) {
            let sql = "SELECT id, x'', credential, sealed FROM history NOT INDEXED WHERE id = ?1";
            let row = connection.prepare_cached(sql).and_then(|mut statement| statement.query_row([id], Row::read));
            if !matches!(row.map(|row| self.open_history(&row)), Ok(Ok(_))) {
                found.damaged.push(history(id).to_string());
            }
        }
    }

    fn scan_aside(&self, connection: &Connection, found: &mut Integrity) {
        for id in ids(connection, "aside", &mut found.structure) {
            if !self.is_sound_aside(connection, id) {
                found.damaged.push(aside(id).to_string());
            }
        }
    }

    fn scan_replica(&self, connection: &Connection, found: &mut Integrity) {
        for id in ids(connection, "replica", &mut found.structure) {
            let sql = format!("SELECT {COLUMNS} FROM replica NOT INDEXED WHERE id = ?1");
            if !opens(connection, &sql, id, |row| self.open_replicated(row).is_ok()) {
                found.damaged.push(replica(id).to_string());
            }
        }
        for id in ids(connection, "outbox", &mut found.structure) {
            let sql = "SELECT id, name, sealed FROM outbox NOT INDEXED WHERE id = ?1";
            if !opens(connection, sql, id, |row| self.open_outgoing(row).is_ok()) {
                found.damaged.push(outbox(id).to_string());
            }
        }
        for id in ids(connection, "replica_state", &mut found.structure) {
            let sealed = self.sealed_at(connection, Place { id, ..STATE });
            if !matches!(sealed, Ok(Some(sealed)) if self.open_sealed(Place { id, ..STATE }, &sealed).is_ok()) {
                found.damaged.push(Place { id, ..STATE }.to_string());
            }
        }
    }

    fn is_indexed(
        &self,
        connection: &Connection,
        id: i64,
        rp_id: &protocol::webauthn::RpId,
        credential_id: &protocol::webauthn::CredentialId,
    ) -> bool {
        let by_credential = self.row(connection, credential_id);
        let rp = self.keys.rp_index(rp_id);
        let by_rp: Result<Option<i64>, _> = connection
            .query_row(
                "SELECT id FROM credentials INDEXED BY credentials_rp WHERE rp = ?1 AND id = ?2",
                (rp.as_bytes(), id),
                |row| row.get(0),
            )
            .optional();
        matches!(by_credential, Ok(Some(row)) if row.id == id) && matches!(by_rp, Ok(Some(_)))
    }
}

/// Whether `open` opens the row of an id.
fn opens(connection: &Connection, sql: &str, id: i64, open: impl FnOnce(&rusqlite::Row<'_>) -> bool) -> bool {
    let statement = connection.prepare_cached(sql);
    statement.and_then(|mut statement| statement.query_row([id], |row| Ok(open(row)))).unwrap_or(false)
}

/// Ids straight from the table, not from an index. What cannot be listed is told of.
fn ids(connection: &Connection, table: &str, structure: &mut Vec<String>) -> Vec<i64> {
    let mut ids = Vec::new();
    let listed = (|| {
        let mut statement = connection.prepare(&format!("SELECT id FROM {table} NOT INDEXED"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            ids.push(row.get(0)?);
        }
        Ok::<_, rusqlite::Error>(())
    })();
    if let Err(error) = listed {
        structure.push(format!("the table {table} cannot be listed to its end ({error})"));
    }
    ids
}

fn row(connection: &Connection, table: &str, id: i64) -> rusqlite::Result<Row> {
    let sql = format!("SELECT id, rp, credential, sealed FROM {table} NOT INDEXED WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([id], Row::read)
}

/// `PRAGMA integrity_check`: tells of pages, tables and indexes, never of content.
fn check_structure(connection: &Connection) -> Vec<String> {
    let checked = connection.prepare("PRAGMA integrity_check(20)").and_then(|mut statement| {
        let lines = statement.query_map([], |row| row.get(0))?;
        lines.collect::<rusqlite::Result<Vec<String>>>()
    });
    match checked {
        Ok(lines) => lines.into_iter().filter(|line| line != "ok").collect(),
        Err(error) => vec![error.to_string()],
    }
}
