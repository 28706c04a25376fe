//! Native messaging manifests: the small file per browser that says where the host is and which extension may start it. People install for
//! their user alone; packages of a system install for everyone ([`for_everyone`]).

mod manifest;
mod system;
mod trust;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ::native_messaging::install as manifests;
use ::native_messaging::install::Scope;

use manifest::judge;

pub use manifest::chromium_origin;
pub use system::for_everyone;
pub use trust::{Distrust, distrust};

/// The name under which a browser finds the host.
pub const HOST_NAME: &str = "org.keystow.host";
/// The extension's id in Firefox and its family.
pub const FIREFOX_ID: &str = "keystow@keystow.org";
/// The extension's id in Chromium and its family, fixed by the `key` of its manifest.
pub const CHROMIUM_ID: &str = "kgckkhcbepgohlebaepifclndmlpapih";

const NAMES: [(&str, &str); 11] = [
    ("brave", "Brave"),
    ("chrome", "Chrome"),
    ("chrome_for_testing", "Chrome for Testing"),
    ("chromium", "Chromium"),
    ("edge", "Edge"),
    ("edge_beta", "Edge Beta"),
    ("edge_canary", "Edge Canary"),
    ("edge_dev", "Edge Dev"),
    ("firefox", "Firefox"),
    ("librewolf", "LibreWolf"),
    ("vivaldi", "Vivaldi"),
];

/// A browser whose place for manifests is known on this operating system.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Browser {
    key: &'static str,
    family: Family,
}

/// Whose form of manifest a browser reads.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Family {
    /// `allowed_origins`.
    Chromium,
    /// `allowed_extensions`.
    Firefox,
}

/// How a browser's manifest is.
#[derive(Debug, Eq, PartialEq)]
pub enum Manifest {
    /// In place, for this executable.
    Ready,
    /// No manifest.
    Missing,
    /// A manifest for another executable.
    Elsewhere(PathBuf),
    /// A manifest for an executable that is not there.
    Dangling(PathBuf),
    /// A file that is no manifest of ours, or lets in another extension.
    Unusable,
    /// A file that this user may not read.
    Unreadable(PathBuf),
}

/// A manifest that a browser finds.
#[derive(Debug, Eq, PartialEq)]
pub struct Found {
    /// The file, even where there is none.
    pub file: PathBuf,
    /// How it is.
    pub manifest: Manifest,
}

impl Browser {
    /// Every browser that has a place for manifests of one user on this operating system, by key.
    pub fn all() -> Vec<Self> {
        let mut browsers: Vec<Self> = manifests::config()
            .browsers
            .iter()
            .filter(|(key, _)| manifests::browser_supports_scope(key, Scope::User).unwrap_or(false))
            .filter_map(|(key, config)| Some(Self { key, family: Family::named(&config.family)? }))
            .collect();
        browsers.sort();
        browsers
    }

    /// The browser of that key.
    pub fn named(key: &str) -> Option<Self> {
        Self::all().into_iter().find(|browser| browser.key == key)
    }

    /// What `--browser` takes: `chrome`, `firefox`, `edge`.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// What a person calls it: `Chrome`. One that is new to us is called by its key.
    pub fn name(&self) -> &'static str {
        NAMES.iter().find(|(key, _)| *key == self.key).map_or(self.key, |(_, name)| name)
    }

    /// Whose form of manifest it reads.
    pub fn family(&self) -> Family {
        self.family
    }

    /// Whether this user has run it: the folder that holds its manifests folder has something else in it.
    pub fn has_profile(&self) -> bool {
        let entries = || {
            let folder = self.manifest_path().ok()?.parent()?.to_owned();
            let mut entries = fs::read_dir(folder.parent()?).ok()?.filter_map(Result::ok);
            Some(entries.any(|entry| entry.path() != folder))
        };
        entries().unwrap_or(false)
    }

    /// Where its manifest is, or would be.
    ///
    /// # Errors
    /// Where the environment does not say which folder is the user's.
    pub fn manifest_path(&self) -> io::Result<PathBuf> {
        manifests::manifest_path(self.key, Scope::User, HOST_NAME)
    }

    /// How this user's own manifest is, for the host at `executable`.
    pub fn manifest(&self, executable: &Path) -> Manifest {
        self.manifest_path().map_or(Manifest::Missing, |file| self.manifest_in(&file, executable))
    }

    /// The manifest that it finds, for the host at `executable`: the user's own, else the one for everyone in a system whose root folder is
    /// `root`.
    pub fn find(&self, root: &Path, executable: &Path) -> Found {
        let own = self.manifest_path().into_iter();
        for file in own.chain(system::manifest_paths(self.key, root)) {
            let manifest = self.manifest_in(&file, executable);
            if manifest != Manifest::Missing {
                return Found { file, manifest };
            }
        }
        Found { file: self.manifest_path().unwrap_or_default(), manifest: Manifest::Missing }
    }

    /// How the manifest in `file` is.
    fn manifest_in(&self, file: &Path, executable: &Path) -> Manifest {
        match fs::read_to_string(file) {
            Ok(text) => judge(&text, self.family, executable),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Manifest::Missing,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Manifest::Unreadable(file.to_owned()),
            Err(_) => Manifest::Unusable,
        }
    }

    /// Writes its manifest, over one that is there. It lets in Keystow's own extension, and in the Chromium family also those of
    /// `further_chromium_ids`: a store gives an extension an id of its own.
    ///
    /// # Errors
    /// Where the folder or the file cannot be written.
    pub fn install(&self, executable: &Path, further_chromium_ids: &[String]) -> io::Result<()> {
        self.write(executable, further_chromium_ids)
    }

    #[cfg(not(windows))]
    fn write(&self, executable: &Path, further_chromium_ids: &[String]) -> io::Result<()> {
        manifest::write(&self.manifest_path()?, &self.family.manifest(executable, further_chromium_ids))
    }

    /// Windows finds a manifest by the registry.
    #[cfg(windows)]
    fn write(&self, executable: &Path, further_chromium_ids: &[String]) -> io::Result<()> {
        let manifest::ManifestFile { allowed_origins, description, .. } =
            Family::Chromium.manifest(executable, further_chromium_ids);
        let extensions = [FIREFOX_ID.to_owned()];
        manifests::install(HOST_NAME, &description, executable, &allowed_origins, &extensions, &[self.key], Scope::User)
    }

    /// Takes its manifest out, and the folders that are empty without it. `false`: there was none.
    ///
    /// # Errors
    /// Where the file cannot be removed.
    pub fn uninstall(&self) -> io::Result<bool> {
        let path = self.manifest_path()?;
        let was_there = path.exists();
        manifests::remove(HOST_NAME, &[self.key], Scope::User)?;
        if was_there {
            remove_empty_folders(&path);
        }
        Ok(was_there)
    }
}

impl Family {
    fn named(name: &str) -> Option<Self> {
        match name {
            "chromium" => Some(Self::Chromium),
            "firefox" => Some(Self::Firefox),
            _ => None,
        }
    }
}

/// Whether `id` has the form of a Chromium extension id: 32 letters from a to p.
pub fn is_chromium_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|letter| (b'a'..=b'p').contains(&letter))
}

/// Climbs from a manifest that was removed and takes out each folder that is empty now, up to the user's own.
fn remove_empty_folders(manifest: &Path) {
    let Some(home) = env::var_os("HOME").map(PathBuf::from) else { return };
    for folder in manifest.ancestors().skip(1) {
        let inside_home = folder.starts_with(&home) && folder != home;
        // `remove_dir` refuses a folder that holds anything.
        if !inside_home || fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
