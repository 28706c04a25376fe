//! L3 §5.1.3: create a new credential.

use super::{Caller, Claimed, Environment, PageRequest, Reply};

/// `navigator.credentials.create({publicKey})` of the page `caller`.
pub async fn create(_caller: &Caller, _request: Claimed<PageRequest>, _environment: &impl Environment) -> Reply {
    Reply::Native
}
