use super::{AttestationObject, AttestationStatement};
use crate::cbor;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.replace(' ', "").as_bytes()).expect("hex in a test")
}

#[test]
fn none_bytes() {
    // a3                         map of 3
    // 63 666d74  64 6e6f6e65     "fmt": "none"
    // 67 61747453746d74  a0      "attStmt": {}
    // 68 6175746844617461 42 ..  "authData": two bytes
    let expected = hex("a3 63666d74 646e6f6e65 6761747453746d74 a0 686175746844617461 420102");
    let object = AttestationObject { statement: AttestationStatement::None, auth_data: vec![1, 2] };
    assert_eq!(object.to_bytes(), expected);
    assert_eq!(AttestationObject::from_bytes(&expected), Ok(object));
}

#[test]
fn packed_self_bytes() {
    // 66 7061636b6564                 "packed"
    // a2 63 616c67 26 63 736967 41 ff {"alg": -7, "sig": ff}
    let expected =
        hex("a3 63666d74 667061636b6564 6761747453746d74 a2 63616c67 26 63736967 41ff 686175746844617461 4101");
    let statement = AttestationStatement::PackedSelf { algorithm: -7, signature: vec![0xff] };
    let object = AttestationObject { statement, auth_data: vec![1] };
    assert_eq!(object.to_bytes(), expected);
    assert_eq!(AttestationObject::from_bytes(&expected), Ok(object));
}

#[test]
fn another_format_and_a_none_that_states_something_are_refused() {
    let tpm = hex("a3 63666d74 6374706d 6761747453746d74 a0 686175746844617461 4101");
    assert_eq!(AttestationObject::from_bytes(&tpm), Err(cbor::Error::OutOfRange("fmt")));
    let stating = hex("a3 63666d74 646e6f6e65 6761747453746d74 a1 6161 01 686175746844617461 4101");
    assert_eq!(AttestationObject::from_bytes(&stating), Err(cbor::Error::OutOfRange("attStmt")));
}
