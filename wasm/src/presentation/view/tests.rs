use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

fn question(kind: Value, verification: Value, notice: Value) -> Question {
    serde_json::from_value(json!({
        "kind": kind, "rpId": "example.com", "origin": "https://login.example.com", "verification": verification, "notice": notice,
    }))
    .unwrap()
}

fn create() -> Value {
    json!({"create": {"rpName": "Example", "userName": "ada@example.com", "userDisplayName": "Ada"}})
}

fn get(names: &[(&str, &str)]) -> Value {
    let account = |(index, (name, display)): (usize, &(&str, &str))| json!({"credentialId": "AA", "userName": name, "userDisplayName": display, "created": 7, "lastUsed": (index == 0).then_some(9)});
    json!({"get": {"accounts": names.iter().enumerate().map(account).collect::<Vec<_>>()}})
}

fn person(name: &str, detail: Option<&str>, when: Option<When>) -> Person {
    Person { name: name.to_owned(), detail: detail.map(str::to_owned), when }
}

#[test]
fn create_names_the_site_and_the_account() {
    let view = view(&question(create(), json!("none"), Value::Null));
    assert_eq!(view.title, words("titleCreate", "example.com"));
    assert_eq!(view.people, Some(People::One(person("ada@example.com", Some("Ada"), None))));
    assert_eq!((view.pin, view.notice, view.hint), (PinFields::None, None, Some("hintCreate")));
    assert_eq!((view.approve, view.cancel), (Some("approveCreate"), "cancel"));
}

#[test]
fn what_is_out_of_the_ordinary_is_said_line_by_line() {
    let asked = |kind: Value, tab: Value, related: bool| {
        let mut json = serde_json::to_value(question(kind, json!("none"), Value::Null)).unwrap();
        json["tab"] = tab;
        json["related"] = json!(related);
        view(&serde_json::from_value(json).unwrap()).context
    };
    assert_eq!(view(&question(create(), json!("none"), Value::Null)).context, []);
    assert_eq!(asked(create(), json!({"private": true}), false), [plain("contextPrivate")]);
    assert_eq!(asked(get(&[("ada", "")]), json!({"private": true}), false), []);
    assert_eq!(asked(get(&[("ada", "")]), json!({"container": true}), false), [plain("contextContainer")]);
    let all = [words("contextRelated", "example.com"), plain("contextContainer"), plain("contextPrivate")];
    assert_eq!(asked(create(), json!({"private": true, "container": true}), true), all);
}

#[test]
fn one_account_is_shown_and_several_are_a_choice_in_the_given_order() {
    let one = view(&question(get(&[("ada", "ada")]), json!("none"), Value::Null));
    assert_eq!(one.people, Some(People::One(person("ada", None, None))));
    let two = view(&question(get(&[("ada", "Ada"), ("", "Bob ")]), json!("none"), Value::Null));
    let expected = vec![person("ada", Some("Ada"), Some(When::Used(9))), person("Bob", None, Some(When::Created(7)))];
    assert_eq!(two.people, Some(People::Choice(expected)));
    assert_eq!((two.title.key, two.approve), ("titleGet", Some("approveGet")));
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left() {
    let wrong = |retries: u8| {
        view(&question(create(), json!({"pin": {"retries": retries}}), json!({"wrongPin": {"retries": retries}})))
    };
    assert_eq!(wrong(7).pin, PinFields::Enter { wrong: true });
    assert_eq!(wrong(7).notice.unwrap().what, words("noticeWrongPin", "7"));
    assert_eq!(wrong(1).notice.unwrap().what, plain("noticeWrongPinLast"));
}

#[test]
fn the_last_tries_are_announced_before_they_are_spent() {
    let notice = |retries: u8| view(&question(create(), json!({"pin": {"retries": retries}}), Value::Null)).notice;
    assert_eq!(notice(8), None);
    assert_eq!(notice(4), None);
    assert_eq!(notice(3).unwrap().what, words("noticeFewTries", "3"));
    assert_eq!(notice(1).unwrap().what, plain("noticeLastTry"));
}

#[test]
fn a_pin_to_be_chosen_knows_its_least_length() {
    let view = view(&question(create(), json!({"newPin": {"minLength": 6}}), json!("pinTooShort")));
    assert_eq!(view.pin, PinFields::Choose { min_length: 6 });
    assert_eq!(view.notice.unwrap().what, words("noticePinTooShort", "6"));
}

#[test]
fn where_consent_leads_nowhere_there_is_no_button_for_it() {
    for notice in [
        json!("pinLocked"),
        json!("pinPaused"),
        json!("pinMustChange"),
        json!({"hostError": {"code": "keychain_locked", "message": "The keychain is locked. Unlock it."}}),
    ] {
        let view = view(&question(create(), json!({"pin": {"retries": 0}}), notice));
        assert_eq!((view.approve, view.people, view.pin), (None, None, PinFields::None));
        assert_eq!(view.cancel, "close");
        let notice = view.notice.unwrap();
        assert!(notice.remedy.is_some() || notice.verbatim.is_some(), "it says what to do");
    }
}

#[test]
fn where_the_os_asks_one_line_says_so_before_and_one_meanwhile() {
    for kind in [create(), get(&[("ada", "")])] {
        let view = view(&question(kind, json!({"builtIn": {"pin": false}}), Value::Null));
        assert_eq!((view.hint, view.pin, view.use_pin), (Some("hintBuiltIn"), PinFields::None, None));
        assert_eq!((view.notice, view.waiting.unwrap().tone), (None, Tone::Information));
        assert!(view.approve.is_some());
    }
    assert_eq!(view(&question(create(), json!({"pin": {"retries": 8}}), Value::Null)).waiting, None);
}

#[test]
fn the_pin_is_offered_instead_of_the_os_where_there_is_one() {
    let shown = |pin: bool, notice: &str| {
        let notice = if notice.is_empty() { Value::Null } else { json!(notice) };
        view(&question(create(), json!({"builtIn": {"pin": pin}}), notice))
    };
    assert_eq!(shown(true, "").use_pin, Some("usePin"));
    let failed = shown(true, "builtInFailed");
    assert_eq!((failed.use_pin, failed.hint), (Some("usePin"), None));
    assert_eq!(failed.notice.unwrap().remedy, Some(plain("remedyBuiltInFailedPin")));
    let failed = shown(false, "builtInFailed");
    assert_eq!(failed.use_pin, None);
    assert_eq!(failed.notice.unwrap().remedy, Some(plain("remedyBuiltInFailed")));
}

#[test]
fn where_the_os_is_asked_no_more_the_pin_is_the_way_or_the_browser_begins_anew() {
    let shown = |verification| view(&question(create(), verification, json!("builtInBlocked")));
    let with_pin = shown(json!({"pin": {"retries": 8}}));
    assert_eq!((with_pin.pin, with_pin.approve), (PinFields::Enter { wrong: false }, Some("approveCreate")));
    assert_eq!(with_pin.notice.unwrap().remedy, Some(plain("remedyBuiltInBlockedPin")));
    let without = shown(json!({"builtIn": {"pin": false}}));
    assert_eq!((without.approve, without.waiting, without.cancel), (None, None, "close"));
    assert_eq!(without.notice.unwrap().remedy, Some(plain("remedyPinPaused")));
}

#[test]
fn the_keyboard_goes_to_the_pin_unless_that_hides_the_list() {
    let first = |kind: Value, verification: Value| view(&question(kind, verification, Value::Null)).first();
    let pin = || json!({"pin": {"retries": 8}});
    assert_eq!(first(create(), json!("none")), "title");
    assert_eq!(first(create(), json!({"builtIn": {"pin": true}})), "title");
    assert_eq!(first(create(), json!({"newPin": {"minLength": 4}})), "pin-new");
    assert_eq!(first(get(&[("a", ""), ("b", "")]), pin()), "pin");
    assert_eq!(first(get(&[("a", ""), ("b", ""), ("c", "")]), pin()), "account-0");
    assert_eq!(first(get(&[("a", ""), ("b", "")]), json!("none")), "account-0");
    let three = || get(&[("a", ""), ("b", ""), ("c", "")]);
    let few_tries = view(&question(three(), json!({"pin": {"retries": 2}}), Value::Null));
    assert_eq!((few_tries.first(), few_tries.notice.is_some()), ("account-0", true));
    let wrong = view(&question(three(), json!({"pin": {"retries": 2}}), json!({"wrongPin": {"retries": 2}})));
    assert_eq!(wrong.first(), "pin");
}

#[test]
fn a_site_can_be_left_for_good_but_not_from_a_private_window() {
    let mut asked = question(create(), json!("none"), Value::Null);
    assert_eq!(view(&asked).leave_site, Some("alwaysUseAnother"));
    asked.tab.private = true;
    assert_eq!(view(&asked).leave_site, None);
}

#[test]
fn our_own_page_is_named_by_what_it_is() {
    let own = |kind| {
        let mut asked = question(kind, json!("none"), Value::Null);
        asked.rp_id = crate::client::OWN_RP_ID.into();
        view(&asked)
    };
    let made = own(create());
    assert_eq!((made.title, made.origin, made.leave_site), (plain("titleCreateTest"), None, None));
    assert_eq!(own(get(&[("ada", "")])).title, plain("titleGetTest"));
}

#[test]
fn already_registered_is_no_failure() {
    let view = view(&question(create(), json!("none"), json!("alreadyRegistered")));
    assert_eq!(view.title.key, "titleAlreadyRegistered");
    assert_eq!(view.notice.unwrap().tone, Tone::Information);
    assert_eq!((view.approve, view.cancel), (Some("approveAlreadyRegistered"), "close"));
}

/// Every key that this module can name, by running it over every notice and kind, and those that the screens name themselves.
fn keys_in_use() -> BTreeSet<&'static str> {
    let mut keys = BTreeSet::from([
        "titleCreateTest",
        "titleGetTest",
        "accountsFound",
        "accountsFoundOne",
        "accountsFoundNone",
        "accountSearch",
    ]);
    let notices = [
        Value::Null,
        json!({"wrongPin": {"retries": 1}}),
        json!({"wrongPin": {"retries": 5}}),
        json!("pinPaused"),
        json!("pinLocked"),
        json!("pinMustChange"),
        json!("builtInFailed"),
        json!("builtInBlocked"),
        json!("pinTooShort"),
        json!("pinRefused"),
        json!("alreadyRegistered"),
    ];
    let codes = [
        "bad_message",
        "too_large",
        "cancelled",
        "not_found",
        "keychain_unavailable",
        "keychain_locked",
        "keychain_emptied",
        "vault_wrong_key",
        "vault_unreadable",
        "record_damaged",
        "vault_unwritable",
        "internal",
    ];
    let errors = codes.map(|code| json!({"hostError": {"code": code, "message": "x"}}));
    for notice in notices.into_iter().chain(errors) {
        for kind in [create(), get(&[("a", "")])] {
            let pins = [1, 2, 8].map(|retries| json!({"pin": {"retries": retries}}));
            let built_in = [true, false].map(|pin| json!({"builtIn": {"pin": pin}}));
            for verification in pins.into_iter().chain(built_in) {
                let view = view(&question(kind.clone(), verification, notice.clone()));
                keys.extend([view.title.key, view.cancel]);
                keys.extend([view.approve, view.hint, view.use_pin, view.leave_site].into_iter().flatten());
                keys.extend(
                    [&view.notice, &view.waiting]
                        .into_iter()
                        .flatten()
                        .flat_map(|notice| [Some(notice.what.key), notice.remedy.as_ref().map(|it| it.key)])
                        .flatten(),
                );
            }
        }
    }
    keys
}

#[test]
fn every_language_has_every_text_with_the_same_placeholders() {
    let read = |text| serde_json::from_str::<serde_json::Map<String, Value>>(text).unwrap();
    let english = read(include_str!("../../../../extension/_locales/en/messages.json"));
    let german = read(include_str!("../../../../extension/_locales/de/messages.json"));
    for key in keys_in_use() {
        assert!(english.contains_key(key), "{key} is in no language");
    }
    let placeholders = |text: &Value| text["message"].as_str().unwrap().matches("$1").count();
    assert!(english.keys().eq(german.keys()), "the same keys in the same order");
    for (key, text) in &english {
        assert_eq!(placeholders(text), placeholders(&german[key]), "{key}");
    }
}
