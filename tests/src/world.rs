//! Web sites of any name for a browser under test, none of them outside this machine: one server on loopback that is the browser's
//! proxy as well. Whatever host and port the browser asks it for, the answer comes from here, over TLS with a key made for the test.
//!
//! ```no_run
//! # async fn example() -> Result<(), tests::browser::Error> {
//! use axum::{Router, routing::get};
//! use tests::{browser::Browser, world::World};
//! let world = World::start(Router::new().route("/", get(|| async { "hello" })), &[]).await?;
//! let browser = Browser::chromium("dist/chromium").world(&world).start().await?;
//! browser.goto("https://login.example.com/").await?;
//! # Ok(()) }
//! ```

mod door;

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use data_encoding::BASE64;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::browser::Error;
use crate::site::Sites;
use door::{Door, Tenants};

/// The running server; it ends with this value.
pub struct World {
    port: u16,
    key_hash: String,
    server: JoinHandle<()>,
}

impl World {
    /// Starts on a free port. `router` answers for every host, and sees which one was meant in the header `Host`; but a host among
    /// `tenants` is the server that listens on that port of 127.0.0.1, to which TLS is taken off.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(router: Router, tenants: &[(&str, u16)]) -> Result<Self, Error> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(["world.test".to_owned()])?.self_signed(&key)?;
        let key_hash = BASE64.encode(&Sha256::digest(key.subject_public_key_info()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let tenants: Tenants = tenants.iter().map(|(host, port)| ((*host).to_owned(), *port)).collect();
        let door = Door::open(listener, TlsAcceptor::from(Arc::new(config)), tenants)?;
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(door, router).await {
                eprintln!("the world stopped: {error}");
            }
        });
        Ok(Self { port, key_hash, server })
    }

    /// The proxy's port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// SHA-256 of the certificate's SubjectPublicKeyInfo, in base64: Chromium accepts exactly this key for every name.
    pub fn key_hash(&self) -> &str {
        &self.key_hash
    }
}

impl Sites for World {
    fn origin(&self, host: &str) -> String {
        format!("https://{host}")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}
