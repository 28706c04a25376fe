use super::*;

#[track_caller]
fn check(origin: &str, before: &str, domain: &str, after: &str) {
    assert_eq!(origin_parts(origin), OriginParts { before, domain, after });
}

#[test]
fn the_registrable_domain_is_set_apart() {
    check("https://example.com", "https://", "example.com", "");
    check("https://a.b.example.com", "https://a.b.", "example.com", "");
    check("https://example.com.evil.co.uk:8443", "https://example.com.", "evil.co.uk", ":8443");
    check("https://ada.github.io", "https://", "ada.github.io", "");
    check("https://a.ada.github.io", "https://a.", "ada.github.io", "");
}

#[test]
fn a_host_that_is_a_suffix_has_no_domain_of_its_own() {
    check("http://localhost:8080", "http://", "localhost", ":8080");
    check("https://github.io", "https://", "github.io", "");
    check("http://app.localhost", "http://", "app.localhost", "");
}

#[test]
fn a_host_that_repeats_the_scheme_is_cut_at_the_right_place() {
    check("https://https", "https://", "https", "");
}

#[test]
fn what_has_no_domain_is_shown_whole() {
    for origin in ["https://192.0.2.1", "https://[2001:db8::1]:8443", "", "example", "null"] {
        check(origin, "", origin, "");
    }
}
