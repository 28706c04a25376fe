//! HTML "origin", of which only what WebAuthn serves can be made here: tuple origins of secure contexts.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A tuple origin (scheme, host, port) that the browser vouches for: https, or http on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Origin {
    serialized: String,
    host: Host,
}

/// The host of an [`Origin`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Host {
    /// In its ASCII form: lower case, labels in punycode, as browsers serialize it.
    Domain(String),
    /// An IPv4 or IPv6 address: never an RP ID.
    Address,
    /// No web site, but the one page of ours that tries a passkey: its RP ID is [`OWN_RP_ID`].
    Own,
}

/// The RP ID of our own page. No web site can have it: the colon makes it no domain, so it is neither an origin's host nor a claim that is
/// looked at (L3 §5.1.3 steps 7–8).
pub const OWN_RP_ID: &str = "keystow:test";

/// Why an origin is not served; the browser's own call then says it in its own way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OriginError {
    /// An opaque origin (`null`): sandboxed frames, `data:` documents.
    Opaque,
    /// Another scheme: extensions, files, the browser's own pages.
    NotWeb,
    /// http, and not `localhost` or below it: no secure context that may hold credentials.
    Insecure,
    /// Not the serialization of an origin.
    Malformed,
}

impl Origin {
    /// Reads `Port.sender.origin` (never `sender.url`: a sandboxed document's looks like any other).
    ///
    /// # Errors
    /// [`OriginError`] where the origin is not one that Keystow serves.
    pub fn from_sender(origin: &str) -> Result<Self, OriginError> {
        if origin == "null" {
            return Err(OriginError::Opaque);
        }
        let (scheme, authority) = origin.split_once("://").ok_or(OriginError::Malformed)?;
        if scheme != "https" && scheme != "http" {
            return Err(OriginError::NotWeb);
        }
        let host = Host::parse(without_port(authority)?)?;
        if scheme == "http" && !host.is_localhost() {
            return Err(OriginError::Insecure);
        }
        Ok(Self { serialized: origin.to_owned(), host })
    }

    /// The origin of our own page, as the browser serializes it. Only for a document that the browser says is that page.
    pub fn of_own_page(serialized: &str) -> Self {
        Self { serialized: serialized.to_owned(), host: Host::Own }
    }

    /// Whether it is that of our own page.
    pub fn is_own(&self) -> bool {
        self.host == Host::Own
    }

    /// The serialization, as it stands in the client data.
    pub fn as_str(&self) -> &str {
        &self.serialized
    }

    /// HTML "effective domain": the host, as `document.domain` plays no part in what `sender.origin` says.
    pub fn host(&self) -> &Host {
        &self.host
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.serialized)
    }
}

impl Host {
    fn parse(text: &str) -> Result<Self, OriginError> {
        if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return address.parse::<Ipv6Addr>().map(|_| Self::Address).map_err(|_| OriginError::Malformed);
        }
        if text.parse::<Ipv4Addr>().is_ok() {
            return Ok(Self::Address);
        }
        if is_ascii_domain(text) { Ok(Self::Domain(text.to_owned())) } else { Err(OriginError::Malformed) }
    }

    fn is_localhost(&self) -> bool {
        match self {
            Self::Domain(domain) => {
                let domain = domain.strip_suffix('.').unwrap_or(domain);
                domain == "localhost" || domain.ends_with(".localhost")
            }
            Self::Address | Self::Own => false,
        }
    }
}

/// Whether `text` has the form that browsers give a domain: at most 253 bytes without the root's dot, labels of 1 to 63 bytes, lower-case
/// ASCII, and a last label that is no number (URL "ends in a number": that would be an IPv4 address).
pub(super) fn is_ascii_domain(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let last = text.rsplit('.').next().unwrap_or_default();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    text.len() <= 253 && text.split('.').all(is_label) && !is_number(last)
}

fn is_number(label: &str) -> bool {
    let hexadecimal =
        label.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hexadecimal || label.bytes().all(|byte| byte.is_ascii_digit())
}

/// An authority without user information; its port, if any, is 1 to 65535 in plain digits.
fn without_port(authority: &str) -> Result<&str, OriginError> {
    let host_end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = authority.get(host_end..).and_then(|rest| rest.find(':')) else {
        return Ok(authority);
    };
    let (host, port) = authority.split_at(host_end + colon);
    let digits = &port[1..]; // safe: `port` begins with the colon, one byte
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain && digits.parse::<u16>().is_ok() { Ok(host) } else { Err(OriginError::Malformed) }
}

#[cfg(test)]
mod tests;
