//! The programs that have started this process, the nearest first. Linux tells them in /proc; elsewhere nothing is told.

use std::path::PathBuf;

/// So many: a browser may start the host by a script, and that by another.
#[cfg(target_os = "linux")]
const MOST: usize = 3;

#[cfg(target_os = "linux")]
pub(super) fn programs() -> Vec<PathBuf> {
    let parent = |id: &u32| parent_of(*id);
    let ancestors = std::iter::successors(Some(std::os::unix::process::parent_id()), parent).take(MOST);
    ancestors.filter_map(|id| std::fs::read_link(format!("/proc/{id}/exe")).ok()).collect()
}

/// The line `PPid:` of proc_pid_status(5).
#[cfg(target_os = "linux")]
fn parent_of(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    parent.trim().parse().ok().filter(|id| *id > 1)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn programs() -> Vec<PathBuf> {
    Vec::new()
}
