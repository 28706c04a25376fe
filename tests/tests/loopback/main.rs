//! Loopback: the real client on the real host in one process, page JSON to sealed row and back, judged by a relying party that shares
//! no code with `protocol`.

mod algorithms;
mod conditional_create;
mod discoverable;
mod extensions;
mod public_key;
mod relying_party;
mod signals;
mod verification;
mod world;

use serde_json::{Value, json};
use wasm::client::prompt::{Kind, Notice, Verification};
use wasm::client::{DomErrorName, Reply};

use relying_party::RelyingParty;
use world::{Act, World};

const UP: u8 = 0x01;
const UV: u8 = 0x04;

fn credential(reply: Reply) -> Value {
    match reply {
        Reply::Credential(credential) => credential,
        other => panic!("no credential but {other:?}"),
    }
}

fn error(reply: Reply) -> DomErrorName {
    match reply {
        Reply::Error(error) => error.name,
        other => panic!("no error but {other:?}"),
    }
}

#[test]
fn register_and_sign_in_with_a_click() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://login.example.com");
    let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    let registered = site.register(&made).expect("accepted");
    assert_eq!((registered.flags & (UP | UV), registered.format.as_str()), (UP, "none"));
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    let flags = site.authenticate(&signed).expect("accepted");
    assert_eq!(flags & (UP | UV), UP);
}

#[test]
fn the_first_pin_is_chosen_in_the_ceremony_and_verifies_from_then_on() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let required = json!({"authenticatorSelection": {"userVerification": "required"}});
    let made =
        credential(world.create(&site, site.creation("ada", required), [Act::NewPin("12"), Act::NewPin("1234")]));
    assert_eq!(world.question(0).verification, Verification::NewPin { min_length: 4 });
    assert_eq!(world.question(1).notice, Some(Notice::PinTooShort));
    assert_ne!(site.register(&made).expect("accepted").flags & UV, 0);

    let required = || site.request(json!({"userVerification": "required"}));
    let signed = credential(world.get(&site, required(), [Act::Pin("0000"), Act::Pin("1234")]));
    assert_eq!(world.question(0).verification, Verification::Pin { retries: 8 });
    assert_eq!(world.question(1).notice, Some(Notice::WrongPin { retries: 7 }));
    assert_ne!(site.authenticate(&signed).expect("accepted") & UV, 0);

    let preferred = credential(world.get(&site, site.request(json!({})), [Act::Pin("1234")]));
    assert_ne!(site.authenticate(&preferred).expect("accepted") & UV, 0);
    let discouraged = site.request(json!({"userVerification": "discouraged"}));
    let unverified = credential(world.get(&site, discouraged, [Act::Approve]));
    assert_eq!(site.authenticate(&unverified).expect("accepted") & UV, 0);
}

#[test]
fn three_wrong_pins_pause_the_pin_until_the_host_is_started_again() {
    let world = World::new();
    let site = RelyingParty::new("example.com", "https://example.com");
    let required = || site.creation("ada", json!({"authenticatorSelection": {"userVerification": "required"}}));
    credential(world.create(&site, required(), [Act::NewPin("1234")]));
    let wrong = [Act::Pin("1111"), Act::Pin("2222"), Act::Pin("3333"), Act::Pin("1234")];
    assert_eq!(error(world.create(&site, required(), wrong)), DomErrorName::NotAllowedError);
    assert_eq!(world.question(3).notice, Some(Notice::PinPaused));
    world.restart_host();
    credential(world.create(&site, required(), [Act::Pin("1234")]));
    assert_eq!(world.question(0).verification, Verification::Pin { retries: 5 });
}

#[test]
fn eight_wrong_pins_lock_the_pin_and_the_window_says_so_at_once() {
    let world = World::new();
    let site = RelyingParty::new("example.com", "https://example.com");
    let required = || site.creation("ada", json!({"authenticatorSelection": {"userVerification": "required"}}));
    credential(world.create(&site, required(), [Act::NewPin("1234")]));
    let mut tries = 0;
    while tries < 8 {
        world.create(&site, required(), [Act::Pin("9999"), Act::Pin("9999"), Act::Pin("9999"), Act::Cancel]);
        tries += world.asked() - 1;
        world.restart_host();
    }
    assert_eq!(world.create(&site, required(), [Act::UseAnother]), Reply::Native);
    assert_eq!(world.question(0).notice, Some(Notice::PinLocked));
}

#[test]
fn several_accounts_are_listed_last_used_first_and_the_chosen_one_signs() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    for user in ["ada", "grace", "joan"] {
        let made = credential(world.create(&site, site.creation(user, json!({})), [Act::Approve]));
        site.register(&made).expect("accepted");
    }
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Choose("grace")]));
    site.authenticate(&signed).expect("accepted");
    assert_eq!(site.user_of(&signed), "grace");
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Choose("ada")]));
    site.authenticate(&signed).expect("accepted");
    let Kind::Get { accounts } = world.question(0).kind else { panic!("not get") };
    assert_eq!(accounts.len(), 3);
    assert_eq!(accounts[0].user_name, "grace");
}

#[test]
fn an_allow_list_offers_only_what_it_names() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let mut ids = Vec::new();
    for user in ["ada", "grace"] {
        let made = credential(world.create(&site, site.creation(user, json!({})), [Act::Approve]));
        ids.push(site.register(&made).expect("accepted").id);
    }
    let allow = |id: &str| json!({"allowCredentials": [{"type": "public-key", "id": id, "transports": ["usb"]}]});
    let signed = credential(world.get(&site, site.request(allow(&ids[0])), [Act::Approve]));
    site.authenticate(&signed).expect("accepted");
    assert_eq!(site.user_of(&signed), "ada");
    assert_eq!(world.get(&site, site.request(allow("AAAA")), []), Reply::Native);
    assert_eq!(world.asked(), 0);
}

#[test]
fn an_excluded_credential_is_refused_after_consent() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    let id = site.register(&made).expect("accepted").id;
    let excluding = || site.creation("ada", json!({"excludeCredentials": [{"type": "public-key", "id": id}]}));
    assert_eq!(error(world.create(&site, excluding(), [Act::Approve])), DomErrorName::InvalidStateError);
    assert_eq!(world.question(0).notice, Some(Notice::AlreadyRegistered));
    assert_eq!(error(world.create(&site, excluding(), [Act::Cancel])), DomErrorName::NotAllowedError);
    assert_eq!(world.held("example.com").len(), 1);
}

#[test]
fn self_attestation_where_the_site_wants_it_direct() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    for (options, format) in [
        (json!({"attestation": "direct"}), "packed"),
        (json!({"attestation": "direct", "attestationFormats": ["none"]}), "none"),
        (json!({"attestation": "none"}), "none"),
        (json!({}), "none"),
    ] {
        let made = credential(world.create(&site, site.creation("ada", options), [Act::Approve]));
        assert_eq!(site.register(&made).expect("accepted").format, format);
    }
}

#[test]
fn a_site_signs_in_below_and_beside_its_own_domain_but_nobody_elses() {
    let world = World::new();
    let mut site = RelyingParty::new("example.co.uk", "https://accounts.example.co.uk");
    let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    site.register(&made).expect("accepted");
    site.move_to("https://shop.example.co.uk:8443");
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    site.authenticate(&signed).expect("accepted");
    site.move_to("https://example.org");
    assert_eq!(world.get(&site, site.request(json!({})), []), Reply::Native);
    assert_eq!(error(world.get(&site, site.request(json!({"rpId": "org"})), [])), DomErrorName::SecurityError);
    assert_eq!(world.get(&site, site.request(json!({"rpId": "example.org"})), []), Reply::Native);
    assert_eq!(world.asked(), 0);
}

#[test]
fn names_as_sites_send_them_reach_the_vault_and_come_back_safe_to_show() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let name = "ada\u{202e}moc.elpmaxe@\n";
    let made = credential(world.create(&site, site.creation(name, json!({})), [Act::Approve]));
    site.register(&made).expect("accepted");
    assert_eq!(world.held("example.com")[0].user_name, name);
    credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    let Kind::Get { accounts } = world.question(0).kind else { panic!("not get") };
    assert_eq!(accounts[0].user_name, "adamoc.elpmaxe@");
}

#[test]
fn challenges_from_nothing_to_8_kib() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    for length in [0, 1, 16, 8192] {
        site.next_challenge_has(length);
        let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
        site.register(&made).expect("accepted");
    }
}

#[test]
fn what_has_not_been_registered_is_left_to_the_browser() {
    let world = World::new();
    let site = RelyingParty::new("example.com", "https://example.com");
    assert_eq!(world.get(&site, site.request(json!({})), []), Reply::Native);
    assert_eq!(world.asked(), 0);
    credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    let other = RelyingParty::new("example.org", "https://example.org");
    assert_eq!(world.get(&other, other.request(json!({})), []), Reply::Native);
    assert_eq!(world.asked(), 0);
}

#[test]
fn a_deleted_passkey_signs_no_more() {
    let world = World::new();
    let site = RelyingParty::new("example.com", "https://example.com");
    credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    world.delete(world.held("example.com").remove(0).credential_id);
    assert_eq!(world.get(&site, site.request(json!({})), []), Reply::Native);
}

#[test]
fn a_locked_keychain_is_said_in_the_window() {
    let world = World::new();
    let site = RelyingParty::new("example.com", "https://example.com");
    credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    world.lock_keychain();
    assert_eq!(world.get(&site, site.request(json!({})), [Act::UseAnother]), Reply::Native);
    let Some(Notice::HostError { message, .. }) = world.question(0).notice else { panic!("nothing is said") };
    assert!(message.contains("keychain is locked"), "{message}");
    assert_eq!(
        error(world.create(&site, site.creation("ada", json!({})), [Act::Approve])),
        DomErrorName::NotAllowedError
    );
    assert_eq!(world.asked(), 1);
}

/// The relying party would notice: each way of spoiling a good response is refused.
#[test]
fn the_judge_refuses_spoilt_responses() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let made = credential(world.create(&site, site.creation("ada", json!({})), [Act::Approve]));
    for member in ["clientDataJSON", "attestationObject", "authenticatorData", "publicKey"] {
        assert!(site.clone().register(&spoilt(&made, member)).is_err(), "{member}");
    }
    site.register(&made).expect("accepted");
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    for member in ["clientDataJSON", "authenticatorData", "signature", "userHandle"] {
        assert!(site.clone().authenticate(&spoilt(&signed, member)).is_err(), "{member}");
    }
    site.authenticate(&signed).expect("accepted");
}

/// `credential` with one bit of one member of its response flipped.
fn spoilt(credential: &Value, member: &str) -> Value {
    let mut spoilt = credential.clone();
    let mut bytes = relying_party::bytes(&credential["response"][member]).expect("bytes");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    spoilt["response"][member] = json!(data_encoding::BASE64URL_NOPAD.encode(&bytes));
    spoilt
}
