//! Starting writers, with or without a fault, and reading what they told.

#[path = "../support/ended.rs"]
mod ended;
#[path = "../support/fault.rs"]
mod fault;

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::writer::{FILE, KEY, STORY};
pub use ended::{End, Run};

/// A folder for a vault, and beside it one for its key.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn folder(&self) -> PathBuf {
        self.0.path().join("keystow")
    }

    pub fn file(&self) -> PathBuf {
        self.folder().join("vault.db")
    }

    pub fn key(&self) -> PathBuf {
        self.0.path().join("key")
    }

    /// Root may write everywhere, so the test of a read-only folder runs as somebody else.
    pub fn give_to_an_ordinary_user(&self) {
        if is_root() {
            chown(self.0.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    pub fn make_folder(&self, mode: u32) {
        fs::DirBuilder::new().mode(mode).create(self.folder()).unwrap();
        if is_root() {
            chown(self.folder(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    pub fn set_modes(&self, folder: u32, file: Option<u32>) {
        fs::set_permissions(self.folder(), fs::Permissions::from_mode(folder)).unwrap();
        if let Some(mode) = file {
            fs::set_permissions(self.file(), fs::Permissions::from_mode(mode)).unwrap();
        }
    }
}

/// A writer about to be started.
pub struct Writer {
    command: Command,
}

/// A writer that runs.
pub struct Running(Child);

impl Writer {
    pub fn new(place: &Place, story: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "writer_process", "--nocapture"]).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env(STORY, story).env(FILE, place.file()).env(KEY, place.key()).env("FAULT_FOLDER", place.folder());
        Self { command }
    }

    pub fn with_fault(mut self, kind: &str, at: u32) -> Self {
        self.command.env("LD_PRELOAD", fault::library()).env("FAULT_KIND", kind).env("FAULT_AT", at.to_string());
        self
    }

    /// From a copy of this binary, which may lie where others may not read.
    pub fn for_an_ordinary_user(self) -> Self {
        if !is_root() {
            return self;
        }
        static COPY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
        let (_, copy) = COPY.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
            let copy = folder.path().join("writer");
            fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
            (folder, copy)
        });
        let mut command = Command::new(copy);
        command.args(self.command.get_args()).stdout(Stdio::null()).stderr(Stdio::piped()).current_dir("/");
        command.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?)))).uid(NOBODY).gid(NOBODY);
        Self { command }
    }

    pub fn start(mut self) -> Running {
        Running(self.command.spawn().unwrap())
    }

    pub fn run(self) -> Run {
        self.start().wait()
    }
}

impl Running {
    pub fn wait(self) -> Run {
        let output = self.0.wait_with_output().unwrap();
        Run {
            end: End::of(output.status),
            log: String::from_utf8(output.stderr).unwrap().lines().map(str::to_owned).collect(),
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0)
}

const NOBODY: u32 = 65534;
