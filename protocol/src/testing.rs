//! What the tests of several modules share.

/// The bytes of hex digits in which spaces, line breaks and all behind a `#` count for nothing.
pub(crate) fn wire(text: &str) -> Vec<u8> {
    let digits: String =
        text.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace).collect();
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("hex in a test")
}
