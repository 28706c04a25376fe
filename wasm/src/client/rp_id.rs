//! The RP ID of a ceremony: only from an origin that the browser vouches for, and a claim that this origin may make.

use protocol::webauthn::RpId;

use super::environment::Environment;
use super::error::{Error, NotServed, PageFault};
use super::origin::{Host, OWN_RP_ID, Origin, is_ascii_domain};
use super::public_suffix::public_suffix;
use super::related_origins;

/// An RP ID that the caller's origin may use. There is no other way to one than [`VerifiedRpId::of`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct VerifiedRpId {
    rp_id: RpId,
    is_related: bool,
}

impl VerifiedRpId {
    /// L3 §5.1.3 steps 7–8, L3 §5.1.4.1 steps 6–7: the origin's own domain, a registrable suffix of it that the page claims, or the domain
    /// of a site that says that the two are related.
    pub(super) async fn of(
        origin: &Origin,
        claim: Option<&str>,
        environment: &impl Environment,
    ) -> Result<Self, Error> {
        let effective_domain = effective_domain(origin)?;
        let (rp_id, is_related) = match claim {
            None => (effective_domain.into(), false),
            Some(claim) => {
                let claim = valid_domain(claim)?;
                let is_own = is_registrable_suffix_or_equal(&claim, effective_domain)?;
                (claim.into(), !is_own)
            }
        };
        if is_related && !related_origins::validate(origin, &rp_id, environment).await {
            // L3 §5.1.3 step 8: deviates. Where that cannot be shown the browser looks for itself, and throws the SecurityError.
            return Err(Error::NotServed(NotServed::OtherRpId));
        }
        Ok(Self { rp_id, is_related })
    }

    /// The RP ID itself.
    pub(super) fn as_rp_id(&self) -> &RpId {
        &self.rp_id
    }

    /// Whether it is another site's (L3 §5.11).
    pub(super) fn is_related(&self) -> bool {
        self.is_related
    }
}

/// HTML "is a registrable domain suffix of or is equal to". A public suffix is no RP ID at all.
fn is_registrable_suffix_or_equal(claim: &str, effective_domain: &str) -> Result<bool, Error> {
    if claim == effective_domain {
        return Ok(true);
    }
    if public_suffix(claim) == claim {
        return Err(Error::Page(PageFault::RpIdIsPublicSuffix));
    }
    if !is_below(effective_domain, claim) {
        return Ok(false);
    }
    if public_suffix(effective_domain).len() >= claim.len() {
        return Err(Error::Page(PageFault::RpIdIsPublicSuffix));
    }
    Ok(true)
}

/// HTML "effective domain", which L3 wants to be a valid domain.
fn effective_domain(origin: &Origin) -> Result<&str, Error> {
    match origin.host() {
        Host::Own => Ok(OWN_RP_ID),
        Host::Domain(domain) if !domain.ends_with('.') => Ok(domain),
        Host::Domain(_) | Host::Address => Err(Error::Page(PageFault::OriginNotADomain)),
    }
}

/// The claim as a browser would write the host: ASCII, lower case. A trailing dot, an address and the empty text are no domains.
fn valid_domain(claim: &str) -> Result<String, Error> {
    if !claim.is_ascii() {
        // L3 §5.1.3 step 8: deviates. Tables to turn Unicode into punycode would be a third of our module; browsers have them.
        return Err(Error::NotServed(NotServed::OtherRpId));
    }
    let claim = claim.to_ascii_lowercase();
    if claim.ends_with('.') || !is_ascii_domain(&claim) {
        return Err(Error::Page(PageFault::RpIdNotADomain));
    }
    Ok(claim)
}

fn is_below(domain: &str, ancestor: &str) -> bool {
    domain.strip_suffix(ancestor).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests;
