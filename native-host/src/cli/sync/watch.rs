//! `keystow sync watch`: a process that keeps in step while no browser is open.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::error::Error;
use super::synced;
use crate::native_messaging::Host;

/// Synchronizes until the process is ended, which it may be at any moment.
pub(super) fn run(mut host: Host) -> Result<(), Error> {
    synced(&mut host)?;
    println!("Watching. End it with Ctrl-C.");
    host.keep_in_step(|trouble| match trouble {
        Some(sentence) => eprintln!("keystow: {sentence}"),
        None => println!("In step."),
    })?;
    // It was turned off meanwhile.
    Err(Error::SyncIsOff)
}

/// Puts the unit in place, for this user.
pub(super) fn install() -> Result<(), Error> {
    let executable = env::current_exe().and_then(|path| path.canonicalize()).map_err(Error::Executable)?;
    let folder = units().ok_or_else(|| Error::Unit(io::ErrorKind::NotFound.into()))?;
    let file = folder.join(UNIT);
    fs::create_dir_all(&folder).and_then(|()| fs::write(&file, unit(&executable))).map_err(Error::Unit)?;
    println!("Put in place: {}", file.display());
    println!("Enable it: systemctl --user enable --now {UNIT}");
    Ok(())
}

/// The unit that starts this program.
fn unit(executable: &Path) -> String {
    TEMPLATE.replace("/usr/bin/keystow", &quoted(executable))
}

/// systemd.service(5), "Command lines": quoted, with its specifiers and variables made plain.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{text}\"")
}

/// systemd.unit(5): where the units of a user are.
fn units() -> Option<PathBuf> {
    let folders = directories::BaseDirs::new()?;
    Some(folders.config_dir().join("systemd/user"))
}

const UNIT: &str = "keystow-sync.service";

/// The unit as the Debian package has it.
const TEMPLATE: &str = include_str!("../../../deb/keystow-sync.service");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_starts_this_program_wherever_it_is() {
        let unit = unit(Path::new("/home/al ice/100%/key\"stow"));
        assert!(unit.contains("\nExecStart=\"/home/al ice/100%%/key\\\"stow\" sync watch\n"), "{unit}");
        assert!(!unit.contains("/usr/bin"));
    }
}
