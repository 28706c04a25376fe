//! The window that asks: shows a question, takes the user's decision, and believes only what a person did with the window in view.

mod consent;
mod entry;
mod render;
mod search;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, KeyboardEvent};

use super::port::{Line, close_window};
use super::{dom, words};
use crate::client::prompt::{Decision, Question};
use crate::presentation::progress::Progress;
use crate::presentation::view::{View, view};

/// What the background may send.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum FromBackground {
    Ask(Question),
    Advise(serde::de::IgnoredAny),
    Close(serde::de::IgnoredAny),
}

/// The screen.
#[derive(Default)]
struct Prompt {
    line: RefCell<Option<Rc<Line>>>,
    asked: RefCell<Option<Asked>>,
    /// Whether all is done, and the window only has something to say.
    advises: Cell<bool>,
}

/// The question on the screen.
struct Asked {
    question: Question,
    view: View,
    /// How far the user's decision on it has come.
    progress: Progress,
}

/// Starts the screen.
pub fn start() {
    words::fill(dom::document().query_selector_all("[data-i18n]"));
    if let Some(root) = dom::document().document_element() {
        dom::set_attribute(&root, "lang", &words::text("language"));
    }
    let prompt = Rc::new(Prompt::default());
    listen(&prompt);
    consent::watch();
    let ceremony = dom::window().location().hash().unwrap_or_default();
    let receiver = Rc::clone(&prompt);
    let greeting = json!({"ready": ceremony.trim_start_matches('#')});
    let line = Line::open("prompt", &greeting, move |message| receiver.receive(message));
    *prompt.line.borrow_mut() = Some(line);
}

fn listen(prompt: &Rc<Prompt>) {
    on_click(prompt, "approve", Prompt::approve);
    on_click(prompt, "use-pin", |prompt| prompt.decide(&Decision::UsePin));
    on_click(prompt, "cancel", |prompt| prompt.decide(&Decision::Cancel));
    on_click(prompt, "use-another", |prompt| prompt.decide(&Decision::UseAnother));
    on_click(prompt, "leave-site", |prompt| prompt.decide(&Decision::AlwaysUseAnother));
    on_click(prompt, "got-it", Prompt::end);
    let prompt = Rc::clone(prompt);
    dom::listen(&dom::document(), "keydown", move |event: KeyboardEvent| {
        if event.is_trusted() && !event.is_composing() {
            prompt.key(&event);
        }
    });
}

fn on_click(prompt: &Rc<Prompt>, id: &str, act: fn(&Prompt)) {
    let prompt = Rc::clone(prompt);
    dom::listen(&dom::by_id(id), "click", move |event: Event| {
        if event.is_trusted() {
            act(&prompt);
        }
    });
}

impl Prompt {
    fn receive(&self, message: JsValue) {
        let message =
            serde_wasm_bindgen::from_value(message).ok().and_then(|message| serde_json::from_value(message).ok());
        match message {
            Some(FromBackground::Ask(question)) => self.show(question),
            Some(FromBackground::Advise(_)) => self.advise(),
            Some(FromBackground::Close(_)) => close_window(),
            None => {}
        }
    }

    /// Shows `question`. One that is on the screen already stays as it is, with what has been typed.
    fn show(&self, question: Question) {
        let is_there = |asked: &Asked| asked.progress == Progress::Open && asked.question == question;
        if self.asked.borrow().as_ref().is_some_and(is_there) {
            return;
        }
        let chosen = self.chosen_before(&question);
        let view = view(&question);
        render::render(&question, &view);
        if let Some(index) = chosen {
            entry::choose(index);
        }
        consent::ask();
        *self.asked.borrow_mut() = Some(Asked { question, view, progress: Progress::Open });
    }

    /// The account that was chosen, where `question` offers the same ones again.
    fn chosen_before(&self, question: &Question) -> Option<usize> {
        let asked = self.asked.borrow();
        let same = asked.as_ref().filter(|asked| asked.question.kind == question.kind)?;
        entry::chosen(&same.question.kind)
    }

    /// What is worth knowing once all is done; nobody waits for the window any more.
    fn advise(&self) {
        let asked = self.asked.borrow();
        let (Some(asked), Some(line)) = (&*asked, &*self.line.borrow()) else { return close_window() };
        line.leave();
        self.advises.set(true);
        render::advice(&asked.question.rp_id);
    }

    /// The user has read it.
    fn end(&self) {
        let wants_no_more = dom::input("no-more-advice").is_some_and(|input| input.checked());
        if !wants_no_more {
            return close_window();
        }
        // The background closes the window once that is written down.
        let line = Line::open("prompt", &json!({"noMoreAdvice": true}), |_| close_window());
        *self.line.borrow_mut() = Some(line);
    }

    /// Escape cancels; Enter consents, except on a control that has its own use for it.
    fn key(&self, event: &KeyboardEvent) {
        if search::key(event) {
            return;
        }
        match event.key().as_str() {
            "Escape" if self.advises.get() => self.end(),
            "Enter" if self.advises.get() && !is_on_a_button(event) => self.end(),
            "Escape" => self.decide(&Decision::Cancel),
            "Enter" if !is_on_a_button(event) => {
                event.prevent_default();
                self.approve();
            }
            _ => {}
        }
    }

    fn approve(&self) {
        let entered = match &*self.asked.borrow() {
            Some(Asked { question, view, progress: Progress::Open }) if view.approve.is_some() => {
                if !consent::counts() {
                    return;
                }
                entry::read(question, view)
            }
            _ => return,
        };
        match entered {
            Ok(approval) => self.decide(&Decision::Approve(approval)),
            Err((words, field)) => render::slip(&words, field),
        }
    }

    /// Before the question is there, there is nothing to decide but to end it.
    fn decide(&self, decision: &Decision) {
        let mut waiting = None;
        if let Some(asked) = &mut *self.asked.borrow_mut() {
            let Some(progress) = asked.progress.after(decision, asked.view.waiting.is_some()) else { return };
            asked.progress = progress;
            waiting = asked.view.waiting.clone().filter(|_| progress == Progress::Waiting);
        }
        if let Some(line) = &*self.line.borrow() {
            line.send(decision);
        }
        consent::end();
        render::working(matches!(decision, Decision::Approve(_)), waiting.as_ref());
    }
}

fn is_on_a_button(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| target.tag_name() == "BUTTON")
}
