//! The real host in this process, over a vault in a temporary folder and a keychain in memory; and a user who follows a script.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use keystow::keychain::{Keychain, KeychainError};
use keystow::native_messaging::Host;
use keystow::secret::VaultKey;
use keystow::verification::os::{Availability, Outcome, Reason, UserVerifier};
use keystow::verification::{PinStore, Settings, SettingsStore};
use protocol::manage;
use protocol::webauthn::CredentialId;
use serde_json::Value;
use tempfile::TempDir;
use wasm::client::prompt::{Approval, Decision, Kind, Pin, Question};
use wasm::client::{
    Ancestors, Caller, Claimed, Environment, Fetched, Frame, HostError, Origin, PageRequest, Reply, Saved,
    SignalMethod, Tab, create, get, signal,
};

use crate::relying_party::RelyingParty;

/// What the user does with one question.
#[derive(Clone, Copy)]
pub enum Act {
    /// Approves, with the first account where there are accounts.
    Approve,
    /// Approves with the account of that name.
    Choose(&'static str),
    /// Approves with that PIN, and the first account.
    Pin(&'static str),
    /// Approves with the account of that name, and that PIN.
    ChooseWithPin(&'static str, &'static str),
    /// Approves and chooses that PIN.
    NewPin(&'static str),
    UsePin,
    UseAnother,
    Cancel,
}

/// One machine: vault, keychain, host, and the user before it.
pub struct World {
    host: RefCell<Host>,
    keychain: MemoryKeychain,
    os: Os,
    folder: TempDir,
    acts: RefCell<VecDeque<Act>>,
    questions: RefCell<Vec<Question>>,
    signed_in: Cell<bool>,
    saved: RefCell<Option<Saved>>,
}

impl World {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let (keychain, os) = (MemoryKeychain::default(), Os::default());
        let host = RefCell::new(host(&folder, &keychain, &os));
        Self {
            host,
            keychain,
            os,
            folder,
            acts: RefCell::default(),
            questions: RefCell::default(),
            signed_in: Cell::new(false),
            saved: RefCell::default(),
        }
    }

    /// The user has the OS verify them, and it comes to this each time, in order.
    pub fn os_verifies(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.settle(|settings| settings.os_verification = true);
        self.os.outcomes.borrow_mut().extend(outcomes);
    }

    /// What the OS has asked the user for.
    pub fn os_asked_for(&self) -> Vec<String> {
        self.os.asked_for.borrow().clone()
    }

    /// Changes what is settled about user verification.
    pub fn settle(&self, mut change: impl FnMut(&mut Settings)) {
        let mut host = self.host.borrow_mut();
        host.vault().expect("an open vault").update_settings(&mut change).expect("settled");
    }

    /// The PIN must be changed before it is good again.
    pub fn must_change_pin(&self) {
        let mut host = self.host.borrow_mut();
        let vault = host.vault().expect("an open vault");
        vault.update_pin(&mut |pin| Some(pin?.with_must_change(true))).expect("settled");
    }

    /// `navigator.credentials.create()` on a page of `site`.
    pub fn create(&self, site: &RelyingParty, options: Value, acts: impl IntoIterator<Item = Act>) -> Reply {
        self.begin(acts);
        finish(create(&caller(site), claimed(options), self))
    }

    /// `navigator.credentials.get()` on a page of `site`.
    pub fn get(&self, site: &RelyingParty, options: Value, acts: impl IntoIterator<Item = Act>) -> Reply {
        self.begin(acts);
        finish(get(&caller(site), claimed(options), self))
    }

    /// The user signs in with a password, and lets sites make passkeys without a question.
    pub fn sign_in_with_a_password(&self) {
        self.signed_in.set(true);
    }

    /// The same, with `mediation` conditional.
    pub fn create_unasked(&self, site: &RelyingParty, options: Value) -> Reply {
        self.begin([]);
        let mediation = Some("conditional".to_owned());
        let request =
            Claimed::new(PageRequest { options, mediation, frame: Frame::default(), ancestor_origins: Vec::new() });
        finish(create(&caller(site), request, self))
    }

    /// `PublicKeyCredential.signal...()` on a page of `site`.
    pub fn signal(&self, site: &RelyingParty, method: SignalMethod, options: Value) -> Reply {
        self.begin([]);
        finish(signal(method, &caller(site), claimed(options), self))
    }

    /// The host's answer to a `manage` request.
    pub fn manage(&self, request: manage::Request) -> manage::Response {
        self.host.borrow_mut().manage(request).expect("an answer")
    }

    /// Whether there is a vault.
    pub fn has_vault(&self) -> bool {
        self.folder.path().join("vault.db").exists()
    }

    /// What was made without a question, if the user is to be told of something.
    pub fn saved(&self) -> Option<Saved> {
        self.saved.borrow().clone()
    }

    /// The question of the last ceremony with that number.
    pub fn question(&self, number: usize) -> Question {
        self.questions.borrow()[number].clone()
    }

    /// How many questions the last ceremony asked.
    pub fn asked(&self) -> usize {
        self.questions.borrow().len()
    }

    /// The passkeys of an RP ID.
    pub fn held(&self, rp_id: &str) -> Vec<manage::Account> {
        let (credential_ids, algorithms) = (Vec::new(), Vec::new());
        let request = manage::CandidatesRequest { rp_id: rp_id.into(), credential_ids, algorithms };
        match self.host.borrow_mut().manage(manage::Request::Candidates(request)) {
            Ok(manage::Response::Candidates(candidates)) => candidates.accounts,
            other => panic!("{other:?}"),
        }
    }

    pub fn delete(&self, credential_id: CredentialId) {
        let request = manage::Request::Delete(manage::DeleteRequest { credential_id });
        self.host.borrow_mut().manage(request).expect("deleted");
    }

    /// What the host answers to a message that no client of ours sends.
    pub fn command(&self, message: &[u8]) -> Vec<u8> {
        self.host.borrow_mut().ctap(message).expect("an answer")
    }

    /// A new host process on the same vault and keychain.
    pub fn restart_host(&self) {
        *self.host.borrow_mut() = host(&self.folder, &self.keychain, &self.os);
    }

    /// The keychain is locked when the next host starts.
    pub fn lock_keychain(&self) {
        self.keychain.locked.set(true);
        self.restart_host();
    }

    fn begin(&self, acts: impl IntoIterator<Item = Act>) {
        self.questions.borrow_mut().clear();
        *self.acts.borrow_mut() = acts.into_iter().collect();
    }
}

impl Environment for World {
    async fn ctap(&self, message: Vec<u8>) -> Result<Vec<u8>, HostError> {
        self.host.borrow_mut().ctap(&message).map_err(HostError::Refused)
    }

    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError> {
        self.host.borrow_mut().manage(request).map_err(HostError::Refused)
    }

    async fn ask(&self, question: Question) -> Decision {
        let act = self.acts.borrow_mut().pop_front().unwrap_or_else(|| panic!("not foreseen: {question:?}"));
        let decision = decide(act, &question);
        self.questions.borrow_mut().push(question);
        decision
    }

    async fn withdrawn(&self) -> Decision {
        pending().await
    }

    async fn fetch(&self, _: &str) -> Option<Fetched> {
        None
    }

    fn origin_of(&self, _: &str) -> Option<String> {
        None
    }

    fn tell(&self, request: manage::Request) -> Result<(), HostError> {
        let _answered = self.host.borrow_mut().manage(request);
        Ok(())
    }

    async fn may_upgrade(&self) -> bool {
        self.signed_in.get()
    }

    async fn saved(&self, saved: &Saved) {
        self.signed_in.set(false);
        *self.saved.borrow_mut() = Some(saved.clone());
    }

    async fn saved_before(&self) -> Option<Saved> {
        None
    }

    async fn sleep(&self, _: Duration) {
        pending().await
    }

    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}

fn decide(act: Act, question: &Question) -> Decision {
    let accounts = match &question.kind {
        Kind::Get { accounts } => accounts.as_slice(),
        Kind::Create { .. } => &[],
    };
    let first = accounts.first().map(|account| account.credential_id.clone());
    let named = |name| {
        let account = accounts.iter().find(|account| account.user_name == name);
        account.map(|account| account.credential_id.clone())
    };
    let approval = match act {
        Act::Approve => Approval { credential_id: first, ..Approval::default() },
        Act::Choose(name) => Approval { credential_id: named(name), ..Approval::default() },
        Act::ChooseWithPin(name, pin) => {
            Approval { credential_id: named(name), pin: Some(Pin::from(pin.to_owned())), new_pin: None }
        }
        Act::Pin(pin) => Approval { credential_id: first, pin: Some(Pin::from(pin.to_owned())), new_pin: None },
        Act::NewPin(pin) => Approval { credential_id: first, pin: None, new_pin: Some(Pin::from(pin.to_owned())) },
        Act::UsePin => return Decision::UsePin,
        Act::UseAnother => return Decision::UseAnother,
        Act::Cancel => return Decision::Cancel,
    };
    Decision::Approve(approval)
}

fn host(folder: &TempDir, keychain: &MemoryKeychain, os: &Os) -> Host {
    Host::over(folder.path().join("vault.db"), keychain.clone()).verifying_by(os.clone())
}

fn caller(site: &RelyingParty) -> Caller {
    let origin = Origin::from_sender(site.origin()).expect("an origin");
    Caller { origin, ancestors: Ancestors::SameOrigin, tab: Tab::default() }
}

fn claimed(options: Value) -> Claimed<PageRequest> {
    Claimed::new(PageRequest { options, mediation: None, frame: Frame::default(), ancestor_origins: Vec::new() })
}

/// Nothing here waits for anything: one poll is enough.
fn finish<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the ceremony waits for something that will not come"),
    }
}

/// The OS, as far as it verifies the user: each time it asks comes to the next outcome.
#[derive(Clone, Default)]
struct Os {
    outcomes: Rc<RefCell<VecDeque<Outcome>>>,
    asked_for: Rc<RefCell<Vec<String>>>,
}

impl UserVerifier for Os {
    fn is_supported(&self) -> bool {
        true
    }

    fn availability(&self) -> Availability {
        Availability::Ready
    }

    fn verify(&self, reason: Reason<'_>) -> Outcome {
        self.asked_for.borrow_mut().push(format!("{reason:?}"));
        self.outcomes.borrow_mut().pop_front().unwrap_or(Outcome::Unavailable)
    }
}

/// A keychain that lives as long as the world.
#[derive(Clone, Default)]
struct MemoryKeychain {
    key: Rc<RefCell<Option<Vec<u8>>>>,
    locked: Rc<Cell<bool>>,
}

impl Keychain for MemoryKeychain {
    fn load(&self) -> Result<Option<VaultKey>, KeychainError> {
        if self.locked.get() {
            return Err(KeychainError::Locked);
        }
        Ok(self.key.borrow().as_ref().and_then(|key| VaultKey::from_slice(key)))
    }

    fn store(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.key.borrow_mut() = Some(key.expose_secret().to_vec());
        Ok(())
    }
}
