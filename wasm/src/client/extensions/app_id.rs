//! appid and appidExclude (L3 §10.1.1, §10.1.2). Keystow holds no U2F credential: none can be excluded, and none is used.

use protocol::webauthn::json::AuthenticationExtensionsClientInputsJson;

use super::super::error::{Error, PageFault};
use super::super::origin::{Host, Origin};
use super::super::public_suffix::public_suffix;

/// L3 §10.1.2, just after the RP ID. `appid` is for get alone.
pub(super) fn check_creation(inputs: &AuthenticationExtensionsClientInputsJson, origin: &Origin) -> Result<(), Error> {
    if inputs.appid.is_some() {
        return Err(Error::Page(PageFault::AppIdAtCreation));
    }
    check(inputs.appid_exclude.as_deref(), origin)
}

/// L3 §10.1.1, steps 1 to 3.
pub(super) fn check_assertion(inputs: &AuthenticationExtensionsClientInputsJson, origin: &Origin) -> Result<(), Error> {
    check(inputs.appid.as_deref(), origin)
}

/// L3 §10.1.2 output: it was acted upon, as far as there is anything to do.
pub(super) fn is_excluded(inputs: &AuthenticationExtensionsClientInputsJson) -> Option<bool> {
    inputs.appid_exclude.as_ref().map(|_| true)
}

/// L3 §10.1.1 output: the assertion is for the RP ID.
pub(super) fn is_used(inputs: &AuthenticationExtensionsClientInputsJson) -> Option<bool> {
    inputs.appid.as_ref().map(|_| false)
}

fn check(app_id: Option<&str>, origin: &Origin) -> Result<(), Error> {
    if app_id.is_none_or(|app_id| is_authorized(app_id, origin)) {
        Ok(())
    } else {
        Err(Error::Page(PageFault::AppIdNotAuthorized))
    }
}

/// FIDO AppID and Facets §3.1.2, "determining if a caller's FacetID is authorized for an AppID", up to its step 3. The steps behind it fetch
/// a list; what L3 says in their place is done, and what browsers do for the one site that needs the list.
fn is_authorized(app_id: &str, origin: &Origin) -> bool {
    // steps 1 and 2: the facet itself, or nothing, which stands for it
    if app_id.is_empty() || app_id == origin.as_str() {
        return true;
    }
    // step 3: the same site, both by https
    let Some(caller) = https_domain(origin.as_str()) else { return false };
    let Some(host) = https_domain(app_id) else { return false };
    site(&host) == site(&caller) || (site(&caller) == GOOGLE && GOOGLE_APP_IDS.contains(&app_id))
}

/// The domain of an https URL.
fn https_domain(url: &str) -> Option<String> {
    let authority = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    match Origin::from_sender(&format!("https://{}", authority.to_ascii_lowercase())).ok()?.host() {
        Host::Domain(domain) => Some(domain.clone()),
        Host::Address | Host::Own => None,
    }
}

/// HTML "same site", of one scheme: the registrable domain, or the whole where there is none.
fn site(domain: &str) -> &str {
    let suffix = public_suffix(domain);
    let rest = domain.strip_suffix(suffix).and_then(|rest| rest.strip_suffix('.'));
    rest.map_or(domain, |rest| &domain[rest.rfind('.').map_or(0, |dot| dot + 1)..])
}

/// The site whose AppIDs are of another: it registered security keys before there were RP IDs, and browsers know it by name.
const GOOGLE: &str = "google.com";
const GOOGLE_APP_IDS: [&str; 2] = [
    "https://www.gstatic.com/securitykey/origins.json",
    "https://www.gstatic.com/securitykey/a/google.com/origins.json",
];

#[cfg(test)]
mod tests;
