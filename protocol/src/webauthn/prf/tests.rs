use serde_json::json;

use super::*;
use crate::ctap::pin_uv_auth::{KeyAgreementKey, PinUvAuthProtocol};
use crate::testing::Nines;

fn values(value: serde_json::Value) -> AuthenticationExtensionsPrfValuesJson {
    serde_json::from_value(value).expect("values")
}

fn secret(protocol: PinUvAuthProtocol) -> SharedSecret {
    let key = KeyAgreementKey::generate(&mut Nines);
    key.shared_secret(protocol, &key.public()).expect("a point")
}

#[test]
fn an_output_of_another_length_than_the_salts_is_none() {
    for protocol in [PinUvAuthProtocol::One, PinUvAuthProtocol::Two] {
        let secret = secret(protocol);
        let one = Salts::of(&values(json!({"first": "AA"})));
        let two = Salts::of(&values(json!({"first": "AA", "second": ""})));
        for length in [0, 16, 32, 48, 64, 96] {
            let output = secret.encrypt(&vec![7; length], &mut Nines);
            assert_eq!(one.open(&secret, &output).is_some(), length == 32, "{length}");
            assert_eq!(two.open(&secret, &output).is_some(), length == 64, "{length}");
        }
        assert!(one.open(&secret, &[1, 2, 3]).is_none());
    }
}

#[test]
fn equal_inputs_have_equal_salts_and_others_have_others() {
    let both = Salts::of(&values(json!({"first": "AQID", "second": "AQID"})));
    assert_eq!(both.0[..LENGTH], both.0[LENGTH..]);
    let others = Salts::of(&values(json!({"first": "", "second": "AA"})));
    assert_ne!(others.0[..LENGTH], others.0[LENGTH..]);
}
