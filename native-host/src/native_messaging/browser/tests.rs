use super::*;

fn told(arguments: &[&str]) -> Option<&'static str> {
    of_arguments(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
}

#[test]
fn a_browser_is_told_by_its_program() {
    for (program, browser) in [
        ("/usr/lib/chromium/chromium", "Chromium"),
        ("/opt/google/chrome/chrome", "Chrome"),
        ("/home/ada/.cache/chrome-linux64/chrome", "Chrome for Testing"),
        ("/opt/microsoft/msedge-beta/msedge", "Edge Beta"),
        ("/opt/microsoft/msedge/msedge", "Edge"),
        ("/usr/lib/firefox-esr/firefox-esr", "Firefox"),
        ("/usr/lib/firefox/firefox (deleted)", "Firefox"),
    ] {
        assert_eq!(of_program(Path::new(program)), Some(browser), "{program}");
    }
    for program in ["/usr/bin/bash", "/usr/bin/flatpak", "/opt/firefox/crashreporter", "/"] {
        assert_eq!(of_program(Path::new(program)), None, "{program}");
    }
}

#[test]
fn without_a_program_its_family_is_told_by_the_arguments() {
    assert_eq!(told(&["keystow", "chrome-extension://kgckkhcbepgohlebaepifclndmlpapih/"]), Some("Chromium family"));
    assert_eq!(told(&["keystow", "/home/ada/org.keystow.host.json", FIREFOX_ID]), Some("Firefox"));
    assert_eq!(told(&["keystow", "list"]), None);
    assert_eq!(told(&[]), None);
}

#[test]
fn every_name_is_one_that_browsers_have_elsewhere_too() {
    let names: Vec<_> = crate::install::Browser::all().iter().map(crate::install::Browser::name).collect();
    for (_, _, browser) in PROGRAMS {
        assert!(names.contains(&browser) || browser.starts_with("Edge "), "{browser} is not among {names:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_that_started_this_test_is_among_its_ancestors() {
    let parent = std::fs::read_link(format!("/proc/{}/exe", std::os::unix::process::parent_id())).unwrap();
    let ancestors = ancestors::programs();
    assert_eq!(ancestors[0], parent);
    assert!(ancestors.len() <= 3);
}
