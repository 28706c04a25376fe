//! What is measured, and the table of it, from what criterion leaves on the disk.

use std::fmt::{self, Write};
use std::fs;
use std::path::Path;
use std::time::Duration;

use protocol::cose::CoseAlgorithmIdentifier;

use crate::{ALGORITHMS, sizes};

/// What an authenticator is asked for.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Operation {
    Make,
    MakeAnnounced,
    Get,
    GetDiscoverable,
    Remember,
}

/// Who is asked.
#[derive(Clone, Copy)]
pub enum Who {
    Keystow,
    KeystowInMemory,
    Other,
}

/// What is asked of Keystow for one algorithm. Only RS256 keys are made ahead; how passkeys are found and written does not depend on the
/// algorithm, and so is measured with one.
pub fn of_keystow(algorithm: CoseAlgorithmIdentifier) -> &'static [Operation] {
    match algorithm {
        CoseAlgorithmIdentifier::Es256 => {
            &[Operation::Make, Operation::Get, Operation::GetDiscoverable, Operation::Remember]
        }
        CoseAlgorithmIdentifier::Rs256 => &[Operation::Make, Operation::MakeAnnounced, Operation::Get],
        _ => &[Operation::Make, Operation::Get],
    }
}

impl Operation {
    /// The name of criterion's group, and so of its folder.
    pub fn group(self, algorithm: CoseAlgorithmIdentifier) -> String {
        match self {
            Self::Make => format!("makeCredential {algorithm:?}"),
            Self::MakeAnnounced => format!("makeCredential {algorithm:?}, announced"),
            Self::Get => format!("getAssertion {algorithm:?}"),
            Self::GetDiscoverable => format!("getAssertion {algorithm:?}, no allow list"),
            Self::Remember => "after getAssertion".to_owned(),
        }
    }
}

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Self::Keystow => "Keystow",
            Self::KeystowInMemory => "Keystow in memory",
            Self::Other => "passkey-authenticator",
        }
    }
}

/// Medians, the fastest samples, and how many times as long Keystow takes. What was not measured is a dash.
pub fn speed(output: &Path) -> String {
    let mut text = "
## The host and passkey-authenticator

| µs: median (fastest) | passkeys held | Keystow | without the disk | passkey-authenticator | ratio | without the disk |
|---|---:|---:|---:|---:|---:|---:|
"
    .to_owned();
    for algorithm in ALGORITHMS {
        for operation in of_keystow(algorithm) {
            for size in sizes(algorithm) {
                let group = operation.group(algorithm);
                let of = |who: Who| Times::read(&output.join(&group).join(who.name()).join(size.to_string()));
                let [ours, in_memory, theirs] = [Who::Keystow, Who::KeystowInMemory, Who::Other].map(of);
                let ratio = |ours: &Option<Times>| {
                    cell(ours.as_ref().zip(theirs.as_ref()).map(|(ours, theirs)| ours.ratio_to(theirs)))
                };
                let ratios = [ratio(&ours), ratio(&in_memory)].join(" | ");
                let times = [ours, in_memory, theirs].map(cell).join(" | ");
                let _ = writeln!(text, "| {group} | {size} | {times} | {ratios} |");
            }
        }
    }
    text
}

pub const METHOD: &str = "
By criterion: medians, and in brackets the fastest sample, which other work on the machine disturbs least. Keystow: CTAP bytes in and
out, over a sealed vault on the disk that the build is on; makeCredential is on the disk when it answers. \"Without the disk\": the vault
on a file system in memory, every other step the same. \"After getAssertion\": when the passkey was used is written down, durably, once the
answer is on its way. \"Announced\": as in a browser, where the host is told of the algorithms when the window opens; the click comes a
second later. Only the keychain is in memory throughout. passkey-authenticator: Rust structs in and out, over its own MemoryStore, which is
not sealed, not durable, and finds a passkey by its credential ID alone; it signs in Rust as we do. A relying party that asks again and
again could measure what its answers' times tell; the second table says how much that is.
";

/// How long something took, in microseconds.
pub struct Times {
    median: f64,
    fastest: f64,
}

impl Times {
    /// Of single runs; nothing where there is none.
    pub fn of(mut runs: Vec<Duration>) -> Option<Self> {
        runs.sort_unstable();
        let microseconds = |run: &Duration| run.as_secs_f64() * 1e6;
        Some(Self { median: runs.get(runs.len() / 2).map(microseconds)?, fastest: runs.first().map(microseconds)? })
    }

    /// Of what criterion left in `folder`.
    fn read(folder: &Path) -> Option<Self> {
        let json = |name: &str| -> Option<serde_json::Value> {
            serde_json::from_str(&fs::read_to_string(folder.join("new").join(name)).ok()?).ok()
        };
        let numbers = |value: &serde_json::Value| -> Option<Vec<f64>> {
            value.as_array()?.iter().map(serde_json::Value::as_f64).collect()
        };
        let sample = json("sample.json")?;
        let (iterations, times) = (numbers(&sample["iters"])?, numbers(&sample["times"])?);
        let fastest = times.iter().zip(&iterations).map(|(time, count)| time / count).reduce(f64::min)?;
        let median = json("estimates.json")?["median"]["point_estimate"].as_f64()?;
        Some(Self { median: median / 1e3, fastest: fastest / 1e3 })
    }

    /// How many times as long as the other.
    pub fn ratio_to(&self, other: &Self) -> String {
        format!("{:.2} ({:.2})", self.median / other.median, self.fastest / other.fastest)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} ({:.1})", self.median, self.fastest)
    }
}

fn cell(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}
