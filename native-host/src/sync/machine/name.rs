//! What this machine is called.

use std::fs;
use std::process::Command;

/// The name that its user knows it by; nothing that is empty.
pub(super) fn machine() -> String {
    let told = [from_environment, from_kernel, from_command].into_iter().find_map(|tell| {
        let name = tell()?;
        let name = name.trim().trim_end_matches(".local").to_owned();
        (!name.is_empty()).then_some(name)
    });
    told.unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// Windows.
fn from_environment() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// Linux.
fn from_kernel() -> Option<String> {
    fs::read_to_string("/proc/sys/kernel/hostname").ok()
}

/// macOS.
fn from_command() -> Option<String> {
    let output = Command::new("/usr/sbin/scutil").args(["--get", "ComputerName"]).output().ok()?;
    String::from_utf8(output.stdout).ok()
}
