//! The welcome page: asks the host while it is seen, shows what is in order, and does what the user does about the rest.

mod ceremony;
mod render;
mod trial;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::manage::{CheckState, FindingCode, OsVerification, Request, Response, Settings};
use protocol::native_message::ErrorCode;
use web_sys::VisibilityState;

use super::ask::{ask, settle};
use super::{dom, pin, words};
use crate::client::prompt::Pin;
use crate::client::{Settlement, What};
use crate::presentation::pin_entry::check;
use crate::presentation::problem::{NOTICE, Problem};
use crate::presentation::view::PinFields;
use crate::presentation::welcome::{Known, Trial, goes_on, view};

/// Between two questions, in milliseconds.
const PAUSE: i32 = 1500;

/// The screen.
#[derive(Default)]
struct Welcome {
    known: RefCell<Known>,
    shown: RefCell<render::Shown>,
    /// Whether a question is under way.
    is_asking: Cell<bool>,
    /// Whether the keychain has been looked at, where no vault shows that it is reachable.
    has_looked: Cell<bool>,
}

/// What the user does.
#[derive(Clone, Copy)]
enum Click {
    AskAgain,
    SetPin,
    UseSystem,
    Try,
}

/// Starts the screen.
pub fn start() {
    words::fill(dom::document().query_selector_all("[data-i18n]"));
    if let Some(root) = dom::document().document_element() {
        dom::set_attribute(&root, "lang", &words::text("language"));
    }
    dom::document().set_title(&words::text("welcomeTitle"));
    let welcome = Rc::new(Welcome::default());
    welcome.show();
    go_on(&welcome);
}

/// Asks, and asks again after a pause, for as long as that can tell anything new.
fn go_on(welcome: &Rc<Welcome>) {
    let is_seen = dom::document().visibility_state() == VisibilityState::Visible;
    if is_seen && goes_on(&welcome.known.borrow()) {
        wasm_bindgen_futures::spawn_local(Rc::clone(welcome).ask());
    }
    let welcome = Rc::clone(welcome);
    dom::after(PAUSE, move || go_on(&welcome));
}

impl Welcome {
    fn show(self: &Rc<Self>) {
        let steps = view(&self.known.borrow());
        let welcome = Rc::clone(self);
        self.shown.borrow_mut().update(steps, move |click| welcome.act(click));
    }

    fn change(self: &Rc<Self>, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.borrow_mut());
        self.show();
    }

    async fn ask(self: Rc<Self>) {
        if self.is_asking.replace(true) {
            return;
        }
        let host = settings().await;
        let keychain = match &host {
            Ok(_) => self.keychain().await,
            Err(_) => None,
        };
        self.change(|known| (known.host, known.keychain) = (Some(host), keychain));
        self.is_asking.set(false);
    }

    /// Why the keychain is not well, if anything is known to be wrong. A host that cannot say has nothing to say.
    async fn keychain(&self) -> Option<ErrorCode> {
        if self.has_looked.get() {
            return None;
        }
        let Ok(Response::Diagnose(diagnosis)) = ask(Request::Diagnose {}).await else { return None };
        let check = diagnosis.checks.into_iter().find(|check| check.name == "keychain");
        let wrong = check.filter(|check| check.state == CheckState::Mend);
        self.has_looked.set(wrong.is_none());
        wrong.map(|check| match check.code {
            Some(FindingCode::Error(code)) => code,
            _ => ErrorCode::KeychainUnavailable,
        })
    }

    fn act(self: &Rc<Self>, click: Click) {
        let welcome = Rc::clone(self);
        match click {
            Click::AskAgain => wasm_bindgen_futures::spawn_local(welcome.ask()),
            Click::SetPin => {
                if let Some(new_pin) = chosen_pin() {
                    let settlement = Settlement { what: What::SetPin, pin: None, new_pin: Some(new_pin) };
                    wasm_bindgen_futures::spawn_local(welcome.settle(settlement));
                }
            }
            Click::UseSystem => {
                let settlement = Settlement { what: What::OsVerification(true), pin: None, new_pin: None };
                wasm_bindgen_futures::spawn_local(welcome.settle(settlement));
            }
            Click::Try => {
                self.change(|known| known.trial = Trial::Running);
                wasm_bindgen_futures::spawn_local(async move {
                    let trial = trial::run().await;
                    welcome.change(|known| known.trial = trial);
                });
            }
        }
    }

    async fn settle(self: Rc<Self>, settlement: Settlement) {
        match settle(settlement).await {
            Ok(()) => self.ask().await,
            Err(problem) => {
                let said = problem.view();
                let field = (problem.code == NOTICE).then_some("pin-new");
                render::pin_problem(&words::text_of(&said.what), field);
            }
        }
    }
}

/// How the user can be verified. A host that knows nothing of settings tells it with its status.
async fn settings() -> Result<Settings, Problem> {
    let refused = match ask(Request::Settings {}).await {
        Ok(Response::Settings(settings)) => return Ok(settings),
        Ok(_) => return Err(Problem::host_missing()),
        Err(problem) => problem,
    };
    match refused.code.as_str() {
        "internal" | "bad_message" => match ask(Request::Status {}).await? {
            Response::Status(status) => {
                let (verification, os) = (status.verification, OsVerification::Unsupported);
                Ok(Settings { verification, os_verification: verification.built_in, os })
            }
            _ => Err(refused),
        },
        _ => Err(refused),
    }
}

/// The PIN, if both fields say the same and it does; else what is wrong is said.
fn chosen_pin() -> Option<Pin> {
    let (mut entered, repeated) = (pin::typed(Some("pin-new")), pin::typed(Some("pin-repeat")));
    let fields = PinFields::Choose { min_length: render::min_length() };
    if let Err(slip) = check(fields, &entered, &repeated) {
        render::pin_problem(&words::text_of(&slip.words()), Some(slip.field(fields)));
        return None;
    }
    Some(Pin::from(std::mem::take(&mut *entered)))
}
