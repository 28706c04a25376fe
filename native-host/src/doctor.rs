//! What is not in order, each with its one fix. Looks at everything and changes nothing.

mod browsers;
mod check;
mod home;
mod known;
mod machine;
mod round_trip;
mod sandbox;

use std::env;
use std::path::Path;
use std::time::Duration;

use protocol::manage::{Check, CheckState, Diagnosis};

use crate::keychain::{Keychain, SERVICE};
use crate::secret::{VaultKey, harden_process};
use crate::vault::{self, Integrity, Vault};
use crate::verification::SettingsStore;
use crate::verification::os::{Availability, UserVerifier};
use browsers::Examiner;
use check::{absent, failed, good, mend};
use home::Home;
use round_trip::RoundTrips;

pub use machine::Machine;

/// Looks at the host, the keychain, the vault in `file`, the system's user verification and every browser on `machine`, in this order. A
/// vault that is open already is opened beside that once more, as by a second host.
pub fn examine(
    machine: &Machine,
    file: Option<&Path>,
    keychain: &dyn Keychain,
    verifier: &dyn UserVerifier,
) -> Diagnosis {
    let (keychain, key) = examine_keychain(keychain, file);
    let round_trips = (keychain.state == CheckState::Good).then(|| RoundTrips::new(PATIENCE));
    let mut checks = vec![examine_host(), keychain];
    let (vault, switched_on) = examine_vault(file, key);
    checks.push(vault);
    checks.push(examine_verification(verifier.availability(), switched_on));
    let executable = env::current_exe().unwrap_or_default();
    checks.extend(Examiner { machine, executable: &executable, round_trips }.examine());
    Home::of_this_user().hide(&mut checks);
    Diagnosis { checks }
}

/// How long a host that is started may take until it answers.
const PATIENCE: Duration = Duration::from_secs(5);

fn examine_host() -> Check {
    let hardening = harden_process();
    let mut finding =
        format!("version {}, {}", env!("CARGO_PKG_VERSION"), env::current_exe().unwrap_or_default().display());
    if !hardening.core_dumps_off {
        finding.push_str("; the system does not let it turn core dumps off");
    }
    good("host", finding)
}

fn examine_keychain(keychain: &dyn Keychain, file: Option<&Path>) -> (Check, Option<VaultKey>) {
    let has_vault = file.is_some_and(Path::exists);
    match keychain.load() {
        Ok(Some(key)) => (good("keychain", format!("holds the vault's key, as {SERVICE}")), Some(key)),
        Ok(None) if has_vault => {
            let error = vault::Error::KeychainEmptied { file: file.unwrap_or(Path::new("")).to_owned() };
            (failed("keychain", &error), None)
        }
        Ok(None) => (good("keychain", "works; the first passkey puts a key there"), None),
        Err(error) => (failed("keychain", &vault::Error::Keychain(error)), None),
    }
}

/// The vault, and whether verification by the system is switched on in it.
fn examine_vault(file: Option<&Path>, key: Option<VaultKey>) -> (Check, bool) {
    let Some(file) = file else {
        let finding = "This user has no home folder to keep passkeys in.";
        return (mend("vault", finding, "Set HOME, then try again."), false);
    };
    if !file.exists() {
        return (absent("vault", format!("none yet; the first passkey makes {}", file.display())), false);
    }
    let Some(key) = key else {
        let finding = format!("{} is there; it cannot be looked at without its key", file.display());
        return (absent("vault", finding), false);
    };
    let looked_at = Vault::open(file).and_then(|locked| locked.unlock(&key)).and_then(|vault| {
        let switched_on = vault.settings().is_ok_and(|settings| settings.os_verification);
        Ok((judge(file, &vault.integrity()?), switched_on))
    });
    looked_at.unwrap_or_else(|error| (failed("vault", &error), false))
}

fn judge(file: &Path, integrity: &Integrity) -> Check {
    let passkeys = match integrity.records {
        1 => "1 passkey".to_owned(),
        count => format!("{count} passkeys"),
    };
    if integrity.is_clean() {
        return good("vault", format!("{passkeys} in {}, every record sound", file.display()));
    }
    let mut wrong: Vec<_> = integrity.damaged.iter().map(|record| format!("record {record} is damaged")).collect();
    wrong.extend(integrity.structure.iter().cloned());
    let finding = format!("{passkeys} in {} can be used; {}.", file.display(), wrong.join("; "));
    mend("vault", finding, "Restore the file from a backup, or register again with the sites that no longer work.")
}

/// How the user is verified: by the PIN, or by the system where that is `switched_on`.
fn examine_verification(availability: Availability, switched_on: bool) -> Check {
    let name = "user verification";
    let by_pin = |why: &str| format!("by PIN alone. {why}");
    match (availability, switched_on) {
        (Availability::Ready, true) => good(name, "by the system"),
        (Availability::Ready, false) => Check {
            fix: Some("keystow verification os on".to_owned()),
            ..absent(name, by_pin("The system could ask you instead."))
        },
        (Availability::NotSetUp(obstacle), true) => mend(name, by_pin(obstacle.finding()), obstacle.fix()),
        (Availability::NotSetUp(obstacle), false) => {
            Check { fix: Some(obstacle.fix().to_owned()), ..absent(name, by_pin(obstacle.finding())) }
        }
        (Availability::Unsupported, true) => {
            mend(name, by_pin("This system has no way that Keystow knows."), "keystow verification os off")
        }
        (Availability::Unsupported, false) => absent(name, by_pin("This system has no other way that Keystow knows.")),
    }
}

#[cfg(test)]
mod tests;
