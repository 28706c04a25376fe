use super::*;

const AT: u64 = 1_800_000_000_000;

fn kept(status: Option<u16>, length: usize) -> Kept {
    let answer =
        status.map(|status| Fetched { status, content_type: "application/json".into(), body: vec![b' '; length] });
    Kept { answer, at: AT }
}

#[test]
fn a_document_is_good_for_ten_minutes_and_a_failure_for_half_a_minute() {
    for (kept, seconds) in [(kept(Some(200), 0), 600), (kept(Some(404), 0), 30), (kept(None, 0), 30)] {
        assert!(kept.is_good(AT) && kept.is_good(AT + seconds * 1000 - 1), "{kept:?}");
        assert!(!kept.is_good(AT + seconds * 1000), "{kept:?}");
    }
}

#[test]
fn what_comes_from_the_future_is_not_good() {
    assert!(!kept(Some(200), 0).is_good(AT - 1));
}

#[test]
fn only_short_documents_are_kept() {
    assert!(kept(None, 0).is_small() && kept(Some(200), MAX_KEPT).is_small());
    assert!(!kept(Some(200), MAX_KEPT + 1).is_small());
}
