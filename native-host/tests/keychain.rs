//! The OS keychain, against a real Secret Service: gnome-keyring in a private D-Bus session with folders of its own.
//!
//! Each test starts this same binary again inside `dbus-run-session`, for the scene that it names.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keystow::keychain::{Entries, Entry, Keychain, KeychainError, OsKeychain, SERVICE, USER};
use keystow::secret::VaultKey;
use keystow::vault::{Error, Vault};

#[test]
fn a_key_is_kept_and_comes_back() {
    scene("a_key_is_kept_and_comes_back", Bus::WithService, |_| {
        let keychain = OsKeychain::new();
        assert!(keychain.load().unwrap().is_none());
        let key = VaultKey::generate().unwrap();
        keychain.store(&key).unwrap();
        assert!(keychain.load().unwrap().unwrap().same_as(&key));
        assert!(OsKeychain::new().load().unwrap().unwrap().same_as(&key));
        // The entry is where others can find it by its documented name.
        let entry = keyring::Entry::new(SERVICE, USER).unwrap();
        assert_eq!(entry.get_secret().unwrap(), key.expose_secret());
    });
}

#[test]
fn other_entries_stand_beside_the_key_and_can_be_replaced_and_removed() {
    scene("other_entries_stand_beside_the_key_and_can_be_replaced_and_removed", Bus::WithService, |_| {
        let keychain = OsKeychain::new();
        let key = VaultKey::generate().unwrap();
        keychain.store(&key).unwrap();
        let held = |entry| keychain.entry(entry).unwrap().map(|secret| secret.to_vec());
        assert_eq!((held(Entry::DeviceRoot), held(Entry::Storage)), (None, None));
        keychain.keep(Entry::DeviceRoot, &[1; 32]).unwrap();
        keychain.keep(Entry::Storage, b"one").unwrap();
        keychain.keep(Entry::Storage, &[0, 255, 7]).unwrap();
        assert_eq!((held(Entry::DeviceRoot), held(Entry::Storage)), (Some(vec![1; 32]), Some(vec![0, 255, 7])));
        keychain.remove(Entry::Storage).unwrap();
        keychain.remove(Entry::Storage).unwrap();
        assert_eq!((held(Entry::DeviceRoot), held(Entry::Storage)), (Some(vec![1; 32]), None));
        assert!(keychain.load().unwrap().unwrap().same_as(&key));
        lock_collection();
        assert_eq!(keychain.entry(Entry::DeviceRoot).err(), Some(KeychainError::Locked));
        assert_eq!(keychain.keep(Entry::Storage, b"two").err(), Some(KeychainError::Locked));
    });
}

#[test]
fn an_emptied_keychain_is_told_and_the_vault_kept() {
    scene("an_emptied_keychain_is_told_and_the_vault_kept", Bus::WithService, |folder| {
        let file = folder.join("keystow").join("vault.db");
        let keychain = OsKeychain::new();
        drop(Vault::open_or_create(&file, &keychain).unwrap());
        drop(Vault::open_or_create(&file, &keychain).unwrap());
        let before = std::fs::read(&file).unwrap();
        keyring::Entry::new(SERVICE, USER).unwrap().delete_credential().unwrap();
        let error = Vault::open_or_create(&file, &keychain).err();
        assert_eq!(error, Some(Error::KeychainEmptied { file: file.clone() }));
        assert!(keychain.load().unwrap().is_none());
        assert_eq!(std::fs::read(&file).unwrap(), before);
    });
}

#[test]
fn an_entry_that_is_no_key_is_told_and_kept() {
    scene("an_entry_that_is_no_key_is_told_and_kept", Bus::WithService, |folder| {
        let entry = keyring::Entry::new(SERVICE, USER).unwrap();
        entry.set_secret(b"somebody else's").unwrap();
        assert_eq!(OsKeychain::new().load().err(), Some(KeychainError::Foreign));
        let opened = Vault::open_or_create(&folder.join("vault.db"), &OsKeychain::new());
        assert_eq!(opened.err(), Some(Error::Keychain(KeychainError::Foreign)));
        assert_eq!(entry.get_secret().unwrap(), b"somebody else's");
    });
}

/// Nobody can be asked: there is no display for a password window.
#[test]
fn a_locked_keychain_is_told_soon() {
    scene("a_locked_keychain_is_told_soon", Bus::WithService, |folder| {
        let keychain = OsKeychain::new();
        let file = folder.join("vault.db");
        drop(Vault::open_or_create(&file, &keychain).unwrap());
        lock_collection();
        let began = Instant::now();
        assert_eq!(keychain.load().err(), Some(KeychainError::Locked));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        let opened = Vault::open_or_create(&file, &keychain);
        assert_eq!(opened.err(), Some(Error::Keychain(KeychainError::Locked)));
    });
}

/// As after a first login without a password: the service is there, and has nowhere to put a key.
#[test]
fn a_keychain_without_a_keyring_is_told_soon() {
    scene("a_keychain_without_a_keyring_is_told_soon", Bus::WithEmptyService, |folder| {
        let keychain = OsKeychain::new();
        assert!(keychain.load().unwrap().is_none());
        let opened = Vault::open_or_create(&folder.join("vault.db"), &keychain);
        assert_eq!(opened.err(), Some(Error::Keychain(KeychainError::Locked)));
        assert!(!folder.join("vault.db").exists());
    });
}

#[test]
fn a_keychain_that_hangs_is_given_up_and_its_late_answer_used() {
    scene("a_keychain_that_hangs_is_given_up_and_its_late_answer_used", Bus::WithService, |_| {
        let keychain = OsKeychain::with_patience(Duration::from_secs(1));
        let key = VaultKey::generate().unwrap();
        keychain.store(&key).unwrap();
        let service = std::env::var(SERVICE_PROCESS).unwrap();
        signal("STOP", &service);
        assert_eq!(keychain.load().err(), Some(KeychainError::TimedOut));
        assert_eq!(keychain.load().err(), Some(KeychainError::TimedOut));
        assert_eq!(keychain.entry(Entry::Storage).err(), Some(KeychainError::TimedOut));
        assert_eq!(asking(), 1, "or the user would be asked once more for each try");
        signal("CONT", &service);
        assert!(keychain.load().unwrap().unwrap().same_as(&key));
        assert!(keychain.load().unwrap().unwrap().same_as(&key));
    });
}

#[test]
fn a_bus_without_a_secret_service_is_told() {
    scene("a_bus_without_a_secret_service_is_told", Bus::WithoutService, |folder| {
        assert!(matches!(OsKeychain::new().load().err(), Some(KeychainError::Unavailable(_))));
        let opened = Vault::open_or_create(&folder.join("vault.db"), &OsKeychain::new()).err().unwrap();
        assert!(opened.to_string().contains("apt install gnome-keyring"), "{opened}");
        assert!(!folder.join("vault.db").exists());
    });
}

#[test]
fn no_bus_at_all_is_told() {
    scene("no_bus_at_all_is_told", Bus::None, |_| {
        assert!(matches!(OsKeychain::new().load().err(), Some(KeychainError::Unavailable(_))));
    });
}

/// What a scene is played on.
#[derive(Clone, Copy)]
enum Bus {
    WithService,
    WithEmptyService,
    WithoutService,
    None,
}

const SCENE: &str = "KEYSTOW_TEST_SCENE";
const SERVICE_PROCESS: &str = "KEYSTOW_TEST_SERVICE_PROCESS";

/// Plays `play` in a process of its own. The first call starts that process, the second, in it, starts the service and plays.
fn scene(name: &str, bus: Bus, play: fn(&Path)) {
    let service_runs = std::env::var_os(SERVICE_PROCESS).is_some();
    match (std::env::var_os(SCENE), bus) {
        (None, _) => start(name, bus),
        (Some(_), Bus::WithService) if !service_runs => with_service(name, &["--unlock"]),
        (Some(_), Bus::WithEmptyService) if !service_runs => with_service(name, &[]),
        (Some(folder), _) => play(Path::new(&folder)),
    }
}

fn start(name: &str, bus: Bus) {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("bus.conf");
    std::fs::write(&config, BUS_CONFIG).unwrap();
    let mut command = match bus {
        Bus::None => Command::new(std::env::current_exe().unwrap()),
        Bus::WithService | Bus::WithEmptyService | Bus::WithoutService => {
            let mut command = Command::new("dbus-run-session");
            command.arg("--config-file").arg(config).arg("--").arg(std::env::current_exe().unwrap());
            command
        }
    };
    command.args(["--exact", name, "--nocapture"]).env(SCENE, home.path()).env("HOME", home.path());
    for folder in ["XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, home.path());
    }
    for inherited in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"] {
        command.env_remove(inherited);
    }
    let status = command.status().unwrap_or_else(|error| panic!("{}: {error}. {HOW_TO_INSTALL}", "dbus-run-session"));
    assert!(status.success(), "the scene failed: {status}");
}

/// Inside the session: a gnome-keyring (`--unlock` makes and unlocks its default keyring), then the scene in a process whose first connection finds it.
fn with_service(name: &str, options: &[&str]) {
    let mut service = Service(
        Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("gnome-keyring-daemon: {error}. {HOW_TO_INSTALL}")),
    );
    service.0.stdin.take().unwrap().write_all(b"a password").unwrap();
    let began = Instant::now();
    while !send(
        &["/org/freedesktop/DBus", "org.freedesktop.DBus.GetNameOwner", "string:org.freedesktop.secrets"],
        "DBus",
    ) {
        assert!(began.elapsed() < Duration::from_secs(10), "gnome-keyring does not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
    let played = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(SERVICE_PROCESS, service.0.id().to_string())
        .status();
    assert!(played.unwrap().success());
}

/// Ends the service that we started, also when the scene fails.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Threads of this process that wait for the keychain.
fn asking() -> usize {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |thread: std::fs::DirEntry| std::fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
    threads.map(|thread| name(thread.unwrap())).filter(|name| name.trim() == "keychain").count()
}

fn lock_collection() {
    let collection = "array:objpath:/org/freedesktop/secrets/aliases/default";
    assert!(send(&["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock", collection], "secrets"));
}

fn send(call: &[&str], service: &str) -> bool {
    let destination = format!("--dest=org.freedesktop.{service}");
    let mut command = Command::new("dbus-send");
    command.args(["--session", "--print-reply", &destination]).args(call).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap_or_else(|error| panic!("dbus-send: {error}. {HOW_TO_INSTALL}")).success()
}

fn signal(name: &str, process: &str) {
    assert!(Command::new("kill").args(["-s", name, process]).status().unwrap().success());
}

const HOW_TO_INSTALL: &str = "Install it with: sudo apt install gnome-keyring dbus dbus-bin dbus-daemon";

/// A session bus that starts no service by itself.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
