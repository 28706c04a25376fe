//! What a person should know of a synchronized vault (SYNC §12), and how much of it asks for a person.

use protocol::manage::sync::{Alarm, SyncState, Synced};

use super::trouble::is_for_a_person;
use crate::client::shown;
use crate::presentation::view::{NoticeView, Tone, Words, plain, words};

/// An alarm in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AlarmView {
    /// What it says.
    pub notice: NoticeView,
    /// Whether there is a button to publish again.
    pub publishes: bool,
}

/// The alarm in words; nothing for what belongs into the details alone.
pub fn alarm(alarm: &Alarm) -> Option<AlarmView> {
    let (tone, what, device, remedy) = match alarm {
        Alarm::RolledBack { device } => (Tone::Problem, "alarmRolledBack", device, plain("alarmRolledBackRemedy")),
        Alarm::Withheld { device } => (Tone::Information, "alarmWithheld", device, plain("alarmWithheldRemedy")),
        Alarm::Twice { device } => (Tone::Problem, "alarmTwice", device, plain("alarmTwiceRemedy")),
        Alarm::Removed { device, by } if by.is_empty() => {
            (Tone::Information, "alarmRemoved", device, plain("alarmRemovedRemedy"))
        }
        Alarm::Removed { device, by } => {
            (Tone::Information, "alarmRemoved", device, words("alarmRemovedBy", &shown(by)))
        }
        Alarm::Silent { device } => (Tone::Information, "alarmSilent", device, plain("alarmSilentRemedy")),
        Alarm::Newer { device } => (Tone::Problem, "alarmNewer", device, plain("alarmNewerRemedy")),
        Alarm::Strange { .. } => return None,
    };
    let notice = NoticeView { tone, what: words(what, &shown(device)), remedy: Some(remedy), verbatim: None };
    Some(AlarmView { notice, publishes: matches!(alarm, Alarm::RolledBack { .. }) })
}

/// What is told of objects that no member signed, for the details.
pub fn strange(on: &Synced) -> Option<Words> {
    on.alarms.iter().find_map(|alarm| match alarm {
        Alarm::Strange { count } => Some(words("alarmStrange", &count.to_string())),
        _ => None,
    })
}

/// How much waits for a person: what the toolbar's icon counts.
pub fn count(state: &SyncState) -> usize {
    let Some(on) = &state.on else { return 0 };
    let alarms = on.alarms.iter().filter(|alarm| is_urgent(alarm)).count();
    let trouble = on.trouble.as_ref().is_some_and(|trouble| is_for_a_person(trouble.kind));
    alarms + usize::from(trouble) + usize::from(on.removed)
}

fn is_urgent(alarm: &Alarm) -> bool {
    alarm_tone(alarm) == Some(Tone::Problem)
}

fn alarm_tone(of: &Alarm) -> Option<Tone> {
    alarm(of).map(|view| view.notice.tone)
}

#[cfg(test)]
mod tests;
