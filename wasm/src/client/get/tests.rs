use protocol::base64url;
use protocol::ctap::extensions::CredProtect;
use protocol::native_message::{self, ErrorCode};
use protocol::webauthn::authenticator_data::{AuthenticatorData, Flags};
use serde_json::{Value, json};

use super::*;
use crate::client::prompt::{Approval, Decision, Notice, Pin};
use crate::client::testing::{
    Authenticator, World, approve, approve_with_pin, caller, claimed, credential, error_name, finish,
};
use crate::client::{Ancestors, Frame, HostError};

mod mediation;

/// The account whose credential ID is 32 times `id`, and whose user handle is 7, as the test authenticator has it.
pub(in crate::client) fn account(id: u8, user_name: &str) -> manage::Account {
    manage::Account {
        credential_id: vec![id; 32].into(),
        rp_id: "example.com".into(),
        rp_name: "Example".into(),
        user_handle: vec![7].into(),
        user_name: user_name.into(),
        user_display_name: String::new(),
        created: 1,
        last_used: None,
        cred_protect: CredProtect::default(),
        algorithm: -7,
        backed_up: false,
        prf_used: false,
        label: String::new(),
        note: String::new(),
    }
}

fn options(with: Value) -> Value {
    let mut options = json!({"challenge": "AAEC", "rpId": "example.com", "userVerification": "discouraged"});
    for (name, value) in with.as_object().expect("an object") {
        options[name] = value.clone();
    }
    options
}

fn allow(ids: &[u8]) -> Value {
    let descriptor =
        |id: &u8| json!({"type": "public-key", "id": base64url::encode(&[*id; 32]), "transports": ["usb"]});
    options(json!({"allowCredentials": ids.iter().map(descriptor).collect::<Vec<_>>()}))
}

fn holding(accounts: impl IntoIterator<Item = manage::Account>) -> World {
    World { accounts: accounts.into_iter().collect(), ..World::default() }
}

fn choose(id: u8) -> Decision {
    Decision::Approve(Approval { credential_id: Some(vec![id; 32].into()), ..Approval::default() })
}

fn bytes(value: &Value) -> Vec<u8> {
    base64url::decode(value.as_str().expect("text")).expect("base64url")
}

#[test]
fn an_authentication_has_every_member_of_l3() {
    let world = holding([account(1, "ada")]).user([choose(1)]);
    let made = credential(world.get(options(json!({}))));
    let id = base64url::encode(&[1; 32]);
    let response = &made["response"];
    assert_eq!((&made["id"], &made["rawId"]), (&json!(id), &json!(id)));
    assert_eq!(made["type"], "public-key");
    assert_eq!(made["authenticatorAttachment"], "platform");
    assert_eq!(made["clientExtensionResults"], json!({}));
    assert_eq!(bytes(&response["userHandle"]), [7]);
    assert_eq!(bytes(&response["signature"]), [4, 5, 6]);
    let client_data =
        r#"{"type":"webauthn.get","challenge":"AAEC","origin":"https://login.example.com","crossOrigin":false}"#;
    assert_eq!(bytes(&response["clientDataJSON"]), client_data.as_bytes());
    let data = AuthenticatorData::from_bytes(&bytes(&response["authenticatorData"])).expect("readable");
    assert_eq!(data.flags, Flags::UP);
    let request = &world.authenticator.asserted.borrow()[0];
    assert_eq!(request.client_data_hash, protocol::webauthn::client_data::hash(client_data.as_bytes()));
    assert_eq!(request.allow_list, [PublicKeyCredentialDescriptor { id: vec![1; 32].into() }]);
    let looked_for =
        manage::CandidatesRequest { rp_id: "example.com".into(), credential_ids: Vec::new(), algorithms: Vec::new() };
    assert_eq!(*world.looked_for.borrow(), Some(looked_for));
}

#[test]
fn the_window_lists_the_accounts_in_the_hosts_order() {
    let last_used = manage::Account { last_used: Some(9), ..account(2, "grace\u{202e}") };
    let world = holding([last_used, account(1, "ada")]).user([choose(1)]);
    let made = credential(world.get(options(json!({}))));
    assert_eq!(bytes(&made["id"]), [1; 32]);
    let Kind::Get { accounts } = world.last_question().kind else { panic!("not get") };
    let names: Vec<_> = accounts.iter().map(|account| account.user_name.as_str()).collect();
    assert_eq!(names, ["grace", "ada"]);
    assert_eq!(accounts[0].last_used, Some(9));
}

#[test]
fn only_allowed_credentials_are_offered_whatever_their_transports() {
    let world = holding([account(1, "ada"), account(2, "grace")]).user([choose(2)]);
    let made = credential(world.get(allow(&[2, 3])));
    assert_eq!(bytes(&made["id"]), [2; 32]);
    let Kind::Get { accounts } = world.last_question().kind else { panic!("not get") };
    assert_eq!(accounts.len(), 1);
}

#[test]
fn where_nothing_is_held_the_browsers_call_runs_with_nothing_shown() {
    let other_site = manage::Account { rp_id: "example.org".into(), ..account(1, "ada") };
    let unknown = options(json!({"allowCredentials": [{"type": "other", "id": base64url::encode(&[1; 32])}]}));
    for (world, options) in [
        (holding([]), options(json!({}))),
        (holding([account(1, "ada")]), allow(&[2])),
        (holding([account(1, "ada")]), unknown),
        (holding([other_site]), options(json!({}))),
    ] {
        assert_eq!(world.get(options), Reply::Native);
        assert_eq!(world.asked(), 0);
    }
}

#[test]
fn a_choice_that_was_not_offered_is_none() {
    for (decision, accounts) in [
        (choose(3), vec![account(1, "ada")]),
        (choose(2), vec![account(1, "ada")]),
        (approve(), vec![account(1, "ada"), account(2, "grace")]),
    ] {
        let world = holding(accounts).user([decision]);
        assert_eq!(error_name(&world.get(options(json!({})))), "NotAllowedError");
        assert!(world.authenticator.asserted.borrow().is_empty());
    }
    credential(holding([account(1, "ada")]).user([approve()]).get(options(json!({}))));
}

#[test]
fn cancel_use_another_and_no_decision() {
    let world = holding([account(1, "ada")]).user([Decision::Cancel]);
    assert_eq!(error_name(&world.get(options(json!({})))), "NotAllowedError");
    let world = holding([account(1, "ada")]).user([Decision::UseAnother]);
    assert_eq!(world.get(options(json!({}))), Reply::Native);
    let world = World { time_is_up: true, ..holding([account(1, "ada")]) };
    assert_eq!(error_name(&world.get(options(json!({})))), "NotAllowedError");
}

#[test]
fn verification_by_pin_sets_uv() {
    let world = World { authenticator: Authenticator::with_pin("1234"), ..holding([account(1, "ada")]) };
    let world = world.user([approve_with_pin("9999"), approve_with_pin("1234")]);
    let made = credential(world.get(options(json!({"userVerification": "required"}))));
    let data = AuthenticatorData::from_bytes(&bytes(&made["response"]["authenticatorData"])).expect("readable");
    assert_eq!(data.flags, Flags::UP | Flags::UV);
    assert_eq!(world.last_question().notice, Some(Notice::WrongPin { retries: 7 }));
}

#[test]
fn required_verification_without_a_pin_lets_one_be_chosen() {
    let approval = Approval { new_pin: Some(Pin::from("1234".to_owned())), ..Approval::default() };
    let world = holding([account(1, "ada")]).user([Decision::Approve(approval)]);
    credential(world.get(options(json!({"userVerification": "required"}))));
    assert_eq!(world.last_question().verification, Verification::NewPin { min_length: 4 });
    assert_eq!(world.authenticator.pin.borrow().as_deref(), Some("1234"));
}

#[test]
fn a_pin_set_meanwhile_elsewhere_is_asked_for() {
    let new =
        |pin: &str| Decision::Approve(Approval { new_pin: Some(Pin::from(pin.to_owned())), ..Approval::default() });
    fn meanwhile(_: &Question, world: &World) {
        *world.authenticator.pin.borrow_mut() = Some("4321".into());
    }
    let world = World { watch: Some(meanwhile), ..holding([account(1, "ada")]) };
    let world = world.user([new("1234"), approve_with_pin("4321")]);
    credential(world.get(options(json!({"userVerification": "required"}))));
    assert_eq!(world.last_question().verification, Verification::Pin { retries: 8 });
}

#[test]
fn refused_claims_and_foreign_frames() {
    let world = holding([account(1, "ada")]);
    assert_eq!(error_name(&world.get(options(json!({"rpId": "com"})))), "SecurityError");
    assert_eq!(error_name(&world.get(json!({"rpId": "example.com"}))), "TypeError");
    assert_eq!(world.get(options(json!({"rpId": "example.org"}))), Reply::Native);
    let page = caller("https://login.example.com");
    let frame = Caller { ancestors: Ancestors::CrossOrigin { top: None }, ..page };
    assert_eq!(finish(get(&frame, claimed(options(json!({}))), &world)), Reply::Native);
    assert_eq!(world.asked(), 0);
}

#[test]
fn a_host_that_is_gone_or_refuses() {
    let gone = World { manage_error: Some(HostError::Gone), ..holding([]) };
    assert_eq!((gone.get(options(json!({}))), gone.asked()), (Reply::Native, 0));
    let refusal = native_message::Error::new(ErrorCode::KeychainUnavailable, "No keychain answers. Start one.");
    let world = World { manage_error: Some(HostError::Refused(refusal)), ..holding([]) }.user([Decision::UseAnother]);
    assert_eq!(world.get(options(json!({}))), Reply::Native);
    assert_eq!(
        world.last_question().notice,
        Some(Notice::HostError {
            code: ErrorCode::KeychainUnavailable,
            message: "No keychain answers. Start one.".into()
        })
    );
    assert_eq!(world.last_question().kind, Kind::Get { accounts: Vec::new() });
}

#[test]
fn a_host_that_breaks_its_contract_gives_the_page_nothing() {
    let spoilers: [fn(&mut AuthenticatorData); 3] = [
        |data| data.rp_id_hash[31] ^= 1,
        |data| data.flags = Flags::from(0),
        |data| data.flags = Flags::UP | Flags::UV,
    ];
    let spoilt = spoilers.map(|spoil| Authenticator { spoil, ..Authenticator::default() });
    let others = [
        Authenticator { user_handle: vec![8], ..Authenticator::default() },
        Authenticator { other_credential: Some(vec![2; 32]), ..Authenticator::default() },
    ];
    for authenticator in spoilt.into_iter().chain(others) {
        let world = World { authenticator, ..holding([account(1, "ada"), account(2, "grace")]) }.user([choose(1)]);
        assert_eq!(error_name(&world.get(options(json!({})))), "UnknownError");
    }
}
