//! The public suffix list (publicsuffix.org) as one sorted text and a binary search. `build.rs` makes the text.

use std::cmp::Ordering;

/// The rules as they were when Keystow was built, one a line: `com`, `*.ck`, `!www.ck`; lower case, in punycode, sorted by bytes.
const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/public_suffix_rules.txt"));

/// The public suffix of `domain`, a valid domain in ASCII form without a trailing dot: what the longest matching rule covers, except
/// that an exception rule prevails over all; where no rule matches it is the last label (rule `*`).
pub fn public_suffix(domain: &str) -> &str {
    let last = domain.rsplit('.').next().unwrap_or(domain);
    let mut suffix = last;
    let mut parent = last;
    let dots = domain.rmatch_indices('.').skip(1).map(|(dot, _)| &domain[dot + 1..]); // safe: a dot is one byte
    for name in dots.chain((domain != last).then_some(domain)) {
        if is_rule("!", name) {
            return parent;
        }
        if is_rule("", name) || is_rule("*.", parent) {
            suffix = name;
        }
        parent = name;
    }
    suffix
}

/// Binary search for the line `prefix` + `name`, over byte offsets.
fn is_rule(prefix: &str, name: &str) -> bool {
    let mut rest = RULES;
    while !rest.is_empty() {
        let line = line_around(rest, rest.len() / 2);
        let (before, after) = (&rest[..line.start], &rest[line.end..]); // safe: lines begin and end at ASCII newlines
        let wanted = prefix.bytes().chain(name.bytes());
        match wanted.cmp(rest[line].bytes()) {
            Ordering::Equal => return true,
            Ordering::Less => rest = before.trim_end_matches('\n'),
            Ordering::Greater => rest = after.trim_start_matches('\n'),
        }
    }
    false
}

/// Where the line lies that holds the byte at `offset`, without its newline.
fn line_around(text: &str, offset: usize) -> std::ops::Range<usize> {
    let bytes = text.as_bytes();
    let start = bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let end = bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| start + length);
    start..end
}

#[cfg(test)]
mod tests;
