//! Whether sync is in order, for the doctor.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::manage::sync::Synced;
use protocol::manage::{Check, CheckState, Finding};

use super::Host;

impl Host {
    /// How sync stands; nothing where it is off, or nothing can be told because the keychain or the vault is not well.
    pub(super) fn examine_sync(&mut self) -> Option<Check> {
        let synced = self.sync_state().ok()?.on?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Some(check(&synced, u64::try_from(now.as_millis()).unwrap_or(u64::MAX)))
    }
}

fn check(synced: &Synced, now: u64) -> Check {
    let found = |state, code: Finding, details: &[String], finding: String| Check {
        name: NAME.to_owned(),
        state,
        code: Some(code.into()),
        details: details.to_vec(),
        finding,
        fix: None,
    };
    let mend = |code, details: &[String], finding: &str, fix: &str| Check {
        fix: Some(fix.to_owned()),
        ..found(CheckState::Mend, code, details, finding.to_owned())
    };
    let days = synced.last.map(|last| now.saturating_sub(last) / DAY);
    match days {
        _ if synced.removed => {
            let fix = "keystow device join, or keystow sync off";
            mend(Finding::SyncRemoved, &[], "This device was removed by another.", fix)
        }
        None => mend(Finding::SyncNever, &[], "No pass has come to its end yet.", "keystow sync now"),
        Some(days) if days >= LATE => {
            let finding = format!("The last pass came to its end {days} days ago.");
            mend(Finding::SyncLate, &[days.to_string()], &finding, "keystow sync now")
        }
        Some(days) => {
            let count = synced.devices.len();
            let details = [count.to_string(), days.to_string()];
            found(CheckState::Good, Finding::SyncInStep, &details, format!("{}, in step {}", devices(count), ago(days)))
        }
    }
}

fn devices(count: usize) -> String {
    if count == 1 { "this device alone".to_owned() } else { format!("{count} devices") }
}

fn ago(days: u64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "a day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

const NAME: &str = "sync";
const DAY: u64 = 24 * 60 * 60 * 1000;

/// Days after which somebody should look why.
const LATE: u64 = 7;

#[cfg(test)]
mod tests {
    use super::*;

    fn synced(last: Option<u64>, removed: bool) -> Synced {
        Synced {
            storage: "WebDAV, cloud.example.org".to_owned(),
            at: None,
            untold: Vec::new(),
            last,
            trouble: None,
            busy: false,
            pending: 0,
            devices: Vec::new(),
            recovery_keys: 1,
            alarms: Vec::new(),
            removed,
        }
    }

    #[test]
    fn a_week_without_a_pass_is_to_be_mended() {
        let now = 100 * DAY;
        let state = |last, removed| check(&synced(last, removed), now).state;
        assert_eq!(state(Some(now), false), CheckState::Good);
        assert_eq!(state(Some(now - LATE * DAY + 1), false), CheckState::Good);
        assert_eq!(state(Some(now - LATE * DAY), false), CheckState::Mend);
        assert_eq!(state(None, false), CheckState::Mend);
        assert_eq!(state(Some(now), true), CheckState::Mend);
    }
}
