//! What the tests of the real binary stand on: a home folder of their own, a session bus with a Secret Service in it, and the host
//! started as a browser starts it.

#![allow(dead_code)] // Each test file is a crate of its own and uses a part.

pub mod ctap;
pub mod sync;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use protocol::native_message::{Body, ErrorCode, FromHost};
use serde_json::Value;
use tempfile::TempDir;

/// A home folder and a session bus that end with the test.
pub struct Desk {
    home: TempDir,
    bus: Option<Bus>,
}

/// A message bus, and the Secret Service where there is one.
struct Bus {
    address: String,
    processes: Vec<Child>,
}

impl Desk {
    /// A desk with an unlocked keychain.
    pub fn new() -> Self {
        Self::unlocked(tempfile::tempdir().unwrap())
    }

    /// A machine copied to another: vault and keychain as they are on `desk`.
    pub fn copy_of(desk: &Self) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut copy = Command::new("cp");
        assert!(copy.arg("-a").arg(desk.home().join("data")).arg(home.path()).status().unwrap().success());
        Self::unlocked(home)
    }

    fn unlocked(home: TempDir) -> Self {
        let mut desk = Self::on_a_bus(home);
        let mut daemon = desk.plain("gnome-keyring-daemon");
        daemon.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut daemon = daemon.stderr(Stdio::null()).spawn().expect("gnome-keyring-daemon is installed");
        daemon.stdin.take().unwrap().write_all(b"password of the login keyring").unwrap();
        // It prints its control socket when the keyring is open.
        let mut line = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut line).unwrap();
        desk.bus.as_mut().unwrap().processes.push(daemon);
        desk.wait_for_the_secret_service();
        desk
    }

    /// A desk with a session bus and no keychain on it.
    pub fn without_keychain() -> Self {
        Self::on_a_bus(tempfile::tempdir().unwrap())
    }

    fn on_a_bus(home: TempDir) -> Self {
        let mut desk = Self { home, bus: None };
        let mut daemon = desk.plain("dbus-daemon");
        daemon.args(["--config-file", &desk.bus_config(), "--nofork", "--print-address=1"]);
        let mut daemon = daemon.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        desk.bus = Some(Bus { address: address.trim().to_owned(), processes: vec![daemon] });
        desk
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where the vault is, or will be.
    pub fn vault(&self) -> PathBuf {
        self.home().join("data/keystow/vault.db")
    }

    /// `keystow` with these arguments, and `input` on its standard input.
    pub fn keystow(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(env!("CARGO_BIN_EXE_keystow"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        match child.stdin.take().unwrap().write_all(input.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("{error}"),
            _ => {}
        }
        child.wait_with_output().unwrap()
    }

    /// The host as Chromium starts it.
    pub fn host(&self) -> Host {
        let mut command = self.command(env!("CARGO_BIN_EXE_keystow"));
        command.arg("chrome-extension://kgckkhcbepgohlebaepifclndmlpapih/");
        Host::start(command)
    }

    /// Stops the keychain as it stands, or has it go on: whoever asks it waits.
    pub fn hold_keychain(&self, hold: bool) {
        let daemon = self.bus.as_ref().unwrap().processes.last().unwrap();
        let signal = if hold { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &daemon.id().to_string()]).status().unwrap().success());
    }

    /// A program that sees this home folder and this bus.
    pub fn command(&self, program: &str) -> Command {
        let mut command = self.plain(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", self.bus.as_ref().map_or("disabled:", |bus| &bus.address));
        command
    }

    /// A program that sees this home folder and nothing of the machine's own desktop.
    fn plain(&self, program: &str) -> Command {
        let home = self.home();
        let runtime = home.join("runtime");
        std::fs::create_dir_all(&runtime).unwrap();
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home);
        command.env("XDG_DATA_HOME", home.join("data")).env("XDG_CONFIG_HOME", home.join(".config"));
        command.env("XDG_RUNTIME_DIR", runtime).current_dir(home);
        // Nor its polkit.
        command.env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus");
        if let Some(bus) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        }
        command
    }

    /// A bus that starts no services by itself: the machine may have a keychain installed that would come up.
    fn bus_config(&self) -> String {
        let path = self.home().join("bus.conf");
        let socket = self.home().display();
        let config = format!(
            "<busconfig><type>session</type><listen>unix:dir={socket}</listen>\
             <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/>\
             </policy></busconfig>"
        );
        std::fs::write(&path, config).unwrap();
        path.display().to_string()
    }

    fn wait_for_the_secret_service(&self) {
        for _ in 0..100 {
            let mut ask = self.command("dbus-send");
            ask.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
            ]);
            let answer = ask.arg("string:org.freedesktop.secrets").output().expect("dbus-send is installed");
            if String::from_utf8_lossy(&answer.stdout).contains("true") {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("gnome-keyring-daemon did not offer the Secret Service within 5 s");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        for process in self.bus.iter_mut().flat_map(|bus| bus.processes.iter_mut().rev()) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// A running host and both ends of its pipes.
pub struct Host {
    child: Child,
    input: Option<ChildStdin>,
    replies: Receiver<FromHost>,
}

impl Host {
    /// Starts a host, its frames on standard input and output.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (sender, replies) = channel();
        let mut output = child.stdout.take().unwrap();
        thread::spawn(move || {
            while let Some(reply) = read_reply(&mut output) {
                if sender.send(reply).is_err() {
                    return;
                }
            }
        });
        Self { input: child.stdin.take(), child, replies }
    }

    /// Writes bytes as they are. What the host does not read any more is not written.
    pub fn write(&mut self, bytes: &[u8]) {
        let written = self.input.as_mut().unwrap().write_all(bytes).and_then(|()| self.input.as_mut().unwrap().flush());
        if let Err(error) = written {
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        }
    }

    /// Writes one frame.
    pub fn send(&mut self, json: &[u8]) {
        self.write(&frame(json));
    }

    /// The next reply, which must come.
    pub fn reply(&mut self) -> FromHost {
        self.replies.recv_timeout(Duration::from_secs(60)).expect("the host answers within a minute")
    }

    /// The next reply, unless the host has ended.
    pub fn reply_or_end(&mut self) -> Option<FromHost> {
        self.replies.recv_timeout(Duration::from_secs(60)).ok()
    }

    /// Sends one frame, and takes the one reply to it.
    pub fn ask(&mut self, json: &str) -> FromHost {
        self.send(json.as_bytes());
        self.reply()
    }

    /// Sends a CTAP message, and takes the answer's bytes.
    pub fn ctap(&mut self, message: &[u8]) -> Vec<u8> {
        let json = serde_json::json!({"id": 1, "ctap": protocol::base64url::encode(message)});
        match self.ask(&json.to_string()).body {
            Body::Ctap(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    /// Whether the host still serves.
    pub fn lives(&mut self) -> bool {
        let reply = self.ask(r#"{"id":4242,"manage":{"status":{}}}"#);
        reply.id == Some(4242) && matches!(reply.body, Body::Ok(_))
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Closes the host's input, as a browser does.
    pub fn close_input(&mut self) {
        drop(self.input.take());
    }

    /// Closes the host's input, and waits for its end.
    pub fn close(mut self) -> ExitStatus {
        self.close_input();
        self.child.wait().unwrap()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A frame: length in the machine's own order, then the JSON.
pub fn frame(json: &[u8]) -> Vec<u8> {
    [&u32::try_from(json.len()).unwrap().to_ne_bytes(), json].concat()
}

/// The code of an error reply.
pub fn code(reply: &FromHost) -> ErrorCode {
    match &reply.body {
        Body::Error(error) => error.code,
        other => panic!("{other:?} is no error"),
    }
}

fn read_reply(output: &mut ChildStdout) -> Option<FromHost> {
    let mut length = [0; 4];
    output.read_exact(&mut length).ok()?;
    let mut json = vec![0; usize::try_from(u32::from_ne_bytes(length)).ok()?];
    output.read_exact(&mut json).ok()?;
    let value: Value = serde_json::from_slice(&json).expect("the host writes JSON");
    Some(serde_json::from_value(value).expect("the host writes replies"))
}
