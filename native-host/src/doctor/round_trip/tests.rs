#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn outcome(script: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let executable = folder.path().join("host");
    fs::write(&executable, script).unwrap();
    fs::set_permissions(&executable, fs::Permissions::from_mode(0o755)).unwrap();
    loop {
        let outcome =
            RoundTrips::new(Duration::from_secs(2)).of(&executable, Family::Firefox, Path::new("manifest.json"));
        // Another test's process may still hold the file that was just written.
        match outcome {
            Outcome::NotStarted(why) if why.contains("busy") => thread::yield_now(),
            outcome => return outcome,
        }
    }
}

/// A host that says `json` if it is started as Firefox starts one.
fn host_that_says(json: &str) -> String {
    assert!(json.len() < 256);
    let length = json.len();
    format!("#!/bin/sh\n[ \"$2\" = keystow@keystow.org ] && printf '\\{length:03o}\\000\\000\\000%s' '{json}'\n")
}

#[test]
fn a_host_is_known_by_what_it_answers() {
    let verification = r#"{"pinSet":false,"retries":8,"minPinLength":4}"#;
    let status =
        format!(r#"{{"id":1,"ok":{{"status":{{"version":"7.1.0","passkeys":0,"verification":{verification}}}}}}}"#);
    assert_eq!(outcome(&host_that_says(&status)), Outcome::Version("7.1.0".to_owned()));
    let locked = r#"{"id":1,"error":{"code":"keychain_locked","message":"It is locked."}}"#;
    assert_eq!(outcome(&host_that_says(locked)), Outcome::Refused);
    assert_eq!(outcome(&host_that_says("{}")), Outcome::NoAnswer);
}

#[test]
fn what_is_no_host_is_told() {
    assert_eq!(outcome("#!/bin/sh\necho hello\n"), Outcome::NoAnswer);
    assert_eq!(outcome("#!/bin/sh\nexit 3\n"), Outcome::NoAnswer);
    assert_eq!(outcome("#!/bin/sh\nexec sleep 60\n"), Outcome::TimedOut);
    assert!(matches!(outcome("#!/nowhere/sh\n"), Outcome::NotStarted(_)));
}
