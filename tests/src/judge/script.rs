//! A judge that is a program of its own: one JSON request a line in, one JSON answer a line out.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Error, Judge, Policy, Verdict};

/// How long a judge may think.
const PATIENCE: Duration = Duration::from_secs(30);

/// A script of `tests/interop`, running. It ends with this value.
pub struct Script {
    name: &'static str,
    algorithms: &'static [i64],
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Script {
    /// `@simplewebauthn/server`, by Node.js, as the relying party `rp_id` on `origin`.
    pub fn simplewebauthn(rp_id: &str, origin: &str) -> Result<Self, Error> {
        Self::simplewebauthn_in_frames(rp_id, origin, None)
    }

    /// The same, signing in within frames in pages of `top_origin`.
    pub fn simplewebauthn_in_frames(rp_id: &str, origin: &str, top_origin: Option<&str>) -> Result<Self, Error> {
        if !folder().join("npm/node_modules/@simplewebauthn/server").exists() {
            return Err(missing("@simplewebauthn/server"));
        }
        // ML-DSA needs a Web Cryptography that not every Node.js has that we take.
        let arguments: Vec<_> = [rp_id, origin].into_iter().chain(top_origin).collect();
        Self::start("simplewebauthn.mjs", &[-7, -8, -35, -257], Path::new("node"), &arguments)
    }

    /// PyPI's `webauthn`, by the Python of Keystow's tools cache.
    pub fn py_webauthn(rp_id: &str, origin: &str) -> Result<Self, Error> {
        let python = python().filter(|python| python.exists()).ok_or_else(|| missing("PyPI's webauthn"))?;
        // ES384 is not in its list.
        Self::start("py_webauthn.py", &[-7, -8, -257, -48, -49], &python, &[rp_id, origin])
    }

    fn start(
        name: &'static str,
        algorithms: &'static [i64],
        program: &Path,
        arguments: &[&str],
    ) -> Result<Self, Error> {
        let mut child = Command::new(program)
            .arg(folder().join("interop").join(name))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{} did not start: {error}. Run ./build.sh setup.", program.display()))?;
        let input = child.stdin.take().ok_or("the input is piped")?;
        let output = BufReader::new(child.stdout.take().ok_or("the output is piped")?).lines();
        Ok(Self { name, algorithms, input, output, _child: child })
    }

    async fn ask(&mut self, request: Value) -> Result<Value, Error> {
        self.input.write_all(format!("{request}\n").as_bytes()).await?;
        let line = tokio::time::timeout(PATIENCE, self.output.next_line()).await;
        let line = line.map_err(|_| format!("{} did not answer {request}", self.name))??;
        let line = line.ok_or_else(|| format!("{} ended; its reason is above. Run ./build.sh setup.", self.name))?;
        Ok(serde_json::from_str(&line)?)
    }

    async fn options(&mut self, request: Value) -> Result<Value, Error> {
        let mut answer = self.ask(request).await?;
        match answer["options"].take() {
            Value::Null => Err(format!("{} gave no options: {answer}", self.name).into()),
            options => Ok(options),
        }
    }

    async fn verdict(&mut self, request: Value) -> Result<Verdict, Error> {
        let mut answer = self.ask(request).await?;
        if let Some(reason) = answer["refused"].as_str() {
            return Ok(Err(reason.to_owned()));
        }
        Ok(Ok(serde_json::from_value(answer["accepted"].take())?))
    }
}

impl Judge for Script {
    fn algorithms(&self) -> &'static [i64] {
        self.algorithms
    }

    async fn registration_options(&mut self, policy: Policy<'_>) -> Result<Value, Error> {
        self.options(json!({
            "command": "registrationOptions", "user": policy.user, "userVerification": policy.user_verification,
            "attestation": policy.attestation, "exclude": policy.exclude, "algorithm": policy.algorithm,
        }))
        .await
    }

    async fn register(&mut self, response: &Value) -> Result<Verdict, Error> {
        self.verdict(json!({ "command": "register", "response": response })).await
    }

    async fn sign_in_options(&mut self, policy: Policy<'_>) -> Result<Value, Error> {
        let request =
            json!({ "command": "signInOptions", "user": policy.user, "userVerification": policy.user_verification });
        self.options(request).await
    }

    async fn sign_in(&mut self, response: &Value) -> Result<Verdict, Error> {
        self.verdict(json!({ "command": "signIn", "response": response })).await
    }
}

/// `build.sh` says where; a test that is run by hand finds the same place.
fn python() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    variable("KEYSTOW_PYTHON").or_else(|| {
        let cache = || Some(variable("XDG_CACHE_HOME").unwrap_or(variable("HOME")?.join(".cache")).join("keystow"));
        Some(variable("KEYSTOW_CACHE").or_else(cache)?.join("python/bin/python"))
    })
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn missing(what: &str) -> Error {
    format!("{what} is not installed. Run ./build.sh setup.").into()
}
