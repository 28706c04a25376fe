//! The public suffix list (publicsuffix.org) as one compact table, which `build.rs` makes.

/// The rules as they were when Keystow was built: in ASCII, labels from the right (`com`, `ck.*`, `ck.www!`), sorted. Each stands behind
/// a byte of 0x80 + how many bytes it has in common with the one before; the first of a top-level domain has none, so 0x80 begins a
/// block of rules for one top-level domain.
const RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/public_suffix_rules.bin"));

/// The public suffix of `domain`, a valid domain in ASCII form without a trailing dot: what the longest matching rule covers, except
/// that an exception rule prevails over all; where no rule matches it is the last label (rule `*`).
pub fn public_suffix(domain: &str) -> &str {
    let top_level = domain.rsplit('.').next().unwrap_or(domain);
    suffix_by(block_of(top_level), domain)
}

/// The rules of one top-level domain, without the byte that begins them; empty where there are none.
fn block_of(top_level: &str) -> &'static [u8] {
    let is_of = |block: &&[u8]| {
        let end = block.iter().position(|byte| *byte == b'.' || *byte > BLOCK).unwrap_or(block.len());
        block[..end] == *top_level.as_bytes()
    };
    RULES.split(|byte| *byte == BLOCK).find(is_of).unwrap_or_default()
}

/// The public suffix of `domain` by the rules of `block` alone.
fn suffix_by<'a>(block: &[u8], domain: &'a str) -> &'a str {
    let mut longest = 1;
    let mut rule = Vec::new();
    let mut rest = block;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte > BLOCK).unwrap_or(rest.len());
        rule.extend_from_slice(&rest[..end]);
        if let Some(parent) = rule.strip_suffix(b"!") {
            if covers(parent, domain) {
                return last_labels(domain, labels(parent) - 1);
            }
        } else if covers(&rule, domain) {
            longest = longest.max(labels(&rule));
        }
        rest = match rest[end..].split_first() {
            Some((common, next)) => {
                rule.truncate(usize::from(common - BLOCK));
                next
            }
            None => &[],
        };
    }
    last_labels(domain, longest)
}

/// Whether `domain` ends in what `rule` describes; `*` stands for any one label.
fn covers(rule: &[u8], domain: &str) -> bool {
    let mut labels = domain.rsplit('.');
    rule.split(|byte| *byte == b'.')
        .all(|wanted| labels.next().is_some_and(|label| wanted == b"*" || wanted == label.as_bytes()))
}

fn labels(rule: &[u8]) -> usize {
    1 + rule.iter().filter(|byte| **byte == b'.').count()
}

/// The last `count` labels of `domain`, or all if it has fewer.
fn last_labels(domain: &str, count: usize) -> &str {
    let dot = count.checked_sub(1).and_then(|dots| domain.rmatch_indices('.').nth(dots));
    dot.map_or(domain, |(dot, _)| &domain[dot + 1..])
}

/// What begins a block; all greater bytes begin another rule of it.
const BLOCK: u8 = 0x80;

#[cfg(test)]
mod tests;
