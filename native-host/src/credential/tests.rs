use protocol::cbor;

use super::*;
use crate::secret::CredentialPrivateKey;

/// A credential whose secrets are not sealed, only written.
fn source() -> PublicKeyCredentialSource {
    let new = NewCredential {
        rp_id: "example.com".into(),
        rp_name: "Example".to_owned(),
        user_handle: vec![1, 2, 3].into(),
        user_name: "ada@example.com".to_owned(),
        user_display_name: "Ada".to_owned(),
        algorithm: CoseAlgorithmIdentifier::Es256,
        extensions: Extensions::default(),
        discoverable: true,
    };
    let key_pair = KeyPair::generate(new.algorithm).unwrap();
    let written =
        |_: &CredentialId, secrets: &CredentialSecrets| Ok(SealedSecrets::from_sealed(secrets.encode().to_vec()));
    PublicKeyCredentialSource::generate(new, key_pair, 1_700_000_000_000, written).unwrap()
}

fn read(bytes: &[u8]) -> PublicKeyCredentialSource {
    match decode(bytes).unwrap() {
        Record::Sealed(source) => source,
        Record::Plain(_) => panic!("a record of version 1"),
    }
}

#[test]
fn a_fresh_credential_can_be_backed_up_and_is_not_yet() {
    let source = source();
    assert_eq!(source.credential_id.as_bytes().len(), 32);
    assert!(source.backup_eligible);
    assert!(!source.backup_state);
    assert_eq!(source.last_used, None);
    assert_ne!(source.credential_id, self::source().credential_id);
}

#[test]
fn earlier_names_are_kept_in_the_record_and_go_after_a_while() {
    let mut source = source();
    assert!(!source.rename("ada@example.com", "Ada", 1, 0), "it is called so");
    assert!(source.rename("countess", "", 5, 0));
    let mut read = read(&encode(&source));
    assert_eq!(read.earlier_names, source.earlier_names);
    assert_eq!(
        read.earlier_names,
        [EarlierNames { user_name: "ada@example.com".to_owned(), user_display_name: "Ada".to_owned(), replaced: 5 }]
    );
    assert!(read.rename("lovelace", "L", 9, 6));
    assert_eq!(read.earlier_names.len(), 1, "what was replaced before 6 is forgotten");
    assert!(read.rename_back() && !read.rename_back());
    assert_eq!((read.user_name.as_str(), read.user_display_name.as_str()), ("countess", ""));
}

#[test]
fn secrets_are_byte_strings_one_behind_the_other() {
    let private_key = CredentialPrivateKey::from_slice(&[1; 32]);
    let cred_random = CredRandom::from_slice(&[2; 64]);
    let bytes = CredentialSecrets { private_key, cred_random }.encode();
    assert_eq!(*bytes, [&[0x58, 32][..], &[1; 32], &[0x58, 64], &[2; 64]].concat());
    let read = CredentialSecrets::decode(&bytes).unwrap();
    assert_eq!(read.private_key.expose_secret(), [1; 32]);
    assert_eq!(read.cred_random.unwrap().expose_secret(), &[2; 64]);
    assert!(CredentialSecrets::decode(&bytes[..34]).unwrap().cred_random.is_none());
    for end in (0..34).chain(35..bytes.len()) {
        assert!(CredentialSecrets::decode(&bytes[..end]).is_err(), "first {end} bytes");
    }
}

#[test]
fn an_rsa_key_is_a_longer_byte_string() {
    let private_key = CredentialPrivateKey::from_slice(&[3; 256]);
    let bytes = CredentialSecrets { private_key, cred_random: None }.encode();
    assert_eq!(bytes[..3], [0x59, 0x01, 0x00]);
    assert_eq!(CredentialSecrets::decode(&bytes).unwrap().private_key.expose_secret(), [3; 256]);
}

#[test]
fn secrets_with_and_without_verification_are_two() {
    let random = CredRandom::from_slice(&[[1; 32], [2; 32]].concat()).unwrap();
    assert_eq!(random.expose_for(true), [1; 32]);
    assert_eq!(random.expose_for(false), [2; 32]);
    let other = CredRandom::from_slice(&[[3; 32], [2; 32]].concat()).unwrap();
    assert!(!random.derive_large_blob_key().same_as(&other.derive_large_blob_key()));
}

#[test]
fn a_record_reads_as_it_was_written() {
    let mut source = source();
    source.last_used = Some(1_700_000_000_001);
    source.backup_state = true;
    source.discoverable = false;
    source.extensions = Extensions {
        cred_protect: CredProtect::UserVerificationRequired,
        cred_blob: Some(vec![4; 40]),
        large_blob_key: true,
        large_blob: Some(LargeBlob { compressed: vec![5; 300], original_size: 1000 }),
        third_party_payment: true,
    };
    source.unknown = vec![(Value::from(40), Value::from(vec![9; 3])), (Value::from(41), Value::from(true))];
    let bytes = encode(&source);
    let read = read(&bytes);
    assert_eq!(read.account(), source.account());
    assert_eq!(read.secrets, source.secrets);
    assert_eq!(read.extensions, source.extensions);
    assert!(!read.discoverable);
    assert_eq!(read.public_key, source.public_key);
    assert_eq!(read.transports, ["internal", "hybrid"]);
    assert!(read.backup_eligible && read.backup_state);
    assert_eq!(read.unknown.len(), 2);
    assert_eq!(*encode(&read), *bytes, "also what later versions added");
}

#[test]
fn a_record_is_the_sealed_secrets_and_then_a_canonical_map() {
    let source = source();
    let bytes = encode(&source);
    assert_eq!(bytes[..2], [0x58, 100], "a byte string of the key's 34 and CredRandom's 66 bytes");
    assert_eq!(bytes[2..102], *source.secrets.as_sealed());
    cbor::check(&bytes[102..]).unwrap();
    // A map of 13: version 2, then the credential ID as a byte string of 32.
    assert_eq!(bytes[102..108], [0xad, 0x01, 0x02, 0x02, 0x58, 0x20]);
}

#[test]
fn a_record_of_version_1_has_the_key_itself() {
    let bytes = encode(&source());
    let mut first = [&[0x58, 32][..], &[7; 32], &bytes[102..]].concat();
    first[36] = 1;
    let Record::Plain(plain) = decode(&first).unwrap() else { panic!("a record of version 2") };
    let sealed = plain.seal(|_, secrets| {
        assert_eq!(secrets.private_key.expose_secret(), [7; 32]);
        assert!(secrets.cred_random.is_none());
        Ok(SealedSecrets::from_sealed(b"sealed".to_vec()))
    });
    let sealed = sealed.unwrap();
    assert_eq!(sealed.secrets.as_sealed(), b"sealed");
    assert!(sealed.discoverable);
    assert_eq!(encode(&sealed)[..7], *b"\x46sealed", "it is written as version 2");
    let mut short = first.clone();
    short.remove(2);
    short[1] = 31;
    assert!(decode(&short).is_err(), "a key of 31 bytes");
}

#[test]
fn a_record_that_is_cut_or_of_another_version_is_refused() {
    let bytes = encode(&source());
    for end in 0..bytes.len() {
        assert!(decode(&bytes[..end]).is_err(), "first {end} bytes");
    }
    let mut newer = bytes.to_vec();
    newer[104] = 3;
    assert_eq!(decode(&newer).err(), Some(cbor::Error::OutOfRange("version")));
}
