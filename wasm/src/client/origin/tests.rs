use super::*;

fn refused(origin: &str) -> OriginError {
    Origin::from_sender(origin).expect_err(origin)
}

#[test]
fn https_origins_with_and_without_a_port() {
    for origin in
        ["https://example.com", "https://login.example.com:8443", "https://xn--bcher-kva.example", "https://a_b.test"]
    {
        let parsed = Origin::from_sender(origin).expect("as it should be");
        assert_eq!(parsed.as_str(), origin);
        assert!(matches!(parsed.host(), Host::Domain(_)));
    }
}

#[test]
fn the_host_is_without_scheme_and_port() {
    let origin = Origin::from_sender("https://login.example.com:8443").expect("as it should be");
    assert_eq!(origin.host(), &Host::Domain("login.example.com".into()));
}

#[test]
fn http_is_for_localhost_alone() {
    for origin in ["http://localhost", "http://localhost:8080", "http://app.localhost:3000", "http://localhost."] {
        assert!(Origin::from_sender(origin).is_ok(), "{origin}");
    }
    for origin in ["http://example.com", "http://notlocalhost", "http://localhost.example.com", "http://127.0.0.1:8080"]
    {
        assert_eq!(refused(origin), OriginError::Insecure);
    }
}

#[test]
fn addresses_are_hosts_but_no_domains() {
    for origin in ["https://127.0.0.1", "https://192.168.0.1:8443", "https://[::1]", "https://[2001:db8::1]:444"] {
        assert_eq!(Origin::from_sender(origin).expect("as it should be").host(), &Host::Address, "{origin}");
    }
}

#[test]
fn opaque_and_foreign_origins_are_refused() {
    assert_eq!(refused("null"), OriginError::Opaque);
    for origin in
        ["chrome-extension://kgckkhcbepgohlebaepifclndmlpapih", "moz-extension://8fbd00ba", "file://", "about://blank"]
    {
        assert_eq!(refused(origin), OriginError::NotWeb, "{origin}");
    }
}

#[test]
fn texts_that_are_no_serialized_origin_are_refused() {
    for origin in [
        "",
        "https:",
        "https://",
        "https://example.com/",
        "https://user@example.com",
        "https://EXAMPLE.com",
        "https://a..b",
        "https://.a",
        "https://example.com:",
        "https://example.com:0",
        "https://example.com:65536",
        "https://example.com:+1",
        "https://[::1",
        "https://[::g]",
        "https://[::1]x",
        "https://a b",
        "https://bücher.example",
        "https://1.2.3",
        "https://0x7f",
    ] {
        assert_eq!(refused(origin), OriginError::Malformed, "{origin}");
    }
}
