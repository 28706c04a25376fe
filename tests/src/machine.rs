//! A user's computer for a test: a keychain, a home and data folders of its own, all thrown away after.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::TempDir;

use crate::browser::Error;

/// A private keychain (`tests/keychain-session.sh`), on a private bus, and a private data folder. Both end with this value; the keychain
/// also ends when this process does, however that comes about, because it lives as long as the pipe to it.
pub struct Machine {
    session: Child,
    lifeline: Option<ChildStdin>,
    bus_address: String,
    folder: TempDir,
}

impl Machine {
    /// Starts the keychain, unlocked and empty.
    pub fn start() -> Result<Self, Error> {
        Self::with(&[])
    }

    /// A computer on which no keychain answers.
    pub fn without_keychain() -> Result<Self, Error> {
        Self::with(&[("KEYSTOW_KEYCHAIN", "later")])
    }

    /// Starts a keychain, unlocked and empty, where there was none. It ends with the bus.
    pub fn start_keychain(&self) -> Result<(), Error> {
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon
            .args(["--unlock", "--components=secrets", "--control-directory"])
            .arg(self.folder.path().join("control"));
        let mut daemon =
            daemon.envs(self.env()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        daemon.stdin.take().ok_or("the input is piped")?.write_all(b"private")?;
        let status = daemon.wait()?;
        if status.success() { Ok(()) } else { Err(format!("gnome-keyring-daemon: {status}").into()) }
    }

    fn with(env: &[(&str, &str)]) -> Result<Self, Error> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("keychain-session.sh");
        let folder = tempfile::Builder::new().prefix("keystow-machine-").tempdir()?;
        let mut session = Command::new(&script)
            .args(["sh", "-c", "echo \"$DBUS_SESSION_BUS_ADDRESS\"; exec cat >/dev/null"])
            .env("TMPDIR", folder.path())
            .envs(env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null()) // dbus-daemon tells about limits it would like to raise
            .spawn()?;
        let lifeline = session.stdin.take();
        let mut bus_address = String::new();
        BufReader::new(session.stdout.take().ok_or("the output is piped")?).read_line(&mut bus_address)?;
        let bus_address = bus_address.trim().to_owned();
        if bus_address.is_empty() {
            return Err(
                "no private keychain: dbus-run-session or gnome-keyring-daemon is missing. Run ./build.sh setup."
                    .into(),
            );
        }
        std::fs::create_dir_all(folder.path().join("home"))?;
        Ok(Self { session, lifeline, bus_address, folder })
    }

    /// The environment of a program on this computer: the one bus, also in the place of the system's, the home, and the XDG folders in it.
    pub fn env(&self) -> Vec<(String, String)> {
        let home = self.folder.path().join("home");
        let folders = [
            ("HOME", ""),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_STATE_HOME", ".local/state"),
        ];
        let mut env: Vec<_> =
            folders.map(|(name, below)| (name.to_owned(), home.join(below).display().to_string())).to_vec();
        for name in ["DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"] {
            env.push((name.to_owned(), self.bus_address.clone()));
        }
        env
    }

    /// Where the bus listens.
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// Where the vault's file is once a host has made it.
    pub fn vault(&self) -> PathBuf {
        self.folder.path().join("home/.local/share/keystow/vault.db")
    }

    /// A program of Keystow's on this computer: `keystow`, with `arguments`.
    pub fn keystow(&self, arguments: &[&str]) -> Result<Command, Error> {
        let mut command = Command::new(keystow()?);
        command.args(arguments).envs(self.env());
        Ok(command)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(mut lifeline) = self.lifeline.take() {
            let _ = lifeline.flush();
        }
        let _ = self.session.wait();
    }
}

/// The host's binary: `$KEYSTOW_BIN`, or the one beside this test.
pub fn keystow() -> Result<PathBuf, Error> {
    if let Some(binary) = std::env::var_os("KEYSTOW_BIN") {
        return Ok(PathBuf::from(binary).canonicalize()?);
    }
    let test = std::env::current_exe()?;
    let beside = test.ancestors().skip(1).take(2).map(|folder| folder.join("keystow")).find(|file| file.is_file());
    beside.ok_or_else(|| "the host is not built. Run cargo build --package keystow.".into())
}
