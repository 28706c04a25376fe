//! A passkey becomes fields, and the fields become the passkey again, in another vault.

use protocol::cose::CoseAlgorithmIdentifier;
use protocol::ctap::extensions::CredProtect;
use sync_engine::stamp::Stamp;

use super::*;
use crate::credential::{EarlierNames, Extensions, LargeBlob};
use crate::sync::testing::{Home, source};

const STAMP: Stamp = Stamp { ms: 5, counter: 0, device: [1; 8] };

fn id(source: &PublicKeyCredentialSource) -> RecordId {
    RecordId::of_passkey(source.rp_id.as_str(), source.credential_id.as_bytes())
}

/// The record of a passkey that is new.
fn record(vault: &Vault, source: &PublicKeyCredentialSource) -> Record {
    let mut record = Record::default();
    write(vault, source, &mut record, STAMP.ms);
    record
}

/// Writes what has changed; gives the fields that have.
fn write(vault: &Vault, source: &PublicKeyCredentialSource, record: &mut Record, ms: u64) -> Vec<FieldNumber> {
    let changed = changed_fields(vault, source, record).unwrap();
    let fields = changed.keys().copied().collect();
    changed.into_iter().for_each(|(field, value)| record.set(field, Stamp { ms, ..STAMP }, value));
    fields
}

fn told(vault: &Vault, source: &PublicKeyCredentialSource, record: &Record) -> PublicKeyCredentialSource {
    Told::read(&id(source), record, source.backup_state).unwrap().sealed(vault).unwrap()
}

/// With everything that a passkey can have.
fn full(vault: &Vault, algorithm: CoseAlgorithmIdentifier) -> PublicKeyCredentialSource {
    let mut full = source(vault, algorithm, "ada");
    full.extensions = Extensions {
        cred_protect: CredProtect::UserVerificationRequired,
        cred_blob: Some(vec![7; 1024]),
        large_blob_key: true,
        large_blob: Some(LargeBlob { compressed: vec![8; 5000], original_size: 9000 }),
        third_party_payment: true,
    };
    full.discoverable = false;
    full.last_used = Some(99);
    full.prf_used = true;
    full.label = "Work".to_owned();
    full.note = "two\nlines".to_owned();
    let earlier = EarlierNames { user_name: "a".to_owned(), user_display_name: String::new(), replaced: 3 };
    full.earlier_names = vec![earlier];
    full.unknown = vec![(99.into(), Value::Array(vec!["later".into()]))];
    full
}

#[test]
fn a_passkey_of_any_algorithm_is_the_same_in_another_vault() {
    let (here, there) = (Home::new().open(), Home::new().open());
    for algorithm in CoseAlgorithmIdentifier::ALL.iter().copied() {
        for source in [source(&here, algorithm, "ada"), full(&here, algorithm)] {
            let told = told(&there, &source, &record(&here, &source));
            assert_eq!(credential::attributes(&told), credential::attributes(&source), "{algorithm:?}");
            assert_ne!(told.secrets, source.secrets, "sealed for another vault");
            let [own, others] = [(&here, &source), (&there, &told)].map(|(vault, of)| vault.open_secrets(of).unwrap());
            assert_eq!(*own.encode(), *others.encode(), "{algorithm:?}");
            assert!(here.open_secrets(&told).is_err());
        }
    }
}

#[test]
fn a_change_changes_its_own_field_alone() {
    let vault = Home::new().open();
    let mut source = full(&vault, CoseAlgorithmIdentifier::Es256);
    let mut record = record(&vault, &source);
    assert!(write(&vault, &source, &mut record, 6).is_empty(), "nothing has changed");
    source.backup_state = true;
    assert!(write(&vault, &source, &mut record, 6).is_empty(), "BS is each device's own");
    type Change = fn(&mut PublicKeyCredentialSource);
    let changes: [(FieldNumber, Change); 7] = [
        (2, |source| assert!(source.rename("countess", "", 9, 0))),
        (LAST_USED, |source| source.last_used = Some(100)),
        (4, |source| source.extensions.large_blob = None),
        (5, |source| source.prf_used = false),
        (LABEL, |source| source.label.clear()),
        (NOTE, |source| source.note = "other".to_owned()),
        (UNKNOWN, |source| source.unknown = vec![(99.into(), 1.into()), (100.into(), 2.into())]),
    ];
    for (ms, (field, change)) in (10..).zip(changes) {
        change(&mut source);
        assert_eq!(write(&vault, &source, &mut record, ms), [field]);
        assert_eq!(credential::attributes(&told(&vault, &source, &record)), credential::attributes(&source));
    }
    assert_eq!(
        record.values(LABEL).iter().filter_map(|(_, value)| text(LABEL, value)).collect::<Vec<_>>(),
        ["", "Work"]
    );
}

#[test]
fn what_a_later_version_puts_into_a_field_stays_there() {
    let vault = Home::new().open();
    let mut source = full(&vault, CoseAlgorithmIdentifier::Es256);
    let mut record = record(&vault, &source);
    let later = |members: &[(i64, &str)]| {
        let members = members.iter().map(|(key, text)| ((*key).into(), (*text).into())).collect();
        Zeroizing::new(cbor::encode(&Value::Map(members)))
    };
    record.set(LABEL, Stamp { ms: 6, ..STAMP }, later(&[(22, "Home"), (77, "blue")]));
    record.set(40, Stamp { ms: 6, ..STAMP }, later(&[(1, "a field of its own")]));
    source.label = told(&vault, &source, &record).label;
    assert_eq!(source.label, "Home");
    assert!(write(&vault, &source, &mut record, 7).is_empty(), "what is not understood is no difference");
    source.label = "Cottage".to_owned();
    assert_eq!(write(&vault, &source, &mut record, 8), [LABEL]);
    assert_eq!(record.newest(LABEL).unwrap().1, &later(&[(22, "Cottage"), (77, "blue")])[..]);
    // Another type altogether is left alone, and the passkey works without.
    record.set(LABEL, Stamp { ms: 9, ..STAMP }, Zeroizing::new(cbor::encode(&Value::Bool(true))));
    assert_eq!(told(&vault, &source, &record).label, "");
    assert!(write(&vault, &source, &mut record, 10).is_empty());
}

#[test]
fn what_is_no_passkey_of_that_name_is_none() {
    let vault = Home::new().open();
    let source = full(&vault, CoseAlgorithmIdentifier::EdDsa);
    let sound = record(&vault, &source);
    let other = RecordId::of_passkey("example.org", source.credential_id.as_bytes());
    assert!(Told::read(&other, &sound, false).is_none(), "moved to another site");
    assert!(Told::read(&id(&source), &Record::default(), false).is_none());
    let core = sound.newest(CORE).unwrap().1;
    for length in [0, 1, core.len() / 2, core.len() - 1] {
        let mut cut = sound.clone();
        cut.set(CORE, Stamp { ms: 6, ..STAMP }, Zeroizing::new(core[..length].to_vec()));
        assert!(Told::read(&id(&source), &cut, false).is_none(), "{length} bytes");
    }
}

#[test]
fn a_reason_travels_and_one_of_a_later_version_is_the_plainest() {
    let mut record = Record::default();
    assert_eq!(deletion(&record), None);
    for (ms, number) in (1..).zip(0..7) {
        let value = cbor::encode(&number.into());
        record.set(DELETED, Stamp { ms, ..STAMP }, Zeroizing::new(value.clone()));
        let reason = deletion(&record).unwrap();
        match TrashReason::from_number(number) {
            Some(known) => assert_eq!((reason, &*deleted(reason)), (known, &value)),
            None => assert_eq!(reason, TrashReason::Deleted),
        }
    }
    record.set(DELETED, Stamp { ms: 99, ..STAMP }, Zeroizing::new(sync_engine::record::DELETED_NO.to_vec()));
    assert_eq!(deletion(&record), None);
}
