use super::*;

fn is_authorized_for(origin: &str, app_id: &str) -> bool {
    is_authorized(app_id, &Origin::from_sender(origin).expect("an origin"))
}

#[test]
fn an_origin_is_its_own_facet() {
    for origin in ["https://example.com", "https://example.com:8443", "http://localhost:8080"] {
        assert!(is_authorized_for(origin, origin));
        assert!(is_authorized_for(origin, ""));
    }
    assert!(!is_authorized_for("http://localhost:8080", "http://localhost:8081"));
}

#[test]
fn any_path_and_host_of_the_same_site_by_https() {
    for app_id in [
        "https://example.com/app-id.json",
        "https://www.example.com",
        "https://u2f.example.com:8443/x?y#z",
        "https://EXAMPLE.com/",
    ] {
        assert!(is_authorized_for("https://login.example.com", app_id), "{app_id}");
    }
}

#[test]
fn nobody_elses() {
    for app_id in [
        "https://example.org",
        "https://badexample.com",
        "https://com",
        "http://example.com",
        "https://example.com@example.org/",
        "https://example.org/example.com",
        "https://192.168.0.1",
        "https://",
        "example.com",
    ] {
        assert!(!is_authorized_for("https://login.example.com", app_id), "{app_id}");
    }
}

/// The list of public suffixes has private entries too: two tenants of a host are two sites.
#[test]
fn a_public_suffix_makes_no_site() {
    assert!(!is_authorized_for("https://ada.github.io", "https://grace.github.io"));
    assert!(!is_authorized_for("https://a.example.co.uk", "https://b.example2.co.uk"));
    assert!(is_authorized_for("https://a.example.co.uk", "https://b.example.co.uk"));
}

#[test]
fn not_from_http_on_this_machine() {
    assert!(!is_authorized_for("http://localhost", "https://localhost"));
}

#[test]
fn what_browsers_know_of_google_is_for_google_alone() {
    let app_id = "https://www.gstatic.com/securitykey/origins.json";
    assert!(is_authorized_for("https://accounts.google.com", app_id));
    assert!(is_authorized_for("https://google.com", "https://www.gstatic.com/securitykey/a/google.com/origins.json"));
    assert!(!is_authorized_for("https://accounts.google.com", "https://www.gstatic.com/securitykey/other.json"));
    assert!(!is_authorized_for("https://accounts.google.com.example.org", app_id));
    assert!(!is_authorized_for("https://example.com", app_id));
}
