use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::DeleteRequest;
use protocol::webauthn::{CredentialId, RpId};
use tempfile::TempDir;

use super::*;
use crate::authenticator::MemoryKeychain;
use crate::credential::{Extensions, KeyPair, NewCredential};
use crate::vault::TRASH_DAYS;
use crate::verification::os::OsVerifier;
use crate::verification::{NewPin, PinVerifier};

fn vault() -> (Vault, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Vault::open_or_create(&folder.path().join("vault.db"), &MemoryKeychain::default()).unwrap(), folder)
}

fn add(vault: &Vault, rp_id: &str, user: u32, name: &str) -> CredentialId {
    let new = NewCredential {
        rp_id: rp_id.into(),
        rp_name: "Example".to_owned(),
        user_handle: user.to_be_bytes().to_vec().into(),
        user_name: name.to_owned(),
        user_display_name: String::new(),
        algorithm: CoseAlgorithmIdentifier::Es256,
        extensions: Extensions::default(),
        discoverable: true,
    };
    let key_pair = KeyPair::generate(new.algorithm).unwrap();
    let source = vault.generate(new, key_pair, u64::from(user)).unwrap();
    vault.insert(&source, u64::from(user)).unwrap();
    source.credential_id
}

fn candidates_of(vault: &Vault, rp_id: &str, credential_ids: &[&CredentialId]) -> Vec<CredentialId> {
    let credential_ids = credential_ids.iter().map(|id| (*id).clone()).collect();
    let request =
        Request::Candidates(CandidatesRequest { rp_id: rp_id.into(), credential_ids, algorithms: Vec::new() });
    match answer(vault, &OsVerifier::default(), 0, &request).unwrap() {
        Response::Candidates(found) => found.accounts.into_iter().map(|account| account.credential_id).collect(),
        other => panic!("{other:?}"),
    }
}

fn page(vault: &Vault, after: Option<String>) -> List {
    match answer(vault, &OsVerifier::default(), 0, &Request::List(ListRequest { after })).unwrap() {
        Response::List(list) => list,
        other => panic!("{other:?}"),
    }
}

#[test]
fn candidates_are_those_of_the_rp_id_last_used_first() {
    let (vault, _folder) = vault();
    let [a, b] = [1, 2].map(|user| add(&vault, "example.com", user, "alice"));
    let elsewhere = add(&vault, "example.org", 3, "alice");
    assert_eq!(candidates_of(&vault, "example.com", &[]), [b.clone(), a.clone()]);
    vault.touch(&a, 9).unwrap();
    assert_eq!(candidates_of(&vault, "example.com", &[]), [a.clone(), b.clone()]);
    assert_eq!(candidates_of(&vault, "example.com", &[&b, &elsewhere]), [b]);
    assert!(candidates_of(&vault, "example.net", &[]).is_empty());
}

#[test]
fn status_tells_of_the_pin() {
    let (vault, _folder) = vault();
    let verification = |vault: &Vault| match answer(vault, &OsVerifier::default(), 0, &Request::Status {}).unwrap() {
        Response::Status(status) => status.verification,
        other => panic!("{other:?}"),
    };
    assert_eq!(verification(&vault), FRESH);
    PinVerifier::default().set_pin(&vault, &NewPin::from_text("1234", MIN_PIN_LENGTH).unwrap()).unwrap();
    assert_eq!(verification(&vault), Verification { pin_set: true, ..FRESH });
}

#[test]
fn a_deleted_passkey_is_no_candidate_and_can_be_restored_for_30_days() {
    let (vault, _folder) = vault();
    let id = add(&vault, "example.com", 1, "alice");
    let delete = Request::Delete(DeleteRequest { credential_id: id.clone() });
    let Response::Delete(deleted) = answer(&vault, &OsVerifier::default(), 1000, &delete).unwrap() else {
        panic!("no deletion")
    };
    assert_eq!(deleted.restorable_until, 1000 + TRASH_DAYS * 86_400_000);
    assert!(candidates_of(&vault, "example.com", &[]).is_empty());
    assert!(matches!(answer(&vault, &OsVerifier::default(), 1000, &delete), Err(Error::NotFound)));
    assert_eq!(vault.restore(&id), Ok(true));
}

#[test]
fn every_page_fits_a_native_message_and_together_they_hold_all() {
    let (vault, _folder) = vault();
    let name = "\u{1}".repeat(20_000); // each of them six bytes in JSON
    for user in 0..40 {
        add(&vault, "example.com", user, &name);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let list = page(&vault, after);
        assert!(serde_json::to_vec(&list).unwrap().len() <= MAX_PAGE_SIZE);
        seen.extend(list.accounts.into_iter().map(|account| account.created));
        after = list.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..40).collect::<Vec<_>>());
}

#[test]
fn without_a_vault_there_is_nothing() {
    let rp_id = RpId::from("example.com");
    let request = Request::Candidates(CandidatesRequest { rp_id, credential_ids: Vec::new(), algorithms: Vec::new() });
    let Ok(Response::Candidates(found)) = answer_without_vault(&request) else { panic!("no candidates") };
    assert!(found.accounts.is_empty() && !found.verification.pin_set);
    let delete = Request::Delete(DeleteRequest { credential_id: vec![1].into() });
    assert!(matches!(answer_without_vault(&delete), Err(Error::NotFound)));
}

/// How the user can be verified where nothing has been settled.
const FRESH: Verification = Verification {
    pin_set: false,
    retries: 8,
    min_pin_length: 4,
    must_change_pin: false,
    built_in: false,
    always: false,
};
