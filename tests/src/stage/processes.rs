//! Hosts that a browser has started, as Linux tells of them.

use std::fs;
use std::process::Command;

/// The ids of the processes called `keystow` below the process `ancestor`.
pub fn keystow_below(ancestor: u32) -> Vec<u32> {
    let all =
        fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    all.filter(|id| name(*id).as_deref() == Some("keystow") && is_below(*id, ancestor)).collect()
}

/// Kills the process `id` as `kill -9` does, and waits until it is gone.
pub fn end_process(id: u32) {
    let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
    while name(id).is_some_and(|name| name == "keystow") && !is_zombie(id) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// The resident memory of the process `id`, in KiB.
pub fn resident_memory(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn is_below(id: u32, ancestor: u32) -> bool {
    let mut id = id;
    while id > 1 {
        if id == ancestor {
            return true;
        }
        let Some(parent) = status(id).and_then(|(_, parent)| parent.parse().ok()) else { return false };
        id = parent;
    }
    false
}

fn is_zombie(id: u32) -> bool {
    status(id).is_some_and(|(state, _)| state == "Z")
}

fn name(id: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{id}/comm")).ok().map(|name| name.trim().to_owned())
}

/// State and parent, which stand behind the name in parentheses.
fn status(id: u32) -> Option<(String, String)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut rest = stat.rsplit(')').next()?.split_whitespace().map(str::to_owned);
    Some((rest.next()?, rest.next()?))
}
