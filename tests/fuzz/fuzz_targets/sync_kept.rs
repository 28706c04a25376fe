//! What this device keeps of sync outside of records: the engine's state, and the storage in the keychain. Whatever bytes are there, they are read
//! or refused, and what is read is kept the same.
//!
//! The first byte says which of the two the rest is.

#![no_main]

use keystow::sync::storage::{checked, describe, from_bytes, to_bytes};
use libfuzzer_sys::fuzz_target;
use sync_engine::engine::state::State;
use sync_engine::engine::status;

fuzz_target!(|data: &[u8]| match data.split_first() {
    Some((what, data)) if what & 1 == 0 => state(data),
    Some((_, data)) => storage(data),
    None => {}
});

fn state(data: &[u8]) {
    let Ok(state) = State::decode(data) else {
        assert!(status(data, NOW).is_none());
        return;
    };
    let kept = state.encode();
    let again = State::decode(&kept).expect("what we write we can read");
    assert_eq!(*again.encode(), *kept);
    assert_eq!(status(&kept, NOW), status(data, NOW));
}

fn storage(data: &[u8]) {
    let Some(config) = from_bytes(data) else { return };
    assert!(from_bytes(&to_bytes(&config)).is_some_and(|again| again == config));
    let _ = describe(&config);
    match checked(&config) {
        Ok(sound) => assert!(checked(&sound).is_ok_and(|again| again == sound), "{}", describe(&sound)),
        Err(bad) => assert!(!bad.to_string().is_empty()),
    }
}

/// Milliseconds since 1970.
const NOW: u64 = 1_790_000_000_000;
