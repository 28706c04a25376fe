//! Certificates for whatever host is asked for, by an authority that only the browser under test knows.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData, SerialNumber};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::crypto::ring::sign::any_ecdsa_type;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::{CertifiedKey, SigningKey};

use crate::browser::Error;

/// The authority, and what it has certified. One key serves all hosts.
pub(super) struct Certificates {
    authority: CertifiedIssuer<'static, KeyPair>,
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Certificates {
    pub(super) fn new() -> Result<Self, Error> {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(DnType::CommonName, "Keystow's tests");
        let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let signing_key = any_ecdsa_type(&PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        Ok(Self { authority, key, signing_key, made: Mutex::default() })
    }

    /// The authority's certificate, in base64.
    pub(super) fn authority(&self) -> String {
        BASE64.encode(self.authority.as_ref().der())
    }

    /// SHA-256 of the hosts' SubjectPublicKeyInfo, in base64.
    pub(super) fn key_hash(&self) -> String {
        BASE64.encode(&Sha256::digest(self.key.subject_public_key_info()))
    }

    fn of(&self, host: &str) -> Result<Arc<CertifiedKey>, rcgen::Error> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(host) {
            return Ok(Arc::clone(known));
        }
        let mut parameters = CertificateParams::new([host.to_owned()])?;
        // Firefox takes no two certificates of one authority with the same number; of the key's making, they would be.
        parameters.serial_number = Some(SerialNumber::from(made.len() as u64 + 1));
        let leaf = parameters.signed_by(&self.key, &self.authority)?;
        let chain = vec![leaf.der().clone(), self.authority.as_ref().der().clone()];
        let certified = Arc::new(CertifiedKey::new(chain, Arc::clone(&self.signing_key)));
        made.insert(host.to_owned(), Arc::clone(&certified));
        Ok(certified)
    }
}

impl ResolvesServerCert for Certificates {
    /// A client that names no host means an address.
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.of(hello.server_name().unwrap_or("127.0.0.1")).ok()
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Certificates").finish_non_exhaustive()
    }
}
