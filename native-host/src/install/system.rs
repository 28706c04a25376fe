//! Manifests for everyone on a machine, as a package of the system brings them.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(not(windows))]
use super::Browser;
use super::HOST_NAME;

/// Where browsers look for manifests for everyone, the first place the one to write to. Chromium's own source names one folder for Chrome and
/// one for all that are not Chrome (`chrome_paths.cc`, DIR_NATIVE_MESSAGING); Brave and Vivaldi are of the second kind, and Brave reads
/// Chrome's too.
#[cfg(target_os = "linux")]
const FOLDERS: [(&str, &[&str]); 8] = [
    ("brave", &["etc/chromium/native-messaging-hosts", "etc/opt/chrome/native-messaging-hosts"]),
    ("chrome", &["etc/opt/chrome/native-messaging-hosts"]),
    ("chrome_for_testing", &["etc/opt/chrome_for_testing/native-messaging-hosts"]),
    ("chromium", &["etc/chromium/native-messaging-hosts"]),
    ("edge", &["etc/opt/edge/native-messaging-hosts"]),
    ("firefox", &["usr/lib/mozilla/native-messaging-hosts", "usr/lib64/mozilla/native-messaging-hosts"]),
    ("librewolf", &["usr/lib/librewolf/native-messaging-hosts"]),
    ("vivaldi", &["etc/chromium/native-messaging-hosts"]),
];

/// There are no packages of the system on others yet.
#[cfg(not(target_os = "linux"))]
const FOLDERS: [(&str, &[&str]); 0] = [];

/// Where the browser of `key` looks for a manifest for everyone, in a system whose root folder is `root`.
pub(super) fn manifest_paths(key: &str, root: &Path) -> Vec<PathBuf> {
    let folders = FOLDERS.iter().find(|(known, _)| *known == key).map_or(&[][..], |(_, folders)| folders);
    folders.iter().map(|folder| root.join(folder).join(format!("{HOST_NAME}.json"))).collect()
}

/// Writes a manifest for every browser into the system whose root folder is `root`, for the host at `executable` as it is seen in that
/// system. Gives the files written.
///
/// # Errors
/// Where a folder or a file cannot be written.
#[cfg(not(windows))]
pub fn for_everyone(root: &Path, executable: &Path) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for browser in Browser::all() {
        let Some(file) = manifest_paths(browser.key, root).into_iter().next() else { continue };
        if !written.contains(&file) {
            super::manifest::write(&file, &browser.family.manifest(executable, &[]))?;
            written.push(file);
        }
    }
    Ok(written)
}

/// Windows has a registry instead of folders.
///
/// # Errors
/// Always.
#[cfg(windows)]
pub fn for_everyone(_: &Path, _: &Path) -> io::Result<Vec<PathBuf>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests;
