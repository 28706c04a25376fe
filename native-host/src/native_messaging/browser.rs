//! Which browser has started this host: for the history of passkeys, and for nothing else.

mod ancestors;

use std::ffi::OsString;
use std::path::Path;

use super::FIREFOX_ID;

/// The browser by the name that a person knows it by: of the program that started this process, or one that started that; else of its
/// family, as the arguments tell it. Nothing where neither tells.
pub(super) fn name(arguments: &[OsString]) -> Option<String> {
    let named = ancestors::programs().iter().find_map(|program| of_program(program));
    named.or_else(|| of_arguments(arguments)).map(str::to_owned)
}

fn of_program(program: &Path) -> Option<&'static str> {
    let text = |name: Option<&std::ffi::OsStr>| name.and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    // What an update has replaced while it runs.
    let name = text(program.file_name());
    let name = name.strip_suffix(" (deleted)").unwrap_or(&name);
    let folder = text(program.parent().and_then(Path::file_name));
    let browser =
        PROGRAMS.iter().find(|(file, within, _)| *file == name && within.is_none_or(|within| within == folder));
    browser.map(|(_, _, browser)| *browser)
}

/// What each family passes: the extension's origin, or the manifest's path and the add-on's id.
fn of_arguments(arguments: &[OsString]) -> Option<&'static str> {
    let argument = |at: usize| arguments.get(at).and_then(|text| text.to_str()).unwrap_or_default();
    if argument(1).starts_with("chrome-extension://") {
        Some("Chromium family")
    } else if argument(2) == FIREFOX_ID {
        Some("Firefox")
    } else {
        None
    }
}

/// A program's file name, the folder that it is in where that tells, and the name of the browser.
const PROGRAMS: [(&str, Option<&str>, &str); 18] = [
    ("brave", None, "Brave"),
    ("brave-browser", None, "Brave"),
    ("chrome", Some("chrome-linux64"), "Chrome for Testing"),
    ("chrome", Some("chrome-linux"), "Chromium"),
    ("chrome", None, "Chrome"),
    ("chromium", None, "Chromium"),
    ("chromium-browser", None, "Chromium"),
    ("msedge", Some("msedge-beta"), "Edge Beta"),
    ("msedge", Some("msedge-canary"), "Edge Canary"),
    ("msedge", Some("msedge-dev"), "Edge Dev"),
    ("msedge", None, "Edge"),
    ("firefox", None, "Firefox"),
    ("firefox-bin", None, "Firefox"),
    ("firefox-esr", None, "Firefox"),
    ("librewolf", None, "LibreWolf"),
    ("librewolf-bin", None, "LibreWolf"),
    ("vivaldi", None, "Vivaldi"),
    ("vivaldi-bin", None, "Vivaldi"),
];

#[cfg(test)]
mod tests;
