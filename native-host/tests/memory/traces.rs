//! The forms in which a secret may lie in memory, and the search for all of them at once.
//!
//! A trace is a piece of 8 bytes, as one register leaves it, from any place in the secret that is a multiple of 8; in base64, where
//! the text of so few bytes says little, a piece of 12.

use protocol::base64url;

/// What must not be found, or must be.
pub struct Secret {
    pub name: String,
    bytes: Vec<u8>,
}

impl Secret {
    pub fn new(name: impl Into<String>, bytes: &[u8]) -> Self {
        assert!(bytes.len() >= 16, "too short to be searched for");
        Self { name: name.into(), bytes: bytes.to_vec() }
    }

    /// Each form's name and bytes.
    fn traces(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut traces = Vec::new();
        for piece in self.bytes.chunks_exact(8) {
            traces.push(("bytes", piece.to_vec()));
            traces.push(("bytes, the last first", swapped(piece)));
            traces.push(("words of 4 bytes, the last first", piece.chunks(4).flat_map(swapped).collect()));
            let hex: String = piece.iter().map(|byte| format!("{byte:02x}")).collect();
            traces.push(("hex", hex.to_uppercase().into_bytes()));
            traces.push(("hex", hex.into_bytes()));
        }
        for skipped in [0, 1, 2] {
            for piece in self.bytes[skipped..].chunks_exact(12) {
                let text = base64url::encode(piece);
                traces.push(("base64", text.replace('-', "+").replace('_', "/").into_bytes()));
                traces.push(("base64url", text.into_bytes()));
            }
        }
        traces
    }
}

fn swapped(word: &[u8]) -> Vec<u8> {
    word.iter().rev().copied().collect()
}

/// Everything that is searched for, ordered by the first two bytes.
pub struct Needles(Vec<Vec<(String, Vec<u8>)>>);

impl Needles {
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut by_head = vec![Vec::new(); 1 << 16];
        for secret in secrets {
            for (form, trace) in secret.traces() {
                by_head[usize::from(trace[0]) << 8 | usize::from(trace[1])]
                    .push((format!("{} as {form}", secret.name), trace));
            }
        }
        Self(by_head)
    }

    /// Where, and what. A plain loop, since it goes over hundreds of megabytes in a build that is not optimised.
    pub fn find_in(&self, bytes: &[u8]) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        let mut head = 0;
        for (last, byte) in bytes.iter().enumerate() {
            head = (head & 0xff) << 8 | usize::from(*byte);
            for (what, trace) in &self.0[head] {
                if last > 0 && bytes[last - 1..].starts_with(trace) {
                    found.push((last - 1, what.as_str()));
                }
            }
        }
        found
    }
}

#[test]
fn a_secret_is_found_in_every_form_and_not_where_it_is_not() {
    let bytes: Vec<u8> = (1..=32).collect();
    let secret = Secret::new("key", &bytes);
    let forms: [&[u8]; 9] = [
        &bytes,
        &bytes[8..16],
        &swapped(&bytes),
        &bytes.chunks(8).flat_map(swapped).collect::<Vec<u8>>(),
        &bytes.chunks(4).flat_map(swapped).collect::<Vec<u8>>(),
        b"0102030405060708090a0b0c0d0e0f10",
        b"090A0B0C0D0E0F10",
        b"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
        b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",
    ];
    let needles = Needles::of([&secret]);
    for form in forms {
        let surrounded = [&[0x55; 7], form, &[0; 9]].concat();
        assert!(!needles.find_in(&surrounded).is_empty(), "{form:02x?}");
    }
    assert!(needles.find_in(&bytes[1..15]).is_empty());
    assert!(needles.find_in(&[0; 64]).is_empty());
}
