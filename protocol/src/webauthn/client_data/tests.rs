use super::{CeremonyType, CollectedClientData, ccd_to_string};

fn data() -> CollectedClientData<'static> {
    CollectedClientData {
        ceremony: CeremonyType::Create,
        challenge: &[0xfb, 0xff],
        origin: "https://example.org",
        cross_origin: false,
        top_origin: None,
    }
}

#[test]
fn members_stand_in_their_order_without_space() {
    let json = String::from_utf8(data().serialize()).expect("UTF-8");
    assert_eq!(
        json,
        r#"{"type":"webauthn.create","challenge":"-_8","origin":"https://example.org","crossOrigin":false}"#
    );
}

#[test]
fn top_origin_comes_last() {
    let data = CollectedClientData {
        ceremony: CeremonyType::Get,
        cross_origin: true,
        top_origin: Some("https://example.com"),
        ..data()
    };
    let json = String::from_utf8(data.serialize()).expect("UTF-8");
    assert_eq!(
        json,
        r#"{"type":"webauthn.get","challenge":"-_8","origin":"https://example.org","crossOrigin":true,"topOrigin":"https://example.com"}"#
    );
}

#[test]
fn ccd_to_string_escapes_only_what_it_must() {
    assert_eq!(ccd_to_string("a\"b\\c\u{1}\u{7f}ü\u{1f600}/"), "\"a\\\"b\\\\c\\u0001\u{7f}ü\u{1f600}/\"");
}

#[test]
fn the_serialization_is_json() {
    let odd = CollectedClientData { origin: "https://x\"\\\u{1}", ..data() };
    let value: serde_json::Value = serde_json::from_slice(&odd.serialize()).expect("JSON");
    assert_eq!(value["origin"], "https://x\"\\\u{1}");
}
