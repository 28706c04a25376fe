//! Records of the vault with bytes changed on the disk: each opens as what it was or is told as damaged, and what signs has the key
//! that the relying party knows. A step says what is changed, where and how.

#![no_main]

use fuzz::{PIN, Passkey, Stage, Step, passkeys, split};
use keystow::credential;
use keystow::native_messaging::Host;
use keystow::secret::PinHash;
use keystow::vault::{Error, Vault};
use keystow::verification::{PinRecord, PinStore, PinVerifier};
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use protocol::cbor::{self, Value, int_map, text_map};
use protocol::ctap::{Command, get_assertion, response_parameters};
use protocol::webauthn::CredentialId;
use rusqlite::Connection;

fuzz_target!(|data: &[u8]| {
    let _ = credential::decode(data);
    let _ = PinRecord::decode(data);
    let stage = Stage::new(true);
    let before: Vec<_> = passkeys().iter().map(|passkey| account(&stage.vault(), passkey).expect("sound")).collect();
    let changed = change(&stage, data);
    let vault = stage.vault();
    for (passkey, before) in passkeys().iter().zip(&before) {
        match account(&vault, passkey) {
            Ok(after) => assert_eq!(&after, before),
            Err(error) => assert!(changed && matches!(error, Some(Error::RecordDamaged { .. }) | None), "{error:?}"),
        }
    }
    let _ = (vault.list(None, 100), vault.trash(), vault.integrity());
    if let Ok(Some(record)) = vault.pin() {
        assert_eq!(record.retries(), 8);
        assert!(PinVerifier::default().verify(&vault, &PinHash::derive(PIN.as_bytes())).is_ok());
    }
    drop(vault);
    let mut host = stage.host();
    passkeys().iter().for_each(|passkey| sign(&mut host, passkey));
});

/// The passkey as screens show it; no error where the vault has none of that ID.
fn account(vault: &Vault, passkey: &Passkey) -> Result<protocol::manage::Account, Option<Error>> {
    let source = vault.get(&CredentialId::from(passkey.id.clone())).map_err(Some)?;
    source.map(|source| source.account()).ok_or(None)
}

/// Whether anything was changed.
fn change(stage: &Stage, data: &[u8]) -> bool {
    let connection = Connection::open(stage.file()).expect("a vault");
    let mut changed = false;
    for Step { what, data } in split(data) {
        let (row, column) = (usize::from(what & 3), usize::from(what >> 2 & 3));
        let table = if row == 3 { "verification" } else { "credentials" };
        let column = ["sealed", "credential", "rp", "sealed"][if row == 3 { 0 } else { column }];
        let id = ids(&connection, table)[if row == 3 { 0 } else { row }];
        let other = ids(&connection, "credentials")[usize::from(what >> 6) % 3];
        let (before, other) = (blob(&connection, table, column, id), blob(&connection, "credentials", "sealed", other));
        let after = changed_bytes(what >> 4 & 3, &before, &other, data);
        changed |= after != before;
        // Two records of one credential ID are refused by the file's own index.
        let _ = connection.execute(&format!("UPDATE {table} SET {column} = ?2 WHERE id = ?1"), (id, after));
    }
    changed
}

fn blob(connection: &Connection, table: &str, column: &str, id: i64) -> Vec<u8> {
    let sql = format!("SELECT {column} FROM {table} WHERE id = ?1");
    connection.query_row(&sql, [id], |row| row.get(0)).expect("a blob")
}

fn ids(connection: &Connection, table: &str) -> Vec<i64> {
    let mut statement = connection.prepare(&format!("SELECT id FROM {table} ORDER BY id")).expect("a table");
    let ids = statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>();
    ids.expect("numbers")
}

/// Bytes flipped from a place on, cut off, another record's, or all anew.
fn changed_bytes(how: u8, before: &[u8], other: &[u8], data: &[u8]) -> Vec<u8> {
    let (place, rest) = data.split_first_chunk().unwrap_or((&[0; 2], &[]));
    let place = usize::from(u16::from_be_bytes(*place)) % (before.len() + 1);
    match how {
        0 => {
            let flips = (0..place).map(|_| 0).chain(rest.iter().copied()).chain(std::iter::repeat(0));
            before.iter().zip(flips).map(|(byte, flip)| byte ^ flip).collect()
        }
        1 => [&before[..place], rest].concat(),
        2 => other.to_vec(),
        _ => data.to_vec(),
    }
}

/// An assertion, if there is one, verifies with the public key that was told at registration.
fn sign(host: &mut Host, passkey: &Passkey) {
    let descriptor = text_map([("id", Some(passkey.id.clone().into())), ("type", Some("public-key".into()))]);
    let hash = [0xcd; 32];
    let parameters = int_map([
        (1, Some(passkey.rp_id.into())),
        (2, Some(hash.to_vec().into())),
        (3, Some(Value::Array(vec![descriptor]))),
    ]);
    let answer = host.ctap(&Command::GetAssertion.message(&cbor::encode(&parameters))).expect("the vault opens");
    let Ok(parameters) = response_parameters(&answer) else { return };
    let response = get_assertion::Response::from_bytes(parameters).expect("the answer's own form");
    assert_eq!(response.credential.id.as_bytes(), passkey.id);
    let key = VerifyingKey::from(passkey.public_key.to_p256().expect("a point on P-256"));
    let signature = Signature::from_der(&response.signature).expect("a signature");
    key.verify(&[&response.auth_data[..], &hash].concat(), &signature).expect("the passkey's own signature");
}
