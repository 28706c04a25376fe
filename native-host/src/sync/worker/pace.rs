//! How often the storage is asked: every two minutes, less often while nothing happens, and less and less while it fails.

use std::time::{Duration, Instant};

use sync_engine::engine::Report;
use sync_engine::storage::Trouble;

use crate::sync::tasks::Broken;

/// When the next pass is due.
#[derive(Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    pause: Duration,
    sore: bool,
}

impl Pace {
    /// A pass has ended so.
    pub(super) fn passed(&mut self, passed: &Result<Report, Broken>) {
        let went_well = |report: &Report| report.trouble.is_none();
        let (floor, ceiling) = match passed {
            Ok(report) if went_well(report) => (QUIET, LONGEST_QUIET),
            // A keychain that is locked asks its user at each try, and a server may lock out who comes with a wrong password again and again.
            Err(_) | Ok(Report { trouble: Some(Trouble::NotAllowed(_)), .. }) => (LONGEST_SORE, LONGEST_SORE),
            Ok(_) => (SORE, LONGEST_SORE),
        };
        let sore = !passed.as_ref().is_ok_and(went_well);
        let moved = passed.as_ref().is_ok_and(|report| went_well(report) && report.read + report.published > 0);
        let longer = if sore == self.sore && !moved { self.pause * 2 } else { floor };
        self.pause = longer.clamp(floor, ceiling);
        self.sore = sore;
        self.last = Some(Instant::now());
    }

    /// How long until the next pass.
    pub(super) fn left(&self) -> Duration {
        self.last.map_or(Duration::ZERO, |last| self.pause.saturating_sub(last.elapsed()))
    }

    /// Whether it is time for one.
    pub(super) fn is_due(&self) -> bool {
        self.left().is_zero()
    }

    /// Whether the last one failed: the next waits, whatever has changed.
    pub(super) fn is_sore(&self) -> bool {
        self.sore
    }
}

const QUIET: Duration = Duration::from_secs(2 * 60);
const LONGEST_QUIET: Duration = Duration::from_secs(16 * 60);
const SORE: Duration = Duration::from_secs(15);
const LONGEST_SORE: Duration = Duration::from_secs(15 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_offline_is_asked_soon_and_who_wants_another_password_late() {
        let after = |trouble: Trouble| {
            let mut pace = Pace::default();
            pace.passed(&Ok(Report { trouble: Some(trouble), ..Report::default() }));
            assert!(pace.is_sore() && !pace.is_due());
            pace.left()
        };
        assert!(after(Trouble::Unreachable(String::new())) <= SORE);
        assert!(after(Trouble::NotAllowed(String::new())) > SORE * 10);
    }
}
