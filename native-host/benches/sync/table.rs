//! The tables.

use std::fmt::Write;
use std::time::Duration;

use crate::Costs;
use crate::cost::Cost;
use crate::crowd::{Crowd, DEVICES};
use crate::ours::Course;
use crate::rivals::Copies;

pub const HEAD: &str = "
## Keeping devices in step

| passkeys | | asked of the storage | objects up | objects down | over WebDAV: time (of it the server's) | computed | over a folder | memory |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
";

/// A row for each course.
pub fn of_courses(size: usize, over_webdav: &Costs, over_folder: &Costs) -> String {
    let mut text = String::new();
    for (course, cost) in over_webdav {
        let folder = of(over_folder, *course);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} ({}) | {} | {} | {} |",
            thousands(size as u64),
            course.name(),
            cost.asked.requests,
            bytes(cost.asked.up),
            bytes(cost.asked.down),
            time(cost.time),
            time(cost.asked.waited),
            time(cost.computed),
            folder.map_or_else(|| "–".to_owned(), |cost| time(cost.time)),
            bytes(cost.memory * 1024),
        );
    }
    text
}

/// Ours beside copies of the whole file, as it goes over the wire.
pub fn beside(measured: &[(usize, Costs, Copies)]) -> String {
    let mut text = "
## Beside copying the whole file, on the wire

HTTP requests, bytes up and down with headers and all, time:

| passkeys | the file | | Keystow | rclone copy | restic |
|---:|---:|---|---|---|---|
"
    .to_owned();
    for (size, ours, copies) in measured {
        for course in [Course::FirstPublish, Course::Idle, Course::ChangeWritten, Course::ChangeRead, Course::Join] {
            let restic = copies.restic.as_ref().and_then(|restic| of(restic, course));
            let cells = [of(ours, course), of(&copies.rclone, course), restic].map(wire).join(" | ");
            let (size, file) = (thousands(*size as u64), bytes(copies.file));
            let _ = writeln!(text, "| {size} | {file} | {} | {cells} |", course.name());
        }
    }
    text
}

/// What 20 devices cost.
pub fn of_crowd(crowd: &Crowd) -> String {
    let mut text = format!(
        "
## {DEVICES} devices, {} passkeys, over WebDAV

| | asked of the storage | objects up | objects down | largest head | circle | time |
|---|---:|---:|---:|---:|---:|---:|
",
        thousands(crowd.size as u64)
    );
    let others = DEVICES - 1;
    for (name, cost) in [
        (format!("the {DEVICES}th is let in, both sides"), &crowd.last_join),
        ("a pass with nothing new".to_owned(), &crowd.idle),
        ("one renames a passkey".to_owned(), &crowd.written),
        (format!("the {others} others learn of it, and say so, together"), &crowd.read),
        (format!("one more pass of all {DEVICES}, together"), &crowd.after),
    ] {
        let asked = &cost.asked;
        let cells = [asked.up, asked.down, asked.head, asked.circle].map(bytes).join(" | ");
        let _ = writeln!(text, "| {name} | {} | {cells} | {} |", asked.requests, time(cost.time));
    }
    text
}

pub const METHOD: &str = "
Each device is the host's own library over a vault file on the disk that the temporary folder is on, every commit durable; only the keychain
is in memory. The WebDAV server is `rclone serve webdav` on loopback, so its time is that of a server next to you: add your own round trips.
Counted is what the engine asks of the storage, with the bytes of the objects, and, by a proxy in between, what goes over the wire. What
is quick is the median of seven runs. Computed is what the device itself took of a processor, whatever else the machine did. Memory is the most that the process had meanwhile, beyond what it had before. A device that has read a
change says so in a head of its own, once an hour at most: the first row of reading has that, the second has not. The copies are of the
vault's file where sync is off, after SQLite's checkpoint. rclone compares sizes and times; most WebDAV servers keep no times, and a change
inside leaves the size as it is, so that a plain `rclone copy` would not copy it: it was called with `--ignore-times`. restic goes through
rclone, and its first row makes the repository too. For both a second machine can only take the whole file in the place of its own; what it
had changed itself is lost.
";

impl Course {
    fn name(self) -> &'static str {
        match self {
            Self::FirstPublish => "first publish",
            Self::Idle => "nothing has changed",
            Self::ChangeWritten => "one passkey renamed: the writer",
            Self::ChangeReadFirst => "a reader, who says so",
            Self::ChangeRead => "a reader",
            Self::Join => "all of it, to a second device",
            Self::Recover => "recovery from paper: looking, then all of it",
        }
    }
}

fn of(costs: &Costs, course: Course) -> Option<&Cost> {
    costs.iter().find(|(other, _)| *other == course).map(|(_, cost)| cost)
}

fn wire(cost: Option<&Cost>) -> String {
    let Some(Cost { wire, time: spent, .. }) = cost else { return "–".to_owned() };
    format!("{}; ↑ {}, ↓ {}; {}", wire.requests, bytes(wire.up), bytes(wire.down), time(*spent))
}

/// Three digits, or the bytes themselves where they are few.
fn bytes(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", digits(bytes as f64 / 1e3)),
        _ => format!("{} MB", digits(bytes as f64 / 1e6)),
    }
}

fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{} ms", digits(seconds * 1e3)) } else { format!("{} s", digits(seconds)) }
}

fn digits(number: f64) -> String {
    match number {
        ..10.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

fn thousands(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}
