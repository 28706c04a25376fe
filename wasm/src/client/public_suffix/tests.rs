use std::collections::HashSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// Judged twice: by the algorithm of publicsuffix.org done literally, and by crate `psl`, the same list as compiled code.
fn agrees(domain: &str) {
    let suffix = public_suffix(domain);
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
    static RULE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| RULES.lines().collect());
    let parent = |name: &str| name.split_once('.').map_or(String::new(), |(_, parent)| parent.to_owned());
    let exception = ends(domain).find(|name| RULE_SET.contains(format!("!{name}").as_str()));
    if let Some(name) = exception {
        return &name[name.find('.').expect("as it should be") + 1..];
    }
    let matches = |name: &&str| RULE_SET.contains(name) || RULE_SET.contains(format!("*.{}", parent(name)).as_str());
    ends(domain).find(matches).or(ends(domain).last()).expect("as it should be")
}

/// `psl` 2.1 loses a wildcard where longer rules pass through a name that the wildcard covers: with the rules `*.r.x` and `*.a.r.x` it
/// does not see that `a.r.x` is a suffix. Its answer is then shorter, which would let a site claim more than it may.
fn loses_a_wildcard_in_psl(suffix: &str) -> bool {
    let (_, parent) = suffix.split_once('.').unwrap_or_default();
    let through = format!(".{suffix}");
    is_rule("*.", parent) && !is_rule("", suffix) && RULES.lines().any(|rule| rule.ends_with(&through))
}

#[test]
fn the_rules_are_sorted_and_all_there() {
    let rules: Vec<_> = RULES.lines().collect();
    assert!(rules.len() > 9_000, "{} rules", rules.len());
    assert!(rules.is_sorted());
    assert!(RULES.is_ascii());
    assert!(rules.iter().all(|rule| is_rule("", rule)));
}

#[test]
fn a_name_that_is_no_rule_is_not_found() {
    for name in ["", "c", "co.uk.", "\n", "com\ncom", "zzzz", "!", "*."] {
        assert!(!is_rule("", name), "{name:?}");
    }
}

#[test]
fn agrees_with_psl_on_every_rule_and_its_neighbours() {
    for rule in RULES.lines() {
        let name = rule.trim_start_matches("*.").trim_start_matches('!');
        agrees(name);
        for above in ["a", "b.a", "www"] {
            agrees(&format!("{above}.{name}"));
            agrees(&format!("{above}{name}"));
        }
        if let Some((_, below)) = name.split_once('.') {
            agrees(below);
            agrees(&format!("a.{below}"));
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
        agrees(&format!("{labels}{end}"));
    }

    #[test]
    fn no_text_makes_it_panic(domain in "\\PC*") {
        public_suffix(&domain);
    }
}
