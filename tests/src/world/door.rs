//! Where the browser's connections come in: what it would send to a proxy, until it is what it would send to the site.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// Hosts that have a server of their own, and its port.
pub(super) type Tenants = HashMap<String, u16>;

/// A connection to a site, TLS taken off where the browser asked for it.
pub(super) trait Connection: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Connection for T {}

/// The listener that axum serves.
pub(super) struct Door {
    arrived: mpsc::Receiver<Box<dyn Connection>>,
    address: SocketAddr,
}

impl Door {
    /// Each connection is let in by a task of its own, so that a slow handshake keeps no one waiting.
    pub(super) fn open(listener: TcpListener, tls: TlsAcceptor, tenants: Tenants) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (arrivals, arrived) = mpsc::channel(64);
        let tenants = Arc::new(tenants);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if arrivals.is_closed() {
                    break;
                }
                let (tls, tenants, arrivals) = (tls.clone(), Arc::clone(&tenants), arrivals.clone());
                tokio::spawn(async move {
                    // A browser that goes away in the middle is no news.
                    if let Ok(Some(connection)) = let_in(stream, &tls, &tenants).await {
                        let _ = arrivals.send(connection).await;
                    }
                });
            }
        });
        Ok(Self { arrived, address })
    }
}

impl Listener for Door {
    type Io = Box<dyn Connection>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.arrived.recv().await {
            Some(connection) => (connection, self.address),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

/// Does what a proxy does for `CONNECT` (RFC 9110 section 9.3.6), without connecting to anyone. Everything else is plain http, which
/// a browser sends to its proxy as it stands. `None`: a tenant has served it.
async fn let_in(
    mut stream: TcpStream,
    tls: &TlsAcceptor,
    tenants: &Tenants,
) -> io::Result<Option<Box<dyn Connection>>> {
    let mut start = [0; 8];
    while stream.peek(&mut start).await? < start.len() {
        stream.readable().await?;
        tokio::task::yield_now().await;
    }
    if start != *b"CONNECT " {
        return Ok(Some(Box::new(stream)));
    }
    let host = connect_target(&mut stream).await?;
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    stream.peek(&mut start[..1]).await?;
    const TLS_HANDSHAKE: u8 = 22;
    if start[0] != TLS_HANDSHAKE {
        return Ok(Some(Box::new(stream)));
    }
    let mut stream = tls.accept(stream).await?;
    let Some(port) = tenants.get(&host) else { return Ok(Some(Box::new(stream))) };
    let mut tenant = TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).await?;
    copy_bidirectional(&mut stream, &mut tenant).await?;
    Ok(None)
}

/// The host of `CONNECT host:port`; the request's head is read to its end.
async fn connect_target(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > 8192 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let authority = head.split(' ').nth(1).unwrap_or_default();
    Ok(authority.rsplit_once(':').map_or(authority, |(host, _)| host).to_owned())
}
