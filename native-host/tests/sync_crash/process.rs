//! Starting machines in processes of their own, with or without a fault.

#[path = "../support/ended.rs"]
mod ended;
#[path = "../support/fault.rs"]
mod fault;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::NamedTempFile;

use crate::machine::Place;
use crate::story::{FOLDER, NAME, STORY};
pub use ended::{End, Run};

/// A process about to be started.
pub struct Process {
    command: Command,
    log: NamedTempFile,
}

/// One that runs.
pub struct Running {
    child: Child,
    log: NamedTempFile,
}

impl Process {
    pub fn new(place: &Place, name: &str, story: &str) -> Self {
        let log = NamedTempFile::new().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "machine_process", "--nocapture"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.reopen().unwrap());
        command.env(STORY, story).env(NAME, name).env(FOLDER, place.root());
        Self { command, log }
    }

    /// At a call on what is in that folder.
    pub fn with_fault(mut self, folder: &Path, kind: &str, at: usize) -> Self {
        self.command.env("LD_PRELOAD", fault::library()).env("FAULT_FOLDER", folder);
        self.command.env("FAULT_KIND", kind).env("FAULT_AT", at.to_string());
        self
    }

    pub fn start(mut self) -> Running {
        Running { child: self.command.spawn().unwrap(), log: self.log }
    }

    pub fn run(self) -> Run {
        self.start().wait()
    }
}

impl Running {
    /// SIGKILL.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Until a fault has stopped it (proc(5), `stat`).
    pub fn until_stopped(&self) {
        let stat = format!("/proc/{}/stat", self.child.id());
        until(|| fs::read_to_string(&stat).unwrap().contains(") T "));
    }

    /// What it has told so far.
    pub fn told(&self) -> Vec<String> {
        fs::read_to_string(self.log.path()).unwrap().lines().map(str::to_owned).collect()
    }

    pub fn has_told(&self, line: &str, times: usize) -> bool {
        self.told().iter().filter(|told| *told == line).count() >= times
    }

    pub fn until_told(&self, line: &str) {
        until(|| self.has_told(line, 1));
    }

    pub fn wait(mut self) -> Run {
        let end = End::of(self.child.wait().unwrap());
        Run { end, log: self.told() }
    }
}

fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not come to that");
        thread::sleep(Duration::from_millis(5));
    }
}
