//! Padding (SYNC §5): a plaintext's length is rounded up so that few lengths are left, at a cost of at most 12 %.
//!
//! The lengths are those of Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, §4):
//! of a length's binary digits only the first few, as many as its logarithm has, may be other than zero. The padding itself is ISO/IEC 7816-4's:
//! 0x80, then zeros.

use zeroize::Zeroizing;

/// The length that so many bytes get, the byte 0x80 among them.
pub fn padded_size(length: usize) -> usize {
    let length = length + 1;
    let exponent = length.ilog2();
    let digits = exponent.checked_ilog2().map_or(0, |log| log + 1);
    length.next_multiple_of(1 << exponent.saturating_sub(digits))
}

/// The bytes, and what makes them [`padded_size`] long.
pub fn pad(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let size = padded_size(bytes.len());
    let mut padded = Zeroizing::new(Vec::with_capacity(size));
    padded.extend_from_slice(bytes);
    padded.push(MARK);
    padded.resize(size, 0);
    padded
}

/// What [`pad`] was given; nothing where the padding is none, or not of the length it must have.
pub fn unpad(mut padded: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    if padded[end] != MARK || padded_size(end) != padded.len() {
        return None;
    }
    padded.truncate(end);
    Some(padded)
}

const MARK: u8 = 0x80;
