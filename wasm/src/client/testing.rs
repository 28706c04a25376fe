//! A world of one page, one user and one host for the client's tests: every part says what it was asked, and can be told to misbehave.

mod authenticator;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Future, pending};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use protocol::manage;
use rand_core::{Rng, TryCryptoRng, TryRng};
use serde_json::Value;

use super::prompt::{Approval, Decision, Pin, Question};
use super::{
    Ancestors, Caller, Claimed, Environment, Fetched, Frame, HostError, Origin, PageRequest, Reply, Saved, Tab,
};

pub(super) use authenticator::{Authenticator, Extensions, NEW_CREDENTIAL, OsAnswer, foreign_entry, prf_of};

/// The parts, each set by a test before the ceremony.
#[derive(Default)]
pub(super) struct World {
    /// What the user does, in order; when nothing is left, the user does nothing for ever.
    pub(super) decisions: RefCell<VecDeque<Decision>>,
    /// What the window was asked, in order.
    pub(super) questions: RefCell<Vec<Question>>,
    /// The host's authenticator.
    pub(super) authenticator: Authenticator,
    /// What the vault holds, whatever is asked for.
    pub(super) accounts: Vec<manage::Account>,
    /// What the host answers to `candidates` instead.
    pub(super) manage_error: Option<HostError>,
    /// What the host answers to a CTAP message instead, from the given one on.
    pub(super) ctap_error: Option<(u8, HostError)>,
    /// What the host was asked for before anything was shown.
    pub(super) looked_for: RefCell<Option<manage::CandidatesRequest>>,
    /// What the host was told, with nobody waiting for an answer.
    pub(super) told: RefCell<Vec<manage::Request>>,
    /// Whether passkeys may be made without a question.
    pub(super) may_upgrade: bool,
    /// What was made so.
    pub(super) saved: RefCell<Vec<Saved>>,
    /// How often a passkey was the first of its RP ID.
    pub(super) firsts: Cell<usize>,
    /// What an earlier run of the ceremony had made so.
    pub(super) saved_before: Option<Saved>,
    /// The origin that the host was told with a conditional create.
    pub(super) told_origin: RefCell<Option<String>>,
    /// What the host answers to a conditional create instead.
    pub(super) conditional_error: Option<HostError>,
    /// How the user ends what they have approved, while the OS asks.
    pub(super) withdraws: Option<fn() -> Decision>,
    /// Whether the timer expires as soon as nothing else can happen.
    pub(super) time_is_up: bool,
    /// What happens elsewhere while the window shows its first question.
    pub(super) watch: Option<fn(&Question, &World)>,
    /// How long the client wanted to wait.
    pub(super) slept: Cell<Option<Duration>>,
    pub(super) random: RefCell<Unrandom>,
    /// What every site answers to whoever fetches from it.
    pub(super) document: Option<Fetched>,
    /// What was fetched.
    pub(super) fetched: RefCell<Vec<String>>,
}

impl Environment for World {
    async fn ctap(&self, message: Vec<u8>) -> Result<Vec<u8>, HostError> {
        match &self.ctap_error {
            Some((command, error)) if message[0] == *command => Err(error.clone()),
            _ if self.authenticator.hangs(&message) => pending().await,
            _ => Ok(self.authenticator.respond(&message)),
        }
    }

    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError> {
        let verification = self.authenticator.verification();
        let answer = match request {
            manage::Request::Candidates(request) => {
                self.looked_for.borrow_mut().get_or_insert(request);
                manage::Response::Candidates(manage::Candidates { accounts: self.accounts.clone(), verification })
            }
            manage::Request::Status {} => {
                manage::Response::Status(manage::Status { version: "0.1.0".to_owned(), passkeys: 1, verification })
            }
            manage::Request::ConditionalCreate(request) => return self.conditional_create(&request),
            other => panic!("{other:?}"),
        };
        self.manage_error.clone().map_or(Ok(answer), Err)
    }

    async fn ask(&self, question: Question) -> Decision {
        if let (Some(watch), 0) = (self.watch, self.asked()) {
            watch(&question, self);
        }
        self.questions.borrow_mut().push(question);
        let decision = self.decisions.borrow_mut().pop_front();
        match decision {
            Some(decision) => decision,
            None => pending().await,
        }
    }

    async fn withdrawn(&self) -> Decision {
        match self.withdraws {
            Some(decision) => decision(),
            None => pending().await,
        }
    }

    async fn fetch(&self, url: &str) -> Option<Fetched> {
        self.fetched.borrow_mut().push(url.to_owned());
        self.document.clone()
    }

    fn origin_of(&self, url: &str) -> Option<String> {
        let origin = url::Url::parse(url).ok()?.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }

    fn tell(&self, request: manage::Request) -> Result<(), HostError> {
        self.told.borrow_mut().push(request);
        self.manage_error.clone().map_or(Ok(()), Err)
    }

    async fn may_upgrade(&self) -> bool {
        self.may_upgrade
    }

    async fn saved(&self, saved: &Saved) {
        self.saved.borrow_mut().push(saved.clone());
    }

    async fn saved_before(&self) -> Option<Saved> {
        self.saved_before.clone()
    }

    fn made_the_first(&self) {
        self.firsts.set(self.firsts.get() + 1);
    }

    async fn sleep(&self, duration: Duration) {
        self.slept.set(Some(duration));
        if !self.time_is_up {
            pending().await
        }
    }

    fn random(&self, bytes: &mut [u8]) {
        self.random.borrow_mut().fill_bytes(bytes);
    }
}

/// Not random at all, and never the same twice in one world.
#[derive(Default)]
pub(super) struct Unrandom(u64);

impl TryRng for Unrandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        Ok(self.0.wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(31).wrapping_mul(0x94d0_49bb_1331_11eb))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill_with(|| self.next_u64() as u8);
        Ok(())
    }
}

impl TryCryptoRng for Unrandom {}

impl World {
    /// What the user will do.
    pub(super) fn user(self, decisions: impl IntoIterator<Item = Decision>) -> Self {
        self.decisions.borrow_mut().extend(decisions);
        self
    }

    /// `create` of `options` by a page of https://login.example.com.
    pub(super) fn create(&self, options: Value) -> Reply {
        finish(super::create(&caller("https://login.example.com"), claimed(options), self))
    }

    /// `get` of `options` by a page of https://login.example.com.
    pub(super) fn get(&self, options: Value) -> Reply {
        finish(super::get(&caller("https://login.example.com"), claimed(options), self))
    }

    fn conditional_create(&self, request: &manage::ConditionalCreate) -> Result<manage::Response, HostError> {
        self.told_origin.replace(request.origin.clone());
        match &self.conditional_error {
            Some(error) => Err(error.clone()),
            None => Ok(manage::Response::ConditionalCreate(manage::ConditionallyCreated {
                answer: self.authenticator.conditional_create(&request.parameters),
            })),
        }
    }

    /// The last question asked.
    pub(super) fn last_question(&self) -> Question {
        self.questions.borrow().last().cloned().expect("something was asked")
    }

    /// How many questions were asked.
    pub(super) fn asked(&self) -> usize {
        self.questions.borrow().len()
    }
}

/// Runs a future that waits for nothing but this world.
pub(super) fn finish<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the ceremony waits for something that will not come"),
    }
}

pub(super) fn caller(origin: &str) -> Caller {
    Caller {
        origin: Origin::from_sender(origin).expect("an origin"),
        ancestors: Ancestors::SameOrigin,
        tab: Tab::default(),
    }
}

pub(super) fn claimed(options: Value) -> Claimed<PageRequest> {
    claimed_in(Frame::default(), options)
}

pub(super) fn claimed_in(frame: Frame, options: Value) -> Claimed<PageRequest> {
    Claimed::new(PageRequest { options, mediation: None, frame, ancestor_origins: Vec::new() })
}

/// A JSON document as it should be served.
pub(super) fn fetched(body: &str) -> Fetched {
    Fetched { status: 200, content_type: "application/json".to_owned(), body: body.as_bytes().to_vec() }
}

pub(super) fn approve() -> Decision {
    Decision::Approve(Approval::default())
}

pub(super) fn approve_with_pin(pin: &str) -> Decision {
    Decision::Approve(Approval { pin: Some(Pin::from(pin.to_owned())), ..Approval::default() })
}

pub(super) fn approve_with_new_pin(pin: &str) -> Decision {
    Decision::Approve(Approval { new_pin: Some(Pin::from(pin.to_owned())), ..Approval::default() })
}

/// The name of the exception in `reply`.
pub(super) fn error_name(reply: &Reply) -> &'static str {
    match reply {
        Reply::Error(error) => error.name.as_str(),
        other => panic!("no error but {other:?}"),
    }
}

/// The credential in `reply`.
pub(super) fn credential(reply: Reply) -> Value {
    match reply {
        Reply::Credential(credential) => credential,
        other => panic!("no credential but {other:?}"),
    }
}
