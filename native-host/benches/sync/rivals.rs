//! What a person does without sync: the vault's whole file is copied to the same server, by rclone, or by restic through rclone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use protocol::manage::sync::StorageConfig;
use tempfile::TempDir;

use crate::Costs;
use crate::cost::{Cost, Meter};
use crate::device::Device;
use crate::filling::fill;
use crate::ours::Course;
use servers::{PASSWORD, Proxy, USER, WebDav, command, installed, open_folder};

/// What copying costs.
pub struct Copies {
    /// Bytes of the vault's file.
    pub file: u64,
    /// `rclone copy`.
    pub rclone: Costs,
    /// `restic backup` and `restic restore`; nothing where there is no restic.
    pub restic: Option<Costs>,
}

/// A way to have a file elsewhere.
trait Copying {
    fn first(&self);
    /// Where the file is as it was.
    fn again(&self);
    fn changed(&self);
    /// To another machine, which had the file as it was.
    fn elsewhere(&self);
}

/// A vault's file, and a server.
struct Setting {
    device: Device,
    url: String,
    home: TempDir,
}

struct Rclone<'a>(&'a Setting, PathBuf);

struct Restic<'a>(&'a Setting, [PathBuf; 2]);

/// Through the same proxy as ours.
pub fn measure(server: &WebDav, proxy: &Proxy, size: usize) -> Copies {
    let meter = Meter::over(proxy.traffic());
    let home = tempfile::tempdir().unwrap();
    let unused = StorageConfig::Folder { path: home.path().display().to_string() };
    let device = Device::new("Laptop", &unused);
    let renamed = fill(&device, size);
    let url = format!("http://127.0.0.1:{}/", proxy.port());
    open_folder(server.folder().parent().unwrap());
    let setting = Setting { device, url, home };
    setting.write_out();
    let file = fs::metadata(setting.file()).unwrap().len();
    let rclone = installed("usr/bin/rclone").expect("rclone: ./build.sh setup gets it");
    let costs = |copying: &dyn Copying, turn: usize| -> Costs {
        let first = meter.cost(|| copying.first());
        let idle = meter.cost(|| copying.again());
        setting.device.labels(&renamed[turn], &format!("Renamed {turn}"));
        setting.write_out();
        let written = meter.cost(|| copying.changed());
        let read = meter.cost(|| copying.elsewhere());
        // All that another machine can do is to get the whole file: the first time and every time.
        let costs: [(Course, Cost); 5] = [
            (Course::FirstPublish, first),
            (Course::Idle, idle),
            (Course::ChangeWritten, written),
            (Course::ChangeRead, read),
            (Course::Join, read),
        ];
        costs.into()
    };
    let with_rclone = costs(&Rclone(&setting, rclone.clone()), 0);
    let restic = installed("usr/bin/restic").map(|restic| costs(&Restic(&setting, [restic, rclone]), 1));
    Copies { file, rclone: with_rclone, restic }
}

impl Setting {
    fn file(&self) -> &Path {
        self.device.machine().vault().file()
    }

    /// All that is committed stands in the file itself.
    fn write_out(&self) {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    }

    /// Runs a program that knows the server by the name `there:`, with a home of its own.
    fn run(&self, mut program: Command, rclone: &Path, arguments: &[&str]) {
        let obscured = command(rclone).args(["obscure", PASSWORD]).output().unwrap();
        let home = self.home.path();
        program.args(arguments).env("HOME", home).env("XDG_CACHE_HOME", home.join("cache"));
        program.env("RCLONE_CONFIG", home.join("rclone.conf")).env("RESTIC_PASSWORD", "one of the bench");
        program.env("RCLONE_CONFIG_THERE_TYPE", "webdav").env("RCLONE_CONFIG_THERE_VENDOR", "other");
        program.env("RCLONE_CONFIG_THERE_URL", &self.url).env("RCLONE_CONFIG_THERE_USER", USER);
        program.env("RCLONE_CONFIG_THERE_PASS", String::from_utf8(obscured.stdout).unwrap().trim());
        let output = program.output().unwrap();
        assert!(output.status.success(), "{program:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// That it came there whole.
    fn is_the_same(&self, copy: &Path) {
        assert!(fs::read(copy).unwrap() == fs::read(self.file()).unwrap(), "another file came back");
    }
}

impl Rclone<'_> {
    fn run(&self, arguments: &[&str]) {
        self.0.run(command(&self.1), &self.1, arguments);
    }
}

impl Copying for Rclone<'_> {
    fn first(&self) {
        self.run(&["copy", path(self.0.file()), "there:copy"]);
    }

    fn again(&self) {
        self.first();
    }

    /// Many WebDAV servers keep no times, and one page changed inside leaves the size as it was: without the option rclone leaves the old
    /// file there.
    fn changed(&self) {
        self.run(&["copy", "--ignore-times", path(self.0.file()), "there:copy"]);
    }

    fn elsewhere(&self) {
        let copy = self.0.home.path().join("rclone-copy");
        self.run(&["copy", "--ignore-times", "there:copy", path(&copy)]);
        self.0.is_the_same(&copy.join(self.0.file().file_name().unwrap()));
    }
}

impl Restic<'_> {
    fn run(&self, arguments: &[&str]) {
        let [restic, rclone] = &self.1;
        let program = format!("rclone.program={}", rclone.display());
        let arguments = [&["-r", "rclone:there:restic", "-o", &program][..], arguments].concat();
        self.0.run(command(restic), rclone, &arguments);
    }

    fn backup(&self) {
        self.run(&["backup", path(self.0.file())]);
    }
}

impl Copying for Restic<'_> {
    fn first(&self) {
        self.run(&["init"]);
        self.backup();
    }

    fn again(&self) {
        self.backup();
    }

    fn changed(&self) {
        self.backup();
    }

    fn elsewhere(&self) {
        let copy = self.0.home.path().join("restic-copy");
        self.run(&["--no-cache", "restore", "latest", "--target", path(&copy)]);
        self.0.is_the_same(&copy.join(self.0.file().strip_prefix("/").unwrap()));
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
