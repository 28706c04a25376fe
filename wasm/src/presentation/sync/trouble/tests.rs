use std::collections::BTreeSet;

use protocol::manage::sync::{SyncFailure, Synced, TroubleKind};

use super::super::form::Kind;
use super::{failure, is_for_a_person, told, trouble};
use crate::presentation::sync::tests::{on, trouble as troubled};
use crate::presentation::view::Tone;

const KINDS: [TroubleKind; 6] = [
    TroubleKind::Unreachable,
    TroubleKind::NotAllowed,
    TroubleKind::Full,
    TroubleKind::ReadOnly,
    TroubleKind::Gone,
    TroubleKind::Failed,
];

#[test]
fn being_offline_is_said_quietly() {
    let with = |kind| Synced { trouble: Some(troubled(kind)), ..on() };
    let (later, notice) = told(&with(TroubleKind::Unreachable));
    assert_eq!((later.unwrap().key, notice), ("troubleUnreachableLater", None));
    let (later, notice) = told(&with(TroubleKind::Full));
    assert_eq!((later, notice.unwrap().what.key), (None, "troubleFull"));
    assert_eq!(told(&on()), (None, None));
    assert_eq!(told(&Synced { removed: true, ..with(TroubleKind::Full) }), (None, None));
    for kind in KINDS {
        let view = trouble(&troubled(kind));
        assert_eq!(view.tone == Tone::Problem, is_for_a_person(kind), "{kind:?}");
        // What to do is said in the person's language, or else by the host.
        assert!(view.remedy.is_some() != view.verbatim.is_some(), "{kind:?}");
    }
}

#[test]
fn each_failure_has_words_of_its_own_and_leads_to_where_it_is_mended() {
    let others = [
        (SyncFailure::BadStorage, Some("dav-url")),
        (SyncFailure::BadCode, Some("sync-code")),
        (SyncFailure::BadWords, Some("sync-words")),
        (SyncFailure::TooLate, Some("sync-code")),
        (SyncFailure::Altered, Some("sync-code")),
        (SyncFailure::Declined, None),
        (SyncFailure::NothingFound, Some("sync-words")),
        (SyncFailure::TooOld, Some("sync-words")),
        (SyncFailure::Occupied, Some("dav-url")),
        (SyncFailure::NotNow, None),
        (SyncFailure::Other, None),
    ];
    let storages = KINDS.map(|kind| {
        let field = match kind {
            TroubleKind::NotAllowed => Some("dav-password"),
            TroubleKind::Full => None,
            _ => Some("dav-url"),
        };
        (SyncFailure::Storage(kind), field)
    });
    let mut told = BTreeSet::new();
    for (why, expected) in others.into_iter().chain(storages) {
        let (view, field) = failure(why, "What the host says.", Kind::WebDav);
        assert_eq!(field, expected, "{why:?}");
        assert!(view.remedy.is_some() != view.verbatim.is_some(), "{why:?}");
        assert!(told.insert(view.what.key), "{why:?} is told like another");
    }
}

#[test]
fn a_storage_without_a_password_leads_to_its_address() {
    let (_, field) = failure(SyncFailure::Storage(TroubleKind::NotAllowed), "", Kind::Sftp);
    assert_eq!(field, Some("sftp-host"));
}
