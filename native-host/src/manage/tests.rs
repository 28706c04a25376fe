mod person;

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::manage::{
    DeleteRequest, EditRequest, HistoryRequest, OsVerification, RestoreRequest, Signal, TrashReason, Use, UseKind,
    Verified,
};
use protocol::webauthn::{CredentialId, RpId};
use tempfile::TempDir;

use super::*;
use crate::authenticator::MemoryKeychain;
use crate::credential::{Extensions, KeyPair, NewCredential};
use crate::vault::TRASH_DAYS;
use crate::verification::SettingsStore;
use crate::verification::os::{Availability, Obstacle, OsVerifier, Outcome, Reason};
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

fn sign_in(at: u64) -> Use {
    Use { at, kind: UseKind::SignedIn, browser: None, origin: None, verified: Verified::No }
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
    vault.note_use(&a, Some(&sign_in(9)), false).unwrap();
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

fn ask(vault: &Vault, now: u64, request: &Request) -> Result<Response, Error> {
    answer(vault, &OsVerifier::default(), now, request)
}

fn signal(vault: &Vault, now: u64, signal: Signal) {
    assert_eq!(ask(vault, now, &Request::Signal(signal)).unwrap(), Response::Signal(Noted {}));
}

fn gone(vault: &Vault, now: u64) -> Vec<(String, TrashReason, u64)> {
    match ask(vault, now, &Request::Trash(ListRequest::default())).unwrap() {
        Response::Trash(Trash { gone, next: None }) => {
            gone.into_iter().map(|gone| (gone.account.user_name, gone.reason, gone.at)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn restore(vault: &Vault, now: u64, id: &CredentialId) -> Result<String, Error> {
    match ask(vault, now, &Request::Restore(RestoreRequest { credential_id: id.clone() }))? {
        Response::Restore(restored) => Ok(restored.account.user_name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_site_signals_can_all_be_brought_back_and_says_why_it_went() {
    let (vault, _folder) = vault();
    let [a, b, c] = [1, 2, 3].map(|user| add(&vault, "example.com", user, &format!("user {user}")));
    let rp_id = || RpId::from("example.com");
    signal(&vault, 10, Signal::UnknownCredential { rp_id: rp_id(), credential_id: a.clone() });
    let user_id = |user: u32| user.to_be_bytes().to_vec().into();
    let all_accepted_credential_ids = Vec::new();
    signal(
        &vault,
        11,
        Signal::AllAcceptedCredentials { rp_id: rp_id(), user_id: user_id(2), all_accepted_credential_ids },
    );
    let (name, display_name) = ("é".repeat(100), String::new());
    signal(&vault, 12, Signal::CurrentUserDetails { rp_id: rp_id(), user_id: user_id(3), name, display_name });
    assert_eq!(candidates_of(&vault, "example.com", &[]), std::slice::from_ref(&c));
    assert_eq!(vault.get(&c).unwrap().unwrap().user_name, "é".repeat(64), "cut as at creation");
    assert_eq!(
        gone(&vault, 13),
        [
            ("user 3".to_owned(), TrashReason::RenamedBySite, 12),
            ("user 2".to_owned(), TrashReason::NotAcceptedBySite, 11),
            ("user 1".to_owned(), TrashReason::UnknownToSite, 10),
        ]
    );
    for (id, name) in [(&a, "user 1"), (&b, "user 2"), (&c, "user 3")] {
        assert_eq!(restore(&vault, 13, id).unwrap(), name);
        assert!(matches!(restore(&vault, 13, id), Err(Error::NotFound)), "it is back already");
    }
    assert!(gone(&vault, 13).is_empty());
}

#[test]
fn names_come_back_one_by_one_for_thirty_days() {
    let (vault, _folder) = vault();
    let id = add(&vault, "example.com", 1, "ada");
    for (at, name) in [(10, "countess"), (20, "mallory")] {
        let (rp_id, user_id) = ("example.com".into(), 1_u32.to_be_bytes().to_vec().into());
        let (name, display_name) = (name.to_owned(), String::new());
        signal(&vault, at, Signal::CurrentUserDetails { rp_id, user_id, name, display_name });
    }
    let month = TRASH_DAYS * 86_400_000;
    assert_eq!(gone(&vault, 20).len(), 2);
    assert_eq!(restore(&vault, month + 20, &id).unwrap(), "countess");
    assert!(gone(&vault, month + 20).is_empty(), "the first is a month old");
    assert!(matches!(restore(&vault, month + 20, &id), Err(Error::NotFound)));
    assert_eq!(restore(&vault, month, &id).unwrap(), "ada");
}

#[test]
fn a_passkey_that_nobody_was_told_of_is_gone_for_that_reason() {
    let (vault, _folder) = vault();
    let id = add(&vault, "example.com", 1, "ada");
    let delete = Request::Withdraw(DeleteRequest { credential_id: id });
    assert!(matches!(ask(&vault, 5, &delete).unwrap(), Response::Delete(_)));
    assert_eq!(gone(&vault, 5), [("ada".to_owned(), TrashReason::Unanswered, 5)]);
}

#[test]
fn what_is_gone_is_told_page_by_page_too() {
    let (vault, _folder) = vault();
    let name = "\u{1}".repeat(20_000);
    for user in 0..40 {
        let id = add(&vault, "example.com", user, &name);
        vault.delete(&id, u64::from(user)).unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let Response::Trash(page) = ask(&vault, 40, &Request::Trash(ListRequest { after })).unwrap() else {
            panic!("no page")
        };
        assert!(serde_json::to_vec(&page).unwrap().len() <= MAX_PAGE_SIZE);
        seen.extend(page.gone.into_iter().map(|gone| gone.at));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..40).rev().collect::<Vec<_>>());
    let astray = Request::Trash(ListRequest { after: Some("nowhere".to_owned()) });
    assert!(matches!(ask(&vault, 40, &astray), Err(Error::Vault(vault::Error::BadCursor))));
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
    let Ok(Response::Candidates(found)) = answer_without_vault(&OsVerifier::default(), &request) else {
        panic!("no candidates")
    };
    assert!(found.accounts.is_empty() && !found.verification.pin_set);
    let delete = Request::Delete(DeleteRequest { credential_id: vec![1].into() });
    assert!(matches!(answer_without_vault(&OsVerifier::default(), &delete), Err(Error::NotFound)));
    let signal = Signal::UnknownCredential { rp_id: "example.com".into(), credential_id: vec![1].into() };
    assert!(matches!(
        answer_without_vault(&OsVerifier::default(), &Request::Signal(signal)),
        Ok(Response::Signal(Noted {}))
    ));
}

/// An OS of which nothing but this is known.
struct Says(Availability);

impl UserVerifier for Says {
    fn is_supported(&self) -> bool {
        self.0 != Availability::Unsupported
    }

    fn availability(&self) -> Availability {
        self.0
    }

    fn verify(&self, _: Reason<'_>) -> Outcome {
        Outcome::Unavailable
    }
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
