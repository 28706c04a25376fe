use std::cell::Cell;
use std::rc::Rc;

use protocol::manage::{Noted, Request, Response, Signal};
use tempfile::TempDir;

use super::*;
use crate::authenticator::MemoryKeychain;
use crate::secret::VaultKey;

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

#[test]
fn without_a_home_folder_it_says_so() {
    let mut bench = bench(None);
    bench.host.file = None;
    assert_eq!(bench.host.ctap(GET_INFO).unwrap_err().code, ErrorCode::VaultUnwritable);
    assert_eq!(bench.host.manage(Request::Status {}).unwrap_err().code, ErrorCode::VaultUnwritable);
}
