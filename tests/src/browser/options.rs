//! What each browser is told at its start.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use super::process::find;
use super::{Browser, Error, Kind};
use crate::world::Proxy;

/// How a fresh browser starts.
pub(super) struct Start<'a> {
    pub(super) extension: Option<&'a Path>,
    /// The profile is below this.
    pub(super) folder: &'a Path,
    pub(super) headed: bool,
    /// Through which all requests go.
    pub(super) world: Option<&'a Proxy>,
}

/// The WebDriver capabilities for a fresh browser.
pub(super) fn capabilities(kind: Kind, start: &Start<'_>) -> Result<Capabilities, Error> {
    let value = match kind {
        Kind::Chromium => chromium(&find(&["chromium", "google-chrome"])?, start),
        Kind::Firefox => firefox(&find(&["firefox-esr", "firefox"])?, start),
    };
    let mut capabilities = Capabilities::new();
    for (name, value) in value.as_object().ok_or("capabilities are an object")? {
        capabilities.set(name, value.clone())?;
    }
    Ok(capabilities)
}

fn chromium(binary: &Path, start: &Start<'_>) -> Value {
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
    args.extend(start.extension.map(|extension| format!("--load-extension={}", extension.display())));
    args.push(format!("--user-data-dir={}", start.folder.join("profile").display()));
    if let Some(Proxy { port, key_hash, .. }) = start.world {
        args.push(format!("--proxy-server=http://127.0.0.1:{port}"));
        args.push("--proxy-bypass-list=<-loopback>".to_owned());
        args.push(format!("--ignore-certificate-errors-spki-list={key_hash}"));
    }
    if !start.headed {
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

fn firefox(binary: &Path, start: &Start<'_>) -> Value {
    let mut args = vec!["-profile".to_owned(), start.folder.join("profile").display().to_string()];
    if !start.headed {
        args.push("-headless".to_owned());
    }
    let uuids = json!({ Browser::FIREFOX_ID: Browser::FIREFOX_UUID }).to_string();
    let mut prefs = json!({
        "extensions.webextensions.uuids": uuids,
        // The virtual authenticators of WebDriver answer, and no USB key is waited for.
        "security.webauth.webauthn_enable_softtoken": true,
        "security.webauth.webauthn_enable_usbtoken": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
    });
    if let Some(Proxy { port, .. }) = start.world {
        prefs["network.proxy.type"] = json!(1);
        for scheme in ["http", "ssl"] {
            prefs[format!("network.proxy.{scheme}")] = json!("127.0.0.1");
            prefs[format!("network.proxy.{scheme}_port")] = json!(port);
        }
        prefs["network.proxy.allow_hijacking_localhost"] = json!(true);
    }
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": { "binary": binary, "args": args, "prefs": prefs },
    })
}
