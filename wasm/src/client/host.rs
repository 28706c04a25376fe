//! The host as the client uses it: typed commands over [`Environment`], and every way they can fail as an [`Error`].

use std::convert::Infallible;

use protocol::ctap::{
    Command, SubcommandRequest, client_pin, get_assertion, get_info, large_blobs, make_credential, response_parameters,
};
use protocol::{cbor, manage};
use rand_core::utils::next_word_via_fill;
use rand_core::{TryCryptoRng, TryRng};

use super::caller::Caller;
use super::environment::{Environment, HostError};
use super::error::{Error, HostFault, NotServed};

/// CTAP commands and `manage` requests.
pub(super) struct Host<'a, E>(pub(super) &'a E);

impl<E: Environment> Host<'_, E> {
    /// What the vault holds for a ceremony, and how the user can be verified.
    pub(super) async fn candidates(&self, request: manage::CandidatesRequest) -> Result<manage::Candidates, Error> {
        match self.0.manage(manage::Request::Candidates(request)).await? {
            manage::Response::Candidates(candidates) => Ok(candidates),
            _ => Err(broke("another answer than candidates")),
        }
    }

    /// As [`make_credential`](Self::make_credential), where nobody is asked: no command of CTAP.
    pub(super) async fn conditional_create(
        &self,
        request: &make_credential::Request,
        caller: &Caller,
    ) -> Result<make_credential::Response, Error> {
        let origin = (!caller.tab.private).then(|| caller.origin.as_str().to_owned());
        let request = manage::ConditionalCreate { parameters: request.to_bytes(), origin };
        match self.0.manage(manage::Request::ConditionalCreate(request)).await? {
            manage::Response::ConditionalCreate(created) => {
                Ok(make_credential::Response::from_bytes(success(&created.answer)?)?)
            }
            _ => Err(broke("another answer than to a conditional create")),
        }
    }

    /// How the host is.
    pub(super) async fn status(&self) -> Result<manage::Status, Error> {
        match self.0.manage(manage::Request::Status {}).await? {
            manage::Response::Status(status) => Ok(status),
            _ => Err(broke("another answer than the status")),
        }
    }

    /// CTAP §6.1.
    pub(super) async fn make_credential(
        &self,
        request: &make_credential::Request,
    ) -> Result<make_credential::Response, Error> {
        let answer = self.command(Command::MakeCredential, &request.to_bytes()).await?;
        Ok(make_credential::Response::from_bytes(&answer)?)
    }

    /// CTAP §6.2.
    pub(super) async fn get_assertion(
        &self,
        request: &get_assertion::Request,
    ) -> Result<get_assertion::Response, Error> {
        let answer = self.command(Command::GetAssertion, &request.to_bytes()).await?;
        Ok(get_assertion::Response::from_bytes(&answer)?)
    }

    /// CTAP §6.4.
    pub(super) async fn get_info(&self) -> Result<get_info::Response, Error> {
        Ok(get_info::Response::from_bytes(&self.command(Command::GetInfo, &[]).await?)?)
    }

    /// CTAP §6.5.
    pub(super) async fn client_pin(&self, request: &client_pin::Request) -> Result<client_pin::Response, Error> {
        let answer = self.command(Command::ClientPin, &request.to_bytes()).await?;
        Ok(client_pin::Response::from_bytes(&answer)?)
    }

    /// CTAP §6.10.
    pub(super) async fn large_blobs(&self, request: &large_blobs::Request) -> Result<large_blobs::Response, Error> {
        let answer = self.command(Command::LargeBlobs, &request.to_bytes()).await?;
        Ok(large_blobs::Response::from_bytes(&answer)?)
    }

    /// CTAP §6.11.
    pub(super) async fn authenticator_config(&self, request: &SubcommandRequest) -> Result<(), Error> {
        self.command(Command::AuthenticatorConfig, &request.to_bytes()).await.map(|_| ())
    }

    /// Lets the OS ask instead of the PIN, or no longer.
    pub(super) async fn set_os_verification(&self, request: manage::SetOsVerification) -> Result<(), Error> {
        match self.0.manage(manage::Request::SetOsVerification(request)).await? {
            manage::Response::SetOsVerification(_) => Ok(()),
            _ => Err(broke("another answer than how verification is settled")),
        }
    }

    /// Asks about sync.
    pub(super) async fn sync(&self, request: manage::sync::SyncRequest) -> Result<manage::sync::SyncState, Error> {
        match self.0.manage(manage::Request::Sync(Box::new(request))).await? {
            manage::Response::Sync(state) => Ok(*state),
            _ => Err(broke("another answer than how sync stands")),
        }
    }

    async fn command(&self, command: Command, parameters: &[u8]) -> Result<Vec<u8>, Error> {
        let answer = self.0.ctap(command.message(parameters)).await?;
        success(&answer).map(<[u8]>::to_vec)
    }
}

/// What is behind the status byte, where that is success.
fn success(answer: &[u8]) -> Result<&[u8], Error> {
    response_parameters(answer).map_err(|status| Error::Host(HostFault::Status(status)))
}

/// The environment's generator as `rand_core` wants one.
pub(super) struct Random<'a, E>(pub(super) &'a E);

impl<E: Environment> TryRng for Random<'_, E> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.random(bytes);
        Ok(())
    }
}

impl<E: Environment> TryCryptoRng for Random<'_, E> {}

/// The host did what CTAP or its own contract does not allow.
pub(super) fn broke(what: &'static str) -> Error {
    Error::Host(HostFault::BrokeContract(what))
}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Gone => Self::NotServed(NotServed::HostGone),
            HostError::Refused(error) => Self::Host(HostFault::Refused(error)),
            HostError::Unintelligible => broke("no answer to the message"),
        }
    }
}

impl From<cbor::Error> for Error {
    fn from(error: cbor::Error) -> Self {
        broke(match error {
            cbor::Error::NotCanonical(reason) => reason,
            cbor::Error::Missing(member) | cbor::Error::WrongType(member) | cbor::Error::OutOfRange(member) => member,
        })
    }
}
