//! What is not in order, each with its one fix. Looks at everything and changes nothing.

use std::env;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::install::{Browser, Manifest};
use crate::keychain::{Keychain, SERVICE};
use crate::secret::{VaultKey, harden_process};
use crate::vault::{self, Integrity, Vault};
use crate::verification::SettingsStore;
use crate::verification::os::{Availability, UserVerifier};

/// One thing that was looked at.
#[derive(Debug, Eq, PartialEq, Serialize)]
pub struct Check {
    /// What it is: `keychain`, or a browser's name.
    pub name: String,
    /// How it is.
    pub state: State,
    /// What was found.
    pub finding: String,
    /// The one thing to do, where something is to be done; for what is absent, the one thing that would put it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// In order.
    Good,
    /// To be mended.
    Mend,
    /// Not there, and nothing is missing by that.
    Absent,
}

/// Looks at the host, the keychain, the vault, the system's user verification and every browser, in this order.
pub fn examine(keychain: &dyn Keychain, verifier: &dyn UserVerifier) -> Vec<Check> {
    let file = vault::default_path();
    let (keychain, key) = examine_keychain(keychain, file.as_deref());
    let mut checks = vec![examine_host(), keychain];
    let (vault, switched_on) = examine_vault(file.as_deref(), key);
    checks.push(vault);
    checks.push(examine_verification(verifier.availability(), switched_on));
    let executable = env::current_exe().unwrap_or_default();
    checks.extend(examine_browsers(&executable));
    checks
}

impl Check {
    fn good(name: &str, finding: impl Into<String>) -> Self {
        Self { name: name.to_owned(), state: State::Good, finding: finding.into(), fix: None }
    }

    fn absent(name: &str, finding: impl Into<String>) -> Self {
        Self { name: name.to_owned(), state: State::Absent, finding: finding.into(), fix: None }
    }

    fn mend(name: &str, finding: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name: name.to_owned(), state: State::Mend, finding: finding.into(), fix: Some(fix.into()) }
    }

    /// An error of the layers below says what happened in its first sentences, and what to do in the last.
    fn failed(name: &str, error: &vault::Error) -> Self {
        let text = error.to_string();
        match text.rsplit_once(". ") {
            Some((happened, fix)) => Self::mend(name, format!("{happened}."), fix),
            None => Self::mend(name, text, "See the sentence above."),
        }
    }
}

fn examine_host() -> Check {
    let hardening = harden_process();
    let mut finding =
        format!("version {}, {}", env!("CARGO_PKG_VERSION"), shown(&env::current_exe().unwrap_or_default()));
    if !hardening.core_dumps_off {
        finding.push_str("; the system does not let it turn core dumps off");
    }
    Check::good("host", finding)
}

fn examine_keychain(keychain: &dyn Keychain, file: Option<&Path>) -> (Check, Option<VaultKey>) {
    let has_vault = file.is_some_and(Path::exists);
    match keychain.load() {
        Ok(Some(key)) => (Check::good("keychain", format!("holds the vault's key, as {SERVICE}")), Some(key)),
        Ok(None) if has_vault => {
            let error = vault::Error::KeychainEmptied { file: file.unwrap_or(Path::new("")).to_owned() };
            (Check::failed("keychain", &error), None)
        }
        Ok(None) => (Check::good("keychain", "works; the first passkey puts a key there"), None),
        Err(error) => (Check::failed("keychain", &vault::Error::Keychain(error)), None),
    }
}

/// The vault, and whether verification by the system is switched on in it.
fn examine_vault(file: Option<&Path>, key: Option<VaultKey>) -> (Check, bool) {
    let Some(file) = file else {
        let finding = "This user has no home folder to keep passkeys in.";
        return (Check::mend("vault", finding, "Set HOME, then try again."), false);
    };
    if !file.exists() {
        return (Check::absent("vault", format!("none yet; the first passkey makes {}", shown(file))), false);
    }
    let Some(key) = key else {
        let finding = format!("{} is there; it cannot be looked at without its key", shown(file));
        return (Check::absent("vault", finding), false);
    };
    let looked_at = Vault::open(file).and_then(|locked| locked.unlock(&key)).and_then(|vault| {
        let switched_on = vault.settings().is_ok_and(|settings| settings.os_verification);
        Ok((judge(file, &vault.integrity()?), switched_on))
    });
    looked_at.unwrap_or_else(|error| (Check::failed("vault", &error), false))
}

fn judge(file: &Path, integrity: &Integrity) -> Check {
    let passkeys = match integrity.records {
        1 => "1 passkey".to_owned(),
        count => format!("{count} passkeys"),
    };
    if integrity.is_clean() {
        return Check::good("vault", format!("{passkeys} in {}, every record sound", shown(file)));
    }
    let mut wrong: Vec<_> = integrity.damaged.iter().map(|record| format!("record {record} is damaged")).collect();
    wrong.extend(integrity.structure.iter().cloned());
    let finding = format!("{passkeys} in {} can be used; {}.", shown(file), wrong.join("; "));
    Check::mend(
        "vault",
        finding,
        "Restore the file from a backup, or register again with the sites that no longer work.",
    )
}

/// How the user is verified: by the PIN, or by the system where that is `switched_on`.
fn examine_verification(availability: Availability, switched_on: bool) -> Check {
    let name = "user verification";
    let by_pin = |why: &str| format!("by PIN alone. {why}");
    match (availability, switched_on) {
        (Availability::Ready, true) => Check::good(name, "by the system"),
        (Availability::Ready, false) => Check {
            fix: Some("keystow verification os on".to_owned()),
            ..Check::absent(name, by_pin("The system could ask you instead."))
        },
        (Availability::NotSetUp(obstacle), true) => Check::mend(name, by_pin(obstacle.finding()), obstacle.fix()),
        (Availability::NotSetUp(obstacle), false) => {
            Check { fix: Some(obstacle.fix().to_owned()), ..Check::absent(name, by_pin(obstacle.finding())) }
        }
        (Availability::Unsupported, true) => {
            Check::mend(name, by_pin("This system has no way that Keystow knows."), "keystow verification os off")
        }
        (Availability::Unsupported, false) => {
            Check::absent(name, by_pin("This system has no other way that Keystow knows."))
        }
    }
}

fn examine_browsers(executable: &Path) -> Vec<Check> {
    let mut checks: Vec<_> = Browser::all().iter().map(|browser| examine_browser(browser, executable)).collect();
    if checks.iter().all(|check| check.state == State::Absent) {
        checks.push(Check::mend("browsers", "None of them finds Keystow.", "keystow install"));
    }
    checks
}

fn examine_browser(browser: &Browser, executable: &Path) -> Check {
    let name = browser.name();
    let fix = format!("keystow install --browser {}", browser.key());
    match browser.manifest(executable) {
        Manifest::Ready => Check::good(name, "finds Keystow"),
        Manifest::Missing if browser.is_here() => Check::mend(name, "does not know where Keystow is.", fix),
        Manifest::Missing => Check::absent(name, "not used on this machine"),
        Manifest::Elsewhere(path) => Check::mend(name, format!("starts another Keystow, {}.", shown(&path)), fix),
        Manifest::Dangling(path) => {
            Check::mend(name, format!("looks for Keystow at {}, where nothing is.", shown(&path)), fix)
        }
        Manifest::Unusable => Check::mend(name, "has a manifest that does not let the Keystow extension in.", fix),
    }
}

fn shown(path: &Path) -> String {
    PathBuf::from(path).display().to_string()
}

#[cfg(test)]
mod tests;
