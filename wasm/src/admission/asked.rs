//! What our own pages ask over their line to the background (the port "manager").

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::preferences::Preferences;
use super::rules::{Rules, SiteRule};
use crate::client::{Beginning, Settlement};

/// A question of a page. On the wire `{"request": {"list": {}}}`, `{"pin": {...}}`, `{"begin": {...}}` or `{"choices": {}}`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Ask {
    /// What the host is asked, a `manage` request, as it is.
    Request(Value),
    /// What takes the PIN, or the OS's yes.
    Pin(Settlement),
    /// What a person begins of sync.
    Begin(Beginning),
    /// How the extension's own choices are, after what is to be changed of them.
    Choices(Change),
}

/// What is to be changed of [`Choices`]; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Change {
    /// The preferences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Preferences>,
    /// Whether passkeys may be saved without a window, anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrades: Option<bool>,
    /// What is switched for one site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<(String, SiteRule)>,
}

/// What the extension itself was told by the user.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Choices {
    /// Everywhere.
    pub preferences: Preferences,
    /// At sites.
    pub rules: Rules,
}
