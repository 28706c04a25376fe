//! Puts a question into the document.

use protocol::webauthn::RpId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::client::prompt::Question;
use crate::presentation::origin_parts::origin_parts;
use crate::presentation::search;
use crate::presentation::view::{NoticeView, People, Person, PinFields, Tone, View, When, Words};
use crate::screens::{dom, notice, pin, words};

/// Shows `view` of `question`, and moves the keyboard to where the user goes on: never to a button.
pub fn render(question: &Question, view: &View) {
    let body = dom::document().body();
    words::put(&dom::by_id("title"), &view.title);
    let product = words::text("product");
    dom::document().set_title(&format!("{} – {product}", words::text_of(&view.title)));
    origin("origin", "askedBy", view.origin.as_deref());
    origin("top-origin", "shownIn", question.top_origin.as_deref());
    context(&view.context);
    people(view.people.as_ref());
    let hint = dom::by_id("hint");
    dom::set_hidden(&hint, view.hint.is_none());
    hint.set_text_content(view.hint.map(words::text).as_deref());
    pin_fields(view.pin);
    say(view.notice.as_ref());
    buttons(view);
    if let Some(body) = body {
        body.set_class_name("");
    }
    if let Ok(Some(main)) = dom::document().query_selector("main") {
        let _removed = main.remove_attribute("aria-busy");
    }
    dom::focus(&dom::by_id(view.first()));
    if view.has_problem() {
        show_notice();
    }
}

/// Says what is wrong with what was entered, and goes back to it.
pub fn slip(what: &Words, field: &str) {
    let said = NoticeView { tone: Tone::Problem, what: what.clone(), remedy: None, verbatim: None };
    say(Some(&said));
    pin::go_back_to(field);
    show_notice();
}

/// The decision is under way; `waiting` is what is said while the OS asks.
pub fn working(approved: bool, waiting: Option<&NoticeView>) {
    dom::set_attribute(&dom::by_id("use-pin"), "aria-disabled", "true");
    if approved {
        dom::by_id("approve").set_text_content(Some(&words::text("working")));
    }
    if waiting.is_some() {
        dom::set_hidden(&dom::by_id("hint"), true);
        say(waiting);
        show_notice();
    }
}

/// After the first passkey of `rp_id`: that another way in is worth having.
pub fn advice(rp_id: &RpId) {
    let title = Words { key: "adviceTitle", argument: Some(rp_id.to_string()) };
    words::put(&dom::by_id("title"), &title);
    dom::document().set_title(&format!("{} – {}", words::text_of(&title), words::text("product")));
    for id in ["origin", "top-origin", "hint", "cancel", "approve", "use-pin", "use-another", "leave-site"] {
        dom::set_hidden(&dom::by_id(id), true);
    }
    for id in ["context", "people", "pin-fields"] {
        dom::by_id(id).set_text_content(None);
    }
    let plain = |key| Words { key, argument: None };
    let (what, remedy) = (plain("advice"), Some(plain("adviceExplained")));
    say(Some(&NoticeView { tone: Tone::Information, what, remedy, verbatim: None }));
    for id in ["got-it", "advice-end"] {
        dom::set_hidden(&dom::by_id(id), false);
    }
    dom::focus(&dom::by_id("title"));
}

fn origin(id: &str, label: &str, origin: Option<&str>) {
    let line = dom::by_id(id);
    dom::set_hidden(&line, origin.is_none());
    let Some(origin) = origin else { return };
    line.set_text_content(Some(&format!("{} ", words::text(label))));
    let Some(whole) = words::append_element(&line, "bdi", "") else { return };
    let parts = origin_parts(origin);
    dom::set_attribute(&whole, "dir", "ltr");
    words::append_text(&whole, parts.before);
    words::append_element(&whole, "strong", parts.domain);
    words::append_text(&whole, parts.after);
}

fn context(lines: &[Words]) {
    let place = dom::by_id("context");
    place.set_text_content(None);
    for line in lines {
        if let Some(paragraph) = words::append_element(&place, "p", "") {
            words::put(&paragraph, line);
        }
    }
}

fn people(people: Option<&People>) {
    let place = dom::by_id("people");
    place.set_text_content(None);
    match people {
        None => {}
        Some(People::One(only)) => {
            let card = dom::copy_of("one-person");
            person(&dom::find(&card, ".card"), only);
            dom::append(&place, &card);
        }
        Some(People::Choice(several)) => {
            let list = dom::copy_of("choice-of-people");
            let fieldset = dom::find(&list, "fieldset");
            if several.len() <= search::FROM {
                dom::find(&list, ".search").remove();
            }
            for (index, one) in several.iter().enumerate() {
                choice(&fieldset, index, one);
            }
            dom::append(&place, &list);
            super::search::begin(several);
        }
    }
}

fn choice(list: &HtmlElement, index: usize, one: &Person) {
    let card = dom::copy_of("choice-of-person");
    let radio: HtmlInputElement = dom::find(&card, "input").unchecked_into();
    radio.set_id(&format!("account-{index}"));
    radio.set_value(&index.to_string());
    radio.set_checked(index == 0);
    person(&dom::find(&card, ".card"), one);
    let when = match one.when {
        Some(When::Used(moment)) => words::text_with("lastUsed", &words::day(moment)),
        Some(When::Created(moment)) => words::text_with("created", &words::day(moment)),
        None => String::new(),
    };
    dom::find(&card, ".when").set_text_content(Some(&when));
    dom::append(list, &card);
}

fn person(card: &Element, one: &Person) {
    let nameless = one.name.is_empty().then(|| words::text("namelessAccount"));
    let name = nameless.as_deref().unwrap_or(&one.name);
    let initial = one
        .name
        .chars()
        .find(|character| character.is_alphanumeric())
        .map(|initial| initial.to_uppercase().to_string());
    fill(card, ".initial", initial.as_deref().unwrap_or("?"));
    fill(card, ".name", name);
    fill(card, ".detail", one.detail.as_deref().unwrap_or_default());
    // A name that is too long for its lines can still be read in full.
    let full = [name, one.detail.as_deref().unwrap_or_default()].join("\n");
    dom::set_attribute(card, "title", full.trim_end());
}

fn fill(parent: &Element, selector: &str, text: &str) {
    if let Ok(Some(element)) = parent.query_selector(selector) {
        if text.is_empty() { element.remove() } else { element.set_text_content(Some(text)) }
    }
}

fn pin_fields(fields: PinFields) {
    let place = dom::by_id("pin-fields");
    place.set_text_content(None);
    let (template, inputs): (_, &'static [&'static str]) = match fields {
        PinFields::None => return,
        PinFields::Enter { .. } => ("pin-to-enter", &["pin"]),
        PinFields::Choose { .. } => ("pin-to-choose", &["pin-new", "pin-repeat"]),
    };
    dom::append(&place, &dom::copy_of(template));
    if let PinFields::Choose { min_length } = fields {
        dom::by_id("pin-length").set_text_content(Some(&words::text_with("pinNewLength", &min_length.to_string())));
    }
    if let (PinFields::Enter { wrong: true }, Some(input)) = (fields, dom::input("pin")) {
        dom::set_attribute(&input, "aria-invalid", "true");
    }
    pin::can_be_shown(inputs);
}

fn say(said: Option<&NoticeView>) {
    notice::put(&dom::by_id("notice"), said);
}

/// Scrolls to the notice, which stands last, where the window is too small for all it says.
fn show_notice() {
    dom::by_id("notice").scroll_into_view_with_bool(false);
}

fn buttons(view: &View) {
    let approve = dom::by_id("approve");
    dom::set_hidden(&approve, view.approve.is_none());
    approve.set_text_content(view.approve.map(words::text).as_deref());
    dom::by_id("cancel").set_text_content(Some(&words::text(view.cancel)));
    let use_pin = dom::by_id("use-pin");
    dom::set_hidden(&use_pin, view.use_pin.is_none());
    use_pin.set_text_content(view.use_pin.map(words::text).as_deref());
    dom::set_attribute(&use_pin, "aria-disabled", "false");
    let leave_site = dom::by_id("leave-site");
    dom::set_hidden(&leave_site, view.leave_site.is_none());
    leave_site.set_text_content(view.leave_site.map(words::text).as_deref());
    dom::set_attribute(&leave_site, "title", &words::text("alwaysUseAnotherExplained"));
}
