//! Where Keystow serves, and where it may save a passkey without a window: what the user has switched, site by site.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::client::{Host, Origin, public_suffix};

/// All that the user has switched. What is not written down is as it was when Keystow was installed: on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Rules {
    /// Whether a passkey may be saved automatically after a sign-in with a password (L3 conditional create), anywhere.
    pub upgrades: bool,
    /// Whether the user is told, after a site's first passkey, to add a second way in. Which sites these are is written down nowhere.
    pub advice: bool,
    /// The sites that have a rule of their own, by [`site_of`].
    pub sites: BTreeMap<String, SiteRule>,
}

/// What is switched for one site.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct SiteRule {
    /// Whether Keystow leaves every call of the site to the browser.
    pub off: bool,
    /// As [`Rules::upgrades`], for this site.
    pub upgrades: bool,
}

impl Rules {
    /// Whether Keystow serves the site.
    pub fn is_on(&self, site: &str) -> bool {
        !self.of(site).off
    }

    /// Whether the site may save a passkey without a window.
    pub fn may_upgrade(&self, site: &str) -> bool {
        let SiteRule { off, upgrades } = self.of(site);
        self.upgrades && upgrades && !off
    }

    /// What is switched for the site.
    pub fn of(&self, site: &str) -> SiteRule {
        self.sites.get(site).copied().unwrap_or_default()
    }

    /// Switches for the site. One that has every switch as it was at first is not remembered.
    pub fn set(&mut self, site: &str, rule: SiteRule) {
        if rule == SiteRule::default() {
            self.sites.remove(site);
        } else {
            self.sites.insert(site.to_owned(), rule);
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self { upgrades: true, advice: true, sites: BTreeMap::new() }
    }
}

impl Default for SiteRule {
    fn default() -> Self {
        Self { off: false, upgrades: true }
    }
}

/// The site that `origin` belongs to: its registrable domain, so that one switch counts for all its hosts. An address, and a name that is
/// itself a public suffix (`localhost`), stands for itself.
pub fn site_of(origin: &Origin) -> &str {
    match origin.host() {
        Host::Domain(domain) => registrable_domain(domain),
        Host::Address | Host::Own => origin.as_str(),
    }
}

fn registrable_domain(domain: &str) -> &str {
    let name = domain.trim_end_matches('.');
    let above = name.len() - public_suffix(name).len();
    let labels = name.get(..above).unwrap_or_default().trim_end_matches('.');
    let start = labels.rfind('.').map_or(0, |dot| dot + 1);
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests;
