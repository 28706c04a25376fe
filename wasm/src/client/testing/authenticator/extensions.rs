//! Extensions of the test authenticator: a PRF that anybody could compute, and the large-blob array as bytes.

use std::cell::{Cell, RefCell};

use protocol::cbor::{self, Fields, Value, text_map};
use protocol::ctap::extensions::{
    ALL, AssertionInputs, CRED_BLOB, CRED_PROTECT, CreationInputs, HMAC_SECRET, HMAC_SECRET_MC, HmacSecretInput,
    non_empty,
};
use protocol::ctap::large_blobs::{Request, Response, authenticated_message, serialize};
use protocol::ctap::{StatusCode, get_info};

use super::{Authenticator, Unrandom};

/// What it knows and keeps of extensions.
pub(in super::super::super) struct Extensions {
    /// Those that getInfo names.
    pub(in super::super::super) known: Vec<&'static str>,
    /// What the credential's credBlob is.
    pub(in super::super::super) cred_blob: Vec<u8>,
    /// Whether a credential has a PRF.
    pub(in super::super::super) has_prf: bool,
    /// The key of the credential's large blob, if it has one.
    pub(in super::super::super) large_blob_key: Option<Vec<u8>>,
    /// The serialized array.
    pub(in super::super::super) array: RefCell<Vec<u8>>,
    /// How many fragments were written.
    pub(in super::super::super) fragments: Cell<usize>,
    /// The array while it is written.
    pub(in super::super::super) writing: RefCell<Vec<u8>>,
}

impl Default for Extensions {
    fn default() -> Self {
        Self {
            known: ALL.to_vec(),
            cred_blob: vec![1, 2, 3],
            has_prf: true,
            large_blob_key: Some(vec![5; 32]),
            array: RefCell::new(serialize(Vec::new())),
            fragments: Cell::new(0),
            writing: RefCell::default(),
        }
    }
}

/// What the test authenticator's PRF makes of a salt.
pub(in super::super::super) fn prf_of(salt: &[u8], verified: bool) -> Vec<u8> {
    salt.iter().map(|byte| byte ^ if verified { 0xff } else { 0x0f }).collect()
}

impl Authenticator {
    pub(super) fn info(&self) -> get_info::Response {
        get_info::Response {
            versions: vec!["FIDO_2_1".into()],
            extensions: self.extensions.known.iter().map(|name| (*name).to_owned()).collect(),
            options: vec![("largeBlobs".into(), true)],
            max_msg_size: Some(1024),
            max_serialized_large_blob_array: Some(8192),
            pin_uv_auth_protocols: self.protocols.clone(),
            ..get_info::Response::default()
        }
    }

    pub(super) fn creation_outputs(&self, inputs: Option<Value>, verified: bool) -> Option<Value> {
        let inputs = CreationInputs::from_value(inputs).expect("inputs");
        let is_known = |name| self.extensions.known.contains(&name);
        let prf = inputs.hmac_secret && is_known(HMAC_SECRET);
        let mc = inputs.hmac_secret_mc.filter(|_| is_known(HMAC_SECRET_MC));
        assert!(mc.is_none() || inputs.hmac_secret, "CTAP §12.8");
        non_empty(text_map([
            (CRED_PROTECT, inputs.cred_protect.filter(|_| is_known(CRED_PROTECT)).map(Value::from)),
            (CRED_BLOB, inputs.cred_blob.filter(|_| is_known(CRED_BLOB)).map(|blob| (blob.len() <= 32).into())),
            (HMAC_SECRET, prf.then_some(self.extensions.has_prf.into())),
            (HMAC_SECRET_MC, mc.and_then(|input| self.evaluate(&input, verified)).map(Value::from)),
        ]))
    }

    pub(super) fn assertion_outputs(&self, inputs: Option<Value>, verified: bool) -> Option<Value> {
        let inputs = AssertionInputs::from_value(inputs).expect("inputs");
        non_empty(text_map([
            (CRED_BLOB, inputs.cred_blob.then(|| self.extensions.cred_blob.clone().into())),
            (HMAC_SECRET, inputs.hmac_secret.and_then(|input| self.evaluate(&input, verified)).map(Value::from)),
        ]))
    }

    /// The large blob's key, where the extension inputs ask for it.
    pub(super) fn large_blob_key(&self, inputs: Option<Value>) -> Option<Vec<u8>> {
        let mut inputs = Fields::of(inputs?, "inputs").expect("a map");
        inputs.take("largeBlobKey").and_then(|_| self.extensions.large_blob_key.clone())
    }

    fn evaluate(&self, input: &HmacSecretInput, verified: bool) -> Option<Vec<u8>> {
        let protocol = input.protocol().expect("a known protocol");
        let secret = self.key.shared_secret(protocol, &input.key_agreement).expect("a point");
        assert!(secret.verify(&input.salt_enc, &input.salt_auth));
        let salts = secret.decrypt(&input.salt_enc).expect("whole blocks");
        let output = prf_of(&salts, verified);
        self.extensions.has_prf.then(|| secret.encrypt(&output, &mut Unrandom::default()))
    }

    pub(super) fn large_blobs(&self, request: Request) -> Result<Vec<u8>, StatusCode> {
        if let Some(status) = self.large_blob_status {
            return Err(status);
        }
        let offset = usize::try_from(request.offset).expect("an offset");
        let Some(set) = request.set else {
            let rest = &self.extensions.array.borrow()[offset..];
            let get = usize::try_from(request.get.expect("get or set")).expect("a length");
            assert!(get <= 960, "maxFragmentLength");
            return Ok(Response { config: Some(rest[..get.min(rest.len())].to_vec()) }.to_bytes());
        };
        self.check_writing(request.pin_uv_auth.as_ref(), &authenticated_message(request.offset as u32, &set))?;
        let mut writing = self.extensions.writing.borrow_mut();
        assert!(set.len() <= 960 && writing.len() == offset);
        assert_eq!(request.length.is_some(), offset == 0);
        writing.extend(set);
        self.extensions.fragments.set(self.extensions.fragments.get() + 1);
        // The array is whole once its checksum fits.
        if protocol::ctap::large_blobs::deserialize(&writing).is_ok() {
            *self.extensions.array.borrow_mut() = std::mem::take(&mut *writing);
        }
        Ok(Vec::new())
    }

    /// Who has a PIN writes with a token for it alone.
    fn check_writing(&self, auth: Option<&protocol::ctap::PinUvAuth>, message: &[u8]) -> Result<(), StatusCode> {
        if self.pin.borrow().is_none() {
            return Ok(());
        }
        let may_write = self.permissions.get() & 0x10 != 0;
        if may_write && self.verified(auth, message)? { Ok(()) } else { Err(StatusCode::PuatRequired) }
    }
}

/// A large-blob entry that nobody here has a key for.
pub(in super::super::super) fn foreign_entry() -> Value {
    cbor::text_map([("foreign", Some(vec![7; 1000].into()))])
}
