//! `keystow doctor` on made-up machines: a home folder, and a folder that it takes for the root of the system.

#![allow(clippy::unwrap_used)] // A test fails by panicking.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use protocol::manage::{Check, CheckState};
use support::Desk;

const KEYSTOW: &str = env!("CARGO_BIN_EXE_keystow");

struct Machine {
    desk: Desk,
}

impl Machine {
    fn new() -> Self {
        Self { desk: Desk::new() }
    }

    fn root(&self) -> PathBuf {
        self.desk.home().join("root")
    }

    /// A file in the home folder, or below `root/`; its folders are made.
    fn put(&self, path: &str, text: &str) -> PathBuf {
        let file = self.desk.home().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }

    fn install(&self) {
        assert!(self.desk.keystow(&["install"], "").status.success());
    }

    /// What is found of a browser.
    fn doctor(&self, name: &str) -> Check {
        let checks = self.report();
        let found = checks.iter().find(|check| check.name == name).cloned();
        found.unwrap_or_else(|| panic!("nothing of {name}: {checks:#?}"))
    }

    fn report(&self) -> Vec<Check> {
        let output = self.desk.keystow(&["doctor", "--json", "--root", self.root().to_str().unwrap()], "");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks: Vec<Check> = serde_json::from_value(report["checks"].clone()).unwrap();
        let to_mend = checks.iter().filter(|check| check.state == CheckState::Mend).count();
        assert_eq!(report["toMend"], to_mend);
        assert_eq!(output.status.code(), Some(i32::from(to_mend > 0)), "{checks:#?}");
        checks
    }
}

#[test]
fn a_package_of_the_system_is_found_on_the_path_and_by_its_profile() {
    let machine = Machine::new();
    assert_eq!(machine.doctor("browsers").fix.as_deref(), Some("keystow install"));
    machine.put("root/usr/bin/firefox-esr", "");
    machine.put(".config/vivaldi/Default/Preferences", "");
    for name in ["Firefox", "Vivaldi"] {
        assert_eq!(machine.doctor(name).state, CheckState::Mend, "{name}");
    }
    machine.install();
    for name in ["Firefox", "Vivaldi"] {
        assert_eq!(machine.doctor(name).finding, "finds Keystow, which answers");
    }
    let others = machine.doctor("other browsers");
    assert_eq!(others.state, CheckState::Absent);
    assert_eq!(others.finding, "not here: Brave, Chrome, Chrome for Testing, Chromium, Edge, LibreWolf, Zen");
}

#[test]
fn a_manifest_for_everyone_is_enough() {
    let machine = Machine::new();
    machine.put("root/usr/bin/chromium", "");
    machine.put("root/usr/bin/brave-browser", "");
    let root = machine.root();
    let arguments = ["install", "--root", root.to_str().unwrap(), "--host", KEYSTOW];
    assert!(machine.desk.keystow(&arguments, "").status.success());
    assert!(!machine.desk.home().join(".config/chromium").exists());
    for name in ["Chromium", "Brave"] {
        assert_eq!(machine.doctor(name).state, CheckState::Good);
    }
}

#[test]
fn a_machine_without_browsers_that_is_ready_for_one_is_in_order() {
    let machine = Machine::new();
    machine.install();
    assert_eq!(machine.doctor("browsers").state, CheckState::Absent);
}

#[test]
fn a_flatpak_cannot_start_keystow_but_firefox_can_by_the_proxy() {
    let machine = Machine::new();
    machine.install();
    for id in ["org.mozilla.firefox", "com.brave.Browser"] {
        fs::create_dir_all(machine.root().join("var/lib/flatpak/app").join(id)).unwrap();
    }
    fs::create_dir_all(machine.desk.home().join("data/flatpak/app/com.vivaldi.Vivaldi")).unwrap();
    assert_eq!(machine.doctor("Firefox (Flatpak)").state, CheckState::Absent, "nobody has run it");
    assert_eq!(machine.doctor("Vivaldi (Flatpak)").state, CheckState::Absent, "it is the user's own");
    for id in ["org.mozilla.firefox", "com.brave.Browser"] {
        fs::create_dir_all(machine.desk.home().join(".var/app").join(id)).unwrap();
    }
    for name in ["Firefox (Flatpak)", "Brave (Flatpak)"] {
        let check = machine.doctor(name);
        assert_eq!(check.state, CheckState::Mend);
        assert!(check.finding.contains("sandbox") && check.fix.is_some(), "{check:?}");
    }
    machine.put("root/usr/share/dbus-1/services/org.freedesktop.NativeMessagingProxy.service", "");
    let check = machine.doctor("Firefox (Flatpak)");
    assert_eq!(check.state, CheckState::Good, "{check:?}");
    assert!(check.finding.contains("from Firefox 157 on"), "{check:?}");
    assert_eq!(machine.doctor("Brave (Flatpak)").state, CheckState::Mend);
}

#[test]
fn a_manifest_that_someone_put_into_a_flatpak_is_left_to_them() {
    let machine = Machine::new();
    machine.install();
    fs::create_dir_all(machine.root().join("var/lib/flatpak/app/org.chromium.Chromium")).unwrap();
    machine.put(".var/app/org.chromium.Chromium/config/chromium/NativeMessagingHosts/org.keystow.host.json", "{}");
    let check = machine.doctor("Chromium (Flatpak)");
    assert_eq!(check.state, CheckState::Absent);
    assert!(check.finding.contains("cannot be told"), "{check:?}");
}

#[test]
fn a_snap_cannot_start_keystow_but_firefox_can_on_ubuntu() {
    let machine = Machine::new();
    machine.install();
    for name in ["firefox", "chromium"] {
        fs::create_dir_all(machine.root().join("snap").join(name)).unwrap();
        fs::create_dir_all(machine.desk.home().join("snap").join(name)).unwrap();
    }
    for name in ["Firefox (Snap)", "Chromium (Snap)"] {
        assert_eq!(machine.doctor(name).state, CheckState::Mend, "{name}");
    }
    machine.put("root/etc/os-release", "ID=ubuntu\n");
    let check = machine.doctor("Firefox (Snap)");
    assert_eq!(check.state, CheckState::Good);
    assert!(check.finding.contains("asks you once"), "{check:?}");
    assert_eq!(machine.doctor("Chromium (Snap)").state, CheckState::Mend);
}

#[test]
fn a_host_of_another_version_is_told_with_its_version() {
    let machine = Machine::new();
    let verification = r#"{"pinSet":false,"retries":8,"minPinLength":4}"#;
    let status =
        format!(r#"{{"id":1,"ok":{{"status":{{"version":"0.0.1","passkeys":0,"verification":{verification}}}}}}}"#);
    let length = status.len();
    let old = format!("#!/bin/sh\nprintf '\\{length:03o}\\000\\000\\000%s' '{status}'\n");
    let host = machine.put("bin/keystow", &old);
    machine.stands_in(&host, 0o755);
    let check = machine.doctor("Firefox");
    assert_eq!(check.state, CheckState::Mend);
    assert!(check.finding.contains("~/bin/keystow, of version 0.0.1; this one is"), "{check:?}");
    assert_eq!(check.fix.as_deref(), Some("keystow install --browser firefox"));
}

#[test]
fn a_host_that_everyone_may_change_or_nobody_may_start_is_to_be_mended() {
    let machine = Machine::new();
    let host = machine.put("bin/keystow", "#!/bin/sh\n");
    machine.stands_in(&host, 0o777);
    assert_eq!(machine.doctor("Firefox").fix.as_deref(), Some("chmod o-w ~/bin/keystow"));
    machine.stands_in(&host, 0o644);
    assert_eq!(machine.doctor("Firefox").fix.as_deref(), Some("chmod +x ~/bin/keystow"));
    machine.stands_in(&host, 0o755);
    assert!(machine.doctor("Firefox").finding.contains("does not answer as Keystow does"));
}

#[test]
fn a_keychain_that_is_not_in_order_is_not_asked_again_by_a_host() {
    let machine = Machine { desk: Desk::without_keychain() };
    machine.put("root/usr/bin/firefox", "");
    machine.install();
    let check = machine.doctor("Firefox");
    assert_eq!(check.state, CheckState::Good);
    assert!(check.finding.contains("not asked"), "{check:?}");
    assert_eq!(machine.doctor("keychain").state, CheckState::Mend);
}

impl Machine {
    /// Has Firefox start `host`.
    fn stands_in(&self, host: &PathBuf, mode: u32) {
        self.put(".mozilla/firefox/profiles.ini", "");
        assert!(self.desk.keystow(&["install", "--browser", "firefox"], "").status.success());
        let file = self.desk.home().join(".mozilla/native-messaging-hosts/org.keystow.host.json");
        let manifest = fs::read_to_string(&file).unwrap().replace(KEYSTOW, host.to_str().unwrap());
        fs::write(&file, manifest).unwrap();
        fs::set_permissions(host, fs::Permissions::from_mode(mode)).unwrap();
    }
}
