use protocol::cbor;

use super::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn settings_are_few_bytes_where_nothing_is_settled() {
    // a2: version 1, fewest code points 4
    assert_eq!(hex(&Settings::default().encode()), "a201010304");
}

#[test]
fn settings_read_as_they_were_written() {
    let mut settings = Settings::default();
    settings.always_uv = true;
    settings.min_pin_length = 6;
    settings.min_pin_length_rp_ids = vec!["example.com".into()];
    settings.os_verification = true;
    settings.persistent_token = PersistentToken::from_slice(&[7; 32]);
    let bytes = settings.encode();
    let read = Settings::decode(&bytes).unwrap();
    assert!(read.always_uv && read.os_verification);
    assert_eq!((read.min_pin_length, &read.min_pin_length_rp_ids[..]), (6, &["example.com".into()][..]));
    assert_eq!(*read.encode(), *bytes);
}

#[test]
fn settings_keep_what_a_later_version_added() {
    // a3: version 1, fewest code points 4, 63: true
    let later = [0xa3, 0x01, 0x01, 0x03, 0x04, 0x18, 0x3f, 0xf5];
    assert_eq!(*Settings::decode(&later).unwrap().encode(), later);
}

#[test]
fn settings_out_of_range_are_refused() {
    let refused = |bytes: &[u8]| Settings::decode(bytes).err();
    assert_eq!(refused(&[0xa1, 0x01, 0x02]), Some(cbor::Error::OutOfRange("version")));
    assert_eq!(refused(&[0xa2, 0x01, 0x01, 0x03, 0x03]), Some(cbor::Error::OutOfRange("minPINLength")));
    assert_eq!(refused(&[0xa2, 0x01, 0x01, 0x06, 0x41, 0x00]), Some(cbor::Error::OutOfRange("token")));
}
