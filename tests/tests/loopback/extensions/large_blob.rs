//! largeBlob (L3 §10.1.5).

use super::*;

fn supported() -> Value {
    json!({"largeBlob": {"support": "required"}})
}

fn write(site: &RelyingParty, id: &str, blob: &[u8]) -> Value {
    let blob = data_encoding::BASE64URL_NOPAD.encode(blob);
    site.request(json!({"extensions": {"largeBlob": {"write": blob}}, "allowCredentials": allowing(&[id])}))
}

fn read(site: &RelyingParty, id: &str) -> Value {
    let allow = allowing(&[id]);
    site.request(json!({
        "extensions": {"largeBlob": {"read": true}}, "allowCredentials": allow, "userVerification": "discouraged",
    }))
}

fn written(world: &World, site: &RelyingParty, id: &str, blob: &[u8], act: Act) -> Value {
    let signed = credential(world.get(site, write(site, id, blob), [act]));
    site.authenticate(&signed).expect("accepted");
    assert_eq!(world.asked(), 1, "for the assertion and for the blob");
    results(&signed)["largeBlob"].clone()
}

/// The blob, read after a click.
fn blob(world: &World, site: &RelyingParty, id: &str) -> Option<Vec<u8>> {
    let signed = credential(world.get(site, read(site, id), [Act::Approve]));
    site.authenticate(&signed).expect("accepted");
    results(&signed)["largeBlob"].get("blob").map(|blob| bytes(blob).expect("bytes"))
}

#[test]
fn what_was_written_is_read() {
    let (world, mut site) = (World::new(), site());
    let made = credential(world.create(&site, creation(&site, "ada", supported()), [Act::Approve]));
    assert_eq!(*results(&made), json!({"largeBlob": {"supported": true}}));
    let id = site.register(&made).expect("accepted").id;
    assert_eq!(blob(&world, &site, &id), None);
    for content in [&b"first"[..], b"", &[7; 50_000]] {
        assert_eq!(written(&world, &site, &id, content, Act::Approve), json!({"written": true}));
        world.restart_host();
        assert_eq!(blob(&world, &site, &id).as_deref(), Some(content));
    }
}

#[test]
fn a_blob_that_takes_several_messages() {
    let (world, mut site) = (World::new(), site());
    let id = register(&world, &mut site, "ada", supported(), Act::Approve);
    let mut noise = vec![0; 720_000];
    getrandom::fill(&mut noise).expect("random bytes");
    assert_eq!(written(&world, &site, &id, &noise, Act::Approve), json!({"written": true}));
    assert!(blob(&world, &site, &id) == Some(noise));
}

#[test]
fn each_credential_has_its_own() {
    let (world, mut site) = (World::new(), site());
    let ids = ["ada", "grace"].map(|user| register(&world, &mut site, user, supported(), Act::Approve));
    for (id, content) in [(&ids[0], "ada's"), (&ids[1], "grace's"), (&ids[0], "ada's other")] {
        assert_eq!(written(&world, &site, id, content.as_bytes(), Act::Approve), json!({"written": true}));
    }
    assert_eq!(blob(&world, &site, &ids[0]).as_deref(), Some(&b"ada's other"[..]));
    assert_eq!(blob(&world, &site, &ids[1]).as_deref(), Some(&b"grace's"[..]));
}

#[test]
fn with_a_pin_one_entry_of_it_is_for_signing_and_for_writing() {
    let (world, mut site) = (World::new(), site());
    let id = register(&world, &mut site, "ada", supported(), Act::Approve);
    let required = json!({"authenticatorSelection": {"userVerification": "required"}});
    credential(world.create(&site, site.creation("grace", required), [Act::NewPin("1234")]));
    assert_eq!(written(&world, &site, &id, b"blob", Act::Pin("1234")), json!({"written": true}));
    assert_eq!(world.question(0).verification, Verification::Pin { retries: 8 });
    assert_eq!(blob(&world, &site, &id).as_deref(), Some(&b"blob"[..]));
}

#[test]
fn a_credential_that_did_not_ask_for_it_has_none() {
    let (world, mut site) = (World::new(), site());
    let id = register(&world, &mut site, "ada", json!({}), Act::Approve);
    assert_eq!(written(&world, &site, &id, b"blob", Act::Approve), json!({"written": false}));
    assert_eq!(blob(&world, &site, &id), None);
    let server_side = json!({"extensions": supported(), "authenticatorSelection": {"residentKey": "discouraged"}});
    assert_eq!((world.create(&site, site.creation("ada", server_side), []), world.asked()), (Reply::Native, 0));
}

#[test]
fn what_may_not_be_asked() {
    let (world, mut site) = (World::new(), site());
    let id = register(&world, &mut site, "ada", supported(), Act::Approve);
    for asked in [json!({"read": true}), json!({"write": "AA"})] {
        let made = world.create(&site, creation(&site, "ada", json!({"largeBlob": asked})), []);
        assert_eq!(error(made), DomErrorName::NotSupportedError);
    }
    for asked in [json!({"support": "required"}), json!({"read": true, "write": "AA"}), json!({"write": "AA"})] {
        let lists = [json!([]), allowing(&[&id, "AAAA"])];
        for list in lists {
            let options = site.request(json!({"extensions": {"largeBlob": asked}, "allowCredentials": list}));
            assert_eq!(error(world.get(&site, options, [])), DomErrorName::NotSupportedError, "{asked}");
        }
    }
}
