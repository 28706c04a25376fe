//! What is measured, and the table of it, from what criterion leaves on the disk.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What an authenticator is asked for.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Operation {
    Make,
    Get,
    GetSilently,
    GetDiscoverable,
}

/// Who is asked.
#[derive(Clone, Copy)]
pub enum Who {
    Keystow,
    Other,
}

impl Operation {
    pub const ALL: [Self; 4] = [Self::Make, Self::Get, Self::GetSilently, Self::GetDiscoverable];
    /// The other's store finds nothing without an allow list.
    pub const WITH_ALLOW_LIST: [Self; 3] = [Self::Make, Self::Get, Self::GetSilently];

    /// The name of criterion's group, and so of its folder.
    pub fn group(self) -> &'static str {
        match self {
            Self::Make => "makeCredential",
            Self::Get => "getAssertion",
            Self::GetSilently => "getAssertion up=false",
            Self::GetDiscoverable => "getAssertion without allow list",
        }
    }
}

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Self::Keystow => "Keystow",
            Self::Other => "passkey-authenticator",
        }
    }
}

/// The table: medians, and how many times as long Keystow takes. What was not measured is a dash.
pub fn markdown(output: &Path, sizes: &[usize]) -> String {
    let mut text = "
## The host and passkey-authenticator

| | passkeys held | Keystow ms | passkey-authenticator ms | ratio |
|---|---:|---:|---:|---:|
"
    .to_owned();
    for operation in Operation::ALL {
        for size in sizes {
            let [ours, theirs] =
                [Who::Keystow, Who::Other].map(|who| median_in_milliseconds(output, operation, who, *size));
            let ratio = ours.zip(theirs).map(|(ours, theirs)| ours / theirs);
            let group = operation.group();
            let _ =
                writeln!(text, "| {group} | {size} | {} | {} | {} |", cell(ours, 3), cell(theirs, 3), cell(ratio, 1));
        }
    }
    text.push_str(METHOD);
    text
}

const METHOD: &str = "
Medians by criterion. Keystow: CTAP bytes in and out, over a sealed vault on the disk that the build is on; makeCredential is on the disk
when it answers, and getAssertion writes down when it was. Only the keychain is in memory. passkey-authenticator: Rust
structs in and out, over its own MemoryStore: in memory, not sealed, not durable, finding a passkey by its credential ID
alone. So the two do like work only with up=false, where neither writes; elsewhere the ratio is mostly the price of durable commits.
";

fn median_in_milliseconds(output: &Path, operation: Operation, who: Who, size: usize) -> Option<f64> {
    let folder = output.join(operation.group()).join(who.name()).join(size.to_string());
    let text = fs::read_to_string(folder.join("new/estimates.json")).ok()?;
    let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
    let nanoseconds = estimates["median"]["point_estimate"].as_f64()?;
    Some(nanoseconds / 1e6)
}

fn cell(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}
