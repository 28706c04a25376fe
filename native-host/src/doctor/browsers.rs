//! Each browser on this machine: whether it finds Keystow, and whether what it finds works.

use std::path::Path;

use protocol::manage::{Check, Finding};

use super::check::{absent, found, good, mend};
use super::known::{BROWSERS, Known};
use super::machine::{Machine, Used};
use super::round_trip::{Outcome, RoundTrips};
use super::sandbox;
use crate::install::{Browser, Distrust, Found, Manifest, distrust};

/// What browsers are looked at with.
pub(super) struct Examiner<'a> {
    pub(super) machine: &'a Machine,
    /// This program.
    pub(super) executable: &'a Path,
    /// Absent where the keychain is not in order: a host that is asked would ask it once more, and the user with it.
    pub(super) round_trips: Option<RoundTrips>,
}

impl Examiner<'_> {
    /// A check for each browser that is here, and one line for all that are not.
    pub(super) fn examine(mut self) -> Vec<Check> {
        let (mut checks, mut missing) = (Vec::new(), Vec::new());
        for known in BROWSERS {
            let Some(browser) = Browser::named(known.key) else { continue };
            let before = checks.len();
            if self.is_here(known, &browser) {
                checks.push(self.examine_plain(known.name, &browser));
            }
            self.examine_sandboxed(known, &browser, &mut checks);
            if checks.len() == before {
                missing.push((known.name, browser));
            }
        }
        checks.extend(self.summary(&checks, &missing));
        checks
    }

    /// Zen has a profile of its own in a place that is not known.
    fn is_here(&self, known: &Known, browser: &Browser) -> bool {
        self.machine.has_program(known.programs) || (known.name == browser.name() && browser.has_profile())
    }

    fn examine_sandboxed(&mut self, known: &Known, browser: &Browser, checks: &mut Vec<Check>) {
        let machine = self.machine;
        for id in known.flatpaks {
            if let Some(used) = machine.flatpak(id) {
                checks.push(self.examine_flatpak(known.name, id, browser, used));
            }
        }
        for snap in known.snaps {
            if let Some(used) = machine.snap(snap) {
                checks.push(self.examine_snap(known.name, browser, used));
            }
        }
    }

    fn examine_flatpak(&mut self, browser_name: &str, id: &str, browser: &Browser, used: Used) -> Check {
        let name = format!("{browser_name} (Flatpak)");
        if sandbox::has_own_manifest(self.machine, id, browser) {
            let finding = "has a manifest in its sandbox; from outside it cannot be told whether that works";
            return absent(&name, Finding::SandboxHasManifest, finding);
        }
        if sandbox::uses_proxy(self.machine, browser) {
            return with(self.examine_plain(&name, browser), Finding::AnswersByProxy, sandbox::BY_PROXY);
        }
        sandbox::locked_in(&name, "Flatpak", browser, used)
    }

    fn examine_snap(&mut self, browser_name: &str, browser: &Browser, used: Used) -> Check {
        let name = format!("{browser_name} (Snap)");
        if sandbox::uses_portal(self.machine, browser) {
            return with(self.examine_plain(&name, browser), Finding::AnswersByPortal, sandbox::BY_PORTAL);
        }
        sandbox::locked_in(&name, "Snap", browser, used)
    }

    /// One that may read the user's files and start programs.
    fn examine_plain(&mut self, name: &str, browser: &Browser) -> Check {
        let fix = format!("keystow install --browser {}", browser.key());
        let Found { file, manifest } = browser.find(self.machine.root(), self.executable);
        match manifest {
            Manifest::Ready => self.examine_host(name, browser, &file, self.executable, fix),
            Manifest::Elsewhere(path) => self.examine_host(name, browser, &file, &path, fix),
            Manifest::Missing => mend(name, Finding::ManifestMissing, "does not know where Keystow is.", fix),
            Manifest::Dangling(path) => {
                let path = path.display().to_string();
                let found = found(Finding::ManifestDangling, [&path]);
                mend(name, found, format!("looks for Keystow at {path}, where nothing is."), fix)
            }
            Manifest::Unusable => {
                mend(name, Finding::ManifestUnusable, "has a manifest that does not let the Keystow extension in.", fix)
            }
            Manifest::Unreadable(path) => {
                let fix = format!("chmod a+r {}", path.display());
                mend(name, Finding::ManifestUnreadable, "has a manifest that cannot be read.", fix)
            }
        }
    }

    fn examine_host(&mut self, name: &str, browser: &Browser, file: &Path, host: &Path, fix: String) -> Check {
        match distrust(file, host) {
            Some(Distrust::Writable(path)) => {
                let path = path.display().to_string();
                let finding = format!("goes by {path}, which everyone on this machine may change.");
                return mend(name, found(Finding::WritableByAll, [&path]), finding, format!("chmod o-w {path}"));
            }
            Some(Distrust::NotExecutable(path)) => {
                let path = path.display().to_string();
                let finding = format!("looks for Keystow at {path}, which may not be started.");
                return mend(name, found(Finding::NotExecutable, [&path]), finding, format!("chmod +x {path}"));
            }
            None => {}
        }
        let Some(round_trips) = &mut self.round_trips else {
            let finding = "knows where Keystow is; it is not asked while the keychain is not in order";
            return good(name, Finding::NotAsked, finding);
        };
        judge(name, &host.display().to_string(), round_trips.of(host, browser.family(), file), fix)
    }

    /// One line about those that are not here; where none is, also whether one that came would find Keystow.
    fn summary(&self, here: &[Check], missing: &[(&str, Browser)]) -> Option<Check> {
        let ready = |browser: &Browser| browser.find(self.machine.root(), self.executable).manifest == Manifest::Ready;
        let names: Vec<_> = missing.iter().map(|(name, _)| *name).collect();
        match (here.is_empty(), names.is_empty()) {
            (true, _) if missing.iter().any(|(_, browser)| ready(browser)) => {
                let finding = "none of those that are known is here; one that comes finds Keystow";
                Some(absent("browsers", Finding::NoBrowserYet, finding))
            }
            (true, _) => {
                let finding = "None of those that are known is here, or finds Keystow.";
                Some(mend("browsers", Finding::NoBrowser, finding, "keystow install"))
            }
            (false, true) => None,
            (false, false) => {
                let names = names.join(", ");
                Some(absent("other browsers", found(Finding::NotHere, [&names]), format!("not here: {names}")))
            }
        }
    }
}

/// What a host that was started comes to; `at`: its file.
fn judge(name: &str, at: &str, outcome: Outcome, fix: String) -> Check {
    match outcome {
        Outcome::Version(version) if version == VERSION => good(name, Finding::Answers, "finds Keystow, which answers"),
        Outcome::Version(version) => {
            let finding = format!("starts another Keystow, {at}, of version {version}; this one is {VERSION}.");
            mend(name, found(Finding::OtherVersion, [at, &version, VERSION]), finding, fix)
        }
        Outcome::Refused => good(name, Finding::CannotWork, "finds Keystow, which answers that it cannot work now"),
        Outcome::NotStarted(why) => {
            let finding = format!("cannot start Keystow at {at} ({why}).");
            mend(name, found(Finding::NotStarted, [at, &why]), finding, fix)
        }
        Outcome::NoAnswer => {
            let finding = format!("starts {at}, which does not answer as Keystow does.");
            mend(name, found(Finding::NoAnswer, [at]), finding, fix)
        }
        Outcome::TimedOut => {
            let finding = format!("starts {at}, which does not answer in time.");
            mend(name, found(Finding::NoAnswerInTime, [at]), finding, fix)
        }
    }
}

/// The same, and by which way, where all is well.
fn with(mut check: Check, way: Finding, word: &str) -> Check {
    if check.code == Some(Finding::Answers.into()) {
        check.code = Some(way.into());
        check.finding.push_str(word);
    }
    check
}

const VERSION: &str = env!("CARGO_PKG_VERSION");
