use super::*;

fn account(id: &[u8], rp_id: &str, user_name: &str) -> Account {
    Account {
        credential_id: id.into(),
        rp_id: rp_id.into(),
        rp_name: String::new(),
        user_handle: vec![1].into(),
        user_name: user_name.to_owned(),
        user_display_name: String::new(),
        created: 0,
        last_used: None,
        cred_protect: protocol::ctap::extensions::CredProtect::default(),
        algorithm: -7,
        backed_up: false,
        prf_used: false,
        label: String::new(),
        note: String::new(),
    }
}

fn accounts() -> Vec<Account> {
    vec![
        account(&[0; 32], "example.com", "alice@example.com"),
        account(&[1; 32], "example.com", "bob@example.com"),
        account(&[2; 32], "example.org", "Alice"),
    ]
}

fn found(query: &str) -> Result<String, Error> {
    let accounts = accounts();
    let search = Search { command: "keystow remove", list: "keystow list" };
    search.the_one(&accounts.iter().collect::<Vec<_>>(), query).map(|account| account.user_name.clone())
}

fn user_of(query: &str) -> String {
    found(query).unwrap()
}

#[test]
fn a_passkey_is_named_by_the_beginning_of_its_id() {
    assert_eq!(user_of("AQEBAQ"), "bob@example.com");
    assert_eq!(user_of(&accounts()[2].credential_id.to_string()), "Alice");
}

#[test]
fn a_passkey_is_named_by_a_part_of_its_site_or_user_in_any_case() {
    assert_eq!(user_of("BOB"), "bob@example.com");
    assert_eq!(user_of("example.org"), "Alice");
}

#[test]
fn what_names_several_is_refused_with_all_of_them() {
    let Err(Error::Ambiguous { matches, command: "keystow remove" }) = found("alice") else { panic!("taken") };
    assert_eq!(matches.len(), 2);
}

#[test]
fn what_names_none_is_refused() {
    for query in ["carol", "", "AgIC_"] {
        assert!(matches!(found(query), Err(Error::NoMatch { .. })), "{query}");
    }
}
