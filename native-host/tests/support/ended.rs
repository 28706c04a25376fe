//! What became of a process that a fault may have ended.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// What came of one.
pub struct Run {
    pub end: End,
    /// What it told, a line each.
    pub log: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    Finished,
    Failed,
    Killed,
}

impl End {
    /// SIGKILL is a kill; whatever else is no success is a failure.
    pub fn of(status: ExitStatus) -> Self {
        match (status.success(), status.signal()) {
            (true, _) => Self::Finished,
            (_, Some(9)) => Self::Killed,
            _ => Self::Failed,
        }
    }
}
