//! Puts the steps into the document, each only when it has changed: the keyboard may be in it.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement};

use super::Click;
use crate::presentation::view::NoticeView;
use crate::presentation::welcome::{Act, STEPS, State, Step};
use crate::screens::{dom, pin, words};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    async fn write_text(text: &str) -> Result<JsValue, JsValue>;
}

/// What is in the document.
#[derive(Default)]
pub(super) struct Shown(Option<[Step; 5]>);

impl Shown {
    /// Shows `steps`; `act` is called for what the user does.
    pub(super) fn update(&mut self, steps: [Step; 5], act: impl Fn(Click) + 'static) {
        let act = Rc::new(act);
        for (index, step) in steps.iter().enumerate() {
            let before = self.0.as_ref().map(|shown| &shown[index]);
            if before != Some(step) {
                show(STEPS[index], step, &act);
                announce(STEPS[index], step);
            }
        }
        let is_all_set = steps.iter().all(|step| step.state == State::Done);
        dom::set_hidden(&dom::by_id("all-set"), !is_all_set);
        self.0 = Some(steps);
    }
}

fn show(id: &str, step: &Step, act: &Rc<impl Fn(Click) + 'static>) {
    let element = dom::by_id(id);
    element.set_class_name(step.state.class());
    let part = |selector: &str| -> HtmlElement {
        let part = element.query_selector(selector).ok().flatten().and_then(|part| part.dyn_into().ok());
        part.unwrap_or_else(|| wasm_bindgen::throw_str(selector))
    };
    let state = step.state.words().map(|state| words::text_of(&state));
    part(".state").set_text_content(state.as_deref());
    say(&part(".said"), step.said.as_ref());
    let place = part(".act");
    place.set_text_content(None);
    match step.act {
        None => {}
        Some(Act::Command(command)) => show_command(&place, command),
        Some(Act::AskAgain) => show_button(&place, "act-ask-again", Click::AskAgain, act),
        Some(Act::Try) => show_button(&place, "act-try", Click::Try, act),
        Some(Act::ChoosePin { min_length, system }) => show_pin(&place, min_length, system, act),
    }
}

fn say(place: &Element, said: Option<&NoticeView>) {
    place.set_text_content(None);
    let Some(said) = said else { return };
    words::append_element(place, "strong", &words::text_of(&said.what));
    if let Some(remedy) = &said.remedy {
        words::append_element(place, "span", &words::text_of(remedy));
    }
    if let Some(verbatim) = &said.verbatim
        && let Some(sentence) = words::append_element(place, "bdi", verbatim)
    {
        dom::set_attribute(&sentence, "lang", "en");
    }
}

/// Read out: how the step is now, and what there is to say of it.
fn announce(id: &str, step: &Step) {
    let Some(state) = step.state.words() else { return };
    let heading = dom::by_id(id).query_selector("h3 > span").ok().flatten().and_then(|heading| heading.text_content());
    let said = step.said.as_ref().map(|said| words::text_of(&said.what)).unwrap_or_default();
    let text = format!("{}: {}. {said}", heading.unwrap_or_default(), words::text_of(&state));
    dom::by_id("announced").set_text_content(Some(text.trim_end()));
}

fn show_command(place: &Element, command: &'static str) {
    let copy = dom::copy_of("act-command");
    let code = dom::find(&copy, "code");
    code.set_text_content(Some(command));
    dom::set_attribute(&code, "aria-label", &format!("{}: {command}", words::text("welcomeCommand")));
    let button = dom::find(&copy, "button");
    dom::listen(&button.clone(), "click", move |_: Event| {
        let button = button.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if write_text(command).await.is_ok() {
                button.set_text_content(Some(&words::text("copied")));
            }
        });
    });
    dom::append(place, &copy);
}

fn show_button(place: &Element, template: &str, click: Click, act: &Rc<impl Fn(Click) + 'static>) {
    let copy = dom::copy_of(template);
    on_click(&dom::find(&copy, "button"), click, act);
    dom::append(place, &copy);
}

fn on_click(button: &HtmlElement, click: Click, act: &Rc<impl Fn(Click) + 'static>) {
    let act = Rc::clone(act);
    dom::listen(button, "click", move |event: Event| {
        if event.is_trusted() {
            act(click);
        }
    });
}

fn show_pin(place: &Element, min_length: u8, system: bool, act: &Rc<impl Fn(Click) + 'static>) {
    let copy = dom::copy_of("act-choose-pin");
    let length = dom::find(&copy, "#pin-length");
    length.set_text_content(Some(&words::text_with("pinNewLength", &min_length.to_string())));
    dom::set_attribute(&length, "data-min-length", &min_length.to_string());
    let use_system = dom::find(&copy, "#use-system");
    dom::set_hidden(&use_system, !system);
    on_click(&use_system, Click::UseSystem, act);
    let form = dom::find(&copy, "form");
    let act = Rc::clone(act);
    dom::listen(&form, "submit", move |event: Event| {
        event.prevent_default();
        if event.is_trusted() {
            act(Click::SetPin);
        }
    });
    dom::append(place, &copy);
    pin::can_be_shown(&["pin-new", "pin-repeat"]);
}

/// Fewest code points that the PIN may have, as the page says.
pub(super) fn min_length() -> u8 {
    let length = dom::by_id("pin-length").get_attribute("data-min-length");
    length.and_then(|length| length.parse().ok()).unwrap_or(4)
}

/// Says what is wrong with the PIN, and goes back to `field`.
pub(super) fn pin_problem(text: &str, field: Option<&str>) {
    dom::by_id("pin-problem").set_text_content(Some(text));
    if let Some(field) = field {
        pin::go_back_to(field);
    }
}
