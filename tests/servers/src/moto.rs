//! S3 as `moto_server` plays it.

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use protocol::manage::sync::{Secret, StorageConfig};
use tempfile::TempDir;

use super::process::{Process, free_port};
use super::{home, skipped};

/// The bucket that is there.
pub const BUCKET: &str = "keystow-test";

/// What IAM is asked as, before moto looks at signatures.
const UNSIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0";

/// A user who may do everything.
const POLICY: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A*%22%2C%22Resource%22%3A%22*%22%7D%5D%7D";

/// The server, and a user's access key there.
pub struct Moto {
    process: Process,
    port: u16,
    key: String,
    secret: String,
    _home: TempDir,
}

impl Moto {
    /// With the bucket and the user.
    pub fn start() -> Option<Self> {
        let python = env::var_os("KEYSTOW_PYTHON").unwrap_or_else(|| "python3".into());
        let there = Command::new(&python).args(["-c", "import moto.server"]).output();
        if !there.is_ok_and(|output| output.status.success()) {
            skipped("moto (PyPI) is not installed");
            return None;
        }
        let (home, port) = (home(), free_port());
        let mut server = Command::new(&python);
        server.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        let process = Process::start(server, port, &home.path().join("log"));
        let mut moto = Self { process, port, key: String::new(), secret: String::new(), _home: home };
        moto.http("PUT", &format!("/{BUCKET}"), "", "");
        moto.iam("CreateUser", "");
        moto.iam("PutUserPolicy", &format!("&PolicyName=all&PolicyDocument={POLICY}"));
        let made = moto.iam("CreateAccessKey", "");
        let field = |name: &str| {
            let (_, rest) = made.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{made}"));
            rest.split_once('<').unwrap().0.to_owned()
        };
        (moto.key, moto.secret) = (field("AccessKeyId"), field("SecretAccessKey"));
        Some(moto)
    }

    /// From now on it knows who may ask. Its own way to check signatures takes none for right where a query is in the address.
    pub fn look_at_keys(&self) {
        self.http("POST", "/moto-api/reset-auth", "", "0");
    }

    /// The storage in the bucket's folder `keystow`.
    pub fn config(&self) -> StorageConfig {
        self.config_at(self.port, BUCKET, &self.secret)
    }

    /// The storage at another port, in another bucket, or with another secret.
    pub fn config_at(&self, port: u16, bucket: &str, secret: &str) -> StorageConfig {
        self.config_as(port, bucket, &self.key, secret)
    }

    /// The storage with another access key ID.
    pub fn config_as(&self, port: u16, bucket: &str, key: &str, secret: &str) -> StorageConfig {
        StorageConfig::S3 {
            endpoint: format!("http://127.0.0.1:{port}"),
            region: "us-east-1".to_owned(),
            bucket: bucket.to_owned(),
            prefix: "keystow".to_owned(),
            access_key_id: key.to_owned(),
            secret_access_key: Secret::new(secret.to_owned()),
        }
    }

    /// The access key's ID.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The access key's secret.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it.
    pub fn stop(&mut self) {
        self.process.stop();
    }

    fn iam(&self, action: &str, more: &str) -> String {
        let form = format!("Action={action}&Version=2010-05-08&UserName=anna{more}");
        let headers = format!("Authorization: {UNSIGNED}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
        self.http("POST", "/", &headers, &form)
    }

    /// The answer's head and body. Panics where it is no success.
    fn http(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
            self.port
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
        answer
    }
}
