use protocol::manage::{Check, CheckState, Diagnosis, OsVerification, Settings, Verification};

use super::{fields, report, verification};
use crate::client::What;
use crate::presentation::view::PinFields;

fn settings(pin_set: bool, retries: u8, os: OsVerification) -> Settings {
    let verification =
        Verification { pin_set, retries, min_pin_length: 4, must_change_pin: false, built_in: false, always: false };
    Settings { verification, os_verification: false, os }
}

#[test]
fn the_first_pin_is_chosen_and_another_changed() {
    let first = settings(false, 8, OsVerification::Unsupported);
    assert_eq!(verification(&first).pin, Some(("settingsChoosePin", What::SetPin)));
    assert_eq!(fields(What::SetPin, &first).current, PinFields::None);
    let later = settings(true, 8, OsVerification::Unsupported);
    assert_eq!(verification(&later).pin, Some(("settingsChangePin", What::ChangePin)));
    let asked = fields(What::ChangePin, &later);
    assert_eq!((asked.current, asked.new), (PinFields::Enter { wrong: false }, PinFields::Choose { min_length: 4 }));
}

#[test]
fn a_locked_pin_is_not_changed_here() {
    let view = verification(&settings(true, 0, OsVerification::Unsupported));
    assert_eq!((view.pin, view.problem.unwrap().0.key), (None, "noticePinLocked"));
}

#[test]
fn tries_are_told_before_they_run_out() {
    let problem = |tries| verification(&settings(true, tries, OsVerification::Ready)).problem.map(|(what, _)| what.key);
    assert_eq!((problem(8), problem(3), problem(1)), (None, Some("noticeFewTries"), Some("noticeLastTry")));
}

#[test]
fn what_is_on_can_always_be_switched_off() {
    let not_set_up =
        OsVerification::NotSetUp { code: None, finding: "No agent.".to_owned(), fix: "Install one.".to_owned() };
    let off = settings(true, 8, not_set_up.clone());
    assert_eq!((verification(&off).os, verification(&off).os_said.is_err()), ((false, false), true));
    let on = Settings { os_verification: true, ..off };
    assert_eq!(verification(&on).os, (true, true));
}

#[test]
fn the_pin_is_asked_for_only_where_it_proves_anything() {
    let asked = |settings: &Settings| fields(What::AlwaysUv(true), settings).current;
    let mut settled = settings(true, 8, OsVerification::Ready);
    assert_eq!(asked(&settled), PinFields::Enter { wrong: false });
    settled.verification.built_in = true;
    assert_eq!(asked(&settled), PinFields::None);
    assert_eq!(asked(&settings(false, 8, OsVerification::Ready)), PinFields::None);
}

#[test]
fn what_is_copied() {
    let check = |name: &str, state, fix: Option<&str>| Check {
        name: name.to_owned(),
        state,
        code: None,
        details: Vec::new(),
        finding: "So it is.".to_owned(),
        fix: fix.map(str::to_owned),
    };
    let checks =
        vec![check("keychain", CheckState::Good, None), check("Firefox", CheckState::Mend, Some("keystow install"))];
    let text = report("1.2.3", "Firefox/142.0", Some(&Diagnosis { checks }));
    let expected = "Keystow extension 1.2.3\nFirefox/142.0\n\nkeychain (good): So it is.\nFirefox (to be mended): So it is.\n  keystow install\n";
    assert_eq!(text, expected);
}
