//! The browser's pipe, with any bytes on it: every frame gets exactly one answer under its own id, a cancel none.

#![no_main]

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use fuzz::Stage;
use keystow::native_messaging::{MAX_FROM_BROWSER, serve};
use libfuzzer_sys::fuzz_target;
use protocol::native_message::{FromHost, ToHost};

fuzz_target!(|data: &[u8]| {
    let stage = Stage::new(true);
    let expected = Expected::of(data);
    let answered = Arc::new(Answered::default());
    let input = Input { bytes: data.to_vec(), at: 0, answered: answered.clone(), to_wait_for: expected.whole.len() };
    let output = Output { bytes: Rc::default(), answered };
    let bytes = output.bytes.clone();
    serve(input, output, &mut stage.host()).expect("a pipe that takes all");
    let mut ids = ids(&bytes.borrow());
    let mut wanted = expected.whole;
    wanted.extend(expected.cut_short);
    ids.sort();
    wanted.sort();
    assert_eq!(ids, wanted);
});

/// The ids of the answers that must come, from a second reading of the frames.
#[derive(Default)]
struct Expected {
    whole: Vec<Option<u64>>,
    /// Of the frame that the end of the pipe cuts short.
    cut_short: Option<Option<u64>>,
}

impl Expected {
    fn of(mut data: &[u8]) -> Self {
        let mut expected = Self::default();
        while !data.is_empty() {
            let Some((length, rest)) = data.split_first_chunk() else {
                expected.cut_short = Some(None);
                break;
            };
            let length = usize::try_from(u32::from_ne_bytes(*length)).expect("64 bits");
            let Some((frame, rest)) = rest.split_at_checked(length) else {
                expected.cut_short = Some(None);
                break;
            };
            expected.whole.extend(answer_to(frame));
            data = rest;
        }
        expected
    }
}

/// The id of the answer to a frame; a cancel has none.
fn answer_to(frame: &[u8]) -> Option<Option<u64>> {
    let text = str::from_utf8(frame).ok().filter(|text| text.len() <= MAX_FROM_BROWSER);
    match text.map(ToHost::from_json) {
        Some(Ok(ToHost::Cancel { .. })) => None,
        Some(Ok(ToHost::Ctap { id, .. } | ToHost::Manage { id, .. })) => Some(Some(id)),
        Some(Err(reply)) => Some(reply.id),
        None => Some(None),
    }
}

/// How many answers have been written.
#[derive(Default)]
struct Answered {
    count: Mutex<usize>,
    one_more: Condvar,
}

/// The bytes, then the end; the end not before all whole frames are answered, since it ends what has not been begun.
struct Input {
    bytes: Vec<u8>,
    at: usize,
    answered: Arc<Answered>,
    to_wait_for: usize,
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.bytes[self.at..]).read(buffer)?;
        self.at += read;
        if read == 0 && !buffer.is_empty() {
            let count = self.answered.count.lock().expect("no panic");
            let waited = self.answered.one_more.wait_timeout_while(count, A_MINUTE, |count| *count < self.to_wait_for);
            let (count, outcome) = waited.expect("no panic");
            assert!(!outcome.timed_out(), "{count} of {} frames are answered", self.to_wait_for);
        }
        Ok(read)
    }
}

const A_MINUTE: Duration = Duration::from_secs(60);

/// Keeps the answers, and counts them.
struct Output {
    bytes: Rc<RefCell<Vec<u8>>>,
    answered: Arc<Answered>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.borrow_mut().extend_from_slice(bytes);
        let whole = frames(&self.bytes.borrow()).len();
        *self.answered.count.lock().expect("no panic") = whole;
        self.answered.one_more.notify_all();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn ids(output: &[u8]) -> Vec<Option<u64>> {
    let read = |frame: &&[u8]| serde_json::from_slice::<FromHost>(frame).expect("the host writes its own messages").id;
    frames(output).iter().map(read).collect()
}

/// The whole frames.
fn frames(mut output: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    while let Some((length, rest)) = output.split_first_chunk() {
        let length = usize::try_from(u32::from_ne_bytes(*length)).expect("64 bits");
        let Some((frame, rest)) = rest.split_at_checked(length) else { break };
        frames.push(frame);
        output = rest;
    }
    frames
}
