use super::{Entry, Request, Response, authenticated_message, deserialize, serialize};
use crate::cbor::{self, Value};
use crate::ctap::{Command, PinUvAuth, StatusCode};
use crate::testing::wire;

/// CTAP §6.10: what a new authenticator holds.
const INITIAL: &str = "80 76be8b528d0075f7aae98d6fa57a6d3c";

fn entry() -> Entry {
    Entry { ciphertext: vec![0xaa; 17], nonce: [0xbb; 12], original_size: 300 }
}

const ENTRY: &str = "
    a3                                       # map of 3
    01 51 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa # ciphertext
    02 4c bbbbbbbbbbbbbbbbbbbbbbbb           # nonce
    03 19012c                                # origSize: 300
";

#[test]
fn the_message_for_reading() {
    let request = Request { get: Some(960), ..Request::default() };
    let expected = wire(
        "0c                                  # largeBlobs
         a2                                  # map of 2
         01 1903c0                           # get: 960
         03 00                               # offset",
    );
    assert_eq!(Command::LargeBlobs.message(&request.to_bytes()), expected);
    assert_eq!(Request::from_bytes(&expected[1..]), Ok(request));
}

#[test]
fn request_bytes_for_the_first_fragment() {
    let request = Request {
        set: Some(wire(INITIAL)),
        length: Some(17),
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 32], protocol: Some(2) }),
        ..Request::default()
    };
    let expected = wire(
        "a5                                  # map of 5
         02 51 8076be8b528d0075f7aae98d6fa57a6d3c # set
         03 00                               # offset
         04 11                               # length: 17
         05 5820 2222222222222222222222222222222222222222222222222222222222222222 # pinUvAuthParam
         06 02                               # pinUvAuthProtocol: two",
    );
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn request_bytes_for_a_later_fragment() {
    let request = Request {
        set: Some(vec![0xaa, 0xbb]),
        offset: 960,
        pin_uv_auth: Some(PinUvAuth { param: vec![0x22; 16], protocol: Some(1) }),
        ..Request::default()
    };
    let expected = wire(
        "a4                                  # map of 4
         02 42aabb                           # set
         03 1903c0                           # offset: 960
         05 50 22222222222222222222222222222222 # pinUvAuthParam
         06 01                               # pinUvAuthProtocol: one",
    );
    assert_eq!(request.to_bytes(), expected);
    assert_eq!(Request::from_bytes(&expected), Ok(request));
}

#[test]
fn response_bytes() {
    let expected = wire(
        "a1                                  # map of 1
         01 51 8076be8b528d0075f7aae98d6fa57a6d3c # config",
    );
    assert_eq!(Response { config: Some(wire(INITIAL)) }.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(Response { config: Some(wire(INITIAL)) }));
    assert!(Response { config: None }.to_bytes().is_empty(), "to a write nothing is answered");
    assert_eq!(Response::from_bytes(&[]), Ok(Response { config: None }));
}

#[test]
fn a_request_without_an_offset_has_an_invalid_parameter() {
    for bytes in [&[][..], &wire("a1 01 11")] {
        let error = Request::from_bytes(bytes).expect_err("no offset");
        assert_eq!(StatusCode::from(error), StatusCode::InvalidParameter);
    }
}

#[test]
fn a_protocol_beside_get_is_refused_even_without_its_param() {
    let error = Request::from_bytes(&wire("a3 01 11 03 00 06 02"));
    assert_eq!(error, Err(cbor::Error::OutOfRange("pinUvAuthProtocol")));
    let write = Request::from_bytes(&wire("a3 02 4111 03 00 06 02")).expect("that the param is needed is told later");
    assert_eq!(write.pin_uv_auth, None);
}

#[test]
fn members_of_another_type_are_named() {
    let refusals = [
        ("a2 01 4111 03 00", "get"),
        ("a2 02 11 03 00", "set"),
        ("a1 03 4100", "offset"),
        ("a2 03 00 04 4111", "length"),
        ("a2 03 00 05 01", "pinUvAuthParam"),
        ("a2 03 00 06 4101", "pinUvAuthProtocol"),
    ];
    for (bytes, name) in refusals {
        assert_eq!(Request::from_bytes(&wire(bytes)), Err(cbor::Error::WrongType(name)));
    }
}

#[test]
fn entry_bytes() {
    assert_eq!(cbor::encode(&entry().to_value()), wire(ENTRY));
    assert_eq!(Entry::from_value(cbor::decode(&wire(ENTRY)).expect("canonical")), Some(entry()));
}

#[test]
fn what_is_not_an_entry_is_nothing() {
    let other = [
        "80",                                             // no map
        "a2 01 41aa 02 4cbbbbbbbbbbbbbbbbbbbbbbbb",       // no origSize
        "a2 01 41aa 03 01",                               // no nonce
        "a2 02 4cbbbbbbbbbbbbbbbbbbbbbbbb 03 01",         // no ciphertext
        "a3 01 41aa 02 4bbbbbbbbbbbbbbbbbbbbbbb 03 01",   // a nonce of 11 bytes
        "a3 01 41aa 02 4cbbbbbbbbbbbbbbbbbbbbbbbb 03 20", // an origSize of -1
        "a3 01 01 02 4cbbbbbbbbbbbbbbbbbbbbbbbb 03 01",   // a ciphertext that is a number
    ];
    for bytes in other {
        assert_eq!(Entry::from_value(cbor::decode(&wire(bytes)).expect("canonical")), None, "{bytes}");
    }
}

#[test]
fn the_associated_data_are_blob_and_the_size_little_endian() {
    assert_eq!(Entry::associated_data(300), wire("626c6f62 2c01000000000000"));
}

#[test]
fn an_empty_array_is_what_a_new_authenticator_holds() {
    assert_eq!(serialize(Vec::new()), wire(INITIAL));
    assert_eq!(deserialize(&wire(INITIAL)), Ok(Vec::new()));
}

#[test]
fn an_array_with_an_entry_ends_in_the_left_half_of_its_hash() {
    let expected = [wire("81"), wire(ENTRY), wire("9a8b5945c8327b00f76099b4d6692216")].concat();
    assert_eq!(serialize(vec![entry().to_value()]), expected);
    assert_eq!(deserialize(&expected), Ok(vec![entry().to_value()]));
}

#[test]
fn a_checksum_that_does_not_fit_is_an_integrity_failure() {
    let whole = wire(INITIAL);
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert_eq!(deserialize(&changed), Err(StatusCode::IntegrityFailure), "byte {at}");
    }
    for length in 0..whole.len() {
        assert_eq!(deserialize(&whole[..length]), Err(StatusCode::IntegrityFailure), "{length} bytes");
    }
}

#[test]
fn something_else_than_an_array_is_refused_whatever_its_checksum() {
    let text = wire("6161 961b6dd3ede3cb8ecbaacbd68de040cd");
    assert_eq!(deserialize(&text), Err(StatusCode::CborUnexpectedType));
    let nothing = wire("e3b0c44298fc1c149afbf4c8996fb924"); // SHA-256 of no bytes
    assert_eq!(deserialize(&nothing), Err(StatusCode::InvalidCbor));
}

#[test]
fn entries_that_are_not_ours_are_kept_as_they_are() {
    let array = vec![Value::from("not a map"), entry().to_value()];
    assert_eq!(deserialize(&serialize(array.clone())), Ok(array));
}

/// Computed with pyca/cryptography: DEFLATE of 300 times `a`, under the key 00 01 … 1f and the nonce 00 01 … 0b.
#[test]
fn an_entry_is_encrypted_byte_for_byte() {
    let (key, nonce) = (std::array::from_fn(|at| at as u8), std::array::from_fn(|at| at as u8));
    let compressed = wire("4b4c1c05c40200");
    let ciphertext = wire("0c4eca1e01e7c2 73846c9caf9524ae0b0c31be3e30dc54");
    let entry = Entry::encrypt(&key, nonce, &compressed, 300);
    assert_eq!(entry, Entry { ciphertext, nonce, original_size: 300 });
    assert_eq!(entry.decrypt(&key), Some(compressed));
}

#[test]
fn an_entry_opens_by_its_own_key_and_as_it_was_alone() {
    let key = [1; 32];
    let entry = Entry::encrypt(&key, [2; 12], b"compressed", 300);
    assert_eq!(entry.decrypt(&[2; 32]), None);
    let mut ciphertext = entry.ciphertext.clone();
    ciphertext[0] ^= 1;
    assert_eq!(Entry { ciphertext, ..entry.clone() }.decrypt(&key), None);
    assert_eq!(Entry { nonce: [3; 12], ..entry.clone() }.decrypt(&key), None);
    assert_eq!(Entry { original_size: 301, ..entry }.decrypt(&key), None);
}

#[test]
fn authenticated_bytes_of_a_fragment() {
    let expected = wire(
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
         0c00                                # largeBlobs
         04030201                            # offset, little-endian
         ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad # SHA-256 of 'abc'",
    );
    assert_eq!(authenticated_message(0x0102_0304, b"abc"), expected);
}
