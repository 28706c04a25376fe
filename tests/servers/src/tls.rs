//! A server that speaks TLS, with a certificate that nobody signed but itself.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, thread};

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

/// A WebDAV server whose folders are there and empty.
pub struct TlsServer {
    port: u16,
    home: TempDir,
}

const EMPTY_FOLDER: &str = "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/keystow/</D:href><D:propstat><D:prop>\
    <D:getlastmodified>Mon, 23 Nov 2026 09:00:00 GMT</D:getlastmodified><D:resourcetype><D:collection/></D:resourcetype></D:prop>\
    <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>";

impl TlsServer {
    /// With a certificate for `localhost`.
    pub fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let home = tempfile::tempdir().unwrap();
        let pem = data_encoding::BASE64.encode(made.cert.der()); // RFC 7468 §3: readers take lines of any length
        let pem = format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
        fs::write(home.path().join("certificate.pem"), pem).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config =
            Arc::new(config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), client);
                let mut request = [0; 16 * 1024];
                let _ = stream.read(&mut request);
                let _ = write!(
                    stream,
                    "HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{EMPTY_FOLDER}",
                    EMPTY_FOLDER.len()
                );
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        Self { port, home }
    }

    /// `https://localhost:PORT/keystow`.
    pub fn url(&self) -> String {
        format!("https://localhost:{}/keystow", self.port)
    }

    /// Its certificate, PEM.
    pub fn certificate(&self) -> PathBuf {
        self.home.path().join("certificate.pem")
    }
}
