use super::*;
use crate::client::testing::{World, finish};

fn verified(origin: &str, claim: Option<&str>) -> Result<String, Error> {
    let origin = Origin::from_sender(origin).expect(origin);
    let verified = finish(VerifiedRpId::of(&origin, claim, &World::default()));
    verified.map(|rp_id| rp_id.as_rp_id().as_str().to_owned())
}

fn refused(origin: &str, claim: &str, fault: PageFault) {
    assert_eq!(verified(origin, Some(claim)), Err(Error::Page(fault)), "{origin} {claim:?}");
}

#[test]
fn without_a_claim_it_is_the_origins_domain() {
    for (origin, rp_id) in [
        ("https://example.com", "example.com"),
        ("https://login.example.com:8443", "login.example.com"),
        ("http://localhost:8080", "localhost"),
        ("http://app.localhost", "app.localhost"),
        ("https://rp.test", "rp.test"),
        ("https://intranet", "intranet"),
        ("https://github.io", "github.io"),
    ] {
        assert_eq!(verified(origin, None), Ok(rp_id.to_owned()), "{origin}");
    }
}

#[test]
fn the_same_domain_and_registrable_suffixes_may_be_claimed() {
    for (origin, claim) in [
        ("https://example.com", "example.com"),
        ("https://login.example.com", "example.com"),
        ("https://a.b.example.co.uk", "example.co.uk"),
        ("https://a.b.example.co.uk", "b.example.co.uk"),
        ("https://alice.github.io", "alice.github.io"),
        ("http://localhost", "localhost"),
        ("http://a.app.localhost", "app.localhost"),
        ("https://www.rp.test", "rp.test"),
        ("https://www.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://github.io", "github.io"),
    ] {
        assert_eq!(verified(origin, Some(claim)), Ok(claim.to_owned()), "{origin}");
    }
}

#[test]
fn our_own_pages_rp_id_is_its_alone() {
    let own = Origin::of_own_page("chrome-extension://kgckkhcbepgohlebaepifclndmlpapih");
    let verified_own = finish(VerifiedRpId::of(&own, None, &World::default()));
    assert_eq!(verified_own.map(|rp_id| rp_id.as_rp_id().as_str().to_owned()), Ok(OWN_RP_ID.to_owned()));
    for origin in ["https://keystow.test", "https://keystow", "http://test.localhost", "https://example.com"] {
        refused(origin, OWN_RP_ID, PageFault::RpIdNotADomain);
        refused(origin, &OWN_RP_ID.to_uppercase(), PageFault::RpIdNotADomain);
        assert_ne!(verified(origin, None), Ok(OWN_RP_ID.to_owned()));
    }
    for origin in ["https://keystow:test", "chrome-extension://kgckkhcbepgohlebaepifclndmlpapih", "moz-extension://a"] {
        assert!(Origin::from_sender(origin).is_err(), "{origin}");
    }
}

#[test]
fn a_claim_is_compared_in_lower_case() {
    assert_eq!(verified("https://login.example.com", Some("Example.COM")), Ok("example.com".to_owned()));
}

#[test]
fn public_suffixes_belong_to_nobody() {
    for (origin, claim) in [
        ("https://example.com", "com"),
        ("https://example.co.uk", "co.uk"),
        ("https://alice.github.io", "github.io"),
        ("https://alice.github.io", "io"),
        ("https://rp.test", "test"),
        ("http://app.localhost", "localhost"),
        // `*.nom.br`: the name in the middle is no suffix itself, and yet covers what belongs to others.
        ("https://a.b.nom.br", "nom.br"),
    ] {
        refused(origin, claim, PageFault::RpIdIsPublicSuffix);
    }
}

#[test]
fn texts_that_are_no_domain_are_refused() {
    for claim in [
        "",
        ".",
        "example.com.",
        ".example.com",
        "a..example.com",
        "127.0.0.1",
        "[::1]",
        "https://example.com",
        "example.com:443",
        "example.com/",
        "exa mple.com",
        "*.example.com",
        "com.1",
    ] {
        refused("https://login.example.com", claim, PageFault::RpIdNotADomain);
    }
}

#[test]
fn addresses_and_rooted_names_have_no_rp_id() {
    for origin in ["https://127.0.0.1", "https://[::1]:8443", "https://example.com.", "http://localhost."] {
        assert_eq!(verified(origin, None), Err(Error::Page(PageFault::OriginNotADomain)), "{origin}");
        refused(origin, "example.com", PageFault::OriginNotADomain);
    }
}

#[test]
fn the_empty_claim_is_no_domain() {
    refused("https://login.example.com", "", PageFault::RpIdNotADomain);
}

/// WebIDL makes the text "null" of `rpId: null`, which is a name like any other.
#[test]
fn a_claim_of_null_is_a_name() {
    assert_eq!(verified("https://login.example.com", Some("null")), Err(Error::Page(PageFault::RpIdIsPublicSuffix)));
    assert_eq!(verified("https://null", Some("null")), Ok("null".to_owned()));
}

#[test]
fn ports_play_no_part() {
    for origin in ["https://example.com:8443", "https://login.example.com:1", "http://login.localhost:65535"] {
        let claim = origin.split(':').nth(1).expect("a host").trim_start_matches('/');
        assert_eq!(verified(origin, Some(claim)), Ok(claim.to_owned()), "{origin}");
    }
}

#[test]
fn names_in_unicode_are_claimed_in_punycode() {
    let origin = "https://login.xn--bcher-kva.example";
    assert_eq!(verified(origin, Some("XN--BCHER-KVA.example")), Ok("xn--bcher-kva.example".to_owned()));
    assert_eq!(verified(origin, Some("b\u{fc}cher.example")), Err(Error::NotServed(NotServed::OtherRpId)));
}

#[test]
fn another_sites_domain_is_left_to_the_browser() {
    for claim in ["example.org", "ple.com", "other.login.example.com", "login.example.com.evil.test", "bücher.example"]
    {
        assert_eq!(
            verified("https://login.example.com", Some(claim)),
            Err(Error::NotServed(NotServed::OtherRpId)),
            "{claim}"
        );
    }
}
