//! A system bus of a scene's own, and the scene in a process that knows no other.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use keystow::secret::harden_process;

/// Plays `play` on a system bus of its own with nobody on it. The first call starts the bus and this same binary again; the second,
/// in that process, plays. The process is hardened as the host is.
pub fn scene(name: &str, play: fn()) {
    if std::env::var_os(SCENE).is_some() {
        harden_process();
        return play();
    }
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(folder.path());
    run(name, &bus.address);
}

/// As [`scene`], without a bus.
pub fn scene_without_bus(name: &str, play: fn()) {
    if std::env::var_os(SCENE).is_some() {
        return play();
    }
    run(name, "unix:path=/nowhere/bus");
}

fn run(name: &str, address: &str) {
    let mut scene = Command::new(std::env::current_exe().unwrap());
    scene.args(["--exact", name, "--nocapture"]).env(SCENE, "inside").env("DBUS_SYSTEM_BUS_ADDRESS", address);
    let status = scene.status().unwrap();
    assert!(status.success(), "the scene failed: {status}");
}

/// A running dbus-daemon. It ends with the scene, also when that fails.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start(folder: &Path) -> Self {
        let config = folder.join("bus.conf");
        std::fs::write(&config, CONFIG.replace("FOLDER", folder.to_str().unwrap())).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1", "--config-file"])
            .arg(config)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("dbus-daemon: {error}. Install it with: sudo apt install dbus-daemon"));
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

const SCENE: &str = "KEYSTOW_TEST_SCENE";

/// It starts no service by itself: the machine may have a polkit that would come up.
const CONFIG: &str = "<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><policy context='default'>\
    <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>";
