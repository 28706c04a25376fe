use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// The list as `psl` ships it would be the best source here, but the package's place is not known to a test: so the rules are read back
/// from the table, and `psl`'s compiled code judges whether they are the right ones.
static READ_BACK: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut rules = HashSet::new();
    let mut rule: Vec<u8> = Vec::new();
    for byte in RULES.iter().copied().chain([BLOCK]) {
        if byte < BLOCK {
            rule.push(byte);
            continue;
        }
        let text = String::from_utf8(rule.clone()).expect("ASCII");
        if !text.is_empty() {
            let (name, mark) = text.strip_suffix('!').map_or((text.as_str(), ""), |name| (name, "!"));
            let name = name.rsplit('.').collect::<Vec<_>>().join(".");
            rules.insert(format!("{mark}{name}"));
        }
        rule.truncate(usize::from(byte - BLOCK));
    }
    rules
});

/// Judged twice: by the algorithm of publicsuffix.org done literally, and by crate `psl`, the same list as compiled code.
fn agrees(block: &[u8], domain: &str) {
    let suffix = suffix_by(block, domain);
    assert_eq!(suffix, literally(domain), "{domain}");
    if psl::suffix_str(domain) != Some(suffix) {
        assert!(loses_a_wildcard_in_psl(suffix), "{domain}: {:?}", psl::suffix_str(domain));
    }
}

/// All names that end `domain`, the longest first.
fn ends(domain: &str) -> impl Iterator<Item = &str> {
    let dots = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
    std::iter::once(domain).chain(dots)
}

fn literally(domain: &str) -> &str {
    let parent = |name: &str| name.split_once('.').map_or(String::new(), |(_, parent)| parent.to_owned());
    let exception = ends(domain).find(|name| READ_BACK.contains(&format!("!{name}")));
    if let Some(name) = exception {
        return &name[name.find('.').expect("an exception has a parent") + 1..];
    }
    let matches = |name: &&str| READ_BACK.contains(*name) || READ_BACK.contains(&format!("*.{}", parent(name)));
    ends(domain).find(matches).or(ends(domain).last()).expect("at least one label")
}

/// `psl` 2.1 loses a wildcard where longer rules pass through a name that the wildcard covers: with the rules `*.r.x` and `*.a.r.x` it
/// does not see that `a.r.x` is a suffix. Its answer is then shorter, which would let a site claim more than it may.
fn loses_a_wildcard_in_psl(suffix: &str) -> bool {
    let (_, parent) = suffix.split_once('.').unwrap_or_default();
    let through = format!(".{suffix}");
    let wildcard = READ_BACK.contains(&format!("*.{parent}")) && !READ_BACK.contains(suffix);
    wildcard && READ_BACK.iter().any(|rule| rule.ends_with(&through))
}

#[test]
fn the_table_is_ascii_and_small_with_one_block_for_each_top_level_domain() {
    assert!(READ_BACK.len() > 9_000, "{} rules", READ_BACK.len());
    assert!(READ_BACK.iter().all(|rule| rule.is_ascii()));
    assert!(RULES.len() < 80_000, "{} bytes", RULES.len());
    let top_levels: Vec<_> = RULES.split(|byte| *byte == BLOCK).skip(1).map(top_level_of).collect();
    assert!(top_levels.len() > 1_000);
    assert_eq!(top_levels.iter().collect::<HashSet<_>>().len(), top_levels.len());
}

fn top_level_of(block: &[u8]) -> &[u8] {
    block.split(|byte| *byte == b'.' || *byte > BLOCK).next().unwrap_or_default()
}

#[test]
fn a_top_level_domain_that_is_not_listed_has_no_rules() {
    for name in ["", "test", "localhost", "co.uk", "comm", "co\u{80}", "!", "*"] {
        assert!(block_of(name).is_empty(), "{name:?}");
    }
    for name in ["com", "uk", "ck", "xn--p1ai", "aaa", "zw"] {
        assert!(!block_of(name).is_empty(), "{name:?}");
    }
}

#[test]
fn agrees_with_psl_on_every_rule_and_its_neighbours() {
    let mut by_top_level: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in READ_BACK.iter() {
        by_top_level.entry(rule.rsplit('.').next().expect("a label")).or_default().push(rule);
    }
    for (top_level, rules) in by_top_level {
        let block = block_of(top_level);
        for rule in rules {
            let name = rule.trim_start_matches("*.").trim_start_matches('!');
            agrees(block, name);
            agrees(block, &format!("a.{name}"));
            if name != rule {
                agrees(block, &format!("b.a.{name}"));
            }
            if name.contains('.') {
                agrees(block, &format!("x{name}"));
            }
        }
    }
}

#[test]
fn examples_of_each_kind_of_rule() {
    for (domain, suffix) in [
        ("com", "com"),
        ("login.example.com", "com"),
        ("www.example.co.uk", "co.uk"),
        ("a.github.io", "github.io"),
        ("www.ck", "ck"),
        ("b.www.ck", "ck"),
        ("shop.ck", "shop.ck"),
        ("a.shop.ck", "shop.ck"),
        ("ck", "ck"),
        ("keystow.test", "test"),
        ("localhost", "localhost"),
        ("app.localhost", "localhost"),
        ("xn--gnstigbestellen-zvb.de", "xn--gnstigbestellen-zvb.de"),
    ] {
        assert_eq!(public_suffix(domain), suffix, "{domain}");
    }
}

proptest! {
    #[test]
    fn agrees_with_psl_on_random_hosts(
        labels in "([a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\\.){0,4}",
        end in "com|uk|co\\.uk|ck|jp|kawasaki\\.jp|github\\.io|[a-z]{2,6}",
    ) {
        let domain = format!("{labels}{end}");
        prop_assert_eq!(public_suffix(&domain), literally(&domain));
        prop_assert_eq!(Some(public_suffix(&domain)), psl::suffix_str(&domain));
    }

    #[test]
    fn no_text_makes_it_panic(domain in "\\PC*") {
        public_suffix(&domain);
    }
}
