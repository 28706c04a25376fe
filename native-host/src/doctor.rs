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

use protocol::manage::{Check, CheckState, Diagnosis, Finding};

use crate::keychain::{Keychain, SERVICE};
use crate::secret::{VaultKey, harden_process};
use crate::vault::{self, Integrity, Vault};
use crate::verification::SettingsStore;
use crate::verification::os::{Availability, UserVerifier};
use browsers::Examiner;
use check::{absent, failed, found, good, mend};
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
    let (version, file) = (env!("CARGO_PKG_VERSION"), env::current_exe().unwrap_or_default().display().to_string());
    let mut finding = format!("version {version}, {file}");
    let mut code = Finding::HostRuns;
    if !hardening.core_dumps_off {
        finding.push_str("; the system does not let it turn core dumps off");
        code = Finding::HostMayDump;
    }
    good("host", found(code, [version, &file]), finding)
}

fn examine_keychain(keychain: &dyn Keychain, file: Option<&Path>) -> (Check, Option<VaultKey>) {
    let has_vault = file.is_some_and(Path::exists);
    match keychain.load() {
        Ok(Some(key)) => {
            let found = found(Finding::KeychainHoldsKey, [SERVICE]);
            (good("keychain", found, format!("holds the vault's key, as {SERVICE}")), Some(key))
        }
        Ok(None) if has_vault => {
            let error = vault::Error::KeychainEmptied { file: file.unwrap_or(Path::new("")).to_owned() };
            (failed("keychain", &error), None)
        }
        Ok(None) => (good("keychain", Finding::KeychainIsEmpty, "works; the first passkey puts a key there"), None),
        Err(error) => (failed("keychain", &vault::Error::Keychain(error)), None),
    }
}

/// The vault, and whether verification by the system is switched on in it.
fn examine_vault(file: Option<&Path>, key: Option<VaultKey>) -> (Check, bool) {
    let Some(file) = file else {
        let finding = "This user has no home folder to keep passkeys in.";
        return (mend("vault", Finding::NoHome, finding, "Set HOME, then try again."), false);
    };
    let name = file.display().to_string();
    if !file.exists() {
        let found = found(Finding::NoVault, [&name]);
        return (absent("vault", found, format!("none yet; the first passkey makes {name}")), false);
    }
    let Some(key) = key else {
        let found = found(Finding::VaultNotSeen, [&name]);
        return (absent("vault", found, format!("{name} is there; it cannot be looked at without its key")), false);
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
    let (count, name) = (integrity.records.to_string(), file.display().to_string());
    if integrity.is_clean() {
        let found = found(Finding::VaultSound, [&count, &name]);
        return good("vault", found, format!("{passkeys} in {name}, every record sound"));
    }
    let mut wrong: Vec<_> = integrity.damaged.iter().map(|record| format!("record {record} is damaged")).collect();
    wrong.extend(integrity.structure.iter().cloned());
    let wrong = wrong.join("; ");
    let finding = format!("{passkeys} in {name} can be used; {wrong}.");
    let fix = "Restore the file from a backup, or register again with the sites that no longer work.";
    mend("vault", found(Finding::VaultDamaged, [&count, &name, &wrong]), finding, fix)
}

/// How the user is verified: by the PIN, or by the system where that is `switched_on`.
fn examine_verification(availability: Availability, switched_on: bool) -> Check {
    let name = "user verification";
    let by_pin = |why: &str| format!("by PIN alone. {why}");
    match (availability, switched_on) {
        (Availability::Ready, true) => good(name, Finding::OsVerifies, "by the system"),
        (Availability::Ready, false) => Check {
            fix: Some("keystow verification os on".to_owned()),
            ..absent(name, Finding::OsCouldVerify, by_pin("The system could ask you instead."))
        },
        (Availability::NotSetUp(obstacle), true) => {
            mend(name, obstacle.code(), by_pin(obstacle.finding()), obstacle.fix())
        }
        (Availability::NotSetUp(obstacle), false) => {
            Check { fix: Some(obstacle.fix().to_owned()), ..absent(name, obstacle.code(), by_pin(obstacle.finding())) }
        }
        (Availability::Unsupported, true) => {
            let finding = by_pin("This system has no way that Keystow knows.");
            mend(name, Finding::OsUnsupported, finding, "keystow verification os off")
        }
        (Availability::Unsupported, false) => {
            absent(name, Finding::OsUnsupported, by_pin("This system has no other way that Keystow knows."))
        }
    }
}

#[cfg(test)]
mod tests;
