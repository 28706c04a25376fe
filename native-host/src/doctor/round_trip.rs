//! A host started as a browser starts it, and asked one thing.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use protocol::manage::{Request, Response};
use protocol::native_message::{Body, FromHost, ToHost};

use crate::install::{CHROMIUM_ID, FIREFOX_ID, Family, chromium_origin};

/// What came of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    /// It told its version.
    Version(String),
    /// It answered, and could not tell: its vault or its keychain is not in order.
    Refused,
    /// The system could not start it.
    NotStarted(String),
    /// It ended, or said something that no Keystow says.
    NoAnswer,
    /// It said nothing in time.
    TimedOut,
}

/// Every host is asked once, and as each family of browsers starts it.
pub(super) struct RoundTrips {
    patience: Duration,
    done: HashMap<(PathBuf, bool), Outcome>,
}

impl RoundTrips {
    /// Each is waited for no longer than `patience`.
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, done: HashMap::new() }
    }

    /// Starts `executable` as a browser of `family` that found it in the manifest `file`.
    pub(super) fn of(&mut self, executable: &Path, family: Family, file: &Path) -> Outcome {
        let patience = self.patience;
        let asked = (executable.to_owned(), family == Family::Firefox);
        self.done.entry(asked).or_insert_with(|| ask(executable, family, file, patience)).clone()
    }
}

fn ask(executable: &Path, family: Family, file: &Path, patience: Duration) -> Outcome {
    let mut command = Command::new(executable);
    match family {
        Family::Chromium => command.arg(chromium_origin(CHROMIUM_ID)),
        Family::Firefox => command.arg(file).arg(FIREFOX_ID),
    };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Outcome::NotStarted(error.to_string()),
    };
    let outcome = talk(&mut child, patience);
    // Where it has ended by itself, there is nothing to end.
    let _ = child.kill();
    let _ = child.wait();
    outcome
}

fn talk(child: &mut Child, patience: Duration) -> Outcome {
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Outcome::NoAnswer;
    };
    let (sender, answer) = channel();
    // Not joined: it ends with the child's output.
    thread::spawn(move || {
        let _ = sender.send(read(&mut output));
    });
    // What has ended reads nothing any more; what it said before that counts.
    let _ = write(&mut input);
    match answer.recv_timeout(patience) {
        Ok(Some(Body::Ok(Response::Status(status)))) => Outcome::Version(status.version),
        Ok(Some(Body::Error(_))) => Outcome::Refused,
        Ok(_) | Err(RecvTimeoutError::Disconnected) => Outcome::NoAnswer,
        Err(RecvTimeoutError::Timeout) => Outcome::TimedOut,
    }
}

/// A length of four bytes in the machine's own order, then the message, as browsers write it.
fn write(input: &mut impl Write) -> io::Result<()> {
    let message = ToHost::Manage { id: 1, request: Request::Status {} }.to_json().to_string();
    let length = u32::try_from(message.len()).map_err(io::Error::other)?;
    input.write_all(&length.to_ne_bytes())?;
    input.write_all(message.as_bytes())?;
    input.flush()
}

fn read(output: &mut impl Read) -> Option<Body> {
    let mut length = [0; 4];
    output.read_exact(&mut length).ok()?;
    let length = usize::try_from(u32::from_ne_bytes(length)).ok().filter(|length| *length <= MAX_TO_BROWSER)?;
    let mut message = vec![0; length];
    output.read_exact(&mut message).ok()?;
    serde_json::from_slice::<FromHost>(&message).ok().map(|reply| reply.body)
}

/// Bytes that a browser takes.
const MAX_TO_BROWSER: usize = 1 << 20;

#[cfg(test)]
mod tests;
