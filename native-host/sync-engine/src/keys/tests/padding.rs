//! SYNC §5: all plaintexts are padded.

use std::collections::BTreeSet;

use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::keys::{pad, padded_size, unpad};

#[test]
fn lengths_are_padmes_of_one_byte_more() {
    // Computed by the paper's own formula: E = ⌊log2 L⌋, S = ⌊log2 E⌋ + 1, the last E - S bits zero, rounded up.
    for (length, padded) in [
        (0, 1),
        (1, 2),
        (7, 8),
        (8, 10),
        (9, 10),
        (15, 16),
        (16, 18),
        (99, 104),
        (255, 256),
        (256, 272),
        (1000, 1024),
        (1023, 1024),
        (1024, 1088),
        (4000, 4096),
        (65_535, 65_536),
        (1_000_000, 1_015_808),
        (8_388_607, 8_388_608),
    ] {
        assert_eq!(padded_size(length), padded, "{length}");
    }
}

#[test]
fn what_is_padded_otherwise_is_no_padding() {
    // 3 bytes and their mark are 4 long; the first is a right one.
    for (bytes, right) in [
        (&[1, 2, 3, 0x80][..], true),
        (&[1, 2, 3, 0x80, 0][..], false),
        (&[1, 2, 3, 0x81], false),
        (&[0, 0, 0, 0], false),
        (&[], false),
        (&[0x80], true),
        (&[0x80, 0], false),
    ] {
        assert_eq!(unpad(Zeroizing::new(bytes.to_vec())).is_some(), right, "{bytes:?}");
    }
}

/// What the storage can see of a plaintext of up to 8 MB is one of so many lengths.
#[test]
fn few_lengths_are_left() {
    let up_to = |most: usize| (0..most).map(padded_size).collect::<BTreeSet<_>>().len();
    assert_eq!(up_to(1 << 10), 76);
    assert_eq!(up_to(64 << 10), 172);
    assert_eq!(up_to(8 << 20), 396);
}

proptest! {
    #[test]
    fn what_is_padded_is_unpadded(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
        let padded = pad(&bytes);
        prop_assert_eq!(padded.len(), padded_size(bytes.len()));
        prop_assert_eq!(unpad(padded), Some(Zeroizing::new(bytes)));
    }

    #[test]
    fn padding_costs_at_most_12_percent(length in 0_usize..(64 << 20)) {
        let padded = padded_size(length);
        prop_assert!(padded > length && (padded - length - 1) * 100 <= 12 * (length + 1), "{} -> {}", length, padded);
    }

    #[test]
    fn longer_ones_are_never_shorter_padded(a in 0_usize..(8 << 20), b in 0_usize..(8 << 20)) {
        prop_assert_eq!(a <= b || padded_size(a) >= padded_size(b), true);
        prop_assert_eq!(padded_size(padded_size(a) - 1), padded_size(a));
    }

    #[test]
    fn other_bytes_are_refused_or_come_out_as_they_were_padded(bytes in prop::collection::vec(prop_oneof![Just(0_u8), Just(0x80), any::<u8>()], 0..64)) {
        if let Some(plain) = unpad(Zeroizing::new(bytes.clone())) {
            prop_assert_eq!(&*pad(&plain), &bytes);
        }
    }
}
