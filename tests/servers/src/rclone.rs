//! `rclone serve webdav`.

use super::process::{Process, command, free_port};
use super::{PASSWORD, USER, WebDav, files_in, home, installed, skipped};

pub(super) fn start() -> Option<WebDav> {
    let Some(program) = installed("usr/bin/rclone") else {
        skipped("rclone is not installed");
        return None;
    };
    let (home, port) = (home(), free_port());
    let files = files_in(home.path());
    let mut rclone = command(&program);
    rclone.args(["serve", "webdav"]).arg(&files).args(["--addr", &format!("127.0.0.1:{port}")]);
    rclone
        .args(["--user", USER, "--pass", PASSWORD, "--dir-cache-time", "0s", "--config"])
        .arg(home.path().join("config"));
    rclone.env("HOME", home.path()).env("XDG_CACHE_HOME", home.path());
    let process = Process::start(rclone, port, &home.path().join("log"));
    Some(WebDav { process, port, files, _home: home })
}
