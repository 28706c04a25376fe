//! Inputs around sync's objects.

use fuzz::sync::{KINDS, Kind, inside, synced};
use fuzz::{Counter, join};
use keystow::sync::storage::to_bytes;
use protocol::cbor::{self, Value};
use protocol::manage::sync::{Invitation, Secret, StorageConfig};
use sync_engine::circle::Circle;
use sync_engine::engine::state::State;
use sync_engine::keys::{JoinCode, PaperKey};
use sync_engine::stamp::{Clock, Stamp};

use super::keep;

/// See the target for what the first byte means.
pub fn objects() {
    for (at, kind) in (0_u8..).zip(KINDS) {
        let inside = inside(kind);
        keep(
            "sync_objects",
            &format!("{}_object", name(kind)),
            &[&[at << 1], &*synced().around(kind, &inside)].concat(),
        );
        keep("sync_objects", &format!("{}_inside", name(kind)), &[&[at << 1 | 1], &*inside].concat());
        if kind != Kind::Pack {
            keep(
                "sync_objects",
                &format!("{}_of_a_later_version", name(kind)),
                &[&[at << 1 | 1], &*later(&inside)].concat(),
            );
        }
    }
}

/// The same insides, and what is in them.
pub fn contents() {
    for kind in KINDS {
        let inside = inside(kind);
        keep("sync_contents", name(kind), &inside);
        if kind != Kind::Pack {
            keep("sync_contents", &format!("{}_of_a_later_version", name(kind)), &later(&inside));
        }
    }
    keep("sync_contents", "card", &cbor::encode(&synced().card.to_value()));
    keep("sync_contents", "circle_object", &synced().around(Kind::Circle, &inside(Kind::Circle)));
    let circle = read(&inside(Kind::Circle));
    let sentence = first(&member(&circle, 0));
    keep("sync_contents", "sentence", &cbor::encode(&sentence));
    keep("sync_contents", "removal", &cbor::encode(&member(&sentence, 2)));
    keep("sync_contents", "stamp", &cbor::encode(&member(&sentence, 1)));
    let entry = first(&read(&inside(Kind::Pack)));
    keep("sync_contents", "record", &cbor::encode(&entry.as_array().expect("a pair")[1]));
}

pub fn typed() {
    let words = PaperKey::from_slice(&[7; 32]).expect("32 bytes").words();
    let list: Vec<_> = words.split(' ').collect();
    let short: Vec<_> = list.iter().map(|word| &word[..word.len().min(4)]).collect();
    keep("sync_typed", "words", words.as_bytes());
    keep(
        "sync_typed",
        "words_numbered",
        list.iter().zip(1..).map(|(word, n)| format!("{n}. {word}\n")).collect::<String>().as_bytes(),
    );
    keep("sync_typed", "words_by_four_letters", short.join(" ").to_uppercase().as_bytes());
    keep("sync_typed", "words_one_too_few", list[1..].join(" ").as_bytes());
    let code = JoinCode::from_slice(&[5; 10]).expect("10 bytes").text();
    for (name, storage) in storages() {
        let invitation = Invitation { code: Secret::new(code.to_string()), storage };
        let text = invitation.to_text();
        keep("sync_typed", &format!("invitation_{name}"), text.expose_secret().as_bytes());
        let json = serde_json::to_vec(&invitation).expect("strings alone");
        keep("sync_typed", &format!("invitation_with_a_password_{name}"), &json);
    }
    keep("sync_typed", "code", JoinCode::from_slice(&[5; 10]).expect("10 bytes").text().as_bytes());
    keep("sync_typed", "code_with_look_alikes", b"ooIl 0000 uuVv 7qk4");
    let (id, digits) = ("00112233445566778899aabbccddeeff", "ab".repeat(32));
    keep("sync_typed", "name_of_a_head", format!("v1/head/{id}.000000000000012c").as_bytes());
    keep("sync_typed", "name_of_a_pack", format!("v1/pack/{id}/{digits}").as_bytes());
    keep("sync_typed", "name_of_a_circle", format!("v1/circle/{digits}").as_bytes());
    keep("sync_typed", "name_of_an_ask", format!("v1/join/{id}.ask").as_bytes());
    keep("sync_typed", "name_of_a_conflict", format!("v1/circle/{digits}.sync-conflict-20260101-120000").as_bytes());
}

/// See the target for what the first byte means.
pub fn kept() {
    let keep = |what: u8, name: &str, bytes: &[u8]| keep("sync_kept", name, &[&[what], bytes].concat());
    let synced = synced();
    let paper = PaperKey::from_slice(&[7; 32]).expect("32 bytes").identity();
    let at = Stamp { ms: 1_700_000_000_000, counter: 3, device: [0xdd; 8] };
    let founder = (&synced.device, synced.card.clone());
    let circle = Circle::found(founder, (&paper, paper.card("", true, None)), at, &mut Counter::default());
    let state = State::new(([2; 32], synced.device.id()), "Laptop", Clock::default(), circle).encode();
    keep(0, "state", &state);
    keep(0, "state_of_a_later_version", &later(&state));
    for (name, config) in storages() {
        keep(1, name, &to_bytes(&config));
    }
}

fn storages() -> [(&'static str, StorageConfig); 4] {
    let text = |text: &str| text.to_owned();
    let secret = || Secret::new(text("an app password"));
    [
        ("folder", StorageConfig::Folder { path: text("~/Sync") }),
        ("webdav", StorageConfig::WebDav { url: text("davs://a.example/dav/"), user: text("me"), password: secret() }),
        (
            "s3",
            StorageConfig::S3 {
                endpoint: text("http://127.0.0.1:9000"),
                region: text(""),
                bucket: text("bucket"),
                prefix: text("/keystow/"),
                access_key_id: text("id"),
                secret_access_key: secret(),
            },
        ),
        ("sftp", StorageConfig::Sftp { host: text("ssh://me@[::1]:22/"), path: text("/srv/keystow/") }),
    ]
}

/// See the target for what the steps mean.
pub fn vault() {
    let keep = |name: &str, steps: &[(u8, Vec<u8>)]| keep("sync_vault", name, &join(steps));
    let step = |what: u8, which: u8, how: u8| what | which << 2 | how << 4;
    let (record, field, row, label) = (0, 1, 2, 3);
    let text = |number: i64, text: &str| cbor::encode(&cbor::int_map([(number, Some(text.into()))]));
    keep("untouched", &[]);
    keep("named_there", &[(step(field, 0, 7), text(22, "Bank"))]);
    keep("noted_there", &[(step(field, 1, 8), text(23, "two\nlines"))]);
    keep("named_here_and_there", &[(step(label, 0, 0), b"here".to_vec()), (step(field, 0, 7), text(22, "there"))]);
    keep("deleted_there", &[(step(field, 0, 0), vec![1])]);
    keep("deleted_and_restored", &[(step(field, 0, 0), vec![1]), (step(field, 0, 0), vec![0xf4])]);
    keep("another_key", &[(step(field, 2, 1), vec![0x41, 0, 0xa0])]);
    keep("of_a_later_version", &[(step(field, 0, 9), vec![0x80])]);
    let entry = first(&read(&inside(Kind::Pack)));
    keep("whole_record", &[(step(record, 1, 0), cbor::encode(&entry.as_array().expect("a pair")[1]))]);
    keep("row_flipped", &[(step(row, 0, 0), vec![0, 30, 1])]);
    keep("row_cut_short", &[(step(row, 0, 1), vec![0, 20])]);
    keep("row_is_a_passkey", &[(step(row, 0, 2), vec![])]);
    keep("state_flipped", &[(step(row, 1, 0), vec![0, 30, 1]), (step(label, 0, 0), b"named".to_vec())]);
    keep("outbox_flipped", &[(step(row, 2, 0), vec![0, 30, 1])]);
    keep("change_of_nothing", &[(step(row, 3, 0), vec![7; 16])]);
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Head => "head",
        Kind::Pack => "pack",
        Kind::Circle => "circle",
        Kind::Ask => "ask",
        Kind::Yes => "yes",
    }
}

/// With members that this version does not know.
fn later(map: &[u8]) -> Vec<u8> {
    let Value::Map(mut members) = read(map) else { panic!("a map") };
    members.push((100.into(), Value::Array(vec![true.into(), "new".into()])));
    members.push(("name".into(), cbor::int_map([(1, Some((-1).into()))])));
    cbor::encode(&Value::Map(members))
}

fn read(bytes: &[u8]) -> Value {
    sync_engine::wire::decode(bytes).expect("our own")
}

fn member(map: &Value, key: i64) -> Value {
    let members = map.as_map().expect("a map");
    members.iter().find(|(name, _)| *name == key.into()).expect("a member").1.clone()
}

fn first(array: &Value) -> Value {
    array.as_array().expect("an array")[0].clone()
}
