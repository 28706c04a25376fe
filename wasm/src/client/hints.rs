//! L3 §5.8.7: which authenticator the relying party thinks of.

/// The hints of L3; others are passed over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hint {
    /// "security-key"
    SecurityKey,
    /// "client-device"
    ClientDevice,
    /// "hybrid"
    Hybrid,
}

/// The one that decides: the first that is known.
pub(super) fn first(hints: &[String]) -> Option<Hint> {
    hints.iter().find_map(|hint| match hint.as_str() {
        "security-key" => Some(Hint::SecurityKey),
        "client-device" => Some(Hint::ClientDevice),
        "hybrid" => Some(Hint::Hybrid),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
