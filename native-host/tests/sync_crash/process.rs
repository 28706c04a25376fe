//! Starting machines in processes of their own, with or without a fault.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::machine::{FOLDER, NAME, Place, STORY};

/// A process about to be started.
pub struct Process(Command);

/// One that runs.
pub struct Running(Child);

/// What came of one.
pub struct Run {
    pub end: End,
    pub log: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    Finished,
    Failed,
    Killed,
}

impl Process {
    pub fn new(place: &Place, name: &str, story: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "machine_process", "--nocapture"]).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env(STORY, story).env(NAME, name).env(FOLDER, place.root()).env("FAULT_FOLDER", place.faulty());
        Self(command)
    }

    pub fn with_fault(mut self, kind: &str, at: u32) -> Self {
        self.0.env("LD_PRELOAD", fault_library()).env("FAULT_KIND", kind).env("FAULT_AT", at.to_string());
        self
    }

    pub fn start(mut self) -> Running {
        Running(self.0.spawn().unwrap())
    }

    pub fn run(self) -> Run {
        self.start().wait()
    }
}

impl Running {
    /// SIGKILL.
    pub fn kill(&self) {
        let process = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
    }

    pub fn wait(self) -> Run {
        let output = self.0.wait_with_output().unwrap();
        let end = match (output.status.success(), output.status.signal()) {
            (true, _) => End::Finished,
            (_, Some(9)) => End::Killed,
            _ => End::Failed,
        };
        Run { end, log: String::from_utf8(output.stderr).unwrap().lines().map(str::to_owned).collect() }
    }
}

/// The library of `tests/fault`, built by cargo beside this test's own build.
fn fault_library() -> &'static Path {
    static LIBRARY: OnceLock<std::path::PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("fault");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--manifest-path"])
            .arg(workspace.join("tests/fault/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .status();
        assert!(built.unwrap().success(), "tests/fault does not build");
        target.join("debug/libfault.so")
    })
}
