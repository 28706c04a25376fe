use ciborium::Value;
use proptest::prelude::*;

use super::{Error, Fields, Rules, array_items, check, check_by, decode, decode_by, encode, int_map};

fn bytes(hex: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(hex.replace(' ', "").as_bytes()).expect("hex in a test")
}

fn refused(hex: &str, reason: &'static str) {
    assert_eq!(decode(&bytes(hex)), Err(Error::NotCanonical(reason)), "{hex}");
}

#[test]
fn map_keys_are_sorted_by_type_then_length_then_bytes() {
    let value = Value::Map(vec![
        ("b".into(), 1.into()),
        ("aa".into(), 2.into()),
        ((-1).into(), 3.into()),
        (24.into(), 4.into()),
        (3.into(), 5.into()),
    ]);
    // a5             map of 5
    // 03 05          3: 5
    // 1818 04        24: 4
    // 20 03          -1: 3
    // 6162 01        "b": 1
    // 626161 02      "aa": 2
    assert_eq!(encode(&value), bytes("a5 03 05 1818 04 20 03 6162 01 626161 02"));
}

#[test]
fn keys_out_of_order_and_twice_are_refused() {
    refused("a2 02 00 01 00", "map keys are not sorted and unique");
    refused("a2 01 00 01 00", "map keys are not sorted and unique");
    refused("a2 626161 00 6162 00", "map keys are not sorted and unique");
    refused("a2 6161 00 01 00", "map keys are not sorted and unique");
}

#[test]
fn indefinite_lengths_are_refused() {
    for hex in ["5f 41 00 ff", "7f 61 61 ff", "9f ff", "bf ff"] {
        refused(hex, "indefinite length");
    }
}

#[test]
fn longer_forms_than_needed_are_refused() {
    for hex in
        ["18 17", "19 00ff", "1a 0000ffff", "1b 00000000ffffffff", "38 00", "58 01 00", "78 01 61", "98 00", "b8 00"]
    {
        refused(hex, "not the shortest form");
    }
}

#[test]
fn trailing_bytes_are_refused() {
    refused("00 00", "bytes follow the item");
}

#[test]
fn tags_and_unassigned_simple_values_are_refused() {
    refused("c0 00", "a tag");
    refused("f8 20", "an unassigned simple value");
    refused("e0", "an unassigned simple value");
}

#[test]
fn undefined_is_refused_and_null_is_not() {
    refused("f7", "undefined");
    refused("a1 01 f7", "undefined");
    assert_eq!(decode(&bytes("f6")), Ok(Value::Null));
}

#[test]
fn four_levels_are_read_and_five_refused() {
    assert!(decode(&bytes("81 81 81 81 00")).is_ok());
    refused("81 81 81 81 80", "nested too deep");
    refused("a1 00 a1 00 a1 00 a1 00 a0", "nested too deep");
}

#[test]
fn other_rules_nest_deeper_and_have_no_floats() {
    let rules = Rules { depth: 5, floats: false };
    assert!(check_by(rules, &bytes("81 81 81 81 80")).is_ok());
    assert_eq!(check_by(rules, &bytes("81 81 81 81 81 80")), Err(Error::NotCanonical("nested too deep")));
    assert_eq!(decode_by(rules, &bytes("81 f93c00")), Err(Error::NotCanonical("a float")));
    assert_eq!(decode_by(rules, &bytes("81 01")), Ok(Value::Array(vec![1.into()])));
}

#[test]
fn an_array_is_taken_apart_into_its_items() {
    let rules = Rules { depth: 2, floats: false };
    let array = bytes("83 01 4161 8100");
    assert_eq!(array_items(rules, &array), Ok(vec![&array[1..2], &array[2..4], &array[4..6]]));
    assert_eq!(array_items(rules, &bytes("80")), Ok(vec![]));
    assert_eq!(array_items(rules, &bytes("a0")), Err(Error::WrongType("array")));
    assert_eq!(array_items(rules, &bytes("81 01 00")), Err(Error::NotCanonical("bytes follow the item")));
    assert_eq!(array_items(rules, &bytes("9b 00ffffffffffffff 00")), Err(Error::NotCanonical("shorter than it says")));
    assert_eq!(array_items(rules, &bytes("81 8180")), Err(Error::NotCanonical("nested too deep")));
}

#[test]
fn a_length_beyond_the_input_is_refused_before_anything_is_allocated() {
    for hex in ["5b 00ffffffffffffff", "7a 7fffffff", "9b 00ffffffffffffff", "bb 7fffffffffffffff", "ba ffffffff", "41"]
    {
        refused(hex, "shorter than it says");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    refused("62 c328", "text is not UTF-8");
}

#[test]
fn nothing_at_all_is_refused() {
    refused("", "shorter than it says");
}

#[test]
fn fields_name_the_member_that_is_wrong() {
    let mut fields =
        Fields::of(int_map([(1, Some("text".into())), (2, Some(5.into())), (9, Some(true.into()))]), "request")
            .expect("a map");
    assert_eq!(fields.bytes(1, "clientDataHash"), Err(Error::WrongType("clientDataHash")));
    assert_eq!(fields.int(2, "pinUvAuthProtocol"), Ok(Some(5)));
    assert_eq!(fields.int(3, "absent"), Ok(None));
    assert_eq!(fields.rest().len(), 1);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,30}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any::<i16>(), inner, 0..6)
                .prop_map(|map| Value::Map(map.into_iter().map(|(k, v)| (k.into(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_encoded_is_canonical_and_decodes_to_itself(value in value()) {
        let encoded = encode(&value);
        prop_assert_eq!(encode(&decode(&encoded).expect("canonical")), encoded);
    }

    #[test]
    fn what_is_accepted_is_the_one_encoding(noise in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = decode(&noise)
            && !format!("{value:?}").contains("Float")
        {
            prop_assert_eq!(encode(&value), noise);
        }
    }

    #[test]
    fn the_checker_never_accepts_what_the_decoder_cannot_read(noise in prop::collection::vec(any::<u8>(), 0..64)) {
        if check(&noise).is_ok() {
            prop_assert!(decode(&noise).is_ok(), "{:?}", noise);
        }
    }
}
