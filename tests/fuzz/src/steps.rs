//! An input as a sequence of steps: a byte that says what to do, two bytes of length, big-endian, and so many bytes of data.
//!
//! No input is refused: a length beyond the end means all that is left.

/// What to do, and with what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step<'a> {
    pub what: u8,
    pub data: &'a [u8],
}

/// The steps of an input, at most 24, so that an input takes milliseconds.
pub fn split(mut input: &[u8]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    while let ([what, high, low, rest @ ..], true) = (input, steps.len() < MOST) {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (data, rest) = rest.split_at(length);
        steps.push(Step { what: *what, data });
        input = rest;
    }
    steps
}

/// The input of these steps.
pub fn join<T: AsRef<[u8]>>(steps: &[(u8, T)]) -> Vec<u8> {
    let step = |(what, data): &(u8, T)| {
        let data = data.as_ref();
        let length = u16::try_from(data.len()).expect("a short step").to_be_bytes();
        [&[*what], &length[..], data].concat()
    };
    steps.iter().flat_map(step).collect()
}

const MOST: usize = 24;
