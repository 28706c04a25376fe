#![cfg(unix)]

use std::os::unix::fs::symlink;

use super::*;

fn machine(root: &Path) -> Machine {
    Machine::new(root, Some(root.join("home/al")), ["/usr/bin", "/snap/bin"].into_iter().map(PathBuf::from))
}

fn put(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn a_program_on_the_path_is_found_and_a_door_to_a_snap_is_none() {
    let root = tempfile::tempdir().unwrap();
    let machine = machine(root.path());
    assert!(!machine.has_program(&["firefox"]));
    put(root.path(), "usr/bin/snap", "");
    put(root.path(), "snap/bin/other", "");
    symlink(root.path().join("usr/bin/snap"), root.path().join("snap/bin/firefox")).unwrap();
    assert!(!machine.has_program(&["firefox"]));
    put(root.path(), "usr/bin/firefox", "#!/bin/sh\nexec /snap/bin/firefox \"$@\"\n");
    assert!(!machine.has_program(&["firefox"]));
    put(root.path(), "usr/bin/firefox-esr", "#!/bin/sh\nexec /usr/lib/firefox-esr/firefox-esr\n");
    assert!(machine.has_program(&["firefox", "firefox-esr"]));
}

#[test]
fn a_flatpak_and_a_snap_are_found_and_whether_they_have_been_run() {
    let root = tempfile::tempdir().unwrap();
    let machine = machine(root.path());
    assert_eq!((machine.flatpak("org.mozilla.firefox"), machine.snap("firefox")), (None, None));
    put(root.path(), "var/lib/flatpak/app/org.mozilla.firefox/current/metadata", "");
    put(root.path(), "var/lib/snapd/snap/firefox/1/meta", "");
    assert_eq!(machine.flatpak("org.mozilla.firefox"), Some(Used(false)));
    assert_eq!(machine.snap("firefox"), Some(Used(false)));
    put(root.path(), "home/al/.var/app/org.mozilla.firefox/.mozilla/profiles.ini", "");
    put(root.path(), "home/al/snap/firefox/common/profiles.ini", "");
    assert_eq!(machine.flatpak("org.mozilla.firefox"), Some(Used(true)));
    assert_eq!(machine.snap("firefox"), Some(Used(true)));
}

#[test]
fn ubuntu_and_the_proxy_are_known_by_their_files() {
    let root = tempfile::tempdir().unwrap();
    let machine = machine(root.path());
    put(root.path(), "etc/os-release", "NAME=Debian\nID=debian\nID_LIKE=ubuntu\n");
    assert!(!machine.is_ubuntu() && !machine.has_native_messaging_proxy());
    put(root.path(), "etc/os-release", "NAME=Ubuntu\nID=ubuntu\n");
    put(root.path(), "usr/share/dbus-1/services/org.freedesktop.NativeMessagingProxy.service", "");
    assert!(machine.is_ubuntu() && machine.has_native_messaging_proxy());
}
