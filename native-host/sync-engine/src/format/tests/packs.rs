//! SYNC §5: pack objects.

use zeroize::Zeroizing;

use super::{key, stamp, vault};
use crate::format::{FormatError, MAX_PACK, PackBuilder, PackObject};
use crate::ids::{ObjectHash, RecordId, VaultId};
use crate::keys::{Seal, SyncVaultKey};
use crate::record::Record;
use crate::testing::{device, hex, rng};

fn record(value: &[u8]) -> Record {
    let mut record = Record::default();
    record.set(1, stamp(5), Zeroizing::new(value.to_vec()));
    record
}

fn id(n: u64) -> RecordId {
    RecordId::of_single(&n.to_string())
}

#[test]
fn a_pack_object_byte_for_byte() {
    let mut builder = PackBuilder::default();
    builder.push(RecordId::from_slice(&[0x1d; 16]).unwrap(), &record(b"core"));
    let object = builder.seal(&vault(), &device(1).id(), &key(), &mut rng(1)).unwrap();
    assert_eq!(object.hash, ObjectHash::of_object(&object.bytes));
    let (clear, seal) = object.bytes.split_at(4 + 8);
    // 'PKP1', the vault key's id
    assert_eq!(clear, [b"PKP1", &key().id().as_bytes()[..]].concat());
    // Bound to "pack/v1", the vault and the author
    let plaintext = key().open(seal, &[b"pack/v1", &[0x77; 16], device(1).id().as_bytes()]).unwrap();
    // 81             array of one record
    // 82 50 …        its id
    // a1 01 81       map of one field, 1: one value
    // 82 83 05 03 48 …   its stamp
    // 44 636f7265    "core"
    let expected =
        hex("81 82 50 1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d a1 01 81 82 83 05 03 48 dddddddddddddddd 44 636f7265");
    assert_eq!(*plaintext, expected);
}

#[test]
fn a_pack_opens_for_its_vault_author_and_key_alone() {
    for count in [0, 1, 23, 24, 255, 256, 300] {
        let mut builder = PackBuilder::default();
        (0..count).for_each(|n| builder.push(id(n), &record(&[n as u8])));
        let object = builder.seal(&vault(), &device(1).id(), &key(), &mut rng(1)).unwrap();
        assert_eq!((builder.count() as u64, object.bytes.len()), (count, builder.size()));
        let pack = PackObject::parse(&object.bytes).unwrap();
        assert_eq!(pack.key, key().id());
        let entries = pack.open(&vault(), &device(1).id(), &key()).unwrap();
        let expected: Vec<_> = (0..count).map(|n| (id(n), record(&[n as u8]))).collect();
        assert!(entries == expected, "{count} records");
        let elsewhere = VaultId::from_slice(&[8; 16]).unwrap();
        let wrong = SyncVaultKey::from_slice(&[8; 32]).unwrap();
        for refused in [
            pack.open(&vault(), &device(2).id(), &key()),
            pack.open(&elsewhere, &device(1).id(), &key()),
            pack.open(&vault(), &device(1).id(), &wrong),
        ] {
            assert_eq!(refused.err(), Some(FormatError::DoesNotOpen));
        }
    }
}

#[test]
fn a_record_is_in_a_pack_once() {
    let mut builder = PackBuilder::default();
    builder.push(id(1), &record(b"first"));
    let size = builder.size();
    builder.push(id(1), &record(b"second, and longer, and much longer than the first was"));
    assert_eq!((builder.count(), builder.size()), (1, size));
    assert_eq!(builder.ids().collect::<Vec<_>>(), [&id(1)]);
}

#[test]
fn a_pack_that_grew_too_large_is_not_made() {
    let mut builder = PackBuilder::default();
    builder.push(id(1), &record(&vec![0; MAX_PACK]));
    assert!(builder.size() > MAX_PACK);
    let made = builder.seal(&vault(), &device(1).id(), &key(), &mut rng(1));
    assert_eq!(made, Err(FormatError::TooLarge));
}

/// What stands there in another order, or too often, is what the merge would have made of it.
#[test]
fn a_record_is_put_in_order_when_it_is_read() {
    let value = "82 83 {ms} 03 48 dddddddddddddddd 41 {ms}";
    let values: String = ["01", "07", "05"].iter().map(|ms| value.replace("{ms}", ms)).collect();
    let read = |field: &str| {
        let bytes = hex(&format!("a1 {field} 83 {values}"));
        crate::format::record_from_value(crate::wire::decode(&bytes).unwrap()).unwrap()
    };
    let of = |record: &Record, field| record.values(field).iter().map(|(_, value)| value[0]).collect::<Vec<_>>();
    assert_eq!(of(&read("1840"), 64), [7, 5, 1]);
    assert_eq!(of(&read("183f"), 63), [7]);
}
