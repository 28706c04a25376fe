//! Web sites of any name for a browser under test, none of them outside this machine: one server on loopback that is the browser's
//! proxy as well. Whatever host and port the browser asks it for, the answer comes from here, over TLS, by an authority made for the test.
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

mod certificates;
mod door;

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;

use crate::browser::Error;
use crate::site::Sites;
use certificates::Certificates;
use door::{Door, Tenants};

/// The running server; it ends with this value.
pub struct World {
    proxy: Proxy,
    server: JoinHandle<()>,
}

/// What a browser has to know of it.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// On 127.0.0.1.
    pub port: u16,
    /// SHA-256 of the hosts' SubjectPublicKeyInfo, in base64: Chromium takes this key for every name.
    pub key_hash: String,
    /// The authority's certificate in base64, for Firefox to trust: it has no passkeys where a user had to accept a certificate.
    pub authority: String,
}

impl World {
    /// Starts on a free port. `router` answers for every host, and sees which one was meant in the header `Host`; but a host among
    /// `tenants` is the server that listens on that port of 127.0.0.1, to which TLS is taken off.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(router: Router, tenants: &[(&str, u16)]) -> Result<Self, Error> {
        let certificates = Certificates::new()?;
        let (key_hash, authority) = (certificates.key_hash(), certificates.authority());
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(certificates));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let tenants: Tenants = tenants.iter().map(|(host, port)| ((*host).to_owned(), *port)).collect();
        let door = Door::open(listener, TlsAcceptor::from(Arc::new(config)), tenants)?;
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(door, router).await {
                eprintln!("the world stopped: {error}");
            }
        });
        Ok(Self { proxy: Proxy { port, key_hash, authority }, server })
    }

    /// The way into it.
    pub fn proxy(&self) -> &Proxy {
        &self.proxy
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
