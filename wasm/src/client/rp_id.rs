//! The RP ID of a ceremony: only from an origin that the browser vouches for, and a claim that this origin may make.

use protocol::webauthn::RpId;

use super::error::{Error, NotServed, PageFault};
use super::origin::{Host, Origin, is_ascii_domain};
use super::public_suffix::public_suffix;

/// An RP ID that the caller's origin may use. There is no other way to one than [`VerifiedRpId::of`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct VerifiedRpId(RpId);

impl VerifiedRpId {
    /// L3 §5.1.3 steps 7–8, L3 §5.1.4.1 steps 6–7: the origin's own domain, or a registrable suffix of it that the page claims.
    pub(super) fn of(origin: &Origin, claim: Option<&str>) -> Result<Self, Error> {
        let effective_domain = effective_domain(origin)?;
        let Some(claim) = claim else {
            return Ok(Self(effective_domain.into()));
        };
        let claim = valid_domain(claim)?;
        if claim == effective_domain {
            return Ok(Self(claim.into()));
        }
        // HTML "is a registrable domain suffix of or is equal to", its steps for unequal hosts.
        if public_suffix(&claim) == claim {
            return Err(Error::Page(PageFault::RpIdIsPublicSuffix));
        }
        if !is_below(effective_domain, &claim) {
            // L3 §5.1.3 step 8: deviates. A client without related origins throws SecurityError; ours leaves the call to the browser,
            // which has them (L3 §5.11) and throws the same error where the sites are not related.
            return Err(Error::NotServed(NotServed::OtherRpId));
        }
        if public_suffix(effective_domain).len() >= claim.len() {
            return Err(Error::Page(PageFault::RpIdIsPublicSuffix));
        }
        Ok(Self(claim.into()))
    }

    /// The RP ID itself.
    pub(super) fn as_rp_id(&self) -> &RpId {
        &self.0
    }
}

/// HTML "effective domain", which L3 wants to be a valid domain.
fn effective_domain(origin: &Origin) -> Result<&str, Error> {
    match origin.host() {
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
