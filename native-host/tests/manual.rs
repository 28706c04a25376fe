//! What a package of the system brings along: manual pages, and what makes shells complete.

#![allow(clippy::unwrap_used)] // A test fails by panicking.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use support::Desk;

#[test]
fn the_manual_names_every_command_and_what_the_exit_codes_mean() {
    let desk = Desk::without_keychain();
    let page = printed(&desk, &["man"]);
    for word in ["keystow\\-list(1)", "keystow\\-doctor(1)", "EXAMPLES", "EXIT CODES", "keystow pin set"] {
        assert!(page.contains(word), "{word} in {page}");
    }
    assert!(!page.contains("root"), "what is hidden is not in the manual");
}

#[test]
fn every_command_has_a_page_and_every_page_is_sound() {
    let desk = Desk::without_keychain();
    printed(&desk, &["man", "--dir", "pages"]);
    let folder = desk.home().join("pages");
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    for name in ["keystow.1", "keystow-install.1", "keystow-pin-set.1"] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    for name in names {
        let page = fs::read_to_string(folder.join(&name)).unwrap();
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name:?}");
        assert!(!page.contains("host <FILE>"), "{name:?} tells of what is hidden");
        let Ok(mut groff) = groff() else { continue };
        groff.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
        let output = groff.wait_with_output().unwrap();
        let warnings = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && warnings.is_empty(), "{name:?}: {warnings}");
    }
}

#[test]
fn every_shell_gets_completions_that_know_the_commands() {
    let desk = Desk::without_keychain();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&desk, &["completions", shell]);
        for command in ["doctor", "polkit-action"] {
            assert!(script.contains(command), "{command} in {shell}'s");
        }
    }
    let script = desk.home().join("keystow.bash");
    fs::write(&script, printed(&desk, &["completions", "bash"])).unwrap();
    let ask = format!(
        "source {}; COMP_WORDS=(keystow doc); COMP_CWORD=1; _keystow keystow doc keystow; echo $COMPREPLY",
        script.display()
    );
    let completed = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
    assert_eq!(String::from_utf8(completed.stdout).unwrap().trim(), "doctor");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told() {
    let desk = Desk::without_keychain();
    fs::write(desk.home().join("file"), "").unwrap();
    let output = desk.keystow(&["man", "--dir", "file/pages"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("The manual could not be written"));
}

fn printed(desk: &Desk, arguments: &[&str]) -> String {
    let output = desk.keystow(arguments, "");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// groff, with every warning on, where it is installed.
fn groff() -> std::io::Result<std::process::Child> {
    let mut groff = Command::new("groff");
    groff.args(["-man", "-Tutf8", "-ww", "-z", "-"]);
    groff.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()
}
