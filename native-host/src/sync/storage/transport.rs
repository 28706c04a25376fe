//! HTTP as a storage is asked by it: no other host is followed, no answer is read without end, and a refusal is known for what it means.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use http::{Method, Request, Response, StatusCode, header};
use opendal::raw::oio::ReadStream;
use opendal::{Buffer, Error, ErrorKind, HttpBody, HttpTransport, HttpTransporter, Result};
use opendal_http_transport_reqwest::ReqwestTransport;
use reqwest::redirect::Policy;
use sync_engine::storage::Trouble;

use super::config::is_plain_http;
use super::trouble::{Refusal, Verb, forbidden, shortened};

/// More than any list or any object of ours (SYNC §5), bytes.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// What is read of a refusal to know its reason, bytes.
const REASON: u64 = 16 * 1024;

/// What is spoken over HTTP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dialect {
    /// RFC 4918.
    WebDav,
    /// Amazon's S3.
    S3,
}

struct Guarded {
    inner: ReqwestTransport,
    dialect: Dialect,
}

/// The transport to the server of this address.
///
/// # Errors
/// [`Trouble::Failed`] where the system has no certificates to know servers by.
pub(super) fn transporter(
    url: &str,
    dialect: Dialect,
    patience: Duration,
) -> std::result::Result<HttpTransporter, Trouble> {
    Ok(HttpTransporter::new(Guarded { inner: client(url, patience)?.into(), dialect }))
}

/// A client for the server of this address, with the platform's own certificates.
pub(super) fn client(url: &str, patience: Duration) -> std::result::Result<reqwest::Client, Trouble> {
    // In its place where one is already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("Keystow/", env!("CARGO_PKG_VERSION")))
        // A password goes to the host that it is for, and to no other.
        .redirect(Policy::none())
        .connect_timeout(patience.min(Duration::from_secs(10)))
        .read_timeout(patience);
    // Only this machine is spoken to without TLS.
    let builder = if is_plain_http(url) { builder.no_proxy().tls_certs_only([]) } else { builder.https_only(true) };
    builder.build().map_err(|_| {
        Trouble::Failed(
            "this system has no certificate authorities, by which servers are known: install ca-certificates"
                .to_owned(),
        )
    })
}

impl HttpTransport for Guarded {
    async fn fetch(&self, request: Request<Buffer>) -> Result<Response<HttpBody>> {
        let method = request.method().clone();
        let response = self.inner.fetch(request).await?.map(|body| capped(body, MOST_BYTES));
        let status = response.status();
        let answered = status.is_success()
            || status == StatusCode::NOT_FOUND
            || (status == StatusCode::METHOD_NOT_ALLOWED && method.as_str() == "MKCOL");
        match answered {
            true if method == Method::GET && status.is_success() => measured(response).await,
            true => Ok(response),
            false => Err(self.refusal(&method, response).await),
        }
    }
}

impl Guarded {
    async fn refusal(&self, method: &Method, response: Response<HttpBody>) -> Error {
        let (parts, body) = response.into_parts();
        let code = if self.dialect == Dialect::S3 { s3_code(body).await } else { None };
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        let trouble = meaning(method, parts.status, code.as_deref(), location);
        let refusal = Refusal { trouble, status: parts.status.as_u16() };
        Error::new(ErrorKind::Unexpected, "the server refused").set_source(refusal)
    }
}

/// The meaning of an answer that is none: RFC 9110 §15, RFC 4918 §11, and the code of an S3 error.
fn meaning(method: &Method, status: StatusCode, code: Option<&str>, location: Option<&str>) -> Trouble {
    let verb = if matches!(method.as_str(), "GET" | "HEAD" | "PROPFIND") { Verb::Read } else { Verb::Write };
    let detail = match code {
        Some(code) => format!("{status}, {code}"),
        None => status.to_string(),
    };
    match (status, code) {
        (_, Some("RequestTimeTooSkewed")) => Trouble::Failed("this machine's clock is wrong".to_owned()),
        (_, Some(code)) if code.contains("Quota") || code.contains("StorageFull") => Trouble::Full(detail),
        (_, Some("InvalidAccessKeyId" | "SignatureDoesNotMatch")) => Trouble::NotAllowed(detail),
        (StatusCode::UNAUTHORIZED | StatusCode::PROXY_AUTHENTICATION_REQUIRED, _) => Trouble::NotAllowed(detail),
        (StatusCode::FORBIDDEN, _) => forbidden(verb, detail),
        (StatusCode::INSUFFICIENT_STORAGE, _) => Trouble::Full(detail),
        // RFC 4918 §9.3.1: the folder around a new one is not there, and that is the user's.
        (StatusCode::CONFLICT, _) if method.as_str() == "MKCOL" => Trouble::Gone(detail),
        (StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED, None) => {
            Trouble::Failed(format!("{detail}: this address does not speak WebDAV"))
        }
        (StatusCode::PAYLOAD_TOO_LARGE, _) => Trouble::Failed(format!("{detail}: allow files of 16 MB there")),
        (StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT, _) => {
            Trouble::Unreachable(detail)
        }
        _ if status.is_redirection() => Trouble::Failed(elsewhere(&detail, location)),
        _ => Trouble::Failed(detail),
    }
}

/// Where a server sends to, without what else may be in the address.
fn elsewhere(detail: &str, location: Option<&str>) -> String {
    let url = location.and_then(|location| reqwest::Url::parse(location).ok());
    match url.as_ref().and_then(reqwest::Url::host_str) {
        Some(host) => shortened(&format!("{detail}: it sends to {host}; give the address it has there")),
        None => format!("{detail}: it sends elsewhere; give the address it has there"),
    }
}

/// With a length: OpenDAL reads no file without, and a server that sends in pieces tells none (RFC 9112 §7.1).
async fn measured(response: Response<HttpBody>) -> Result<Response<HttpBody>> {
    if response.headers().contains_key(header::CONTENT_LENGTH) {
        return Ok(response);
    }
    let (mut parts, mut body) = response.into_parts();
    let bytes = body.read_all().await?;
    let length = bytes.len() as u64;
    parts.headers.insert(header::CONTENT_LENGTH, length.into());
    Ok(Response::from_parts(parts, HttpBody::new(stream::iter([Ok(bytes)]), Some(length))))
}

/// Ends with an error where more comes than that.
fn capped(body: HttpBody, most: u64) -> HttpBody {
    body.map_inner(|stream| {
        let mut seen = 0;
        Box::new(stream.map(move |piece| {
            let piece = piece?;
            seen += piece.len() as u64;
            if seen > most {
                return Err(Error::new(ErrorKind::Unexpected, "it sends more than anything of ours is"));
            }
            Ok(piece)
        }))
    })
}

/// `<Code>` of an S3 error.
async fn s3_code(body: HttpBody) -> Option<String> {
    let bytes = capped(body, REASON).read_all().await.ok()?.to_vec();
    let text = String::from_utf8_lossy(&bytes);
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let plain = !code.is_empty() && code.len() < 64 && code.chars().all(|character| character.is_ascii_alphanumeric());
    plain.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refusals_mean() {
        let answered = |status: u16| StatusCode::from_u16(status).unwrap_or_default();
        let put = |status: u16, code| meaning(&Method::PUT, answered(status), code, None);
        let get = |status: u16, code| meaning(&Method::GET, answered(status), code, None);
        for (trouble, expected) in [
            (get(401, None), Trouble::NotAllowed("401 Unauthorized".to_owned())),
            (put(401, None), Trouble::NotAllowed("401 Unauthorized".to_owned())),
            (get(403, None), Trouble::NotAllowed("403 Forbidden".to_owned())),
            (put(403, None), Trouble::ReadOnly("403 Forbidden".to_owned())),
            (put(403, Some("AccessDenied")), Trouble::ReadOnly("403 Forbidden, AccessDenied".to_owned())),
            (put(403, Some("InvalidAccessKeyId")), Trouble::NotAllowed("403 Forbidden, InvalidAccessKeyId".to_owned())),
            (put(403, Some("QuotaExceeded")), Trouble::Full("403 Forbidden, QuotaExceeded".to_owned())),
            (put(507, None), Trouble::Full("507 Insufficient Storage".to_owned())),
            (put(503, None), Trouble::Unreachable("503 Service Unavailable".to_owned())),
            (put(423, None), Trouble::Failed("423 Locked".to_owned())),
            (put(413, None), Trouble::Failed("413 Payload Too Large: allow files of 16 MB there".to_owned())),
            (
                get(302, None),
                Trouble::Failed("302 Found: it sends elsewhere; give the address it has there".to_owned()),
            ),
        ] {
            assert_eq!(trouble, expected);
        }
    }
}
