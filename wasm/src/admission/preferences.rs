//! What the user prefers, everywhere: beside the rules, which are about sites.

use serde::{Deserialize, Serialize};

/// All of it. What is not written down is as it was when Keystow was installed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// How our screens look; screen.js reads it.
    pub theme: Theme,
    /// What language our screens speak, by the folder in `_locales`; absent: the browser's. screen.js reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether a page's conditional request gets an offer: beside its field, or in the toolbar.
    pub autofill: bool,
    /// Whether Keystow serves private windows.
    pub private_windows: bool,
}

/// See [`Preferences::theme`].
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// See [`Preferences::language`].
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

impl Preferences {
    /// Whether Keystow serves a tab, private or not.
    pub fn serve(&self, private: bool) -> bool {
        self.private_windows || !private
    }

    /// Whether a conditional request of such a tab gets an offer.
    pub fn offer(&self, private: bool) -> bool {
        self.autofill && self.serve(private)
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self { theme: Theme::System, language: None, autofill: true, private_windows: true }
    }
}

#[cfg(test)]
mod tests;
