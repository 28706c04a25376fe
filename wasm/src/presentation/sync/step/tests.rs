use protocol::manage::sync::{Done, Step};

use super::{Act, Body, Context, view};
use crate::presentation::sync::form::Purpose;
use crate::presentation::sync::tests::steps;

#[test]
fn each_step_has_a_way_out_and_at_most_one_way_on() {
    let context = Context::default();
    let shown: Vec<_> = steps()
        .iter()
        .map(|step| view(step, &context))
        .map(|view| (view.title.key, view.yes.map(|(_, act)| act), view.no.map(|(_, act)| act)))
        .collect();
    let leave = Some(Act::Leave);
    let expected = [
        ("working", None, leave),
        ("keyTitle", Some(Act::ToCheck), leave),
        ("addTitle", None, leave),
        ("askedTitle", Some(Act::Yes), Some(Act::No)),
        ("waitingTitle", None, leave),
        ("foundTitle", Some(Act::Yes), Some(Act::No)),
        ("doneOn", leave, None),
        ("failedTitle", None, leave),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn the_key_is_out_of_sight_while_it_is_asked_for() {
    let step = &steps()[1];
    let written = Context { is_written: true, ..Context::default() };
    assert_eq!(view(step, &Context::default()).body, Body::Words);
    let check = view(step, &written);
    assert_eq!(
        (check.body, check.yes, check.no, check.notice),
        (Body::Check, Some(("keyCheck", Act::Check)), Some(("keyShowAgain", Act::ToWords)), None)
    );
    let Step::RecoveryKey { words, asked, .. } = step.clone() else { panic!() };
    assert_eq!(view(&Step::RecoveryKey { words, asked, wrong: true }, &written).notice.unwrap().what.key, "keyWrong");
}

#[test]
fn it_is_said_what_is_worked_at() {
    let said = |purpose| view(&Step::Working {}, &Context { purpose, ..Context::default() }).body;
    assert_eq!(said(Some(Purpose::TurnOn)), Body::Waiting("workingStorage"));
    assert_eq!(said(Some(Purpose::Join)), Body::Waiting("workingJoin"));
    assert_eq!(said(None), Body::Waiting("workingHere"));
}

#[test]
fn a_removed_device_may_know_the_password() {
    let removed = |sites: &[&str]| {
        let sites = sites.iter().map(|site| (*site).to_owned()).collect();
        Step::Done(Done::Removed { name: "Phone".to_owned(), sites })
    };
    let knows = Context { has_password: true, ..Context::default() };
    let shown = view(&removed(&["a.example"]), &knows);
    assert_eq!((shown.body, shown.no), (Body::Sites, Some(("syncChangeStorage", Act::ChangeStorage))));
    assert!(shown.notice.is_some());
    let shown = view(&removed(&[]), &Context::default());
    assert_eq!((shown.body, shown.no, shown.notice), (Body::None, None, None));
    // Nobody is left without a way to close it.
    assert_eq!(shown.yes, Some(("done", Act::Leave)));
}

#[test]
fn those_who_have_not_learned_of_the_storage_are_named() {
    let changed = |waiting: &[&str]| {
        let waiting = waiting.iter().map(|name| (*name).to_owned()).collect();
        view(&Step::Done(Done::StorageChanged { waiting }), &Context::default()).why.unwrap()
    };
    assert_eq!(changed(&[]).key, "doneStorageWhy");
    let waits = changed(&["Phone", "TV"]);
    assert_eq!((waits.key, waits.argument.as_deref()), ("doneStorageWaiting", Some("Phone, TV")));
}

#[test]
fn who_is_back_is_asked_which_devices_are_lost() {
    let joined = Step::Done(Done::Joined { passkeys: 4 });
    let shown = |purpose, has_others| {
        let shown = view(&joined, &Context { purpose: Some(purpose), has_others, ..Context::default() });
        (shown.title.key, shown.body)
    };
    assert_eq!(shown(Purpose::Recover, true), ("doneRecovered", Body::Lost));
    assert_eq!(shown(Purpose::Recover, false), ("doneRecovered", Body::None));
    assert_eq!(shown(Purpose::Join, true), ("doneJoined", Body::None));
}
