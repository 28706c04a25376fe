//! The host as a browser starts it: frames in on standard input, frames out on standard output, until the browser closes the pipe.
//!
//! One thread reads, one works. A message that is cancelled before it was begun is answered as cancelled; of one that has begun only a
//! question that the user is asked is ended. When the pipe ends, what has not been begun is dropped, and what has begun is finished, durably.

mod browser;
mod frames;
mod host;
mod queue;
mod refusal;
mod working;

use std::ffi::OsString;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use protocol::native_message::{Body, FromHost};

use crate::install::FIREFOX_ID;
use crate::secret::leaving_no_trace;
use frames::Frame;
use queue::{Next, Queue};
use working::Working;

pub use frames::MAX_FROM_BROWSER;
pub use host::{Host, OpenDevice};
pub use refusal::of_vault as refusal;

/// Whether the arguments are those that a browser passes: Chromium the extension's origin, Firefox the manifest's path and the
/// add-on id. A hint, nothing more: any program of this user can pass them, as it can read the keychain.
pub fn started_by_a_browser(arguments: &[OsString]) -> bool {
    let argument = |at: usize| arguments.get(at).and_then(|text| text.to_str()).unwrap_or_default();
    argument(1).starts_with("chrome-extension://") || (argument(1).ends_with(".json") && argument(2) == FIREFOX_ID)
}

/// Serves the browser on standard input and output, with the vault of this user. `arguments` are those that the browser passed.
pub fn run(arguments: &[OsString]) -> ExitCode {
    let mut host = Host::of_this_user().used_by(browser::name(arguments));
    match serve(io::stdin(), io::stdout().lock(), &mut host) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "keystow: The pipe to the browser failed ({error}). The browser starts a new host when it needs one."
            );
            ExitCode::FAILURE
        }
    }
}

/// Answers what comes in on `input`, until it ends.
///
/// # Errors
/// Where `output` fails otherwise than by being closed.
pub fn serve(input: impl Read + Send + 'static, mut output: impl Write, host: &mut Host) -> io::Result<()> {
    let (sender, receiver) = sync_channel(READ_AHEAD);
    let working = Working::new(host.interrupt());
    let watched = working.clone();
    // Not joined: at the end it may still wait for bytes that never come.
    thread::spawn(move || read_all(input, &sender, &watched));
    let mut queue = Queue::new(receiver);
    while let Some(next) = queue.next() {
        working.begin(&next);
        match leaving_no_trace(|| serve_one(next, &mut output, host)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(error),
        }
        if host.is_worn_out() {
            return Ok(());
        }
    }
    Ok(())
}

/// Answers one message, and does then what nobody waits for.
fn serve_one(next: Next, output: &mut impl Write, host: &mut Host) -> io::Result<()> {
    let reply = match next {
        Next::Ctap { id, message, private: true, .. } => answer(id, host.ctap_in_private(&message).map(Body::Ctap)),
        Next::Ctap { id, message, origin, .. } => {
            answer(id, host.ctap_for(&message, origin.as_deref()).map(Body::Ctap))
        }
        Next::Manage { id, request } => answer(id, host.manage(request).map(Body::Ok)),
        Next::Reply(reply) => reply,
    };
    let written = frames::write(output, &reply);
    host.after_answer();
    written
}

/// Frames that are read while the worker works, beside those in its queue: so many that a cancel is not stuck behind them.
const READ_AHEAD: usize = 64;

fn answer(id: u64, body: Result<Body, protocol::native_message::Error>) -> FromHost {
    FromHost { id: Some(id), body: body.unwrap_or_else(Body::Error) }
}

/// Reads until the pipe ends, fails, or nobody takes the frames any more.
fn read_all(input: impl Read, frames: &SyncSender<Frame>, working: &Working) {
    let mut input = BufReader::new(input);
    loop {
        let frame = frames::read(&mut input).unwrap_or(Frame::End);
        working.look_at(&frame);
        let is_end = frame == Frame::End;
        if frames.send(frame).is_err() || is_end {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
