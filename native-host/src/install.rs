//! Native messaging manifests: the small file per browser that says where the host is and which extension may start it.
//! Always for this user alone, never for the whole machine.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ::native_messaging::install as manifests;
use ::native_messaging::install::Scope;
use serde::Deserialize;

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

const DESCRIPTION: &str = "Keystow: passkeys on your own machine";

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

    /// Whether this user seems to run it: the folder that holds its manifests folder is there.
    pub fn is_here(&self) -> bool {
        self.manifest_path().ok().and_then(|path| Some(path.parent()?.parent()?.is_dir())).unwrap_or(false)
    }

    /// Where its manifest is, or would be.
    ///
    /// # Errors
    /// Where the environment does not say which folder is the user's.
    pub fn manifest_path(&self) -> io::Result<PathBuf> {
        manifests::manifest_path(self.key, Scope::User, HOST_NAME)
    }

    /// How its manifest is, for the host at `executable`.
    pub fn manifest(&self, executable: &Path) -> Manifest {
        let Ok(path) = self.manifest_path() else { return Manifest::Missing };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Manifest::Missing,
            Err(_) => return Manifest::Unusable,
        };
        judge(&text, self.family, executable)
    }

    /// Writes its manifest, over one that is there. It lets in Keystow's own extension, and in the Chromium family also those of
    /// `further_chromium_ids`: a store gives an extension an id of its own.
    ///
    /// # Errors
    /// Where the folder or the file cannot be written.
    pub fn install(&self, executable: &Path, further_chromium_ids: &[String]) -> io::Result<()> {
        let ids = std::iter::once(CHROMIUM_ID).chain(further_chromium_ids.iter().map(String::as_str));
        let origins: Vec<String> = ids.map(chromium_origin).collect();
        let extensions = [FIREFOX_ID.to_owned()];
        manifests::install(HOST_NAME, DESCRIPTION, executable, &origins, &extensions, &[self.key], Scope::User)
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

/// The manifest's members that decide whether the host is found and who may start it.
#[derive(Deserialize)]
struct ManifestFile {
    name: String,
    path: PathBuf,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    allowed_origins: Vec<String>,
    #[serde(default)]
    allowed_extensions: Vec<String>,
}

impl ManifestFile {
    fn lets_in_ours(&self, family: Family) -> bool {
        match family {
            Family::Chromium => self.allowed_origins.contains(&chromium_origin(CHROMIUM_ID)),
            Family::Firefox => self.allowed_extensions.iter().any(|id| id == FIREFOX_ID),
        }
    }
}

/// Whether `id` has the form of a Chromium extension id: 32 letters from a to p.
pub fn is_chromium_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|letter| (b'a'..=b'p').contains(&letter))
}

fn chromium_origin(id: &str) -> String {
    format!("chrome-extension://{id}/")
}

/// What the manifest `text` is to the host at `executable`.
fn judge(text: &str, family: Family, executable: &Path) -> Manifest {
    let Ok(file) = serde_json::from_str::<ManifestFile>(text) else { return Manifest::Unusable };
    if file.name != HOST_NAME || file.kind != "stdio" || !file.lets_in_ours(family) {
        return Manifest::Unusable;
    }
    match (same_file(&file.path, executable), file.path.exists()) {
        (true, _) => Manifest::Ready,
        (false, true) => Manifest::Elsewhere(file.path),
        (false, false) => Manifest::Dangling(file.path),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(_), Err(_)) | (Err(_), Ok(_)) | (Err(_), Err(_)) => false,
    }
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
