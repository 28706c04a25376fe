//! What the extension is told of what is not in order: as `keystow doctor` tells it, by a host that has the vault open.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod support;

use protocol::manage::{CheckState, Diagnosis, Response};
use protocol::native_message::Body;
use support::{Desk, Host, ctap};

#[test]
fn a_host_with_an_open_vault_diagnoses_it_and_goes_on() {
    let desk = Desk::new();
    let mut host = desk.host();
    assert_eq!(host.ctap(&ctap::make_named("example.com", b"alice", "alice@example.com"))[0], 0);
    let diagnosis = diagnose(&mut host);
    let state = |name: &str| diagnosis.checks.iter().find(|check| check.name == name).map(|check| check.state);
    for name in ["host", "keychain", "vault"] {
        assert_eq!(state(name), Some(CheckState::Good), "{diagnosis:?}");
    }
    assert!(host.lives());
    assert_eq!(host.ctap(&ctap::get("example.com"))[0], 0);
}

#[test]
fn a_diagnosis_names_no_home_folder_no_site_and_no_account() {
    let desk = Desk::new();
    let mut host = desk.host();
    host.ctap(&ctap::make_named("example.com", b"alice", "alice@example.com"));
    let text = format!("{:?}", diagnose(&mut host));
    assert!(text.contains("~/data/keystow/vault.db"), "{text}");
    for private in [&*desk.home().to_string_lossy(), "example.com", "alice"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
}

#[test]
fn diagnosing_makes_no_vault() {
    let desk = Desk::new();
    let diagnosis = diagnose(&mut desk.host());
    let vault = diagnosis.checks.iter().find(|check| check.name == "vault").unwrap();
    assert_eq!(vault.state, CheckState::Absent);
    assert!(!desk.vault().exists());
}

#[test]
fn a_diagnosis_is_what_doctor_tells() {
    let desk = Desk::new();
    let told: serde_json::Value = serde_json::from_slice(&desk.keystow(&["doctor", "--json"], "").stdout).unwrap();
    assert_eq!(told["checks"], serde_json::to_value(diagnose(&mut desk.host()).checks).unwrap());
}

fn diagnose(host: &mut Host) -> Diagnosis {
    match host.ask(r#"{"id": 1, "manage": {"diagnose": {}}}"#).body {
        Body::Ok(Response::Diagnose(diagnosis)) => diagnosis,
        other => panic!("{other:?}"),
    }
}
