//! Two Syncthing that carry one folder between two places of this machine, and speak to nobody else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::{Process, command, free_port};
use super::{home, installed, skipped};

/// Both, and the folders that they keep alike.
pub struct Syncthings {
    processes: Vec<Process>,
    homes: [TempDir; 2],
}

impl Syncthings {
    /// Each knows the other already.
    pub fn start() -> Option<Self> {
        let Some(program) = installed("usr/bin/syncthing") else {
            skipped("Syncthing is not installed");
            return None;
        };
        let homes = [home(), home()];
        let ids = [0, 1].map(|which| identity(&program, homes[which].path()));
        let ports = [free_port(), free_port()];
        let mut both = Self { processes: Vec::new(), homes };
        for which in [0, 1] {
            let path = both.homes[which].path();
            fs::create_dir_all(path.join("files")).unwrap();
            let config = config(&path.join("files"), &ids, ports, which);
            fs::write(path.join("state/config.xml"), config).unwrap();
            let mut syncthing = syncthing(&program, path);
            syncthing.args(["serve", "--no-browser", "--no-restart", "--no-upgrade", "--home"]).arg(path.join("state"));
            let process = Process::start(syncthing, ports[which], &path.join("log"));
            both.processes.push(process);
        }
        Some(both)
    }

    /// One of the two folders.
    pub fn folder(&self, which: usize) -> PathBuf {
        self.homes[which].path().join("files")
    }
}

fn syncthing(program: &Path, home: &Path) -> Command {
    let mut command = command(program);
    command.env("HOME", home).env("STNODEFAULTFOLDER", "1");
    command
}

/// Makes its keys; the answer is its name among Syncthings.
fn identity(program: &Path, home: &Path) -> String {
    let state = home.join("state");
    let made = syncthing(program, home).args(["generate", "--home"]).arg(&state).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let told = syncthing(program, home).args(["--device-id", "--home"]).arg(&state).output().unwrap();
    assert!(told.status.success(), "{told:?}");
    String::from_utf8(told.stdout).unwrap().trim().to_owned()
}

fn config(files: &Path, ids: &[String; 2], ports: [u16; 2], which: usize) -> String {
    let devices: Vec<_> = (0..2)
        .map(|device| {
            let (id, port) = (&ids[device], ports[device]);
            format!("<device id=\"{id}\" name=\"{device}\"><address>tcp://127.0.0.1:{port}</address></device>")
        })
        .collect();
    format!(
        "<configuration version=\"36\">\
         <folder id=\"keystow\" path=\"{files}\" type=\"sendreceive\" rescanIntervalS=\"3\" fsWatcherEnabled=\"true\" fsWatcherDelayS=\"1\">\
         <device id=\"{}\"/><device id=\"{}\"/></folder>{}<gui enabled=\"false\"/>\
         <options><listenAddress>tcp://127.0.0.1:{}</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled>\
         <localAnnounceEnabled>false</localAnnounceEnabled><relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled>\
         <urAccepted>-1</urAccepted><autoUpgradeIntervalH>0</autoUpgradeIntervalH><crashReportingEnabled>false</crashReportingEnabled>\
         <reconnectionIntervalS>1</reconnectionIntervalS><startBrowser>false</startBrowser></options></configuration>",
        ids[0],
        ids[1],
        devices.concat(),
        ports[which],
        files = files.display(),
    )
}
