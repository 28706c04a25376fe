//! Machines that synchronize by the command line, as their users do.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::{Desk, ctap};

/// Begins a vault on this desk; gives the 24 words.
pub fn turn_on(desk: &Desk, folder: &TempDir, name: &str) -> String {
    let mut session = Session::start(desk, &["sync", "on", "--folder", path(folder), "--name", name]);
    let words = write_down(&mut session);
    session.succeed();
    assert!(say(desk, &["sync", "status"]).contains(path(folder)));
    words
}

/// Reads the 24 words, and types the two that are asked for.
pub fn write_down(session: &mut Session) -> String {
    session.until("Word ");
    let said = session.said().split_once("order:").unwrap().1.to_owned();
    let words: Vec<String> = (1..=24)
        .map(|number| {
            let mut tokens = said.split_whitespace().skip_while(|token| *token != number.to_string());
            tokens.nth(1).unwrap().to_owned()
        })
        .collect();
    for asked in 0..2 {
        session.until_several("Word ", asked + 1);
        let number = session.question("Word ");
        session.type_line(&words[number - 1]);
    }
    words.join(" ")
}

/// Lets `new` join `old`, as its user would.
pub fn join(old: &Desk, new: &Desk, folder: &TempDir, name: &str) {
    let (mut adding, code) = code(old);
    let mut joining = Session::start(new, &["device", "join", "--folder", path(folder), "--name", name]);
    joining.type_line(&code.to_lowercase().replace('-', " "));
    adding.until("wants to join");
    assert!(adding.said().contains(&format!("\"{name}\" wants to join")), "{}", adding.said());
    adding.type_line("add");
    joining.succeed();
    adding.succeed();
    assert!(adding.said().contains(&format!("\"{name}\" is in")), "{}", adding.said());
}

/// `device add` under way, and the code that it shows.
pub fn code(desk: &Desk) -> (Session, String) {
    let adding = Session::start(desk, &["device", "add"]);
    adding.until("as one text: ");
    let said = adding.said();
    let code = said.lines().map(str::trim).find(|line| line.len() == 19 && line.matches('-').count() == 3);
    let code = code.unwrap().to_owned();
    (adding, code)
}

/// Makes a passkey.
pub fn register(desk: &Desk, rp_id: &str, user: &str) {
    let mut host = desk.host();
    assert_eq!(host.ctap(&ctap::make_named(rp_id, user.as_bytes(), user))[0], 0);
    host.close();
}

/// What a command that succeeds prints.
pub fn say(desk: &Desk, arguments: &[&str]) -> String {
    let output = desk.keystow(arguments, "");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Of the passkeys that are there.
pub fn sites(desk: &Desk) -> Vec<String> {
    each(desk, &["list", "--json"], "rpId")
}

/// Of the devices.
pub fn names(desk: &Desk) -> Vec<String> {
    each(desk, &["device", "list", "--json"], "name")
}

/// One member of each in a list, sorted.
fn each(desk: &Desk, arguments: &[&str], member: &str) -> Vec<String> {
    let list: Value = serde_json::from_str(&say(desk, arguments)).unwrap();
    let mut values: Vec<_> =
        list.as_array().unwrap().iter().map(|entry| entry[member].as_str().unwrap().to_owned()).collect();
    values.sort();
    values
}

pub fn path(folder: &TempDir) -> &str {
    let path: &Path = folder.path();
    path.to_str().unwrap()
}

/// A command that holds a conversation.
pub struct Session {
    child: Child,
    input: ChildStdin,
    said: Arc<Mutex<String>>,
}

impl Session {
    pub fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let mut command = desk.command(env!("CARGO_BIN_EXE_keystow"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().unwrap(), &said);
        listen(child.stderr.take().unwrap(), &said);
        Self { input: child.stdin.take().unwrap(), child, said }
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn until(&self, text: &str) {
        self.until_several(text, 1);
    }

    /// Until it has said `text` so often.
    pub fn until_several(&self, text: &str, times: usize) {
        let begun = Instant::now();
        while self.said().matches(text).count() < times {
            assert!(begun.elapsed() < PATIENCE, "it did not say {text:?}, but: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What is between the last `beginning` and the colon that ends the question.
    pub fn question(&self, beginning: &str) -> usize {
        let begun = Instant::now();
        loop {
            let said = self.said();
            if let Some((number, _)) = said.rsplit(beginning).next().unwrap().split_once(": ") {
                return number.parse().unwrap();
            }
            assert!(begun.elapsed() < PATIENCE, "it asks nothing: {said}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn type_line(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    pub fn end(&mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end, and said: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn succeed(&mut self) {
        let code = self.end();
        assert_eq!(code, Some(0), "{}", self.said());
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.kill();
    }
}

fn listen(mut output: impl Read + Send + 'static, said: &Arc<Mutex<String>>) {
    let said = Arc::clone(said);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut bytes) {
            said.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    });
}

/// A machine under load is slow.
pub const PATIENCE: Duration = Duration::from_secs(90);
