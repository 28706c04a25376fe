//! What a page asks `get` for, and whether that is for Keystow to serve.

use protocol::webauthn::CredentialId;
use protocol::webauthn::json::PublicKeyCredentialRequestOptionsJson;

use crate::client::error::{Error, NotServed, PageFault};
use crate::client::hints::{self, Hint};
use crate::client::request::Mediation;
use crate::client::{Caller, Frame};

/// L3 `allowCredentials`: empty means any. Transports are hints that go stale, so nothing is filtered by them.
pub(super) struct AllowList(pub(super) Vec<CredentialId>);

impl AllowList {
    pub(super) fn of(options: &PublicKeyCredentialRequestOptionsJson) -> Result<Self, Error> {
        let known = options.allow_credentials.iter().filter(|descriptor| descriptor.is_public_key());
        let ids: Vec<_> = known.map(|descriptor| descriptor.id.clone()).collect();
        if ids.is_empty() && !options.allow_credentials.is_empty() {
            // A list of unknown types alone does not mean "any".
            return Err(Error::NotServed(NotServed::NothingHeld));
        }
        Ok(Self(ids))
    }

    pub(super) fn allows(&self, id: &CredentialId) -> bool {
        self.0.is_empty() || self.0.contains(id)
    }
}

/// Immediate mediation is for what a page offers a user who has just asked for it, whoever that is. In a private window it would tell
/// the page, without a word to the user, that nothing is held; there it is as if nothing were.
pub(super) fn may_be_immediate(
    mediation: Mediation,
    caller: &Caller,
    frame: Frame,
    options: &PublicKeyCredentialRequestOptionsJson,
) -> Result<(), Error> {
    if mediation != Mediation::Immediate {
        Ok(())
    } else if !frame.activated {
        Err(Error::Page(PageFault::ImmediateUnasked))
    } else if !options.allow_credentials.is_empty() {
        Err(Error::Page(PageFault::ImmediateWithAllowList))
    } else if caller.tab.private {
        Err(Error::NotServed(NotServed::NothingHeld))
    } else {
        Ok(())
    }
}

/// L3 §5.8.7: a page that thinks of a security key gets the browser's dialog, unless it names what may be held here: then hiding that would
/// leave the user without it.
pub(super) fn wants_this_authenticator(
    mediation: Mediation,
    options: &PublicKeyCredentialRequestOptionsJson,
) -> Result<(), Error> {
    let wants_a_key = hints::first(&options.hints) == Some(Hint::SecurityKey) && options.allow_credentials.is_empty();
    if wants_a_key && mediation == Mediation::Modal {
        return Err(Error::NotServed(NotServed::OtherAuthenticator));
    }
    Ok(())
}
