use std::cell::Cell;
use std::rc::Rc;

use protocol::ctap::{Command, Options, PublicKeyCredentialUserEntity, get_assertion, make_credential};
use protocol::manage::{HistoryRequest, Noted, Request, Response, Signal, UseKind};
use protocol::webauthn::ClientDataHash;
use tempfile::TempDir;

use super::*;
use crate::authenticator::MemoryKeychain;
use crate::secret::VaultKey;
use crate::verification::os::{Availability, Outcome, Reason};
use crate::verification::{NewPin, PinVerifier};

/// A keychain that fails until it is mended, and counts how often it is asked.
struct Failing {
    error: Rc<Cell<Option<KeychainError>>>,
    asked: Rc<Cell<u32>>,
    works: MemoryKeychain,
}

impl Keychain for Failing {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.asked.set(self.asked.get() + 1);
        match self.error.take() {
            Some(error) => {
                self.error.set(Some(error.clone()));
                Err(error)
            }
            None => self.works.load(),
        }
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        self.works.store(key)
    }
}

struct Bench {
    host: Host,
    error: Rc<Cell<Option<KeychainError>>>,
    asked: Rc<Cell<u32>>,
    _folder: TempDir,
}

fn bench(error: Option<KeychainError>) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let (error, asked) = (Rc::new(Cell::new(error)), Rc::new(Cell::new(0)));
    let keychain = Failing { error: error.clone(), asked: asked.clone(), works: MemoryKeychain::default() };
    Bench { host: Host::over(folder.path().join("vault.db"), keychain), error, asked, _folder: folder }
}

const GET_INFO: &[u8] = &[0x04];

#[test]
fn a_locked_keychain_is_said_and_tried_again_with_the_next_message() {
    let mut bench = bench(Some(KeychainError::Locked));
    for _ in 0..2 {
        assert_eq!(bench.host.ctap(GET_INFO).unwrap_err().code, ErrorCode::KeychainLocked);
        assert!(!bench.host.is_worn_out());
    }
    bench.error.set(None);
    assert_eq!(bench.host.ctap(GET_INFO).unwrap()[0], 0);
}

#[test]
fn an_absent_keychain_ends_the_host() {
    let mut bench = bench(Some(KeychainError::Unavailable("nobody answers".to_owned())));
    assert_eq!(bench.host.ctap(GET_INFO).unwrap_err().code, ErrorCode::KeychainUnavailable);
    assert!(bench.host.is_worn_out());
}

#[test]
fn the_keychain_is_asked_once_for_a_vault_that_is_there() {
    let mut bench = bench(None);
    bench.host.ctap(GET_INFO).unwrap();
    let asked = bench.asked.get();
    for _ in 0..5 {
        bench.host.ctap(GET_INFO).unwrap();
        bench.host.manage(Request::Status {}).unwrap();
    }
    assert_eq!(bench.asked.get(), asked);
}

#[test]
fn looking_makes_no_vault_and_leaves_the_keychain_alone() {
    let mut bench = bench(Some(KeychainError::Locked));
    let Ok(Response::Status(status)) = bench.host.manage(Request::Status {}) else { panic!("no status") };
    assert_eq!(status.passkeys, 0);
    let signal = Signal::UnknownCredential { rp_id: "example.com".into(), credential_id: vec![1].into() };
    assert_eq!(bench.host.manage(Request::Signal(signal)), Ok(Response::Signal(Noted {})));
    assert_eq!(bench.asked.get(), 0);
    assert!(!bench.host.file.as_ref().unwrap().exists());
}

fn make(bench: &mut Bench) -> Vec<u8> {
    let request = make_credential::Request {
        client_data_hash: ClientDataHash([7; 32]),
        rp_id: "example.com".into(),
        rp_name: None,
        user: PublicKeyCredentialUserEntity { id: vec![1].into(), name: None, display_name: None },
        algorithms: vec![-7],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options { rk: Some(true), ..Options::default() },
        pin_uv_auth: None,
        enterprise_attestation: None,
        attestation_formats: Vec::new(),
    };
    bench.host.ctap_for(&Command::MakeCredential.message(&request.to_bytes()), Some("https://example.com")).unwrap()
}

#[test]
fn the_history_names_browser_and_origin_and_nothing_of_a_private_window() {
    let mut bench = bench(None);
    bench.host.browser = Some("Firefox".to_owned());
    assert_eq!(make(&mut bench)[0], 0);
    let rp_id = protocol::webauthn::RpId::from("example.com");
    let get = get_assertion::Request {
        rp_id: rp_id.clone(),
        client_data_hash: ClientDataHash([7; 32]),
        allow_list: Vec::new(),
        extensions: None,
        options: Options::default(),
        pin_uv_auth: None,
    };
    let get = Command::GetAssertion.message(&get.to_bytes());
    assert_eq!(bench.host.ctap_in_private(&get).unwrap()[0], 0);
    assert_eq!(bench.host.ctap_for(&get, None).unwrap()[0], 0);
    let credential_id = bench.host.vault().unwrap().find(&rp_id).unwrap().pop().unwrap().credential_id;
    let request = Request::History(HistoryRequest { credential_id });
    let Ok(Response::History(history)) = bench.host.manage(request) else { panic!("no history") };
    let told: Vec<_> =
        history.uses.iter().map(|used| (used.kind, used.browser.as_deref(), used.origin.as_deref())).collect();
    let expected =
        [(UseKind::SignedIn, Some("Firefox"), None), (UseKind::Created, Some("Firefox"), Some("https://example.com"))];
    assert_eq!(told, expected);
}

#[test]
fn verification_by_the_os_is_settled_over_the_pipe_and_not_by_whoever_has_no_pin() {
    let mut bench = bench(None);
    bench.host.user_verifier = Rc::new(Ready);
    let set = |on| Request::SetOsVerification(protocol::manage::SetOsVerification { on, pin_uv_auth: None });
    let Ok(Response::SetOsVerification(settings)) = bench.host.manage(set(true)) else { panic!("not settled") };
    assert!(settings.os_verification && settings.verification.built_in);
    let pin = NewPin::from_text("1234", 4).unwrap();
    PinVerifier::default().set_pin(bench.host.vault().unwrap(), &pin).unwrap();
    assert_eq!(bench.host.manage(set(false)).unwrap_err().code, ErrorCode::NotVerified);
    let Ok(Response::Settings(settings)) = bench.host.manage(Request::Settings {}) else { panic!("no settings") };
    assert!(settings.os_verification);
}

/// An OS that could ask, and is not asked here.
struct Ready;

impl UserVerifier for Ready {
    fn is_supported(&self) -> bool {
        true
    }

    fn availability(&self) -> Availability {
        Availability::Ready
    }

    fn verify(&self, _: Reason<'_>) -> Outcome {
        Outcome::Unavailable
    }
}

#[test]
fn without_a_home_folder_it_says_so() {
    let mut bench = bench(None);
    bench.host.file = None;
    assert_eq!(bench.host.ctap(GET_INFO).unwrap_err().code, ErrorCode::VaultUnwritable);
    assert_eq!(bench.host.manage(Request::Status {}).unwrap_err().code, ErrorCode::VaultUnwritable);
}
