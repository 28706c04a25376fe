use protocol::manage::Account;
use protocol::webauthn::CredentialId;

use super::{Passkeys, letter};

pub(super) fn account(site: &str, user: &str, number: u8) -> Account {
    let json = serde_json::json!({
        "credentialId": protocol::base64url::encode(&[number; 16]), "rpId": site, "rpName": "", "userHandle": protocol::base64url::encode(&[number]),
        "userName": user, "userDisplayName": "", "created": 1000 + u64::from(number), "lastUsed": null, "algorithm": -7,
    });
    serde_json::from_value(json).unwrap()
}

fn some() -> Passkeys {
    let mut passkeys = Passkeys::default();
    passkeys.put(vec![
        account("a.example", "ada", 1),
        account("b.example", "grace", 2),
        account("b.example", "ada", 3),
    ]);
    passkeys
}

#[test]
fn a_search_looks_at_site_account_label_and_note() {
    let mut passkeys = some();
    let noted = Account { label: "Work".to_owned(), note: "Spare KEY".to_owned(), ..account("c.example", "joan", 4) };
    passkeys.put(vec![noted]);
    assert_eq!(passkeys.find(""), [0, 1, 2, 3]);
    assert_eq!(passkeys.find("ADA"), [0, 2]);
    assert_eq!(passkeys.find(" b.ex  ada "), [2]);
    assert_eq!((passkeys.find("work"), passkeys.find("spare key")), (vec![3], vec![3]));
    assert!(passkeys.find("nobody").is_empty());
}

#[test]
fn what_comes_later_finds_its_place_and_what_is_known_is_replaced() {
    let mut passkeys = some();
    passkeys.put(vec![account("aa.example", "ada", 9)]);
    let sites: Vec<_> = (0..4).map(|index| passkeys.row(index, None).unwrap().site).collect();
    assert_eq!(sites, ["a.example", "aa.example", "b.example", "b.example"]);
    passkeys.put(vec![Account { label: "Mine".to_owned(), ..account("aa.example", "ada", 9) }]);
    assert_eq!((passkeys.count(), passkeys.find("mine")), (4, vec![1]));
    passkeys.remove(&CredentialId::from(vec![9; 16]));
    assert_eq!(passkeys.count(), 3);
}

#[test]
fn a_site_with_several_is_grouped() {
    let passkeys = some();
    assert!(!passkeys.row(1, Some(0)).unwrap().is_more);
    assert!(passkeys.row(2, Some(1)).unwrap().is_more);
    assert!(!passkeys.row(2, Some(0)).unwrap().is_more, "what the search leaves out makes no group");
}

#[test]
fn duplicates_and_unused_ones_are_marked() {
    let mut passkeys = some();
    passkeys.put(vec![Account { last_used: Some(5), ..account("b.example", "ada", 7) }]);
    assert_eq!(passkeys.row(0, None).unwrap().marks, ["markNeverUsed"]);
    assert_eq!(passkeys.row(2, None).unwrap().marks, ["markDuplicate", "markNeverUsed"]);
    assert_eq!(passkeys.row(3, None).unwrap().marks, ["markDuplicate"]);
    assert_eq!(passkeys.row(1, None).unwrap().marks, ["markNeverUsed"]);
}

#[test]
fn an_account_without_a_name_is_not_taken_for_another() {
    let mut passkeys = Passkeys::default();
    passkeys.put(vec![account("a.example", "", 1), account("a.example", "", 2)]);
    assert!(passkeys.row(0, None).unwrap().marks.iter().all(|mark| *mark != "markDuplicate"));
    assert_eq!(passkeys.row(0, None).unwrap().name, None);
}

#[test]
fn ten_thousand_are_searched() {
    let mut passkeys = Passkeys::default();
    let many = (0..10_000u32).map(|number| {
        let mut account = account(&format!("site-{number:05}.example"), "ada", 1);
        account.credential_id = number.to_be_bytes().to_vec().into();
        account
    });
    passkeys.put(many.collect());
    assert_eq!(passkeys.find("site-07"), (7000..8000).collect::<Vec<_>>());
}

#[test]
fn letters() {
    assert_eq!(letter("www.example.com").0, "E");
    assert_eq!(letter("été.example").0, "É");
    assert_eq!(letter("-").0, "?");
}

#[test]
fn what_is_on_this_device_alone_is_marked_where_that_is_wanted() {
    let mut passkeys = some();
    passkeys.put(vec![Account { backed_up: true, ..account("a.example", "ada", 1) }]);
    let has_mark = |passkeys: &Passkeys, at| passkeys.row(at, None).unwrap().marks.contains(&"markHereOnly");
    assert!(!has_mark(&passkeys, 1));
    passkeys.marks_here_only = true;
    assert!(!has_mark(&passkeys, 0));
    assert_eq!(passkeys.row(1, None).unwrap().marks, ["markHereOnly"]);
}

#[test]
fn what_is_gone_elsewhere_is_gone_here() {
    let mut passkeys = some();
    assert!(passkeys.replace(vec![account("b.example", "grace", 2)]));
    assert!(!passkeys.replace(vec![account("b.example", "grace", 2)]));
    assert_eq!((passkeys.count(), passkeys.find("grace")), (1, vec![0]));
}
