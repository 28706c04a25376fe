//! Devices & sync: what the manager's place shows for what the host tells. Words are keys of `_locales`.

pub mod alarms;
pub mod form;
pub mod home;
pub mod qr;
pub mod step;
pub mod trouble;

use protocol::manage::sync::{Step, SyncState};

/// What the place shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Panel {
    /// What sync is, and the ways to begin.
    Off,
    /// How things stand.
    Home,
    /// What was begun.
    Step,
}

/// What the place shows for `state`.
pub fn panel(state: &SyncState) -> Panel {
    match state {
        SyncState { step: Some(_), .. } => Panel::Step,
        SyncState { on: Some(_), .. } => Panel::Home,
        SyncState { on: None, step: None } => Panel::Off,
    }
}

/// After so many milliseconds what goes on is looked at again.
const WHILE_UNDER_WAY: i32 = 1000;

/// What was begun lives in the host's process, and that as long as somebody asks: where nothing can be seen to go on, after so many
/// milliseconds. Well below the time for which the background keeps a host that nobody asks.
const TO_KEEP_IT: i32 = 20_000;

/// When to look again, in milliseconds: soon while something goes on by itself before the user's eyes, now and then while something waits
/// for them. `hidden`: the page is out of sight.
pub fn again(state: &SyncState, hidden: bool) -> Option<i32> {
    let soon = if hidden { TO_KEEP_IT } else { WHILE_UNDER_WAY };
    match &state.step {
        Some(Step::Working {} | Step::Code { .. } | Step::Asked { .. } | Step::Waiting {}) => Some(soon),
        Some(Step::RecoveryKey { .. } | Step::Found { .. }) => Some(TO_KEEP_IT),
        Some(Step::Done(_) | Step::Failed { .. }) => None,
        None => (!hidden && state.on.as_ref().is_some_and(|on| on.busy)).then_some(WHILE_UNDER_WAY),
    }
}

/// Whether passkeys may have come, gone or been backed up from `before` to `now`.
pub fn is_moved(before: &SyncState, now: &SyncState) -> bool {
    let moved = |state: &SyncState| {
        let on = state.on.as_ref().map(|on| (on.last, on.pending, on.devices.len(), on.removed));
        (on, matches!(state.step, Some(Step::Done(_))))
    };
    moved(before) != moved(now)
}

/// How long ago something was, as `Intl.RelativeTimeFormat` has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ago {
    /// Less than a minute.
    Now,
    /// So many of these units: "minute", "hour" or "day".
    Units(u32, &'static str),
    /// Longer than a week: the day itself says more.
    Day,
}

/// How long before `now` `then` was, both in milliseconds since 1970.
pub fn ago(now: u64, then: u64) -> Ago {
    let minutes = now.saturating_sub(then) / 60_000;
    let units = |count: u64, unit| u32::try_from(count).map_or(Ago::Day, |count| Ago::Units(count, unit));
    match minutes {
        0 => Ago::Now,
        1..60 => units(minutes, "minute"),
        60..1440 => units(minutes / 60, "hour"),
        1440..10_080 => units(minutes / 1440, "day"),
        _ => Ago::Day,
    }
}

#[cfg(test)]
mod tests;
