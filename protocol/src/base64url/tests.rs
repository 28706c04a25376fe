use super::{Error, decode, encode};

#[test]
fn rfc_4648_section_10_vectors_without_padding() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(encode(bytes.as_bytes()), text);
        assert_eq!(decode(text), Ok(bytes.as_bytes().to_vec()));
    }
}

#[test]
fn the_url_alphabet_is_used() {
    assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    assert_eq!(decode("+/8"), Err(Error));
}

#[test]
fn padding_space_and_trailing_bits_are_refused() {
    for text in ["Zg==", "Z g", "Zh", "Z", "Zm9v\n"] {
        assert_eq!(decode(text), Err(Error), "{text:?}");
    }
}
