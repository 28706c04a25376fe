//! SYNC §5: what objects are called.

use proptest::prelude::*;

use crate::ids::{DeviceId, ObjectHash, Slot};
use crate::storage::{Folder, ObjectName};

fn name() -> impl Strategy<Value = ObjectName> {
    let device = || any::<[u8; 16]>().prop_map(|id| DeviceId::from_slice(&id).unwrap());
    let slot = || any::<[u8; 16]>().prop_map(|id| Slot::from_slice(&id).unwrap());
    let hash = || any::<[u8; 32]>().prop_map(|hash| ObjectHash::from_slice(&hash).unwrap());
    prop_oneof![
        (device(), any::<u64>()).prop_map(|(device, n)| ObjectName::Head(device, n)),
        (device(), hash()).prop_map(|(device, hash)| ObjectName::Pack(device, hash)),
        hash().prop_map(ObjectName::Circle),
        slot().prop_map(ObjectName::Ask),
        slot().prop_map(ObjectName::Yes),
        slot().prop_map(ObjectName::Check),
    ]
}

#[test]
fn names_as_they_are_written() {
    let device = DeviceId::from_hex("00112233445566778899aabbccddeeff").unwrap();
    let slot = Slot::from_hex("00112233445566778899aabbccddeeff").unwrap();
    let hash = ObjectHash::from_slice(&[0xab; 32]).unwrap();
    let (id, digits) = ("00112233445566778899aabbccddeeff", "ab".repeat(32));
    for (name, path) in [
        (ObjectName::Head(device, 300), format!("v1/head/{id}.000000000000012c")),
        (ObjectName::Pack(device, hash), format!("v1/pack/{id}/{digits}")),
        (ObjectName::Circle(hash), format!("v1/circle/{digits}")),
        (ObjectName::Ask(slot), format!("v1/join/{id}.ask")),
        (ObjectName::Yes(slot), format!("v1/join/{id}.yes")),
        (ObjectName::Check(slot), format!("v1/check/{id}")),
    ] {
        assert_eq!(name.path(), path);
        assert_eq!(ObjectName::from_path(&path), Some(name));
    }
    assert_eq!(Folder::Packs(device).path(), format!("v1/pack/{id}/"));
}

#[test]
fn other_names_are_none_of_ours() {
    let (id, digits) = ("00112233445566778899aabbccddeeff", "ab".repeat(32));
    for path in [
        String::new(),
        "v1/".to_owned(),
        format!("v2/circle/{digits}"),
        format!("/v1/circle/{digits}"),
        format!("v1/circle/{}", digits.to_uppercase()),
        format!("v1/circle/{digits}0"),
        format!("v1/circle/{digits}.sync-conflict-20260101-120000-ABCDEFG"),
        format!("v1/circle/.{digits}.tmp"),
        format!("v1/head/{id}"),
        format!("v1/head/{id}.12c"),
        format!("v1/head/{id}.000000000000012C"),
        format!("v1/head/{id}.+00000000000012c"),
        format!("v1/head/{id}.000000000000012c (1)"),
        format!("v1/pack/{id}"),
        format!("v1/pack/{id}/"),
        format!("v1/pack/{id}/../{digits}"),
        format!("v1/join/{id}.no"),
        format!("v1/join/{id}"),
    ] {
        assert_eq!(ObjectName::from_path(&path), None, "{path}");
    }
}

proptest! {
    #[test]
    fn every_name_is_read_back_and_suits_every_file_system(name in name()) {
        let path = name.path();
        prop_assert!(path.len() <= 105);
        prop_assert!(path.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'/')));
        prop_assert_eq!(ObjectName::from_path(&path), Some(name));
    }

    #[test]
    fn whatever_is_a_name_is_written_the_same(path in "v1/(head|pack|circle|join|check)/[0-9a-fA-F./]{0,100}") {
        if let Some(name) = ObjectName::from_path(&path) {
            prop_assert_eq!(name.path(), path);
        }
    }

    #[test]
    fn one_character_more_less_or_other_is_another_name_or_none(name in name(), at in any::<prop::sample::Index>(), other in any::<char>()) {
        let path: Vec<char> = name.path().chars().collect();
        let at = at.index(path.len());
        for (replaced, with) in [(1, vec![]), (1, vec![other]), (0, vec![other])] {
            let mut altered = path.clone();
            altered.splice(at..at + replaced, with);
            prop_assert!(altered == path || ObjectName::from_path(&String::from_iter(altered)) != Some(name.clone()));
        }
    }
}
