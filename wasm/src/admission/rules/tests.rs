use serde_json::json;

use super::*;

fn site(origin: &str) -> String {
    site_of(&Origin::from_sender(origin).expect("an origin")).to_owned()
}

#[test]
fn at_first_everything_is_on() {
    let rules = Rules::default();
    assert!(rules.is_on("example.com"));
    assert!(rules.may_upgrade("example.com"));
    assert_eq!(serde_json::from_value::<Rules>(json!({})).expect("rules"), rules);
}

#[test]
fn a_site_that_is_off_neither_serves_nor_upgrades_and_others_do() {
    let mut rules = Rules::default();
    rules.set("example.com", SiteRule { off: true, upgrades: true });
    assert!(!rules.is_on("example.com"));
    assert!(!rules.may_upgrade("example.com"));
    assert!(rules.is_on("example.org"));
}

#[test]
fn upgrades_are_off_where_the_site_or_the_global_switch_is_off() {
    let mut rules = Rules::default();
    rules.set("example.com", SiteRule { off: false, upgrades: false });
    assert!(rules.is_on("example.com"));
    assert!(!rules.may_upgrade("example.com"));
    assert!(rules.may_upgrade("example.org"));
    rules.upgrades = false;
    assert!(!rules.may_upgrade("example.org"));
    assert!(rules.is_on("example.org"));
}

#[test]
fn what_is_as_at_first_is_not_remembered() {
    let mut rules = Rules::default();
    rules.set("example.com", SiteRule { off: true, upgrades: true });
    rules.set("example.com", SiteRule::default());
    assert_eq!(serde_json::to_value(rules).expect("JSON"), json!({"upgrades": true, "advice": true, "sites": {}}));
}

#[test]
fn they_are_kept_as_the_contract_of_their_key_says() {
    let kept = json!({"upgrades": false, "sites": {"example.com": {"off": true}, "example.org": {"upgrades": false}}});
    let rules: Rules = serde_json::from_value(kept).expect("rules");
    assert!(!rules.upgrades);
    assert_eq!(rules.of("example.com"), SiteRule { off: true, upgrades: true });
    assert_eq!(rules.of("example.org"), SiteRule { off: false, upgrades: false });
}

#[test]
fn a_site_is_its_registrable_domain_or_its_host() {
    assert_eq!(site("https://login.example.com:8443"), "example.com");
    assert_eq!(site("https://example.com"), "example.com");
    assert_eq!(site("https://a.b.example.co.uk"), "example.co.uk");
    assert_eq!(site("https://ada.github.io"), "ada.github.io");
    assert_eq!(site("https://github.io"), "github.io");
    assert_eq!(site("http://localhost:8000"), "localhost");
    assert_eq!(site("http://shop.localhost:8000"), "shop.localhost");
    assert_eq!(site("https://example.com."), "example.com");
    assert_eq!(site("https://192.0.2.1:8443"), "https://192.0.2.1:8443");
}
