//! One call of a page, from its message to its answer.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::json;

use super::environment::Browser;
use super::prompt_window::PromptWindow;
use super::runtime::Port;
use super::sender::Asker;
use super::{native_port, storage};
use crate::admission::line::Place;
use crate::admission::mailbox::{First, Mailbox, race};
use crate::client::{self, Ancestors, Claimed, DomError, DomErrorName, PageRequest, Reply};

/// Which of the page's calls it is.
#[derive(Clone, Copy, Debug, Deserialize)]
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

/// Why a ceremony ends without the client's reply.
pub enum End {
    /// The page aborted it, or is gone: nobody waits for an answer.
    Abandoned,
    /// A newer call of the same tab takes its place.
    Replaced,
}

/// A ceremony under way.
pub struct Ceremony {
    /// Random, from content.js: under it a ceremony whose background was stopped is taken up again.
    pub id: String,
    /// Who asks.
    pub asker: Asker,
    /// Where the answer goes.
    pub page: Port,
    /// Where the user is asked.
    pub window: PromptWindow,
    /// The place in the line for a window, from the first question until the end.
    pub place: RefCell<Option<Place>>,
    /// Ends it early.
    pub ended: Mailbox<End>,
}

impl Ceremony {
    /// A ceremony that is still to be run.
    pub fn new(id: String, asker: Asker, page: Port) -> Self {
        Self { id, asker, page, window: PromptWindow::default(), place: RefCell::default(), ended: Mailbox::default() }
    }

    /// Runs it to its end, answers the page, and leaves nothing behind.
    pub async fn run(self: Rc<Self>, call: Call, request: Claimed<PageRequest>) {
        let _host = native_port::in_use();
        match race(self.serve(call, request), self.ended.take()).await {
            First::Left(Reply::Native) => {
                // The browser's own dialog comes up for a page that has the focus, so the window goes first.
                self.window.close().await;
                self.page.post(&Reply::Native.to_json());
            }
            // The port is the asking document's own: what comes after it in the same frame never hears of this.
            First::Left(reply) => self.page.post(&reply.to_json()),
            First::Right(End::Replaced) => self.page.post(&REPLACED.to_json()),
            First::Right(End::Abandoned) => {}
        }
        self.window.close().await;
        if self.window.was_asked_for() {
            storage::forget(&self.id).await;
        }
    }

    /// The client's reply.
    async fn serve(self: &Rc<Self>, call: Call, request: Claimed<PageRequest>) -> Reply {
        let caller = self.asker.caller().await;
        // L3 §5.9: whether a frame of another origin may call depends on Permissions Policy, which is the browser's to judge.
        if caller.ancestors != Ancestors::SameOrigin {
            return Reply::Native;
        }
        let browser = Browser::new(Rc::clone(self));
        match call {
            Call::Create => client::create(&caller, request, &browser).await,
            Call::Get => client::get(&caller, request, &browser).await,
            Call::Capabilities
            | Call::SignalUnknownCredential
            | Call::SignalAllAcceptedCredentials
            | Call::SignalCurrentUserDetails => Reply::Native,
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
