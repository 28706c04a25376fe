//! Writes the inputs that fuzzing begins with, from messages as clients send them: `cargo run --example corpus` in this folder.

mod messages;
mod sync;

use std::fs;
use std::path::Path;

use fuzz::join;
use protocol::ctap::Command;
use protocol::native_message::ToHost;

fn main() {
    let message = |command: Command, parameters: Vec<u8>| vec![(command.number(), parameters)];
    for (name, parameters) in messages::parameters() {
        keep("cbor", name, &parameters);
    }
    for (name, command, parameters) in messages::commands() {
        keep("command", name, &join(&message(command, parameters)));
    }
    for (name, steps) in messages::conversations() {
        keep("command", name, &join(&steps));
    }
    frames();
    pin_protocol();
    sealed_record();
    sync::objects();
    sync::contents();
    sync::typed();
    sync::kept();
    sync::vault();
}

fn frames() {
    let frame = |json: &[u8]| [&u32::try_from(json.len()).unwrap().to_ne_bytes(), json].concat();
    let mut all = Vec::new();
    for (id, (_, command, parameters)) in (1..).zip(messages::commands()) {
        let json = ToHost::Ctap { id, message: command.message(&parameters), private: false, origin: None }
            .to_json()
            .to_string();
        all.push(frame(json.as_bytes()));
    }
    keep("native_frames", "every_command", &all.concat());
    let status = br#"{"id":1,"manage":{"status":{}}}"#;
    keep("native_frames", "status", &frame(status));
    keep("native_frames", "candidates", &frame(br#"{"id":2,"manage":{"candidates":{"rpId":"example.com"}}}"#));
    keep("native_frames", "list", &frame(br#"{"id":3,"manage":{"list":{}}}"#));
    keep("native_frames", "delete", &frame(br#"{"id":4,"manage":{"delete":{"credentialId":"AAAA"}}}"#));
    for (name, json) in PERSON {
        keep("native_frames", name, &frame(json.as_bytes()));
    }
    let cancelled = [frame(status), frame(br#"{"id":2,"ctap":"BA"}"#), frame(br#"{"cancel":2}"#), frame(status)];
    keep("native_frames", "cancel", &cancelled.concat());
    keep("native_frames", "not_utf_8", &[frame(b"\xff\xfe"), frame(status)].concat());
    keep("native_frames", "not_json", &[frame(b"{"), frame(b""), frame(status)].concat());
    keep("native_frames", "cut_short", &frame(status)[..20]);
    keep("native_frames", "too_large", &[&(3_u32 << 20).to_ne_bytes(), &status[..]].concat());
}

/// What the person writes, looks up and settles, and an origin beside a CTAP message.
const PERSON: [(&str, &str); 8] = [
    ("edit", r#"{"id":5,"manage":{"edit":{"credentialId":"AAAA","label":"Work","note":"one\ntwo"}}}"#),
    ("history", r#"{"id":6,"manage":{"history":{"credentialId":"AAAA"}}}"#),
    ("settings", r#"{"id":7,"manage":{"settings":{}}}"#),
    (
        "set_os_verification",
        r#"{"id":8,"manage":{"setOsVerification":{"on":true,"pinUvAuth":{"protocol":2,"param":"AAAA"}}}}"#,
    ),
    ("diagnose", r#"{"id":9,"manage":{"diagnose":{}}}"#),
    ("sync_state", r#"{"id":11,"manage":{"sync":{"state":{}}}}"#),
    ("sync_leave", r#"{"id":12,"manage":{"sync":{"leave":{}}}}"#),
    ("origin", r#"{"id":10,"ctap":"BA","origin":"https://example.com"}"#),
];

/// See the target for what the steps mean.
fn pin_protocol() {
    let padded = |pin: &str| [pin.as_bytes(), &vec![0; 64 - pin.len()]].concat();
    let right = |rest: &[u8]| [&[1], rest].concat();
    let wrong = |rest: &[u8]| [&[0; 17], rest].concat();
    let keep = |name: &str, with_pin: bool, steps: &[(u8, Vec<u8>)]| {
        keep("pin_protocol", name, &[vec![u8::from(!with_pin)], join(steps)].concat());
    };
    let (set, change, token, make, get, raw, anew, decrypt) = (0, 1, 2, 3, 4, 5, 6, 7);
    keep(
        "set_and_use",
        false,
        &[(set, padded("5678")), (token, right(&[2, 0])), (make, vec![1, 0]), (get, vec![1, 0])],
    );
    keep("set_too_short", false, &[(set, padded("123")), (token, wrong(&[2, 0]))]);
    keep("change", true, &[(change, right(&padded("5678"))), (token, right(&[2, 0])), (get, vec![1, 0])]);
    keep("change_with_a_wrong_pin", true, &[(change, wrong(&padded("5678"))), (token, right(&[0, 1]))]);
    keep(
        "make_and_get",
        true,
        &[(token, right(&[2, 0])), (make, vec![1, 0]), (token, right(&[2, 1])), (get, vec![1, 1])],
    );
    keep("token_of_another_rp", true, &[(token, right(&[2, 0])), (get, vec![1, 1]), (make, vec![0, 0])]);
    keep("token_of_another_permission", true, &[(token, right(&[0, 0])), (get, vec![1, 0])]);
    keep("token_used_twice", true, &[(token, right(&[2, 0])), (get, vec![1, 0]), (get, vec![1, 0])]);
    keep("proof_made_up", true, &[(token, right(&[2, 0])), (get, [vec![2, 0], vec![7; 32]].concat())]);
    let wrong_tries = |count| vec![(token, wrong(&[2, 0])); count];
    keep(
        "three_wrong",
        true,
        &[wrong_tries(3), vec![(token, right(&[2, 0])), (anew, vec![]), (token, right(&[2, 0]))]].concat(),
    );
    let until_blocked = [wrong_tries(3), vec![(anew, vec![])], wrong_tries(3), vec![(anew, vec![])], wrong_tries(2)];
    keep("eight_wrong", true, &[until_blocked.concat(), vec![(anew, vec![]), (token, right(&[2, 0]))]].concat());
    keep("ciphertexts", true, &[(decrypt, vec![7; 16]), (decrypt, vec![7; 48]), (decrypt, vec![7; 33])]);
    for (name, parameters) in messages::client_pin() {
        keep(name, true, &[(raw, parameters), (token, right(&[2, 0]))]);
    }
}

/// See the target for what the steps mean.
fn sealed_record() {
    let keep = |name: &str, steps: &[(u8, Vec<u8>)]| keep("sealed_record", name, &join(steps));
    let step = |row: u8, column: u8, how: u8, other: u8| row | column << 2 | how << 4 | other << 6;
    let (sealed, credential, rp) = (0, 1, 2);
    let (flip, cut, swap, replace) = (0, 1, 2, 3);
    keep("untouched", &[]);
    keep("nonce_flipped", &[(step(0, sealed, flip, 0), vec![0, 3, 1])]);
    keep("ciphertext_flipped", &[(step(1, sealed, flip, 0), vec![0, 40, 0x80])]);
    keep("tag_flipped", &[(step(2, sealed, flip, 0), vec![1, 0, 0xff, 0xff])]);
    keep("cut_short", &[(step(0, sealed, cut, 0), vec![0, 100])]);
    keep("cut_into_the_nonce", &[(step(0, sealed, cut, 0), vec![0, 23])]);
    keep("emptied", &[(step(0, sealed, cut, 0), vec![0, 0])]);
    keep("longer", &[(step(0, sealed, cut, 0), [vec![0xff; 2], vec![0; 16]].concat())]);
    keep("of_another_passkey", &[(step(0, sealed, swap, 1), vec![])]);
    keep("replaced", &[(step(1, sealed, replace, 0), vec![0x42; 300])]);
    keep("found_under_another_rp_id", &[(step(0, rp, flip, 0), vec![0, 0, 1])]);
    keep("found_under_another_id", &[(step(0, credential, flip, 0), vec![0, 0, 1])]);
    keep("pin_flipped", &[(step(3, sealed, flip, 0), vec![0, 30, 1])]);
    keep("pin_is_a_passkey", &[(step(3, sealed, swap, 2), vec![])]);
}

fn keep(target: &str, name: &str, input: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name).with_extension("bin"), input).unwrap();
}
