//! What each browser is told at its start.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use super::process::find;
use super::{Browser, Error, Kind};

/// The WebDriver capabilities for a fresh browser whose profile is in `folder`.
pub(super) fn capabilities(kind: Kind, extension: &Path, folder: &Path, headed: bool) -> Result<Capabilities, Error> {
    let profile = folder.join("profile");
    let value = match kind {
        Kind::Chromium => chromium(&find(&["chromium", "google-chrome"])?, extension, &profile, headed),
        Kind::Firefox => firefox(&find(&["firefox-esr", "firefox"])?, &profile, headed),
    };
    let mut capabilities = Capabilities::new();
    for (name, value) in value.as_object().ok_or("capabilities are an object")? {
        capabilities.set(name, value.clone())?;
    }
    Ok(capabilities)
}

fn chromium(binary: &Path, extension: &Path, profile: &Path, headed: bool) -> Value {
    let mut args: Vec<String> = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // Not --window-size: it would be the size of every window, the prompt's too.
        "--screen-info={1600x1200}",
    ]
    .map(str::to_owned)
    .to_vec();
    args.push(format!("--load-extension={}", extension.display()));
    args.push(format!("--user-data-dir={}", profile.display()));
    if !headed {
        args.push("--headless=new".to_owned());
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "binary": binary,
            "args": args,
            // Without developer mode a reload leaves an unpacked extension disabled.
            "prefs": { "extensions.ui.developer_mode": true },
            "enableExtensionTargets": true,
        },
    })
}

fn firefox(binary: &Path, profile: &Path, headed: bool) -> Value {
    let mut args = vec!["-profile".to_owned(), profile.display().to_string()];
    if !headed {
        args.push("-headless".to_owned());
    }
    let uuids = json!({ Browser::FIREFOX_ID: Browser::FIREFOX_UUID }).to_string();
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": binary,
            "args": args,
            "prefs": {
                "extensions.webextensions.uuids": uuids,
                // The virtual authenticators of WebDriver answer, and no USB key is waited for.
                "security.webauth.webauthn_enable_softtoken": true,
                "security.webauth.webauthn_enable_usbtoken": false,
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
            },
        },
    })
}
