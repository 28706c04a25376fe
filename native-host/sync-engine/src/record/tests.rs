use proptest::prelude::*;

use super::*;

const CORE: FieldNumber = 1;
const LABEL: FieldNumber = 64;
const DELETED_YES: &[u8] = &[0xf5];

fn at(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, device: [0; 8] }
}

fn secret(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.to_vec())
}

fn record(values: &[(FieldNumber, u64, &[u8])]) -> Record {
    let mut record = Record::default();
    values.iter().for_each(|(field, ms, value)| record.set(*field, at(*ms), secret(value)));
    record
}

fn merged(a: &Record, b: &Record) -> Record {
    let mut merged = a.clone();
    merged.merge(b);
    merged
}

fn purged(record: &Record) -> Record {
    let mut purged = record.clone();
    purged.purge();
    purged
}

fn listed(record: &Record, field: FieldNumber) -> Vec<(u64, Vec<u8>)> {
    record.values(field).iter().map(|(stamp, value)| (stamp.ms, value.to_vec())).collect()
}

#[test]
fn a_deleted_record_says_so_until_it_is_restored() {
    let mut record = record(&[(CORE, 1, b"key")]);
    assert!(!record.is_deleted());
    record.set(DELETED, at(2), secret(DELETED_YES));
    assert!(record.is_deleted());
    record.set(DELETED, at(3), secret(DELETED_NO));
    assert!(!record.is_deleted());
}

#[test]
fn what_is_typed_is_kept_five_deep_and_the_rest_once() {
    let values: Vec<_> =
        (1..=7_u64).flat_map(|ms| [(CORE, ms), (LABEL, ms)]).map(|(field, ms)| (field, ms, ms.to_be_bytes())).collect();
    let mut record = Record::default();
    values.iter().rev().for_each(|(field, ms, value)| record.set(*field, at(*ms), secret(value)));
    assert_eq!(record.values(CORE).len(), 1);
    assert_eq!(listed(&record, LABEL).iter().map(|(ms, _)| *ms).collect::<Vec<_>>(), [7, 6, 5, 4, 3]);
}

#[test]
fn typing_the_same_again_pushes_nothing_out() {
    let record = record(&[(LABEL, 1, b"a"), (LABEL, 2, b"b"), (LABEL, 3, b"a"), (LABEL, 4, b"b"), (LABEL, 5, b"a")]);
    assert_eq!(listed(&record, LABEL), [(5, b"a".to_vec()), (4, b"b".to_vec())]);
}

#[test]
fn both_values_that_a_copied_machine_wrote_under_one_stamp_are_kept() {
    let (one, other) = (record(&[(LABEL, 1, b"one")]), record(&[(LABEL, 1, b"other")]));
    assert_eq!(merged(&one, &other).values(LABEL).len(), 2);
    assert!(merged(&one, &other) == merged(&other, &one));
}

#[test]
fn purging_leaves_the_tombstone_alone() {
    let mut record = record(&[(CORE, 1, b"key"), (LABEL, 2, b"name"), (DELETED, 3, DELETED_YES)]);
    assert!(!record.is_purged());
    record.purge();
    assert!(record.is_purged());
    assert_eq!(record.fields().map(|(field, _)| field).collect::<Vec<_>>(), [DELETED]);
}

#[test]
fn purging_what_is_not_deleted_changes_nothing() {
    let record = record(&[(CORE, 1, b"key"), (DELETED, 3, DELETED_NO)]);
    assert!(purged(&record) == record);
    assert!(!record.is_purged());
}

#[test]
fn a_value_written_after_the_deletion_is_there_when_a_restore_arrives_later() {
    let mut here = record(&[(CORE, 1, b"key"), (DELETED, 2, DELETED_YES), (LABEL, 3, b"edited elsewhere")]);
    let mut there = record(&[(CORE, 1, b"key"), (DELETED, 2, DELETED_YES)]);
    here.purge();
    let mut ms = 10;
    there.restore(|| {
        ms += 1;
        at(ms)
    });
    here.merge(&there);
    assert!(!here.is_deleted());
    assert_eq!(here.newest(CORE).map(|(_, value)| value), Some(&b"key"[..]));
    assert_eq!(here.newest(LABEL).map(|(_, value)| value), Some(&b"edited elsewhere"[..]));
}

#[test]
fn a_restored_record_keeps_the_order_of_earlier_values() {
    let mut record = record(&[(LABEL, 1, b"old"), (LABEL, 2, b"new"), (DELETED, 3, DELETED_YES)]);
    let mut ms = 10;
    record.restore(|| {
        ms += 1;
        at(ms)
    });
    assert_eq!(listed(&record, LABEL).into_iter().map(|(_, value)| value).collect::<Vec<_>>(), [&b"new"[..], b"old"]);
    assert!(record.fields().flat_map(|(_, values)| values).all(|(stamp, _)| stamp.ms > 10));
}

fn stamps() -> impl Strategy<Value = Stamp> {
    (0..12_u64, 0..2_u32, 0..3_u8).prop_map(|(ms, counter, device)| Stamp { ms, counter, device: [device; 8] })
}

type Written = (FieldNumber, Stamp, Vec<u8>);

fn written() -> impl Strategy<Value = Written> {
    (prop::sample::select(vec![DELETED, CORE, 7, LABEL, 65, 900]), stamps(), 0..4_u8).prop_map(
        |(field, stamp, value)| {
            let deleted = if value % 2 == 0 { DELETED_YES } else { DELETED_NO };
            (field, stamp, if field == DELETED { deleted.to_vec() } else { vec![value] })
        },
    )
}

fn from_written(values: &[Written]) -> Record {
    let mut record = Record::default();
    values.iter().for_each(|(field, stamp, value)| record.set(*field, *stamp, secret(value)));
    record
}

fn records() -> impl Strategy<Value = Vec<Written>> {
    prop::collection::vec(written(), 0..24)
}

proptest! {
    #[test]
    fn merge_is_commutative(a in records(), b in records()) {
        let [a, b] = [a, b].map(|values| from_written(&values));
        prop_assert!(merged(&a, &b) == merged(&b, &a));
    }

    #[test]
    fn merge_is_associative(a in records(), b in records(), c in records()) {
        let [a, b, c] = [a, b, c].map(|values| from_written(&values));
        prop_assert!(merged(&merged(&a, &b), &c) == merged(&a, &merged(&b, &c)));
    }

    #[test]
    fn merge_is_idempotent(a in records(), b in records()) {
        let [a, b] = [a, b].map(|values| from_written(&values));
        let once = merged(&a, &b);
        prop_assert!(merged(&once, &b) == once);
        prop_assert!(merged(&a, &a) == a);
    }

    #[test]
    fn neither_order_nor_way_matters(values in prop::collection::vec(written(), 0..30), cut in 0..30_usize, turn in 0..30_usize) {
        let whole = from_written(&values);
        let mut turned = values.clone();
        turned.rotate_left(turn.min(values.len()));
        prop_assert!(from_written(&turned) == whole);
        let (one, other) = values.split_at(cut.min(values.len()));
        prop_assert!(merged(&from_written(one), &from_written(other)) == whole);
    }

    #[test]
    fn the_newest_of_all_values_is_shown(values in prop::collection::vec(written(), 1..30)) {
        let record = from_written(&values);
        for (field, stamp, _) in &values {
            prop_assert!(record.newest(*field).is_some_and(|(newest, _)| newest >= stamp));
        }
    }

    #[test]
    fn nothing_typed_is_lost_until_five_others_are_newer(a in records(), b in records()) {
        let [a, b] = [a, b].map(|values| from_written(&values));
        let both = merged(&a, &b);
        for (stamp, value) in a.values(LABEL).iter().chain(b.values(LABEL)) {
            let kept = both.values(LABEL);
            prop_assert!(
                kept.iter().any(|(_, other)| other == value)
                    || (kept.len() == TYPED_VALUES && kept.iter().all(|(newer, _)| newer >= stamp))
            );
        }
    }

    #[test]
    fn purging_twice_is_purging_once(a in records()) {
        let a = from_written(&a);
        prop_assert!(purged(&purged(&a)) == purged(&a));
        prop_assert_eq!(purged(&a).is_purged(), a.is_deleted());
    }

    #[test]
    fn what_both_have_purged_never_comes_back(a in records(), b in records(), ms in 12..20_u64) {
        let [a, b] = [a, b].map(|values| from_written(&values));
        let (mut a, mut b) = (a, b);
        for one in [&mut a, &mut b] {
            one.set(DELETED, at(ms), secret(DELETED_YES));
            one.purge();
        }
        let both = merged(&a, &b);
        prop_assert!(both.is_purged());
        prop_assert!(both.fields().all(|(field, _)| field == DELETED));
    }

    #[test]
    fn purging_and_merging_come_to_the_same_in_either_order(a in records(), b in records()) {
        let [a, b] = [a, b].map(|values| from_written(&values));
        // Where both say the same about the deletion, it does not matter who purges first.
        let both = merged(&a, &b);
        let (mut a, mut b) = (a, b);
        if let Some((stamp, deleted)) = both.newest(DELETED) {
            a.set(DELETED, *stamp, secret(deleted));
            b.set(DELETED, *stamp, secret(deleted));
        }
        prop_assert!(purged(&merged(&purged(&a), &b)) == purged(&both) || !both.is_deleted());
    }

    #[test]
    fn a_later_restore_wins_over_deletion_and_purge(whole in records(), ms in 12..20_u64) {
        let whole = from_written(&whole);
        let mut whole = whole;
        whole.set(DELETED, at(ms), secret(DELETED_YES));
        let gone = purged(&whole);
        let mut restored = whole.clone();
        let mut now = 100;
        restored.restore(|| { now += 1; at(now) });
        let both = merged(&gone, &restored);
        prop_assert!(!both.is_deleted());
        prop_assert!(both == merged(&whole, &restored));
        for (field, values) in whole.fields().filter(|(field, _)| *field != DELETED) {
            prop_assert_eq!(both.newest(field).map(|(_, value)| value), values.first().map(|(_, value)| value.as_slice()));
        }
    }
}
