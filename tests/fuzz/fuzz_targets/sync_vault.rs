//! A vault that is synchronized, with what a member may say of its passkeys, and with bytes of its own rows changed on the disk: what is there can be
//! read or is told as damaged, and a passkey signs with the key that the relying party knows, unless a member was free to say another.
//!
//! A step's lowest two bits say what happens, the next two to which passkey or table, the rest to which field or how.

#![no_main]

use std::fmt::Display;

use fuzz::damage::{blob, changed_bytes, ids};
use fuzz::{Passkey, Stage, Step, passkeys, sign, split};
use keystow::sync::earlier;
use keystow::sync::memory::SqliteMemory;
use keystow::vault::{Error, Vault};
use libfuzzer_sys::fuzz_target;
use protocol::webauthn::CredentialId;
use rusqlite::Connection;
use sync_engine::format::record_from_value;
use sync_engine::ids::RecordId;
use sync_engine::memory::{Memory, Transaction, Which};
use sync_engine::record::Record;
use sync_engine::stamp::Stamp;
use sync_engine::storage::ObjectName;
use sync_engine::wire;

fuzz_target!(|data: &[u8]| {
    let stage = Stage::synced();
    let vault = stage.vault();
    let mut other_key = false;
    for (at, Step { what, data }) in (0..).zip(split(data)) {
        let passkey = &passkeys()[usize::from(what >> 2 & 3) % passkeys().len()];
        match what & 3 {
            0 => {
                let record =
                    wire::decode(data).ok().and_then(|value| record_from_value(value).ok()).unwrap_or_default();
                other_key |= record.newest(CORE).is_some();
                receive(&vault, passkey, &record);
            }
            1 => {
                let field = FIELDS[usize::from(what >> 4) % FIELDS.len()];
                let mut record = Record::default();
                record.set(field, Stamp { ms: LATER + at, counter: 0, device: [2; 8] }, data.to_vec().into());
                other_key |= field == CORE;
                receive(&vault, passkey, &record);
            }
            2 => change(&stage, what, data),
            _ => {
                let label = String::from_utf8_lossy(data).into_owned();
                told(vault.update(&CredentialId::from(passkey.id.clone()), |source| source.label = label));
            }
        }
    }
    read(&vault);
    drop(vault);
    if !other_key {
        let mut host = stage.host();
        passkeys().iter().for_each(|passkey| sign(&mut host, passkey));
    }
});

/// As the engine does with what another device has published.
fn receive(vault: &Vault, passkey: &Passkey, record: &Record) {
    let id = RecordId::of_passkey(passkey.rp_id, &passkey.id);
    told(SqliteMemory::new(vault).transact(|transaction| {
        let mut kept = transaction.record(&id)?.unwrap_or_default();
        kept.record.merge(record);
        kept.deletion_learned = kept.record.is_deleted().then_some(LATER);
        transaction.put_record(&id, &kept)
    }));
}

/// Bytes on the disk.
fn change(stage: &Stage, what: u8, data: &[u8]) {
    let connection = Connection::open(stage.file()).expect("a vault");
    let table = ["replica", "replica_state", "outbox", "changes"][usize::from(what >> 2 & 3)];
    if table == "changes" {
        let _ = connection.execute("INSERT OR REPLACE INTO changes VALUES (?1, 1)", [data]);
        return;
    }
    let rows = ids(&connection, table);
    let Some(id) = rows.get(usize::from(what >> 6) % rows.len().max(1)) else { return };
    let before = blob(&connection, table, "sealed", *id);
    let other = blob(&connection, "credentials", "sealed", ids(&connection, "credentials")[0]);
    let after = changed_bytes(what >> 4 & 3, &before, &other, data);
    let _ = connection.execute(&format!("UPDATE {table} SET sealed = ?2 WHERE id = ?1"), (id, after));
}

/// All that can be read.
fn read(vault: &Vault) {
    told(SqliteMemory::new(vault).transact(|transaction| {
        transaction.put_outgoing(&ObjectName::Head(of(1), 1), b"head")?;
        for name in transaction.outbox()? {
            told(transaction.outgoing(&name));
        }
        transaction.state().map(drop)
    }));
    told(SqliteMemory::new(vault).transact(records));
    passkeys().iter().for_each(|passkey| told(earlier(vault, &CredentialId::from(passkey.id.clone()))));
    (told(vault.list(None, 100)), told(vault.trash()), told(vault.integrity()));
}

fn records(transaction: &mut dyn Transaction<Error = Error>) -> Result<(), Error> {
    for id in transaction.ids(Which::All)? {
        told(transaction.record(&id));
    }
    Ok(())
}

fn of(number: u8) -> sync_engine::ids::DeviceId {
    sync_engine::ids::DeviceId::from_slice(&[number; 16]).expect("16 bytes")
}

/// What fails says how.
fn told<T, E: Display>(result: Result<T, E>) {
    if let Err(error) = result {
        assert!(!error.to_string().is_empty());
    }
}

/// The passkey's secrets, and what never changes.
const CORE: u64 = 1;

/// All that a passkey has, and one of a later version.
const FIELDS: [u64; 10] = [0, CORE, 2, 3, 4, 5, 7, 64, 65, 99];

/// Milliseconds since 1970.
const LATER: u64 = 2_000_000_000_000;
