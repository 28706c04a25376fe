//! The window that asks the user: opened over the tab that asked, taken up again after the background was stopped, closed in the end.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::ceremony::Ceremony;
use super::runtime::{MessageSender, Port, json};
use super::storage::Kept;
use super::{advice, ceremonies, storage, tabs, timer, windows};
use crate::admission::mailbox::{First, Mailbox, race};
use crate::admission::placement::placement;
use crate::client::prompt::{Decision, Kind, Question, Verification};

/// The name of the window's port.
pub const PROMPT: &str = "prompt";

const PAGE: &str = "prompt.html";

/// With the window's frame, in pixels.
const WIDTH: i32 = 400;

/// Of a line, or two, about where it is asked from.
const LINE: i32 = 50;

/// For so long a window waits for its ceremony to be taken up again, and a ceremony for its window to come up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A ceremony's window, from before it is open until after it is closed.
#[derive(Default)]
pub struct PromptWindow {
    id: Cell<Option<i32>>,
    port: RefCell<Option<Port>>,
    is_asked_for: Cell<bool>,
    is_closed: Cell<bool>,
    connected: Mailbox<()>,
    decision: Mailbox<Decision>,
}

/// With the window's frame, in pixels: room for all that is asked, as far as that is sensible.
fn height(question: &Question) -> i32 {
    let lines = [question.top_origin.is_some(), question.related, question.tab.container, question.tab.private];
    height_of_the_rest(question) + LINE * lines.into_iter().map(i32::from).sum::<i32>()
}

/// The same, without the lines about where it is asked from.
fn height_of_the_rest(question: &Question) -> i32 {
    match (&question.verification, &question.kind) {
        (Verification::NewPin { .. }, _) => 800,
        (_, Kind::Get { accounts }) if accounts.len() > 1 => 700,
        (Verification::BuiltIn { .. } | Verification::Pin { .. }, _) => 660,
        _ if question.notice.is_some() => 660,
        _ => 560,
    }
}

/// What came of opening a window.
pub enum Opened {
    /// It is there, or will be at once.
    Window,
    /// It was there, in the life of an earlier background, and the user has decided.
    Decided(Decision),
    /// The browser opens none.
    Refused,
}

struct Unclaimed {
    ceremony: String,
    port: Port,
    window: Option<i32>,
}

thread_local! {
    /// Windows whose ceremony is not (yet) under way.
    static UNCLAIMED: RefCell<Vec<Unclaimed>> = RefCell::default();
}

impl PromptWindow {
    /// Opens the window for `ceremony`, whose window this is.
    pub async fn open(&self, ceremony: &Ceremony, question: &Question) -> Opened {
        self.is_asked_for.set(true);
        advice::close().await;
        let state = Kept {
            tab: ceremony.asker.tab.id,
            document_id: ceremony.asker.document_id.clone(),
            origin: ceremony.asker.origin.to_string(),
            ..Kept::default()
        };
        if let Some(kept) = storage::kept(&ceremony.id).await {
            return self.take_up(ceremony, kept, &state).await;
        }
        storage::keep(&ceremony.id, &state).await;
        let Some(id) = create(ceremony, height(question)).await else {
            return Opened::Refused;
        };
        self.id.set(Some(id));
        storage::keep(&ceremony.id, &Kept { window: Some(id), ..state }).await;
        Opened::Window
    }

    /// Shows `question` and waits for the decision.
    pub async fn ask(&self, question: &Question) -> Decision {
        self.decision.clear();
        if self.is_closed.get() {
            return Decision::Cancel;
        }
        match race(self.connection(), timer::sleep(PATIENCE)).await {
            First::Left(port) => port.post(&serde_json::json!({"ask": question})),
            // A window that stays empty helps nobody; the browser's own does.
            First::Right(()) => return Decision::UseAnother,
        }
        self.decision.take().await
    }

    /// Waits until the user ends what they have approved: by a button, or by closing the window.
    pub async fn withdrawn(&self) -> Decision {
        loop {
            match self.decision.take().await {
                Decision::Approve(_) | Decision::UsePin => {}
                ended @ (Decision::UseAnother | Decision::AlwaysUseAnother | Decision::Cancel) => return ended,
            }
        }
    }

    /// Closes the window, if it is open.
    pub async fn close(&self) {
        self.is_closed.set(true);
        if let Some(id) = self.id.take() {
            windows::remove(id).await;
        }
    }

    /// Has it tell the user of a second way in. From now on it is nobody's; the answer is its id, if it is open.
    pub fn leave_open(&self) -> Option<i32> {
        let port = self.port.take()?;
        self.is_closed.set(true);
        port.post(&serde_json::json!({"advise": true}));
        self.id.take()
    }

    /// The user closed it.
    pub fn closed_by_user(&self) {
        self.is_closed.set(true);
        self.decision.put(Decision::Cancel);
    }

    /// The window's id, once the browser has told it.
    pub fn id(&self) -> Option<i32> {
        self.id.get()
    }

    /// Whether a window was ever asked for.
    pub fn was_asked_for(&self) -> bool {
        self.is_asked_for.get()
    }

    /// Whether `window` is this window.
    pub fn has_id(&self, window: i32) -> bool {
        self.id.get() == Some(window)
    }

    /// Whether `port` is this window's.
    pub fn talks_over(&self, port: &Port) -> bool {
        self.port.borrow().as_ref().is_some_and(|own| own.is(port))
    }

    /// Goes on with the window that an earlier background opened: only for the document that it was opened for.
    async fn take_up(&self, ceremony: &Ceremony, kept: Kept, state: &Kept) -> Opened {
        if (kept.tab, &kept.document_id, &kept.origin) != (state.tab, &state.document_id, &state.origin) {
            return Opened::Refused;
        }
        self.id.set(kept.window);
        if let Some((port, window)) = take_unclaimed(&ceremony.id) {
            self.connect(port, window);
        }
        if let Some(decision) = kept.decision.and_then(|decision| serde_json::from_value(decision).ok()) {
            return Opened::Decided(decision);
        }
        match self.id.get() {
            Some(id) if windows::get(id).await.is_none() => Opened::Decided(Decision::Cancel),
            _ => Opened::Window,
        }
    }

    fn connect(&self, port: Port, window: Option<i32>) {
        self.id.set(self.id.get().or(window));
        *self.port.borrow_mut() = Some(port);
        self.connected.put(());
    }

    async fn connection(&self) -> Port {
        loop {
            if let Some(port) = self.port.borrow().as_ref() {
                return port.clone();
            }
            self.connected.take().await;
        }
    }
}

/// A message of a window: that it is ready, or the user's decision. Only our own page may send any.
pub fn message(port: &Port, message: JsValue) {
    let Some(sender) = port.message_sender().filter(|sender| sender.is_page(PAGE)) else {
        return port.disconnect();
    };
    let Some(message) = json(message) else { return };
    if let Some(ready) = message.get("ready").and_then(Value::as_str) {
        is_ready(port, ready.to_owned(), &sender);
    } else if message.get("noMoreAdvice").is_some() {
        wasm_bindgen_futures::spawn_local(advice::end(port.clone()));
    } else if let (Ok(decision), Some(ceremony)) = (serde_json::from_value(message), ceremonies::by_prompt(port)) {
        ceremony.window.decision.put(decision);
    }
}

/// A window's port was closed, and the window with it.
pub fn gone(port: &Port) {
    UNCLAIMED.with_borrow_mut(|unclaimed| unclaimed.retain(|waiting| !waiting.port.is(port)));
    if let Some(ceremony) = ceremonies::by_prompt(port) {
        ceremony.window.closed_by_user();
    }
}

/// Closes what an earlier background left open and no page comes back to.
pub async fn close_unclaimed() {
    let left = storage::all_kept().await;
    if left.is_empty() {
        return;
    }
    timer::sleep(PATIENCE).await;
    for (id, kept) in left {
        if ceremonies::by_id(&id).is_none() {
            if let Some(window) = kept.window {
                windows::remove(window).await;
            }
            storage::forget(&id).await;
        }
    }
}

fn is_ready(port: &Port, id: String, sender: &MessageSender) {
    let window = sender.tab.as_ref().map(|tab| tab.window_id);
    if let Some(ceremony) = ceremonies::by_id(&id) {
        return ceremony.window.connect(port.clone(), window);
    }
    UNCLAIMED
        .with_borrow_mut(|unclaimed| unclaimed.push(Unclaimed { ceremony: id.clone(), port: port.clone(), window }));
    wasm_bindgen_futures::spawn_local(async move {
        // Only a background that was just started may see its ceremony come back; else the page gave up while the window was opening.
        timer::sleep(PATIENCE.saturating_sub(timer::now())).await;
        if let Some((port, window)) = take_unclaimed(&id) {
            port.post(&serde_json::json!({"close": true}));
            if let Some(window) = window {
                windows::remove(window).await;
            }
        }
    });
}

fn take_unclaimed(ceremony: &str) -> Option<(Port, Option<i32>)> {
    UNCLAIMED.with_borrow_mut(|unclaimed| {
        let place = unclaimed.iter().position(|waiting| waiting.ceremony == ceremony)?;
        let Unclaimed { port, window, .. } = unclaimed.swap_remove(place);
        Some((port, window))
    })
}

/// Over the tab that asked; where that would be off the screen, wherever the browser likes. None for a tab out of sight.
async fn create(ceremony: &Ceremony, height: i32) -> Option<i32> {
    let tab = tabs::get(ceremony.asker.tab.id).await?;
    let over = windows::get(tab.window_id).await.map(|window| window.over());
    let place = placement(tab.active, over, WIDTH)?;
    let url = format!("{PAGE}#{}", ceremony.id);
    let mut options = windows::NewWindow {
        url: &url,
        kind: "popup",
        width: WIDTH,
        height,
        left: place.left,
        top: place.top,
        focused: place.focused,
        incognito: false,
    };
    let window = match windows::create(&options).await {
        Some(window) => window,
        None => {
            (options.left, options.top) = (None, None);
            windows::create(&options).await?
        }
    };
    window.id
}
