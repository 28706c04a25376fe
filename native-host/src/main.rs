//! `keystow`: started by a browser, its native messaging host; started by anyone else, a command line.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use keystow::secret::harden_process;
use keystow::{cli, native_messaging};

fn main() -> ExitCode {
    // Where the OS refuses a protection, Keystow works without it; `keystow doctor` says so.
    let _ = harden_process();
    let arguments: Vec<OsString> = env::args_os().collect();
    if native_messaging::started_by_a_browser(&arguments) && !io::stdin().is_terminal() {
        native_messaging::run(&arguments)
    } else {
        cli::run(&arguments)
    }
}
