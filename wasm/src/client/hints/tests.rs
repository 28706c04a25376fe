use super::*;

fn decided(hints: &[&str]) -> Option<Hint> {
    first(&hints.iter().map(|hint| (*hint).to_owned()).collect::<Vec<_>>())
}

#[test]
fn the_first_known_hint_decides() {
    assert_eq!(decided(&[]), None);
    assert_eq!(decided(&["invented"]), None);
    assert_eq!(decided(&["security-key", "client-device"]), Some(Hint::SecurityKey));
    assert_eq!(decided(&["client-device", "security-key"]), Some(Hint::ClientDevice));
    assert_eq!(decided(&["invented", "hybrid", "hybrid", "security-key"]), Some(Hint::Hybrid));
    assert_eq!(decided(&["Security-Key", " hybrid"]), None);
}
