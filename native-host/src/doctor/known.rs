//! The browsers that are looked for.

/// A browser, and by what it is recognized.
pub(super) struct Known {
    /// What a person calls it.
    pub(super) name: &'static str,
    /// The browser of `install` in whose place it looks for its manifest.
    pub(super) key: &'static str,
    /// Its programs, as packages of systems and archives put them on the PATH.
    pub(super) programs: &'static [&'static str],
    /// Its ids on Flathub.
    pub(super) flatpaks: &'static [&'static str],
    /// Its names in the Snap store.
    pub(super) snaps: &'static [&'static str],
}

const fn known(
    name: &'static str,
    key: &'static str,
    programs: &'static [&'static str],
    flatpaks: &'static [&'static str],
    snaps: &'static [&'static str],
) -> Known {
    Known { name, key, programs, flatpaks, snaps }
}

/// By name. Zen reads Firefox's manifests (zen-browser/desktop issue 10622).
pub(super) const BROWSERS: &[Known] = &[
    known("Brave", "brave", &["brave-browser", "brave-browser-stable", "brave"], &["com.brave.Browser"], &["brave"]),
    known("Chrome", "chrome", &["google-chrome", "google-chrome-stable"], &["com.google.Chrome"], &[]),
    known("Chrome for Testing", "chrome_for_testing", &[], &[], &[]),
    known(
        "Chromium",
        "chromium",
        &["chromium", "chromium-browser", "ungoogled-chromium"],
        &["org.chromium.Chromium", "io.github.ungoogled_software.ungoogled_chromium"],
        &["chromium"],
    ),
    known("Edge", "edge", &["microsoft-edge", "microsoft-edge-stable"], &["com.microsoft.Edge"], &[]),
    known("Edge Beta", "edge_beta", &[], &[], &[]),
    known("Edge Canary", "edge_canary", &[], &[], &[]),
    known("Edge Dev", "edge_dev", &[], &[], &[]),
    known("Firefox", "firefox", &["firefox", "firefox-esr"], &["org.mozilla.firefox"], &["firefox"]),
    known("LibreWolf", "librewolf", &["librewolf"], &["io.gitlab.librewolf-community"], &[]),
    known("Vivaldi", "vivaldi", &["vivaldi", "vivaldi-stable"], &["com.vivaldi.Vivaldi"], &["vivaldi"]),
    known("Zen", "firefox", &["zen", "zen-browser"], &["app.zen_browser.zen"], &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::Browser;

    #[test]
    fn every_browser_that_can_be_installed_for_is_looked_for_under_its_name() {
        for browser in Browser::all() {
            let known = BROWSERS.iter().find(|known| known.key == browser.key()).map(|known| known.name);
            assert_eq!(known, Some(browser.name()));
        }
        assert!(BROWSERS.is_sorted_by_key(|known| known.name));
    }
}
