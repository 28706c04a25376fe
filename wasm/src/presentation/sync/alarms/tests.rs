use protocol::manage::sync::{Alarm, SyncState, Synced, TroubleKind};

use super::{alarm, count, strange};
use crate::presentation::sync::tests::{all_alarms, on, trouble};
use crate::presentation::view::Tone;

fn state(on: Synced) -> SyncState {
    SyncState { on: Some(on), step: None }
}

#[test]
fn each_is_told_with_what_to_do() {
    for one in all_alarms() {
        let Some(view) = alarm(&one) else {
            assert!(matches!(one, Alarm::Strange { .. }));
            continue;
        };
        assert_eq!(view.notice.what.argument.as_deref(), Some("Phone"));
        assert!(view.notice.remedy.is_some() && view.notice.verbatim.is_none());
        assert_eq!(view.publishes, matches!(one, Alarm::RolledBack { .. }));
    }
}

#[test]
fn only_what_asks_for_a_person_is_counted() {
    let mut all = Synced { alarms: all_alarms(), ..on() };
    assert_eq!(count(&state(all.clone())), 3); // rolled back, twice, newer
    all.trouble = Some(trouble(TroubleKind::Unreachable));
    assert_eq!(count(&state(all.clone())), 3);
    all.trouble = Some(trouble(TroubleKind::NotAllowed));
    assert_eq!(count(&state(all.clone())), 4);
    all.removed = true;
    assert_eq!(count(&state(all)), 5);
    assert_eq!((count(&state(on())), count(&SyncState::default())), (0, 0));
}

#[test]
fn whoever_removed_it_is_named_where_that_is_known() {
    let by = |by: &str| {
        alarm(&Alarm::Removed { device: "Phone".to_owned(), by: by.to_owned() }).unwrap().notice.remedy.unwrap()
    };
    assert_eq!((by("Laptop").key, by("Laptop").argument.as_deref()), ("alarmRemovedBy", Some("Laptop")));
    assert_eq!(by("").key, "alarmRemovedRemedy");
}

#[test]
fn junk_is_for_the_details() {
    assert_eq!(strange(&on()), None);
    let told = strange(&Synced { alarms: all_alarms(), ..on() }).unwrap();
    assert_eq!((told.key, told.argument.as_deref()), ("alarmStrange", Some("7")));
}

#[test]
fn a_name_that_acts_on_its_surroundings_is_made_safe() {
    let view = alarm(&Alarm::Twice { device: "Lap\u{202e}top".to_owned() }).unwrap();
    assert_eq!((view.notice.what.argument.as_deref(), view.notice.tone), (Some("Laptop"), Tone::Problem));
}
