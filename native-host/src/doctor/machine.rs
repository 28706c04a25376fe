//! Which browsers are on this machine, and how they came there.

use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folders that are looked into. A system below another root folder is looked at as if it were this one.
#[derive(Debug)]
pub struct Machine {
    root: PathBuf,
    home: Option<PathBuf>,
    programs: Vec<PathBuf>,
}

impl Machine {
    /// This machine, as this user sees it; the system's own folders are looked for below `root`.
    pub fn of_this_user(root: &Path) -> Self {
        let home = directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned());
        let path = env::var_os("PATH").unwrap_or_default();
        Self::new(root, home, env::split_paths(&path))
    }

    /// The machine whose root folder is `root`, as the user with that home folder and that PATH sees it.
    fn new(root: &Path, home: Option<PathBuf>, path: impl Iterator<Item = PathBuf>) -> Self {
        let programs = path.map(|folder| below(root, &folder)).collect();
        Self { root: root.to_owned(), home, programs }
    }

    /// The root folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether one of these programs is on the PATH and is not a door to a Snap.
    pub(super) fn has_program(&self, names: &[&str]) -> bool {
        let files = self.programs.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
        files.into_iter().any(|file| file.is_file() && !is_door_to_a_snap(&file))
    }

    /// Whether the Flatpak of that id is installed, and whether this user has run it.
    pub(super) fn flatpak(&self, id: &str) -> Option<Used> {
        let data = directories::BaseDirs::new().map(|folders| folders.data_dir().to_owned());
        let installed = [Some(self.root.join("var/lib")), data].into_iter().flatten();
        let installed = installed.into_iter().any(|folder| folder.join("flatpak/app").join(id).is_dir());
        installed.then(|| Used(self.flatpak_home(id).is_some_and(|folder| folder.is_dir())))
    }

    /// The folder that the Flatpak of that id has for its home.
    pub(super) fn flatpak_home(&self, id: &str) -> Option<PathBuf> {
        Some(self.home.as_ref()?.join(".var/app").join(id))
    }

    /// The user's home folder.
    pub(super) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Whether the Snap of that name is installed, and whether this user has run it.
    pub(super) fn snap(&self, name: &str) -> Option<Used> {
        let installed = ["snap", "var/lib/snapd/snap"].iter().any(|folder| self.root.join(folder).join(name).is_dir());
        installed.then(|| Used(self.home.as_ref().is_some_and(|home| home.join("snap").join(name).is_dir())))
    }

    /// Whether xdg-native-messaging-proxy is installed: a service outside of sandboxes that starts hosts for browsers in them.
    pub(super) fn has_native_messaging_proxy(&self) -> bool {
        self.root.join("usr/share/dbus-1/services/org.freedesktop.NativeMessagingProxy.service").is_file()
    }

    /// Whether it is Ubuntu, whose xdg-desktop-portal starts hosts for Firefox in a Snap (its WebExtensions portal).
    pub(super) fn is_ubuntu(&self) -> bool {
        let release = fs::read_to_string(self.root.join("etc/os-release")).unwrap_or_default();
        release.lines().any(|line| matches!(line, "ID=ubuntu" | "ID=\"ubuntu\""))
    }
}

/// Whether this user has run what is installed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Used(pub(super) bool);

fn below(root: &Path, folder: &Path) -> PathBuf {
    folder.strip_prefix("/").map_or_else(|_| folder.to_owned(), |folder| root.join(folder))
}

/// /snap/bin/x is a link to `snap`; Ubuntu's packages of browsers hold a small script that starts the Snap.
fn is_door_to_a_snap(file: &Path) -> bool {
    let linked = file.canonicalize().is_ok_and(|target| target.file_name().is_some_and(|name| name == "snap"));
    let mut start = Vec::new();
    let read = File::open(file).and_then(|file| file.take(LONGEST_SCRIPT).read_to_end(&mut start));
    let starts_one = start.starts_with(b"#!") && start.windows(10).any(|text| text == b"/snap/bin/");
    linked || (read.is_ok() && starts_one)
}

/// Bytes.
const LONGEST_SCRIPT: u64 = 8 << 10;

#[cfg(test)]
mod tests;
