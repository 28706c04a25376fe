//! Inputs around sync's objects.

use fuzz::sync::{KINDS, Kind, inside, synced};
use protocol::cbor::{self, Value};
use sync_engine::keys::{JoinCode, PaperKey};

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
    keep("sync_typed", "code", JoinCode::from_slice(&[5; 10]).expect("10 bytes").text().as_bytes());
    keep("sync_typed", "code_with_look_alikes", b"ooIl 0000 uuVv 7qk4");
    let (id, digits) = ("00112233445566778899aabbccddeeff", "ab".repeat(32));
    keep("sync_typed", "name_of_a_head", format!("v1/head/{id}.000000000000012c").as_bytes());
    keep("sync_typed", "name_of_a_pack", format!("v1/pack/{id}/{digits}").as_bytes());
    keep("sync_typed", "name_of_a_circle", format!("v1/circle/{digits}").as_bytes());
    keep("sync_typed", "name_of_an_ask", format!("v1/join/{id}.ask").as_bytes());
    keep("sync_typed", "name_of_a_conflict", format!("v1/circle/{digits}.sync-conflict-20260101-120000").as_bytes());
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
