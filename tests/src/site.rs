//! A site with passkeys on this machine's loopback, for any host below `localhost`: `tests/site`, with `@simplewebauthn/browser`.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::browser::Error;

/// Where sites are.
pub trait Sites: Send + Sync {
    /// The origin of the site on `host`.
    fn origin(&self, host: &str) -> String;
}

/// The running site; it ends with this value.
pub struct Site {
    port: u16,
    servers: Vec<tokio::task::JoinHandle<()>>,
}

impl Site {
    /// Starts on a free port.
    pub async fn start() -> Result<Self, Error> {
        let library = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("npm/node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js");
        let library: &'static str = std::fs::read_to_string(&library)
            .map_err(|error| format!("no @simplewebauthn/browser: {error}. Run ./build.sh setup."))?
            .leak();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let mut listeners = vec![listener];
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
        let serve = |listener| {
            let router = Router::new()
                .route("/", get(|| file("text/html; charset=utf-8", include_str!("../site/index.html"))))
                .route("/site.js", get(|| file("text/javascript", include_str!("../site/site.js"))))
                .route("/simplewebauthn.js", get(move || file("text/javascript", library)));
            tokio::spawn(async move {
                if let Err(error) = axum::serve(listener, router).await {
                    eprintln!("the site stopped: {error}");
                }
            })
        };
        Ok(Self { port, servers: listeners.into_iter().map(serve).collect() })
    }

    /// The origin of the site on `host`, which is `localhost` or below it.
    pub fn origin(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }
}

impl Sites for Site {
    fn origin(&self, host: &str) -> String {
        Self::origin(self, host)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.servers.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

async fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
