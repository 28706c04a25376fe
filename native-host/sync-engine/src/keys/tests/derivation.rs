//! SYNC §4: which key comes from which. The expected keys are HKDF-SHA-256 (RFC 5869) computed elsewhere.

use ed25519_dalek::SigningKey;

use crate::ids::{DeviceId, KeyId};
use crate::keys::{DeviceKeys, DeviceRoot, Identity, JoinCode, PaperKey, Subkey, SyncVaultKey, wrap};
use crate::labels;
use crate::testing::hex;

fn consists_of(identity: &Identity, signing: &str, kem: &str) {
    let signing = SigningKey::from_bytes(&hex(signing).try_into().unwrap()).verifying_key().to_bytes();
    let kem = wrap::public_key(&Subkey::from_slice(&hex(kem)).unwrap());
    let card = identity.card("", false, None);
    assert_eq!(card.kem_key(), &*kem);
    assert_eq!(identity.id(), DeviceId::of_keys(&signing, &kem));
    assert_eq!(card.id(), identity.id());
}

#[test]
fn a_devices_keys_come_from_the_keychains_root_and_the_states_salt() {
    let root = DeviceRoot::from_slice(&[1; 32]).unwrap();
    consists_of(
        &DeviceKeys::derive(&root, &[2; 32]),
        "2f7fdff5b00c5a5202cc1ef923f6d1556813f1ad7878b548e09346cafbc7f451",
        "c46ed45cd3c4e407317ce7085c3229ca4d7c767293333f94df3f7b582cfe2d1f",
    );
    assert_ne!(DeviceKeys::derive(&root, &[2; 32]).id(), DeviceKeys::derive(&root, &[3; 32]).id());
}

#[test]
fn a_recovery_keys_keys_come_from_its_words() {
    consists_of(
        &PaperKey::from_slice(&[3; 32]).unwrap().identity(),
        "3fc4c5aeea92ac6b87e2691c8d3292a5e6cbeb3a6fa1aeb276e988e78bb2fccf",
        "a4b1118e85806212a2cb0c8c6129d9590967870edf58808755cb25caa623d9a7",
    );
}

#[test]
fn a_mailboxs_keys_come_from_the_code() {
    let mailbox = JoinCode::from_slice(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).unwrap().mailbox();
    assert_eq!(mailbox.slot.to_string(), "b9dc98d213e91737e8f6706d51639ba7");
    let ask = hex("f275f9796b1728897dd91d1f092ad8f46edbe455748a66e8995cf3ffc849d408");
    let yes = hex("ac03139e10184d491b52f1613cbe9d9e42e43f3deae799dc0113ef0dd35deef0");
    assert_eq!([&mailbox.ask.expose_secret()[..], mailbox.yes.expose_secret()], [ask, yes]);
}

#[test]
fn a_vault_key_is_named_by_a_hash() {
    let key = SyncVaultKey::from_slice(&[9; 32]).unwrap();
    // SHA-256("key" ‖ 32 bytes 09), the first 8 bytes
    assert_eq!(key.id(), KeyId::from_hex("c8736cc112aa671c").unwrap());
    assert!(key.duplicate().same_as(&key));
}

/// Else something made for one use could stand for another.
#[test]
fn no_label_of_a_kind_is_the_beginning_of_another() {
    let kinds: [&[&[u8]]; 4] = [
        &[labels::HEAD_MAGIC, labels::PACK_MAGIC, labels::ASK_MAGIC, labels::YES_MAGIC],
        &[labels::HEAD_SEAL, labels::PACK_SEAL, labels::CIRCLE_SEAL, labels::ASK_SEAL, labels::YES_SEAL],
        &[labels::HEAD_SIGNATURE, labels::SENTENCE_SIGNATURE, labels::COUNTERSIGNATURE],
        &[
            labels::DEVICE_SEED,
            labels::PAPER_SEED,
            labels::SIGNING_KEY,
            labels::KEM_KEY,
            labels::MAILBOX_SLOT,
            labels::MAILBOX_ASK,
            labels::MAILBOX_YES,
        ],
    ];
    for kind in kinds {
        for (at, label) in kind.iter().enumerate() {
            for (other_at, other) in kind.iter().enumerate() {
                assert!(at == other_at || !other.starts_with(label), "{label:?} and {other:?}");
            }
        }
    }
}
