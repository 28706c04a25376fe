//! L3 §5.1.7: what a page may ask for.

use protocol::manage;
use serde_json::{Map, Value};

use super::extensions;
use super::host::Host;
use super::{Caller, Environment, Reply};

/// `PublicKeyCredential.getClientCapabilities()` of the page `caller`, and all that says the same in other words. Where Keystow is not in
/// charge the browser answers alone; else page.js puts both answers together, as either's ways are open.
///
/// `conditional_create`: whether the user lets sites make passkeys unasked.
pub async fn capabilities(caller: &Caller, conditional_create: bool, environment: &impl Environment) -> Reply {
    match Host(environment).status().await {
        Ok(status) => Reply::Capabilities(Value::Object(of(caller, conditional_create, status.verification))),
        Err(_) => Reply::Native,
    }
}

fn of(caller: &Caller, conditional_create: bool, verification: manage::Verification) -> Map<String, Value> {
    let verifies = can_verify(verification);
    let of_the_client = [
        ("conditionalCreate", conditional_create),
        ("conditionalGet", true),
        // In a private window a page is not to learn, without a word to the user, that nothing is held (Chromium does the same).
        ("immediateGet", !caller.tab.private),
        ("passkeyPlatformAuthenticator", verifies),
        ("relatedOrigins", true),
        ("signalAllAcceptedCredentials", true),
        ("signalCurrentUserDetails", true),
        ("signalUnknownCredential", true),
        ("userVerifyingPlatformAuthenticator", verifies),
    ];
    let of_the_client = of_the_client.into_iter().map(|(name, can)| (name.to_owned(), Value::Bool(can)));
    let of_extensions =
        extensions::IDENTIFIERS.into_iter().map(|name| (format!("extension:{name}"), Value::Bool(true)));
    of_the_client.chain(of_extensions).collect()
}

/// Whether the user can be verified: by the OS, by a PIN that is good, or by one that the window lets the user choose.
fn can_verify(verification: manage::Verification) -> bool {
    let manage::Verification { pin_set, retries, must_change_pin, built_in, .. } = verification;
    built_in || !pin_set || (retries > 0 && !must_change_pin)
}

#[cfg(test)]
mod tests;
