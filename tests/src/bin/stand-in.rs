//! The host's stand-in for sync: what is asked about it is answered as `$KEYSTOW_STAND_IN/state.json` says, and noted in `asked` beside it;
//! what is left is no longer told.
//! Everything else goes to the host itself, `$KEYSTOW_BIN`, and comes from there. So the screens are seen in states that only time, another
//! device or somebody's bad intention brings about.

use std::fs::{OpenOptions, read_to_string, write as write_file};
use std::io::{Error, Read, Write, stdin, stdout};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};

fn main() -> Result<(), Error> {
    let folder = PathBuf::from(std::env::var_os("KEYSTOW_STAND_IN").unwrap_or_default());
    let host = std::env::var_os("KEYSTOW_BIN").unwrap_or_default();
    let mut host =
        Command::new(host).args(std::env::args_os().skip(1)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (mut to_host, mut from_host) = (host.stdin.take(), host.stdout.take());
    thread::spawn(move || {
        while let Some(frame) = from_host.as_mut().and_then(read) {
            if write(&mut stdout().lock(), &frame).is_err() {
                return;
            }
        }
    });
    while let Some(frame) = read(&mut stdin().lock()) {
        let message: Value = serde_json::from_slice(&frame)?;
        let asked = ["sync", "earlier"].into_iter().find(|name| !message["manage"][name].is_null());
        match (asked, &mut to_host) {
            (Some(name), _) => {
                let mut noted = OpenOptions::new().create(true).append(true).open(folder.join("asked"))?;
                writeln!(noted, "{}", message["manage"])?;
                let mut answer: Value = serde_json::from_str(&read_to_string(folder.join("state.json"))?)?;
                if !message["manage"]["sync"]["leave"].is_null() {
                    answer["sync"]["step"] = Value::Null;
                    write_file(folder.join("state.json"), answer.to_string())?;
                }
                let answer = json!({ "id": message["id"], "ok": { name: answer[name] } });
                write(&mut stdout().lock(), answer.to_string().as_bytes())?;
            }
            (None, Some(to_host)) => write(to_host, &frame)?,
            (None, None) => break,
        }
    }
    drop(to_host);
    host.wait().map(|_| ())
}

/// A native message; nothing at the end.
fn read(from: &mut impl Read) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length).ok()?;
    let mut frame = vec![0; usize::try_from(u32::from_ne_bytes(length)).ok()?];
    from.read_exact(&mut frame).ok()?;
    Some(frame)
}

fn write(to: &mut impl Write, frame: &[u8]) -> Result<(), Error> {
    let length = u32::try_from(frame.len()).map_err(Error::other)?;
    to.write_all(&length.to_ne_bytes())?;
    to.write_all(frame)?;
    to.flush()
}
