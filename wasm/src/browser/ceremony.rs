//! One call of a page, from its message to its answer.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::Deserialize;
use serde_json::json;

use super::environment::Browser;
use super::prompt_window::PromptWindow;
use super::runtime::Port;
use super::sender::Asker;
use super::{advice, native_port, preferences, rules, saved, storage, upgrades};
use crate::admission::line::Place;
use crate::admission::mailbox::{First, Mailbox, race};
use crate::client::{self, Claimed, DomError, DomErrorName, PageRequest, Reply, SignalMethod};

/// Which of the page's calls it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub enum Call {
    /// `navigator.credentials.create()`
    Create,
    /// `navigator.credentials.get()`
    Get,
    /// What the page asks to know what it may ask for: `PublicKeyCredential.getClientCapabilities()` and its like.
    Capabilities,
    /// `PublicKeyCredential.signalUnknownCredential()`
    SignalUnknownCredential,
    /// `PublicKeyCredential.signalAllAcceptedCredentials()`
    SignalAllAcceptedCredentials,
    /// `PublicKeyCredential.signalCurrentUserDetails()`
    SignalCurrentUserDetails,
}

impl Call {
    /// Whether the user may be asked something. Other calls run beside: they replace none, and stand in no line.
    pub fn may_ask(self) -> bool {
        matches!(self, Self::Create | Self::Get)
    }
}

/// Why a ceremony ends without the client's reply.
pub enum End {
    /// The page aborted it, or is gone: nobody waits for an answer.
    Abandoned,
    /// A newer call of the same document takes its place.
    Replaced,
}

/// A ceremony under way.
pub struct Ceremony {
    /// Random, from content.js: under it a ceremony whose background was stopped is taken up again.
    pub id: String,
    /// What is called.
    pub call: Call,
    /// Who asks.
    pub asker: Asker,
    /// Where the answer goes.
    pub page: Port,
    /// Where the user is asked.
    pub window: PromptWindow,
    /// The place in the line for a window, from the first question until the end.
    pub place: RefCell<Option<Place>>,
    /// Whether it made the only passkey that the vault holds for its RP ID, and that is nowhere else.
    pub made_the_first: Cell<bool>,
    /// Ends it early.
    pub ended: Mailbox<End>,
}

impl Ceremony {
    /// A ceremony that is still to be run.
    pub fn new(id: String, call: Call, asker: Asker, page: Port) -> Self {
        let (window, place, ended) = (PromptWindow::default(), RefCell::default(), Mailbox::default());
        Self { id, call, asker, page, window, place, made_the_first: Cell::default(), ended }
    }

    /// Runs it to its end, answers the page, and leaves nothing behind.
    pub async fn run(self: Rc<Self>, request: Claimed<PageRequest>) {
        let _host = native_port::in_use();
        // What ends it is looked at first each time that anything has happened: an aborted ceremony takes no further step.
        match race(self.ended.take(), self.serve(request)).await {
            First::Right(Reply::Native) => {
                // The browser's own dialog comes up for a page that has the focus, so the window goes first.
                self.window.close().await;
                advice::close().await;
                self.page.post(&Reply::Native.to_json());
            }
            // The port is the asking document's own, and what comes after it in the same frame never hears of this. A document that has
            // been left and is only kept (Firefox keeps its ports too) gets no credential any more.
            First::Right(reply @ Reply::Credential(_)) if !self.asker.is_current().await => drop(reply),
            First::Right(reply) => {
                let reply = reply.to_json();
                self.page.post(&reply);
                if self.made_the_first.get() {
                    advice::tell(&self.window).await;
                }
                if reply.get("saved").is_some() {
                    wasm_bindgen_futures::spawn_local(saved::told(self.asker.tab.id));
                }
            }
            First::Left(End::Replaced) => self.page.post(&REPLACED.to_json()),
            First::Left(End::Abandoned) => {}
        }
        self.window.close().await;
        if self.window.was_asked_for() {
            storage::forget(&self.id).await;
        }
    }

    /// The client's reply.
    async fn serve(self: &Rc<Self>, request: Claimed<PageRequest>) -> Reply {
        if !rules::is_on(&self.asker.origin).await || !preferences::serve(&self.asker).await {
            return Reply::Native;
        }
        let caller = self.asker.caller(request.ancestor_origins()).await;
        let browser = Browser::new(Rc::clone(self), &caller);
        match self.call {
            Call::Create if request.is_conditional() => upgrades::create(browser, caller, request).await,
            Call::Create => client::create(&caller, request, &browser).await,
            Call::Get => client::get(&caller, request, &browser).await,
            Call::Capabilities => {
                client::capabilities(&caller, upgrades::are_allowed(&self.asker).await, &browser).await
            }
            Call::SignalUnknownCredential => {
                client::signal(SignalMethod::UnknownCredential, &caller, request, &browser).await
            }
            Call::SignalAllAcceptedCredentials => {
                client::signal(SignalMethod::AllAcceptedCredentials, &caller, request, &browser).await
            }
            Call::SignalCurrentUserDetails => {
                client::signal(SignalMethod::CurrentUserDetails, &caller, request, &browser).await
            }
        }
    }
}

/// For a port that nobody serves.
pub fn leave_to_the_browser(page: &Port) {
    page.post(&Reply::Native.to_json());
}

/// The first thing that a page's call is told: somebody takes care of it.
pub fn acknowledge(page: &Port) {
    page.post(&json!({"ack": true}));
}

const REPLACED: Reply = Reply::Error(DomError {
    name: DomErrorName::NotAllowedError,
    message: "A newer request of this page took the place of this one.",
});
