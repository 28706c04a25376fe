//! The SQLite side of a vault: its schema, how a connection is set up, and transactions.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::Vault;
use super::create::beside;
use super::error::{Error, Fault, explain_io};
use super::replica::REPLICA_SCHEMA;

/// `PRAGMA user_version` of the files that we write. Version 1 had no `aside`, version 2 no `history`, version 3 nothing of
/// [`REPLICA_SCHEMA`].
pub(super) const SCHEMA_VERSION: u32 = 4;

/// `PRAGMA application_id`: "KSTW".
pub(super) const APPLICATION_ID: u32 = 0x4b53_5457;

/// Everything but ids is sealed or a keyed hash. Ids are random, so that not even the order of creation shows.
///
/// | table | a record for |
/// | --- | --- |
/// | `vault` | the key check: one record that only the right key opens |
/// | `credentials` | each passkey; found by the blind indexes of its RP ID and its credential ID |
/// | `trash` | each passkey deleted or replaced in the last 30 days |
/// | `verification` | the PIN, and the settings of user verification |
/// | `history` | what each passkey has been used for; found by the blind index of its credential ID |
/// | `aside` | each of these that a reset took away in the last 30 days |
///
/// [`REPLICA_SCHEMA`] has the rest.
pub(super) const SCHEMA: &str = "
    CREATE TABLE vault (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE verification (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE credentials (id INTEGER PRIMARY KEY, rp BLOB NOT NULL, credential BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE INDEX credentials_rp ON credentials (rp);
    CREATE UNIQUE INDEX credentials_credential ON credentials (credential);
    CREATE TABLE trash (id INTEGER PRIMARY KEY, rp BLOB NOT NULL, credential BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE INDEX trash_credential ON trash (credential);
    CREATE TABLE history (id INTEGER PRIMARY KEY, credential BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE UNIQUE INDEX history_credential ON history (credential);
    CREATE TABLE aside (id INTEGER PRIMARY KEY, reset INTEGER NOT NULL, kind INTEGER NOT NULL, original INTEGER NOT NULL, rp BLOB NOT NULL, credential BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
";

/// From each version to the next, the first from version 1.
const MIGRATIONS: [&str; 3] = [
    "
    CREATE TABLE aside (id INTEGER PRIMARY KEY, reset INTEGER NOT NULL, kind INTEGER NOT NULL, original INTEGER NOT NULL, rp BLOB NOT NULL, credential BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
",
    "
    CREATE TABLE history (id INTEGER PRIMARY KEY, credential BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE UNIQUE INDEX history_credential ON history (credential);
",
    REPLICA_SCHEMA,
];

/// SQLite's default `page_size`.
const PAGE_SIZE: u64 = 4096;

/// Opens an existing vault file and checks that it is one that we can read.
pub(super) fn open(file: &Path) -> Result<Connection, Error> {
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::Missing { file: file.to_owned() }),
        Err(error) => return Err(explain_io(&error, file)),
    };
    keep_private(file, &metadata)?;
    let check = |connection: Connection| {
        check_version(&connection, file)?;
        check_end(file, metadata.len())?;
        Ok(connection)
    };
    connect(file).and_then(check).map_err(|fault| fault.explain(file))
}

/// A connection with our settings; the file must be there.
pub(super) fn connect(file: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags)?;
    connection.busy_handler(Some(wait_for_the_other_host))?;
    // FULL: a commit is on the disk when it returns. secure_delete: what is purged is overwritten. cache_size: 16 MiB
    // at most, so that the indexes of 100,000 passkeys stay in memory. The rest distrusts the file.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;",
    )?;
    Ok(connection)
}

impl Vault {
    /// Runs `work` in one transaction of its own, durable when this returns; on any error nothing has changed.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>) -> Result<T, Error> {
        let run = || {
            let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|fault: Fault| fault.explain(&self.file))
    }

    /// Runs `work`, which only reads.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Error> {
        work(&self.connection).map_err(|fault| fault.explain(&self.file))
    }
}

/// Refuses a file that ends inside a page. Where a journal is beside it that may be so after a crash, and SQLite mends it. Whole missing
/// pages SQLite tells by itself.
fn check_end(file: &Path, size: u64) -> Result<(), Fault> {
    let journal = fs::metadata(beside(file, "-wal")).is_ok_and(|journal| journal.len() > 0);
    if size != 0 && (journal || size.is_multiple_of(PAGE_SIZE)) {
        return Ok(());
    }
    Err(Error::Unreadable { file: file.to_owned(), detail: "its end is missing".to_owned() }.into())
}

fn check_version(connection: &Connection, file: &Path) -> Result<(), Fault> {
    let application_id: u32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    match (application_id, version(connection)?) {
        (APPLICATION_ID, SCHEMA_VERSION) => Ok(()),
        (APPLICATION_ID, 1..SCHEMA_VERSION) => migrate(connection),
        (APPLICATION_ID, version) if version > SCHEMA_VERSION => {
            Err(Error::NewerVersion { file: file.to_owned(), version }.into())
        }
        _ => Err(Error::NotAVault { file: file.to_owned() }.into()),
    }
}

/// Whole or not at all, and once: another host may have been quicker.
fn migrate(connection: &Connection) -> Result<(), Fault> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    for (earlier, migration) in (1..).zip(MIGRATIONS) {
        if version(&transaction)? == earlier {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", earlier + 1)?;
        }
    }
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<u32, Fault> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Another host is writing; each of its transactions takes under a millisecond as a rule. Gives up after about a minute.
fn wait_for_the_other_host(tries: i32) -> bool {
    thread::sleep(Duration::from_millis(1));
    tries < 50_000
}

/// Takes away what others may do with the file; SQLite makes its journals like it.
#[cfg(unix)]
fn keep_private(file: &Path, metadata: &fs::Metadata) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(file, fs::Permissions::from_mode(mode & 0o700)).map_err(|error| explain_io(&error, file))
}

#[cfg(not(unix))]
fn keep_private(_: &Path, _: &fs::Metadata) -> Result<(), Error> {
    Ok(())
}
