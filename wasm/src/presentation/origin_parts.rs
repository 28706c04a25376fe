//! An origin cut in three, so that the part which says whose it is can be set in bold.

use crate::client::{Host, Origin, public_suffix};

/// `https://login.` `example.com` `:8443`.
#[derive(Debug, Eq, PartialEq)]
pub struct OriginParts<'a> {
    /// Scheme and the labels in front of the domain.
    pub before: &'a str,
    /// The registrable domain; the whole host where there is none (`localhost`, addresses).
    pub domain: &'a str,
    /// The port, with its colon.
    pub after: &'a str,
}

/// Cuts `origin`, the serialization of a tuple origin.
pub fn origin_parts(origin: &str) -> OriginParts<'_> {
    let whole = OriginParts { before: "", domain: origin, after: "" };
    let Ok(Host::Domain(host)) = Origin::from_sender(origin).map(|origin| origin.host().clone()) else {
        return whole;
    };
    let Some(scheme_end) = origin.find("://") else {
        return whole;
    };
    let (to_host, after) = origin.split_at(scheme_end + 3 + host.len()); // safe: such an origin is ASCII, and its host comes next
    let (before, domain) = to_host.split_at(to_host.len() - registrable_length(&host));
    OriginParts { before, domain, after }
}

/// Bytes of the registrable domain at the end of `host`: the public suffix and one label. All of it, where it is itself a suffix.
fn registrable_length(host: &str) -> usize {
    let above_suffix = host.len() - public_suffix(host).len();
    let labels = host[..above_suffix].trim_end_matches('.'); // safe: a public suffix is the end of its host, after a dot
    labels.rfind('.').map_or(host.len(), |dot| host.len() - dot - 1)
}

#[cfg(test)]
mod tests;
