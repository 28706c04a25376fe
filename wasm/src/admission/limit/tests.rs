use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn windows_of_one_site_keep_their_distance_and_others_are_not_held_up() {
    let mut limit = Limit::default();
    assert_eq!(limit.open("a", SECOND), Some(Duration::ZERO));
    assert_eq!(limit.open("a", SECOND), Some(INTERVAL));
    assert_eq!(limit.open("a", SECOND), Some(INTERVAL * 2));
    assert_eq!(limit.open("b", SECOND), Some(Duration::ZERO));
    assert_eq!(limit.open("a", SECOND * 9), Some(Duration::ZERO));
}

#[test]
fn a_site_refused_again_and_again_opens_no_more_windows_for_a_while() {
    let mut limit = Limit::default();
    for time in 0..REFUSALS {
        assert!(limit.open("a", SECOND * time as u32).is_some());
        limit.refused("a", SECOND * time as u32);
    }
    assert_eq!(limit.open("a", SECOND * 10), None);
    assert!(limit.open("b", SECOND * 10).is_some());
    assert_eq!(limit.open("a", MEMORY), Some(Duration::ZERO), "the first refusal is a minute old");
}

#[test]
fn consent_makes_up_for_refusals() {
    let mut limit = Limit::default();
    for _ in 0..REFUSALS - 1 {
        limit.refused("a", SECOND);
    }
    limit.accepted("a");
    limit.refused("a", SECOND);
    assert!(limit.open("a", SECOND).is_some());
}

#[test]
fn documents_are_forgotten() {
    let mut limit = Limit::default();
    limit.open("a", SECOND);
    limit.refused("b", SECOND);
    limit.open("c", SECOND + MEMORY);
    assert_eq!(limit.sites.keys().collect::<Vec<_>>(), ["c"]);
}
