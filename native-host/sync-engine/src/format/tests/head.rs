//! SYNC §5, head objects.

use crate::format::{FormatError, Head, HeadObject, PackRef, Seen};
use crate::ids::{DeviceId, ObjectHash, VaultId};
use crate::keys::SyncVaultKey;
use crate::testing::{device, rng};
use crate::wire::Unknown;

fn vault() -> VaultId {
    VaultId::from_slice(&[7; 16]).unwrap()
}

fn head() -> Head {
    Head {
        vault: vault(),
        device: device(1).id(),
        n: 300,
        content: 299,
        packs: vec![PackRef { hash: ObjectHash::from_slice(&[0xaa; 32]).unwrap(), length: 1234, to: 299, count: 7 }],
        seen: vec![Seen {
            device: DeviceId::from_slice(&[0xbb; 16]).unwrap(),
            n: 5,
            hash: ObjectHash::from_slice(&[0xcc; 32]).unwrap(),
        }],
        time: 1_700_000_000_000,
        unknown: Unknown::default(),
    }
}

#[test]
fn a_head_opens_for_who_knows_author_number_and_key_and_for_nobody_else() {
    let (author, other) = (device(1), device(2));
    let key = SyncVaultKey::from_slice(&[9; 32]).unwrap();
    let circle = ObjectHash::from_slice(&[5; 32]).unwrap();
    let bytes = head().seal(&circle, &key, &author, &mut rng(1)).unwrap();
    let object = HeadObject::parse(&bytes).unwrap();
    assert_eq!((object.circle, object.key), (circle, key.id()));
    let card = author.card("Laptop", false, None);
    assert_eq!(object.open(&vault(), &card, 300, &key), Ok(head()));
    assert_eq!(object.open(&vault(), &card, 301, &key), Err(FormatError::BadSignature));
    let stranger = other.card("Laptop", false, None);
    assert_eq!(object.open(&vault(), &stranger, 300, &key), Err(FormatError::BadSignature));
    let elsewhere = VaultId::from_slice(&[8; 16]).unwrap();
    assert_eq!(object.open(&elsewhere, &card, 300, &key), Err(FormatError::DoesNotOpen));
    let wrong = SyncVaultKey::from_slice(&[8; 32]).unwrap();
    assert_eq!(object.open(&vault(), &card, 300, &wrong), Err(FormatError::DoesNotOpen));
}
