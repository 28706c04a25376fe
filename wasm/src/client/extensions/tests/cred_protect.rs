//! credentialProtectionPolicy (CTAP §12.1), and what it keeps from being offered.

use protocol::ctap::StatusCode;
use protocol::ctap::extensions::CredProtect;
use protocol::manage;
use protocol::webauthn::authenticator_data::AuthenticatorData;

use super::*;
use crate::client::prompt::{Kind, Notice, Verification};
use crate::client::testing::{approve_with_new_pin, approve_with_pin};

const LEVELS: [CredProtect; 3] = [
    CredProtect::UserVerificationOptional,
    CredProtect::UserVerificationOptionalWithCredentialIdList,
    CredProtect::UserVerificationRequired,
];

fn policy(name: &str, enforce: bool) -> Value {
    json!({"credentialProtectionPolicy": name, "enforceCredentialProtectionPolicy": enforce})
}

/// Accounts 1, 2 and 3 with the policies of these numbers.
fn protected(authenticator: Authenticator) -> World {
    let account = |(id, cred_protect): (u8, CredProtect)| manage::Account { cred_protect, ..account(id, "ada") };
    let accounts = (1..).zip(LEVELS).map(account).collect();
    World { authenticator, accounts, ..World::default() }
}

fn offered(world: &World) -> Vec<u8> {
    let Kind::Get { accounts } = world.last_question().kind else { panic!("not get") };
    accounts.iter().map(|account| account.credential_id.as_bytes()[0]).collect()
}

#[test]
fn the_authenticator_is_asked_for_the_policy() {
    for (name, number) in [
        ("userVerificationOptional", 1),
        ("userVerificationOptionalWithCredentialIDList", 2),
        ("userVerificationRequired", 3),
    ] {
        for enforce in [false, true] {
            let user = if number == 3 { approve_with_new_pin("1234") } else { approve() };
            let world = World::default().user([user]);
            assert_eq!(results(world.create(creation(policy(name, enforce), json!({})))), json!({}));
            assert_eq!(creation_inputs(&world).cred_protect, Some(number));
        }
    }
}

#[test]
fn a_credential_for_verified_users_alone_is_made_by_one() {
    let discouraged = json!({"authenticatorSelection": {"userVerification": "discouraged"}});
    let required = policy("userVerificationRequired", false);
    let world = World { authenticator: Authenticator::with_pin("1234"), ..World::default() };
    let world = world.user([approve_with_pin("1234")]);
    results(world.create(creation(required, discouraged)));
    assert_eq!(world.last_question().verification, Verification::Pin { retries: 8 });
}

#[test]
fn an_unknown_policy_is_ignored() {
    let world = world(Authenticator::default());
    results(world.create(creation(policy("userVerificationForbidden", true), json!({}))));
    assert_eq!(creation_inputs(&world).cred_protect, None);
}

#[test]
fn a_policy_that_is_enforced_needs_an_authenticator_that_knows_it() {
    let level_2 = "userVerificationOptionalWithCredentialIDList";
    let enforced = world(knowing(&[]));
    assert_eq!(enforced.create(creation(policy(level_2, true), json!({}))), Reply::Native);
    assert_eq!(enforced.asked(), 0);
    for asked in [policy(level_2, false), policy("userVerificationOptional", true)] {
        results(world(knowing(&[])).create(creation(asked, json!({}))));
    }
}

#[test]
fn an_authenticator_that_took_another_policy_broke_its_word_where_it_is_enforced() {
    fn lower(data: &mut AuthenticatorData) {
        data.extensions = Some(protocol::cbor::text_map([("credProtect", Some(Cbor::from(1)))]));
    }
    let level_2 = "userVerificationOptionalWithCredentialIDList";
    let lowering = || world(Authenticator { spoil: lower, ..Authenticator::default() });
    assert_eq!(error_name(&lowering().create(creation(policy(level_2, true), json!({})))), "UnknownError");
    results(lowering().create(creation(policy(level_2, false), json!({}))));
}

#[test]
fn only_what_would_sign_is_offered() {
    let discouraged = || json!({"userVerification": "discouraged"});
    let unlisted = protected(Authenticator::default()).user([approve()]);
    results(unlisted.get(request(json!({}), discouraged())));
    assert_eq!(offered(&unlisted), [1]);
    let listed = protected(Authenticator::default()).user([approve()]);
    listed.get(request(json!({}), merged(discouraged(), allowing(&[1, 2, 3]))));
    assert_eq!(offered(&listed), [1, 2]);
    let verified = protected(Authenticator::with_pin("1234")).user([approve_with_pin("1234")]);
    verified.get(request(json!({}), json!({})));
    assert_eq!(offered(&verified), [1, 2, 3]);
}

#[test]
fn where_nothing_would_sign_nothing_is_shown() {
    for (id, with) in [(2, json!({})), (3, allowing(&[3]))] {
        let world = protected(Authenticator::with_pin("1234"));
        let accounts = world.accounts.iter().filter(|account| account.credential_id.as_bytes()[0] == id).cloned();
        let world = World { accounts: accounts.collect(), ..world };
        let discouraged = merged(with, json!({"userVerification": "discouraged"}));
        assert_eq!(world.get(request(json!({}), discouraged)), Reply::Native);
        assert_eq!(world.asked(), 0);
    }
}

#[test]
fn an_excluded_credential_for_verified_users_alone_is_the_authenticators_to_tell_of() {
    let excluding = |id: u8| {
        let list = json!([{"type": "public-key", "id": id_of(id)}]);
        json!({"excludeCredentials": list, "authenticatorSelection": {"userVerification": "discouraged"}})
    };
    for id in [1, 2] {
        let world = protected(Authenticator::default()).user([approve()]);
        assert_eq!(error_name(&world.create(creation(json!({}), excluding(id)))), "InvalidStateError");
        assert_eq!(world.last_question().notice, Some(Notice::AlreadyRegistered));
    }
    let world = protected(Authenticator::default()).user([approve()]);
    credential(world.create(creation(json!({}), excluding(3))));
    assert_eq!(world.last_question().notice, None);
    let status = Some(StatusCode::CredentialExcluded);
    let verified = protected(Authenticator { status, ..Authenticator::with_pin("1234") });
    let verified = verified.user([approve_with_pin("1234")]);
    let mut with = excluding(3);
    with["authenticatorSelection"] = json!({"userVerification": "required"});
    assert_eq!(error_name(&verified.create(creation(json!({}), with))), "InvalidStateError");
}
