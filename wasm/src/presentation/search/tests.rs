use super::*;

fn people() -> Vec<Person> {
    let person = |name: &str, detail: Option<&str>| Person {
        name: name.to_owned(),
        detail: detail.map(str::to_owned),
        when: None,
    };
    vec![
        person("ada@example.com", Some("Ada Lovelace")),
        person("grace@example.com", Some("Grace Hopper")),
        person("ÉMILIE", None),
        person("ada@work.example", None),
    ]
}

#[test]
fn every_word_typed_is_in_one_of_the_names() {
    let shown = |typed: &str| shown(&people(), typed);
    assert_eq!(shown(""), [true; 4]);
    assert_eq!(shown("  "), [true; 4]);
    assert_eq!(shown("ADA"), [true, false, false, true]);
    assert_eq!(shown("lovelace ada"), [true, false, false, false]);
    assert_eq!(shown("émi"), [false, false, true, false]);
    assert_eq!(shown("joan"), [false; 4]);
}

#[test]
fn what_is_out_of_sight_is_not_chosen() {
    assert_eq!(chosen(&[true, true], Some(1)), Some(1));
    assert_eq!(chosen(&[false, true, true], Some(0)), Some(1));
    assert_eq!(chosen(&[false, false], Some(0)), None);
    assert_eq!(chosen(&[true, true], None), Some(0));
    assert_eq!(chosen(&[true], Some(9)), Some(0));
}

#[test]
fn how_many_there_are_is_said_once_something_is_typed() {
    assert_eq!(said(&[true, true], " "), None);
    assert_eq!(said(&[true, true, false], "a"), Some(words("accountsFound", "2")));
    assert_eq!(said(&[true, false], "a"), Some(plain("accountsFoundOne")));
    assert_eq!(said(&[false, false], "a"), Some(plain("accountsFoundNone")));
}
