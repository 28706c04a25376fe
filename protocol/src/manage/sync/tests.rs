use serde_json::json;

use super::*;

fn folder() -> StorageConfig {
    StorageConfig::Folder { path: "~/Sync".to_owned() }
}

fn stands_as(request: SyncRequest, json: serde_json::Value) {
    assert_eq!(serde_json::to_value(&request).unwrap(), json);
    assert_eq!(serde_json::from_value::<SyncRequest>(json).unwrap(), request);
}

#[test]
fn requests_on_the_wire() {
    stands_as(SyncRequest::State {}, json!({"state": {}}));
    stands_as(SyncRequest::Read { invitation: Secret::new("x".to_owned()) }, json!({"read": {"invitation": "x"}}));
    stands_as(
        SyncRequest::GoOn(GoOn::Words(["a", "b"].map(|word| Secret::new(word.to_owned())))),
        json!({"goOn": {"words": ["a", "b"]}}),
    );
    let device = || NewDevice { storage: folder(), name: "Laptop".to_owned() };
    let storage = json!({"folder": {"path": "~/Sync"}});
    stands_as(
        SyncRequest::Begin(Begin { task: Task::TurnOn(device()), pin_uv_auth: None }),
        json!({"begin": {"task": {"turnOn": {"storage": storage, "name": "Laptop"}}}}),
    );
    stands_as(
        SyncRequest::Begin(Begin { task: Task::Join { device: device(), code: "7".to_owned() }, pin_uv_auth: None }),
        json!({"begin": {"task": {"join": {"device": {"storage": storage, "name": "Laptop"}, "code": "7"}}}}),
    );
}

#[test]
fn what_is_off_and_idle_is_an_empty_answer() {
    assert_eq!(serde_json::to_value(SyncState::default()).unwrap(), json!({}));
    let failed = Step::Failed { why: SyncFailure::Storage(TroubleKind::Full), sentence: "Full.".to_owned() };
    let json = json!({"failed": {"why": {"storage": "full"}, "sentence": "Full."}});
    assert_eq!(serde_json::to_value(&failed).unwrap(), json);
    assert_eq!(serde_json::from_value::<Step>(json).unwrap(), failed);
}

/// A token that authorizes one task is good for no other, nor for what CTAP authorizes.
#[test]
fn each_task_is_authorized_by_its_own_name() {
    let message = Task::AddDevice {}.message();
    assert_eq!(message, [&[0xff; 32][..], b"keystow sync addDevice"].concat());
    assert_ne!(message, Task::TurnOff {}.message());
}

#[test]
fn whoever_joins_has_proved_it_elsewhere() {
    let device = NewDevice { storage: folder(), name: String::new() };
    assert!(!Task::Recover { device: device.clone(), words: RecoveryWords::default() }.needs_verification());
    assert!(Task::TurnOn(device).needs_verification());
}

#[test]
fn nothing_secret_is_in_a_debug_text() {
    let secret = |text: &str| Secret::new(text.to_owned());
    let storage = StorageConfig::WebDav { url: "u".into(), user: "v".into(), password: secret("hunter2") };
    let step = Step::RecoveryKey { words: RecoveryWords::new("abandon".to_owned()), asked: [3, 7], wrong: false };
    let text = format!("{storage:?} {step:?} {:?}", secret("7QK4"));
    assert!(!["hunter2", "abandon", "7QK4"].iter().any(|secret| text.contains(secret)), "{text}");
}
