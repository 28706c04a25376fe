//! largeBlob (L3 §10.1.5), by way of largeBlobKey and authenticatorLargeBlobs (CTAP §12.3, §6.10).

mod array;

use protocol::ctap::extensions::LARGE_BLOB_KEY;
use protocol::ctap::get_info;
use protocol::webauthn::json::{
    AuthenticationExtensionsClientInputsJson, AuthenticationExtensionsLargeBlobOutputsJson, Base64UrlString,
    LargeBlobSupport, PublicKeyCredentialDescriptorJson,
};
use zeroize::Zeroizing;

use super::super::consent::Consent;
use super::super::environment::Environment;
use super::super::error::{Error, NotServed, PageFault};
use super::super::host::Host;

/// L3 §10.1.5, registration, step 1.
pub(super) fn check_creation(inputs: &AuthenticationExtensionsClientInputsJson) -> Result<(), Error> {
    match &inputs.large_blob {
        Some(asked) if asked.read.is_some() || asked.write.is_some() => {
            Err(Error::Page(PageFault::LargeBlobAtCreation))
        }
        Some(_) | None => Ok(()),
    }
}

/// L3 §10.1.5, registration, step 2.
pub(super) fn is_required(inputs: &AuthenticationExtensionsClientInputsJson) -> bool {
    inputs.large_blob.as_ref().is_some_and(|asked| asked.support == Some(LargeBlobSupport::Required))
}

/// L3 §10.1.5, registration, step 2.2: an authenticator that cannot keep the blob is ignored. CTAP §12.3: only discoverable credentials
/// have one.
pub(super) fn check_host(info: &get_info::Response, discoverable: bool) -> Result<(), Error> {
    let knows = info.extensions.iter().any(|extension| extension == LARGE_BLOB_KEY);
    if discoverable && knows && info.option("largeBlobs") == Some(true) {
        Ok(())
    } else {
        Err(Error::NotServed(NotServed::OtherAuthenticator))
    }
}

/// L3 §10.1.5, registration: `supported` is whether the credential has a key for its blob.
pub(super) fn support(
    inputs: &AuthenticationExtensionsClientInputsJson,
    key: Option<Vec<u8>>,
) -> Option<AuthenticationExtensionsLargeBlobOutputsJson> {
    let supported = Some(key.map(Zeroizing::new).is_some());
    let output = AuthenticationExtensionsLargeBlobOutputsJson { supported, ..Default::default() };
    inputs.large_blob.as_ref().map(|_| output)
}

/// What get is to do.
pub(super) enum LargeBlob {
    /// Read the blob of the credential that signed.
    Read,
    /// Give this blob to the credential that signed.
    Write(Vec<u8>),
}

impl LargeBlob {
    /// L3 §10.1.5, authentication, steps 1, 2 and 4.1. Takes the blob out.
    pub(super) fn of(
        inputs: &mut AuthenticationExtensionsClientInputsJson,
        allowed: &[PublicKeyCredentialDescriptorJson],
    ) -> Result<Option<Self>, Error> {
        let Some(asked) = &mut inputs.large_blob else { return Ok(None) };
        if asked.support.is_some() {
            return Err(Error::Page(PageFault::LargeBlobSupport));
        }
        match (asked.read, asked.write.take()) {
            (Some(_), Some(_)) => Err(Error::Page(PageFault::LargeBlobReadAndWrite)),
            (None, Some(_)) if allowed.len() != 1 => Err(Error::Page(PageFault::LargeBlobCredential)),
            (None, Some(blob)) => Ok(Some(Self::Write(blob.0))),
            (Some(true), None) => Ok(Some(Self::Read)),
            (Some(false) | None, None) => Ok(None),
        }
    }
}

/// L3 §10.1.5, authentication, steps 3 and 4: the assertion has been made, and this may fail without harm to it.
pub(super) async fn serve<E: Environment>(
    host: &Host<'_, E>,
    asked: &LargeBlob,
    key: Option<Zeroizing<Vec<u8>>>,
    consent: &Consent,
) -> AuthenticationExtensionsLargeBlobOutputsJson {
    let key = key.and_then(|key| key.as_slice().try_into().map(Zeroizing::new).ok());
    let mut output = AuthenticationExtensionsLargeBlobOutputsJson::default();
    match (asked, key) {
        (LargeBlob::Read, None) => {}
        (LargeBlob::Read, Some(key)) => {
            output.blob = array::read(host, &key).await.ok().flatten().map(Base64UrlString);
        }
        (LargeBlob::Write(_), None) => output.written = Some(false),
        (LargeBlob::Write(blob), Some(key)) => {
            output.written = Some(array::write(host, &key, blob, consent).await == Ok(true));
        }
    }
    output
}
