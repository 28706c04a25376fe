//! L3 §5.1.4: use an existing credential to make an assertion.

use super::{Caller, Claimed, Environment, PageRequest, Reply};

/// `navigator.credentials.get({publicKey})` of the page `caller`.
pub async fn get(_caller: &Caller, _request: Claimed<PageRequest>, _environment: &impl Environment) -> Reply {
    Reply::Native
}
