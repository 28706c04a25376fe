use proptest::prelude::*;

use super::{Command, StatusCode, client_pin, get_assertion, get_info, make_credential, response_parameters};

#[test]
fn an_answer_is_a_status_and_parameters() {
    assert_eq!(response_parameters(&[0, 0xa0]), Ok(&[0xa0][..]));
    assert_eq!(response_parameters(&[0x2e]), Err(StatusCode::NoCredentials));
    assert_eq!(response_parameters(&[0xf3]), Err(StatusCode::Unknown(0xf3)));
    assert_eq!(response_parameters(&[]), Err(StatusCode::InvalidLength));
}

#[test]
fn bytes_and_names_agree_both_ways() {
    for status in StatusCode::ALL {
        assert_eq!(StatusCode::from_byte(status.byte()), *status);
    }
    for byte in 0..=u8::MAX {
        assert_eq!(StatusCode::from_byte(byte).byte(), byte);
        assert!(Command::from_number(byte).is_none_or(|command| command.number() == byte));
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_any_reader(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = make_credential::Request::from_bytes(&noise);
        let _ = make_credential::Response::from_bytes(&noise);
        let _ = get_assertion::Request::from_bytes(&noise);
        let _ = get_assertion::Response::from_bytes(&noise);
        let _ = get_info::Response::from_bytes(&noise);
        let _ = client_pin::Request::from_bytes(&noise);
        let _ = client_pin::Response::from_bytes(&noise);
    }
}
