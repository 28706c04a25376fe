use serde_json::{Value, json};

use super::*;
use crate::native_message::{Body, ErrorCode, FromHost, ToHost};

/// A request as it stands on the wire, both ways.
fn asked(request: Request, json: &str) {
    let message = ToHost::Manage { id: 7, request };
    // Whether a `Value` keeps the order of its members is a feature that another crate may switch on.
    assert_eq!(message.to_json(), serde_json::from_str::<Value>(json).unwrap());
    assert_eq!(ToHost::from_json(json), Ok(message));
}

/// An answer as it stands on the wire, both ways.
fn answered(response: Response, json: &str) {
    let reply = FromHost { id: Some(7), body: Body::Ok(response) };
    assert_eq!(serde_json::to_string(&reply).unwrap(), json);
    assert_eq!(serde_json::from_str::<FromHost>(json).unwrap(), reply);
}

fn refused(request: &Value) {
    assert!(ToHost::from_json(&json!({"id": 7, "manage": request}).to_string()).is_err(), "{request}");
}

fn account() -> Account {
    Account {
        credential_id: vec![1].into(),
        rp_id: "example.com".into(),
        rp_name: "Example".to_owned(),
        user_handle: vec![2].into(),
        user_name: "ada".to_owned(),
        user_display_name: String::new(),
        created: 5,
        last_used: None,
        cred_protect: CredProtect::default(),
        algorithm: -7,
        backed_up: false,
        prf_used: true,
        label: "Work".to_owned(),
        note: "a\nb".to_owned(),
    }
}

const ACCOUNT: &str = concat!(
    r#"{"credentialId":"AQ","rpId":"example.com","rpName":"Example","userHandle":"Ag","userName":"ada","userDisplayName":"","#,
    r#""created":5,"lastUsed":null,"credProtect":"userVerificationOptional","algorithm":-7,"backedUp":false,"prfUsed":true,"#,
    r#""label":"Work","note":"a\nb"}"#,
);

const VERIFICATION: &str =
    r#"{"pinSet":true,"retries":8,"minPinLength":4,"mustChangePin":false,"builtIn":false,"always":false}"#;

fn settings(os: OsVerification) -> Settings {
    let verification = Verification {
        pin_set: true,
        retries: 8,
        min_pin_length: 4,
        must_change_pin: false,
        built_in: false,
        always: false,
    };
    Settings { verification, os_verification: true, os }
}

#[test]
fn edit_on_the_wire() {
    let edit = |label: Option<&str>, note: Option<&str>| {
        let [label, note] = [label, note].map(|text| text.map(str::to_owned));
        Request::Edit(EditRequest { credential_id: vec![1].into(), label, note })
    };
    asked(edit(Some("Work"), None), r#"{"id":7,"manage":{"edit":{"credentialId":"AQ","label":"Work"}}}"#);
    asked(edit(None, Some("")), r#"{"id":7,"manage":{"edit":{"credentialId":"AQ","note":""}}}"#);
    let edited = Response::Edit(Edited { account: Box::new(account()) });
    answered(edited, &format!(r#"{{"id":7,"ok":{{"edit":{{"account":{ACCOUNT}}}}}}}"#));
    refused(&json!({"edit": {"label": "Work"}}));
    refused(&json!({"edit": {"credentialId": "AQ", "label": 1}}));
    refused(&json!({"edit": {"credentialId": "AQ", "name": "Work"}}));
}

#[test]
fn an_account_without_label_and_note_has_no_such_members() {
    let plain = Account { label: String::new(), note: String::new(), ..account() };
    let json = serde_json::to_string(&plain).unwrap();
    assert_eq!(json, ACCOUNT.replace(r#","label":"Work","note":"a\nb""#, ""));
    assert_eq!(serde_json::from_str::<Account>(&json).unwrap(), plain);
}

#[test]
fn history_on_the_wire() {
    let request = Request::History(HistoryRequest { credential_id: vec![1].into() });
    asked(request, r#"{"id":7,"manage":{"history":{"credentialId":"AQ"}}}"#);
    let made = Use { at: 5, kind: UseKind::Created, browser: None, origin: None, verified: Verified::No };
    let signed_in = |at, verified| Use {
        at,
        kind: UseKind::SignedIn,
        browser: Some("Firefox".to_owned()),
        origin: Some("https://example.com".to_owned()),
        verified,
    };
    let uses = vec![signed_in(9, Verified::BuiltIn), signed_in(6, Verified::Pin), made];
    let json = concat!(
        r#"{"id":7,"ok":{"history":{"uses":["#,
        r#"{"at":9,"kind":"signedIn","browser":"Firefox","origin":"https://example.com","verified":"builtIn"},"#,
        r#"{"at":6,"kind":"signedIn","browser":"Firefox","origin":"https://example.com","verified":"pin"},"#,
        r#"{"at":5,"kind":"created","verified":"no"}]}}}"#,
    );
    answered(Response::History(History { uses }), json);
    refused(&json!({"history": {}}));
}

#[test]
fn settings_on_the_wire() {
    asked(Request::Settings {}, r#"{"id":7,"manage":{"settings":{}}}"#);
    let not_set_up = OsVerification::NotSetUp { code: None, finding: "No.".to_owned(), fix: "do".to_owned() };
    for (os, text) in [
        (OsVerification::Ready, r#""ready""#),
        (OsVerification::Unsupported, r#""unsupported""#),
        (not_set_up, r#"{"notSetUp":{"finding":"No.","fix":"do"}}"#),
    ] {
        let told = format!(r#"{{"verification":{VERIFICATION},"osVerification":true,"os":{text}}}"#);
        answered(Response::Settings(settings(os.clone())), &format!(r#"{{"id":7,"ok":{{"settings":{told}}}}}"#));
        let set = Response::SetOsVerification(settings(os));
        answered(set, &format!(r#"{{"id":7,"ok":{{"setOsVerification":{told}}}}}"#));
    }
    refused(&json!({"settings": {"on": true}}));
}

#[test]
fn set_os_verification_on_the_wire() {
    let request = |pin_uv_auth| Request::SetOsVerification(SetOsVerification { on: true, pin_uv_auth });
    asked(request(None), r#"{"id":7,"manage":{"setOsVerification":{"on":true}}}"#);
    let auth = PinUvAuth { protocol: 2, param: vec![0xff; 3] };
    let json = r#"{"id":7,"manage":{"setOsVerification":{"on":true,"pinUvAuth":{"param":"____","protocol":2}}}}"#;
    asked(request(Some(auth)), json);
    refused(&json!({"setOsVerification": {}}));
    refused(&json!({"setOsVerification": {"on": true, "pinUvAuth": {"protocol": 2}}}));
}

/// No sub-command of authenticatorConfig is authorized by it: there 0x0d would follow.
#[test]
fn what_authorizes_it_is_for_nothing_else() {
    let on = SetOsVerification::message(true);
    assert_eq!(on, [&[0xff; 32][..], b"keystow os verification", &[1]].concat());
    assert_eq!(SetOsVerification::message(false).last(), Some(&0));
}

#[test]
fn conditional_create_on_the_wire() {
    let request = |origin: Option<&str>| {
        let origin = origin.map(str::to_owned);
        Request::ConditionalCreate(ConditionalCreate { parameters: vec![0xa0], origin })
    };
    asked(request(None), r#"{"id":7,"manage":{"conditionalCreate":{"parameters":"oA"}}}"#);
    let origin = r#"{"id":7,"manage":{"conditionalCreate":{"origin":"https://example.com","parameters":"oA"}}}"#;
    asked(request(Some("https://example.com")), origin);
    let made = Response::ConditionalCreate(ConditionallyCreated { answer: vec![0x27] });
    answered(made, r#"{"id":7,"ok":{"conditionalCreate":{"answer":"Jw"}}}"#);
}

#[test]
fn diagnose_on_the_wire() {
    asked(Request::Diagnose {}, r#"{"id":7,"manage":{"diagnose":{}}}"#);
    let check = |state, fix: Option<&str>| Check {
        name: "keychain".to_owned(),
        state,
        code: None,
        details: Vec::new(),
        finding: "Found.".to_owned(),
        fix: fix.map(str::to_owned),
    };
    let checks =
        vec![check(CheckState::Good, None), check(CheckState::Mend, Some("do")), check(CheckState::Absent, None)];
    let json = concat!(
        r#"{"id":7,"ok":{"diagnose":{"checks":[{"name":"keychain","state":"good","finding":"Found."},"#,
        r#"{"name":"keychain","state":"mend","finding":"Found.","fix":"do"},"#,
        r#"{"name":"keychain","state":"absent","finding":"Found."}]}}}"#,
    );
    answered(Response::Diagnose(Diagnosis { checks }), json);
}

#[test]
fn findings_on_the_wire() {
    let check = |code: FindingCode, details: &[&str]| Check {
        name: "vault".to_owned(),
        state: CheckState::Good,
        code: Some(code),
        details: details.iter().map(|detail| (*detail).to_owned()).collect(),
        finding: "Found.".to_owned(),
        fix: None,
    };
    let checks =
        vec![check(Finding::VaultSound.into(), &["3", "~/vault.db"]), check(ErrorCode::VaultUnreadable.into(), &[])];
    let json = concat!(
        r#"{"id":7,"ok":{"diagnose":{"checks":[{"name":"vault","state":"good","code":"vaultSound","details":["3","~/vault.db"],"#,
        r#""finding":"Found."},{"name":"vault","state":"good","code":"vault_unreadable","finding":"Found."}]}}}"#,
    );
    answered(Response::Diagnose(Diagnosis { checks }), json);
}

#[test]
fn a_finding_of_a_newer_host_is_another_one() {
    let code: FindingCode = serde_json::from_str(r#""somethingNew""#).unwrap();
    assert_eq!(code, Finding::Other.into());
}
