//! SYNC §5, pack and circle objects.

use zeroize::Zeroizing;

use crate::format::{Body, Circle, CircleObject, FormatError, PackBuilder, PackObject, Sentence, VaultKeyEntry};
use crate::ids::{ObjectHash, RecordId, VaultId};
use crate::keys::SyncVaultKey;
use crate::record::Record;
use crate::stamp::Stamp;
use crate::testing::{device, paper, rng};
use crate::wire::Unknown;

#[test]
fn a_pack_opens_for_its_vault_and_author_alone() {
    let key = SyncVaultKey::from_slice(&[9; 32]).unwrap();
    let vault = VaultId::from_slice(&[7; 16]).unwrap();
    let mut record = Record::default();
    record.set(1, Stamp { ms: 5, counter: 6, device: [7; 8] }, Zeroizing::new(b"core".to_vec()));
    let mut builder = PackBuilder::default();
    for byte in 0..30 {
        builder.push(RecordId::from_slice(&[byte; 16]).unwrap(), &record);
    }
    let object = builder.seal(&vault, &device(1).id(), &key, &mut rng(1)).unwrap();
    assert_eq!(object.bytes.len(), builder.size());
    assert_eq!(object.hash, ObjectHash::of_object(&object.bytes));
    let pack = PackObject::parse(&object.bytes).unwrap();
    assert_eq!(pack.key, key.id());
    let entries = pack.open(&vault, &device(1).id(), &key).unwrap();
    assert_eq!(entries.len(), 30);
    assert!(entries.iter().all(|(_, read)| *read == record));
    assert!(pack.open(&vault, &device(2).id(), &key).is_err());
}

#[test]
fn a_circle_opens_for_its_members_alone() {
    let (first, second, third, words) = (device(1), device(2), device(3), paper(4));
    let at = |ms| Stamp { ms, counter: 0, device: [1; 8] };
    let body = Body::Found {
        device: Box::new(first.card("Laptop", false, None)),
        paper: Box::new(words.card("", true, None)),
        salt: [3; 16],
        unknown: Unknown::default(),
    };
    let founding = Sentence::found(at(1), body, &first).countersigned(&words);
    let vault = founding.vault;
    let card = second.card("Desktop", false, None);
    let invite = Sentence::sign(
        vault,
        at(2),
        Body::Invite { card: Box::new(card.clone()), unknown: Unknown::default() },
        &first,
    );
    let circle = Circle {
        sentences: vec![founding.clone(), invite.clone()],
        keys: vec![VaultKeyEntry { made: at(1), key: SyncVaultKey::generate(&mut rng(3)), without: vec![third.id()] }],
        unknown: Unknown::default(),
    };
    let cards = [first.card("Laptop", false, None), words.card("", true, None), card];
    let object = circle.seal(&vault, &cards, &mut rng(2)).unwrap();
    let parsed = CircleObject::parse(&object.bytes).unwrap();
    for member in [&first, &second, &words] {
        let read = parsed.open(member).unwrap();
        assert_eq!(read.sentences, circle.sentences);
        assert_eq!(*read.encode(), *circle.encode());
    }
    assert_eq!(parsed.open(&third).err(), Some(FormatError::NotForUs));
    assert!(founding.is_signed_by(&cards[0]) && founding.is_countersigned_by(&cards[1]));
    assert!(!founding.is_signed_by(&cards[1]) && !founding.is_countersigned_by(&cards[0]));
    assert!(!invite.is_countersigned_by(&cards[1]));
}
