//! Browsers in a sandbox of Flatpak or Snap, which cannot start a program outside of it by themselves.
//!
//! Two ways lead out. xdg-native-messaging-proxy is a service that starts hosts for whoever may talk to it; Firefox does since version 157
//! (flatpak/xdg-desktop-portal issue 655). Ubuntu's xdg-desktop-portal has had a portal of its own for Firefox in a Snap since 22.04. Both look
//! for manifests where Firefox outside of a sandbox does. A script in the sandbox that calls `flatpak-spawn --host` works too, once the
//! browser may talk to org.freedesktop.Flatpak; but then everything in that browser may start any program, so it is not offered.

use protocol::manage::{Check, Finding};

use super::check::{absent, found, mend};
use super::machine::{Machine, Used};
use crate::install::{Browser, Family};

/// Behind what is found of a Flatpak that uses the proxy.
pub(super) const BY_PROXY: &str = "; from its Flatpak through xdg-native-messaging-proxy, from Firefox 157 on";
/// Behind what is found of a Snap that uses the portal.
pub(super) const BY_PORTAL: &str = "; from its Snap through the WebExtensions portal, which asks you once";

/// Whether someone has put a manifest of Keystow where the Flatpak of that id looks by itself.
pub(super) fn has_own_manifest(machine: &Machine, id: &str, browser: &Browser) -> bool {
    let inside = || {
        let manifest = browser.manifest_path().ok()?;
        let place = manifest.strip_prefix(machine.home()?).ok()?;
        let home = machine.flatpak_home(id)?;
        // A Flatpak's ~/.config is the folder `config`.
        Some(place.strip_prefix(".config").map_or_else(|_| home.join(place), |place| home.join("config").join(place)))
    };
    inside().is_some_and(|file| file.exists())
}

/// Whether it is Firefox, and the proxy is here.
pub(super) fn uses_proxy(machine: &Machine, browser: &Browser) -> bool {
    browser.key() == "firefox" && machine.has_native_messaging_proxy()
}

/// Whether it is Firefox, and the portal is here.
pub(super) fn uses_portal(machine: &Machine, browser: &Browser) -> bool {
    browser.key() == "firefox" && machine.is_ubuntu()
}

/// A browser that cannot start Keystow. To be mended only where the user uses it.
pub(super) fn locked_in(name: &str, kind: &str, browser: &Browser, used: Used) -> Check {
    let finding = format!("is a {kind}, whose sandbox does not let it start Keystow.");
    let fix = match (browser.family(), kind) {
        (Family::Firefox, "Flatpak") => {
            "install xdg-native-messaging-proxy (for Firefox 157 and later), or use the browser as a package of your system or its \
             maker's archive"
        }
        (Family::Firefox | Family::Chromium, _) => "use the browser as a package of your system or its maker's archive",
    };
    let found = found(Finding::LockedIn, [kind]);
    match used {
        Used(true) => mend(name, found, finding, fix),
        Used(false) => Check { fix: Some(fix.to_owned()), ..absent(name, found, finding) },
    }
}
