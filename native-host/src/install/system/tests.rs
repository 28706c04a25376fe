#![cfg(target_os = "linux")]

use super::*;
use crate::install::{Found, Manifest};

#[test]
fn what_a_package_brings_is_what_every_browser_finds() {
    let root = tempfile::tempdir().unwrap();
    let executable = std::env::current_exe().unwrap();
    let written = for_everyone(root.path(), &executable).unwrap();
    assert_eq!(written.len(), 6, "{written:?}");
    for browser in Browser::all() {
        let files = manifest_paths(browser.key(), root.path());
        let Some(file) = files.iter().find(|file| file.exists()) else { panic!("nothing for {}", browser.key()) };
        let Found { manifest, .. } = Found { file: file.clone(), manifest: browser.manifest_in(file, &executable) };
        assert_eq!(manifest, Manifest::Ready, "{}", browser.key());
    }
}
