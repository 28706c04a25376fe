//! Records of the vault with bytes changed on the disk: each opens as what it was or is told as damaged, and what signs has the key
//! that the relying party knows. A step says what is changed, where and how.

#![no_main]

use fuzz::damage::{blob, changed_bytes, ids};
use fuzz::{PIN, Passkey, Stage, Step, passkeys, sign, split};
use keystow::credential;
use keystow::secret::PinHash;
use keystow::vault::{Error, Vault};
use keystow::verification::{PinRecord, PinStore, PinVerifier};
use libfuzzer_sys::fuzz_target;
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
