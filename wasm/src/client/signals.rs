//! L3 §5.1.10: what a page says of its passkeys. It learns whether its options were well-formed, and nothing else.

use protocol::base64url;
use protocol::manage::{Request, Signal};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{Error, NotServed, PageFault};
use super::rp_id::VerifiedRpId;
use super::{Caller, Claimed, Environment, PageRequest, Reply};

/// Which of L3's signal methods is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignalMethod {
    /// L3 §5.1.10.2 `signalUnknownCredential()`
    UnknownCredential,
    /// L3 §5.1.10.3 `signalAllAcceptedCredentials()`
    AllAcceptedCredentials,
    /// L3 §5.1.10.4 `signalCurrentUserDetails()`
    CurrentUserDetails,
}

/// A signal of the page `caller`. As L3 wants it, nobody waits for what the host does: the answer comes as soon, whatever is there.
pub async fn signal(
    method: SignalMethod,
    caller: &Caller,
    request: Claimed<PageRequest>,
    environment: &impl Environment,
) -> Reply {
    noted(method, caller, request.unwrap_claim(), environment).await.map_or_else(Reply::from, |()| Reply::Done)
}

async fn noted(
    method: SignalMethod,
    caller: &Caller,
    request: PageRequest,
    environment: &impl Environment,
) -> Result<(), Error> {
    // L3 §5.1.10.2 step 1, §5.1.10.3 steps 1–2, §5.1.10.4 step 1: what is base64url
    let claim = Claim::of(method, request.options)?;
    // L3 §5.1.10.1: the RP ID
    let rp_id = VerifiedRpId::of(&caller.origin, Some(&claim.rp_id), environment).await.map_err(of_another_site)?;
    // L3 §5.1.10.2 step 3, §5.1.10.3 step 4, §5.1.10.4 step 3: in parallel
    Ok(environment.tell(Request::Signal(claim.signal(&rp_id)))?)
}

/// Not every browser has signal methods of its own to look for itself, so what create and get leave to it is refused here.
fn of_another_site(error: Error) -> Error {
    match error {
        Error::NotServed(NotServed::OtherRpId) => Error::Page(PageFault::RpIdOfAnotherSite),
        other => other,
    }
}

/// Well-formed options, for an RP ID that is still to be looked at.
struct Claim {
    rp_id: String,
    says: Says,
}

enum Says {
    Unknown { credential_id: Vec<u8> },
    AllAccepted { user_id: Vec<u8>, accepted: Vec<Vec<u8>> },
    Details { user_id: Vec<u8>, name: String, display_name: String },
}

/// L3 `UnknownCredentialOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UnknownCredentialOptions {
    rp_id: String,
    credential_id: String,
}

/// L3 `AllAcceptedCredentialsOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AllAcceptedCredentialsOptions {
    rp_id: String,
    user_id: String,
    all_accepted_credential_ids: Vec<String>,
}

/// L3 `CurrentUserDetailsOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CurrentUserDetailsOptions {
    rp_id: String,
    user_id: String,
    name: String,
    display_name: String,
}

impl Claim {
    fn of(method: SignalMethod, options: Value) -> Result<Self, Error> {
        match method {
            SignalMethod::UnknownCredential => {
                let UnknownCredentialOptions { rp_id, credential_id } = read(options)?;
                Ok(Self { rp_id, says: Says::Unknown { credential_id: decoded(&credential_id)? } })
            }
            SignalMethod::AllAcceptedCredentials => {
                let AllAcceptedCredentialsOptions { rp_id, user_id, all_accepted_credential_ids } = read(options)?;
                let user_id = decoded(&user_id)?;
                let accepted = all_accepted_credential_ids.iter().map(|id| decoded(id)).collect::<Result<_, _>>()?;
                Ok(Self { rp_id, says: Says::AllAccepted { user_id, accepted } })
            }
            SignalMethod::CurrentUserDetails => {
                let CurrentUserDetailsOptions { rp_id, user_id, name, display_name } = read(options)?;
                Ok(Self { rp_id, says: Says::Details { user_id: decoded(&user_id)?, name, display_name } })
            }
        }
    }

    fn signal(self, rp_id: &VerifiedRpId) -> Signal {
        let rp_id = rp_id.as_rp_id().clone();
        match self.says {
            Says::Unknown { credential_id } => Signal::UnknownCredential { rp_id, credential_id: credential_id.into() },
            Says::AllAccepted { user_id, accepted } => Signal::AllAcceptedCredentials {
                rp_id,
                user_id: user_id.into(),
                all_accepted_credential_ids: accepted.into_iter().map(Into::into).collect(),
            },
            Says::Details { user_id, name, display_name } => {
                Signal::CurrentUserDetails { rp_id, user_id: user_id.into(), name, display_name }
            }
        }
    }
}

fn read<T: DeserializeOwned>(options: Value) -> Result<T, Error> {
    serde_json::from_value(options).map_err(|_| Error::Page(PageFault::Options))
}

fn decoded(text: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(text).map_err(|_| Error::Page(PageFault::NotBase64Url))
}

#[cfg(test)]
mod tests;
