//! Whether files that a browser goes by are the user's own to change.

use std::path::{Path, PathBuf};

/// Why a host is not to be started by a manifest, or cannot be.
#[derive(Debug, Eq, PartialEq)]
pub enum Distrust {
    /// Everyone on the machine may change this file, or put another in its place: this folder is everyone's to write.
    Writable(PathBuf),
    /// The file may not be executed.
    NotExecutable(PathBuf),
}

/// What is wrong with the permissions of the manifest in `file`, or of the host at `executable`.
#[cfg(unix)]
pub fn distrust(file: &Path, executable: &Path) -> Option<Distrust> {
    use std::os::unix::fs::PermissionsExt;
    const EVERYONE_WRITES: u32 = 0o002;
    /// A folder such as /tmp: only the owner of a file replaces it.
    const STICKY: u32 = 0o1000;
    const ANYONE_EXECUTES: u32 = 0o111;
    let mode = |path: &Path| path.metadata().map_or(0, |metadata| metadata.permissions().mode());
    let writable = |path: &&Path| mode(path) & (EVERYONE_WRITES | STICKY) == EVERYONE_WRITES;
    let folders = [file.parent(), executable.parent()].into_iter().flatten();
    if let Some(path) = [file, executable].into_iter().chain(folders).find(writable) {
        return Some(Distrust::Writable(path.to_owned()));
    }
    (mode(executable) & ANYONE_EXECUTES == 0).then(|| Distrust::NotExecutable(executable.to_owned()))
}

/// Other systems keep permissions in lists that are not looked at.
#[cfg(not(unix))]
pub fn distrust(_: &Path, _: &Path) -> Option<Distrust> {
    None
}

#[cfg(test)]
mod tests;
