use serde_json::json;

use super::*;
use crate::client::get::tests::account;
use crate::client::testing::{World, approve, caller, claimed, credential, fetched, finish};
use crate::client::{Fetched, Reply, create, get};

fn origin(text: &str) -> Origin {
    Origin::from_sender(text).expect("an origin")
}

fn world(document: Option<Fetched>) -> World {
    World { document, ..World::default() }
}

fn says(origins: Value) -> World {
    world(Some(fetched(&json!({ "origins": origins }).to_string())))
}

/// Whether a page of https://example.de may use the RP ID example.com, by the world's document.
fn valid(world: &World) -> bool {
    finish(validate(&origin("https://example.de"), &"example.com".into(), world))
}

#[test]
fn the_rp_ids_own_site_is_asked_over_https_at_the_well_known_place() {
    let world = says(json!(["https://example.de"]));
    assert!(valid(&world));
    assert_eq!(*world.fetched.borrow(), ["https://example.com/.well-known/webauthn"]);
}

#[test]
fn a_page_is_related_by_its_whole_origin_alone() {
    for (item, related) in [
        ("https://example.de", true),
        ("https://example.de/", true),
        ("HTTPS://EXAMPLE.DE:443/path?query#fragment", true),
        ("https://user@example.de", true),
        ("https://example.de:8443", false),
        ("http://example.de", false),
        ("https://www.example.de", false),
        ("https://example.de.evil.test", false),
        ("https://example.de.", false),
        ("example.de", false),
        ("wss://example.de", false),
        ("blob:https://example.de/0", true),
        ("data:text/plain,https://example.de", false),
        ("", false),
    ] {
        assert_eq!(valid(&says(json!([item]))), related, "{item}");
    }
}

#[test]
fn names_in_unicode_are_read_as_a_browser_reads_addresses() {
    let world = says(json!(["https://bücher.example"]));
    assert!(finish(validate(&origin("https://xn--bcher-kva.example"), &"example.com".into(), &world)));
}

#[test]
fn a_port_is_part_of_the_origin() {
    let world = says(json!(["https://example.de:8443"]));
    assert!(finish(validate(&origin("https://example.de:8443"), &"example.com".into(), &world)));
}

#[test]
fn labels_beyond_the_fifth_are_passed_over_and_not_the_end() {
    let five = ["https://a.com", "https://b.com", "https://c.com", "https://d.com", "https://example.co.uk"];
    let sixth = [&five[..], &["https://f.com", "https://example.de"]].concat();
    assert!(valid(&says(json!(sixth))), "its label has been seen, in example.co.uk");
    let without = [&five[..4], &["https://e.com", "https://example.de"]].concat();
    assert!(!valid(&says(json!(without))));
    let fifth = [&five[..4], &["https://example.de"]].concat();
    assert!(valid(&says(json!(fifth))));
    let same_label =
        ["https://a.com", "https://a.de", "https://www.a.fr", "https://b.com", "https://c.com", "https://d.com"];
    let fifth_label = [&same_label[..], &["https://example.de"]].concat();
    assert!(valid(&says(json!(fifth_label))), "the four labels before are a, b, c and d");
}

#[test]
fn what_has_no_registrable_domain_takes_no_place_among_the_labels() {
    let nobodys = [
        "https://com",
        "https://co.uk",
        "https://192.0.2.1",
        "https://[2001:db8::1]",
        "http://localhost:1",
        "nonsense",
    ];
    assert!(valid(&says(json!([&nobodys[..], &["https://example.de"]].concat()))));
    assert_eq!(registrable_origin_label("https://www.example.co.uk:8443"), Some("example"));
    assert_eq!(registrable_origin_label("https://github.io"), None);
    assert_eq!(registrable_origin_label("https://alice.github.io"), Some("alice"));
}

#[test]
fn a_document_that_is_not_what_it_must_be_relates_nobody() {
    let good = fetched(r#"{"origins": ["https://example.de"]}"#);
    let of_type = |content_type: &str| Fetched { content_type: content_type.to_owned(), ..good.clone() };
    for content_type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        assert!(valid(&world(Some(of_type(content_type)))), "{content_type}");
    }
    for content_type in ["", "text/html", "text/json", "application/jsonp", "application/ld+json"] {
        assert!(!valid(&world(Some(of_type(content_type)))), "{content_type}");
    }
    for status in [201, 204, 304, 404, 500] {
        assert!(!valid(&world(Some(Fetched { status, ..good.clone() }))), "{status}");
    }
    assert!(!valid(&world(None)), "nothing came");
}

#[test]
fn a_body_that_is_not_the_object_asked_for_relates_nobody() {
    for body in [
        "",
        "{",
        "null",
        r#"["https://example.de"]"#,
        r#"[["https://example.de"]]"#,
        r#"{"origins": "https://example.de"}"#,
        r#"{"origins": ["https://example.de", 1]}"#,
        r#"{"origins": null}"#,
        r#"{"Origins": ["https://example.de"]}"#,
        "\u{feff}{}",
    ] {
        assert!(!valid(&world(Some(fetched(body)))), "{body}");
    }
    assert!(valid(&world(Some(fetched(r#"{"more": 1, "origins": ["https://example.de"]}"#)))));
}

fn create_options() -> Value {
    json!({
        "rp": {"name": "Example", "id": "example.com"},
        "user": {"id": "BwgJ", "name": "ada@example.com", "displayName": "Ada"},
        "challenge": "AAEC",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    })
}

#[test]
fn a_related_page_is_served_and_the_window_says_so() {
    let page = caller("https://example.de");
    let world = says(json!(["https://example.de"])).user([approve()]);
    credential(finish(create(&page, claimed(create_options()), &world)));
    let question = world.last_question();
    assert_eq!(
        (question.rp_id.as_str(), &*question.origin, question.related),
        ("example.com", "https://example.de", true)
    );
    let world = World { accounts: vec![account(1, "ada")], ..says(json!(["https://example.de"])) }.user([approve()]);
    credential(finish(get(&page, claimed(json!({"challenge": "AAEC", "rpId": "example.com"})), &world)));
    assert!(world.last_question().related);
}

/// Else the time that the answer takes would tell any page which sites the user has passkeys for.
#[test]
fn of_an_unrelated_page_the_host_never_hears() {
    let page = caller("https://evil.test");
    let world = World { accounts: vec![account(1, "ada")], ..says(json!(["https://example.de"])) };
    let reply = finish(get(&page, claimed(json!({"challenge": "AAEC", "rpId": "example.com"})), &world));
    assert_eq!((reply, world.asked()), (Reply::Native, 0));
    assert_eq!(*world.looked_for.borrow(), None);
    assert_eq!(finish(create(&page, claimed(create_options()), &world)), Reply::Native);
    assert_eq!((world.asked(), world.looked_for.borrow().as_ref()), (0, None));
}

#[test]
fn an_rp_id_of_its_own_needs_no_leave() {
    let world = says(json!([])).user([approve()]);
    credential(world.create(create_options()));
    assert!(world.fetched.borrow().is_empty());
    assert!(!world.last_question().related);
}
