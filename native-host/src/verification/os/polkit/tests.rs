use super::*;

#[test]
fn the_action_asks_every_time_and_only_in_the_session_in_front() {
    let answer = |who: &str| {
        let (_, rest) = ACTION_FILE.split_once(&format!("<{who}>")).unwrap();
        rest.split_once(&format!("</{who}>")).unwrap().0
    };
    assert!(ACTION_FILE.contains(&format!("<action id=\"{ACTION}\">")));
    assert_eq!((answer("allow_any"), answer("allow_inactive"), answer("allow_active")), ("no", "no", "auth_self"));
}

#[test]
fn only_a_challenge_is_a_way_to_ask() {
    let would = |is_authorized, is_challenge| {
        judge(&AuthorizationResult { is_authorized, is_challenge, details: HashMap::new() })
    };
    assert_eq!(would(false, true), None);
    assert_eq!(would(false, false), Some(Obstacle::Denied));
    assert_eq!(would(true, false), Some(Obstacle::AsksNobody));
    assert_eq!(would(true, true), Some(Obstacle::AsksNobody));
}
