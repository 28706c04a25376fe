//! What is in a manifest.

use std::path::{Path, PathBuf};
#[cfg(not(windows))]
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::{CHROMIUM_ID, FIREFOX_ID, Family, HOST_NAME, Manifest};

const DESCRIPTION: &str = "Keystow: passkeys on your own machine";

impl Family {
    /// A manifest for the host at `executable` that lets our extension in, and in the Chromium family those of `further_chromium_ids`.
    pub(super) fn manifest(self, executable: &Path, further_chromium_ids: &[String]) -> ManifestFile {
        let ids = std::iter::once(CHROMIUM_ID).chain(further_chromium_ids.iter().map(String::as_str));
        let (allowed_origins, allowed_extensions) = match self {
            Self::Chromium => (ids.map(chromium_origin).collect(), Vec::new()),
            Self::Firefox => (Vec::new(), vec![FIREFOX_ID.to_owned()]),
        };
        ManifestFile {
            name: HOST_NAME.to_owned(),
            description: DESCRIPTION.to_owned(),
            path: executable.to_owned(),
            kind: "stdio".to_owned(),
            allowed_origins,
            allowed_extensions,
        }
    }
}

/// The manifest: whether the host is found, and who may start it.
#[derive(Deserialize, Serialize)]
pub(super) struct ManifestFile {
    name: String,
    #[serde(default)]
    pub(super) description: String,
    path: PathBuf,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) allowed_origins: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    allowed_extensions: Vec<String>,
}

/// Writes `manifest` to `file`, in folders that are made where they are missing.
#[cfg(not(windows))]
pub(super) fn write(file: &Path, manifest: &ManifestFile) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    fs::write(file, serde_json::to_string_pretty(manifest)? + "\n")
}

impl ManifestFile {
    fn lets_in_ours(&self, family: Family) -> bool {
        match family {
            Family::Chromium => self.allowed_origins.contains(&chromium_origin(CHROMIUM_ID)),
            Family::Firefox => self.allowed_extensions.iter().any(|id| id == FIREFOX_ID),
        }
    }
}

/// As Chromium names who starts the host.
pub fn chromium_origin(id: &str) -> String {
    format!("chrome-extension://{id}/")
}

/// What the manifest `text` is to the host at `executable`.
pub(super) fn judge(text: &str, family: Family, executable: &Path) -> Manifest {
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
