//! Real browsers for tests: each with a fresh profile, a private home, and its WebDriver server on a free port.
//!
//! ```no_run
//! # async fn example() -> Result<(), tests::browser::Error> {
//! use tests::browser::Browser;
//! let browser = Browser::chromium("dist/chromium").start().await?;
//! browser.goto("http://localhost:8000/").await?; // everything thirtyfour's `WebDriver` can do
//! browser.quit().await?;
//! # Ok(()) }
//! ```
//!
//! Dropping a [`Browser`] ends it too (it blocks a little longer): the session is closed, then the driver and what is
//! left below it are ended by process id, then the profile is deleted.

mod options;
mod process;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::WebDriver;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId, WindowHandle};

use crate::world::{Proxy, World};
use options::Start;
use process::DriverProcess;

/// Any failure of a browser test's set-up; tests only print it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The browsers that Keystow's tests drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Debian's Chromium, by chromedriver.
    Chromium,
    /// Firefox (ESR), by geckodriver.
    Firefox,
}

/// What a browser is started with. See [`Browser::chromium`] and [`Browser::firefox`].
#[derive(Clone, Debug)]
pub struct Builder {
    kind: Kind,
    extension: Option<PathBuf>,
    host_manifests: Vec<Value>,
    env: Vec<(String, String)>,
    headed: bool,
    world: Option<Proxy>,
}

/// A running browser with the extension loaded. Derefs to thirtyfour's `WebDriver`.
pub struct Browser {
    // The order of the fields is the order in which they end.
    driver: WebDriver,
    process: DriverProcess,
    profile: TempDir,
    kind: Kind,
}

impl Browser {
    /// Chromium with the unpacked extension in `extension`. The extension's own windows (the prompt) have WebDriver
    /// handles (`enableExtensionTargets`).
    pub fn chromium(extension: impl AsRef<Path>) -> Builder {
        Builder::new(Kind::Chromium, Some(extension.as_ref()))
    }

    /// Firefox with the extension in `extension` installed for the session. Its internal UUID is [`Browser::FIREFOX_UUID`].
    pub fn firefox(extension: impl AsRef<Path>) -> Builder {
        Builder::new(Kind::Firefox, Some(extension.as_ref()))
    }

    /// The browser of the given kind.
    pub fn of(kind: Kind, extension: impl AsRef<Path>) -> Builder {
        Builder::new(kind, Some(extension.as_ref()))
    }

    /// The browser of the given kind as it comes, without any extension.
    pub fn bare(kind: Kind) -> Builder {
        Builder::new(kind, None)
    }

    /// The id that the `key` in the manifest gives the extension in Chromium.
    pub const CHROMIUM_ID: &str = "kgckkhcbepgohlebaepifclndmlpapih";
    /// The add-on id in Firefox.
    pub const FIREFOX_ID: &str = "keystow@keystow.org";
    /// The host part of `moz-extension:` URLs, fixed by a preference in these tests.
    pub const FIREFOX_UUID: &str = "5d1f1c0e-6c5e-4f3b-9d0a-8f7a2b6c4e11";

    /// Which browser this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The folder with this browser's profile and private home; deleted at the end.
    pub fn folder(&self) -> &Path {
        self.profile.path()
    }

    /// The process id of the WebDriver server; the browser's own processes are below it.
    pub fn driver_id(&self) -> u32 {
        self.process.id()
    }

    /// The URL of a page inside the extension.
    pub fn extension_url(&self, page: &str) -> String {
        match self.kind {
            Kind::Chromium => format!("chrome-extension://{}/{page}", Self::CHROMIUM_ID),
            Kind::Firefox => format!("moz-extension://{}/{page}", Self::FIREFOX_UUID),
        }
    }

    /// Waits for the page that Keystow opens after its installation, closes it, and turns to the page that was there before.
    pub async fn close_welcome(&self) -> Result<(), Error> {
        let page = self.window().await?;
        let welcome = self.welcome().await?;
        self.switch_to_window(welcome).await?;
        self.close_window().await?;
        Ok(self.switch_to_window(page).await?)
    }

    /// Waits for the page that Keystow opens after its installation.
    pub async fn welcome(&self) -> Result<WindowHandle, Error> {
        let page = self.window().await?;
        for _ in 0..500 {
            for handle in self.windows().await? {
                if handle == page {
                    continue;
                }
                self.switch_to_window(handle.clone()).await?;
                let is_welcome = self.current_url().await.is_ok_and(|url| url.path().ends_with("/welcome.html"));
                self.switch_to_window(page.clone()).await?;
                if is_welcome {
                    return Ok(handle);
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("no welcome page came up within 10 seconds".into())
    }

    /// Sends a WebDriver command thirtyfour has no name for. `path` is what follows `/session/{id}`.
    pub async fn command(&self, method: Method, path: &str, body: Value) -> Result<Value, Error> {
        let command = RawCommand { method, path: path.to_owned(), body };
        Ok(self.driver.cmd(command).await?.value_json()?)
    }

    /// Adds the browser's own virtual authenticator (CTAP2, internal, resident keys, consenting and verified), so that
    /// a call which reaches the *native* API is answered without a person. Returns its id.
    /// Chromium ties it to the current tab, Firefox to the session.
    pub async fn add_virtual_authenticator(&self) -> Result<String, Error> {
        let options = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        let id = self.command(Method::POST, "/webauthn/authenticator", options).await?;
        Ok(id.as_str().unwrap_or_default().to_owned())
    }

    /// Firefox only: runs a script in the browser's own window. It ends by calling its last argument.
    pub async fn in_chrome(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Error> {
        let context = |context| self.command(Method::POST, "/moz/context", json!({ "context": context }));
        context("chrome").await?;
        let answer = self.driver.execute_async(script, arguments).await;
        context("content").await?;
        Ok(answer?.json().clone())
    }

    /// Ends the browser and says so if it did not end well.
    pub async fn quit(self) -> Result<(), Error> {
        Ok(self.driver.clone().quit().await?)
    }
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

impl Builder {
    fn new(kind: Kind, extension: Option<&Path>) -> Self {
        let extension = extension.map(Path::to_owned);
        Self { kind, extension, host_manifests: Vec::new(), env: Vec::new(), headed: false, world: None }
    }

    /// Registers a native messaging host for this browser alone: `manifest` is the browser's own manifest format, with
    /// an absolute `path`. It is written where the browser looks in this profile or home.
    pub fn host_manifest(mut self, manifest: Value) -> Self {
        self.host_manifests.push(manifest);
        self
    }

    /// Sets an environment variable for the browser, and so for the native host it starts (`XDG_DATA_HOME`, say).
    /// Everything else is inherited, `DBUS_SESSION_BUS_ADDRESS` included: set it before, headless Chromium turns the
    /// bus off where it is unset. `HOME` is a private folder in [`Browser::folder`].
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Shows the browser on the display instead of running it headless.
    pub fn headed(mut self) -> Self {
        self.headed = true;
        self
    }

    /// Sends every request of the browser to `world`, loopback's names included.
    pub fn world(mut self, world: &World) -> Self {
        self.world = Some(world.proxy().clone());
        self
    }

    /// Starts driver and browser, and loads the extension.
    pub async fn start(self) -> Result<Browser, Error> {
        // The host's HTTP client leaves the choice of a TLS provider to the program, and WebDriver's is the same crate.
        let _chosen_before = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let extension = self.extension.as_deref().map(found).transpose()?;
        let profile = tempfile::Builder::new().prefix("keystow-browser-").tempdir()?;
        self.write_host_manifests(profile.path())?;
        let mut env = vec![("HOME".to_owned(), profile.path().join("home").display().to_string())];
        env.extend(self.env.clone());
        let process = DriverProcess::start(self.kind, &env)?;
        let start = Start {
            extension: extension.as_deref(),
            folder: profile.path(),
            headed: self.headed,
            world: self.world.as_ref(),
        };
        let capabilities = options::capabilities(self.kind, &start)?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", process.port()), capabilities).await?;
        let browser = Browser { driver, process, profile, kind: self.kind };
        if self.kind == Kind::Firefox && extension.is_some() {
            let addon = json!({ "path": extension, "temporary": true });
            browser.command(Method::POST, "/moz/addon/install", addon).await?;
        }
        if let (Kind::Firefox, Some(proxy)) = (self.kind, &self.world) {
            browser.in_chrome(TRUST, vec![json!(proxy.authority)]).await?;
        }
        Ok(browser)
    }

    fn write_host_manifests(&self, folder: &Path) -> Result<(), Error> {
        let hosts = match self.kind {
            Kind::Chromium => folder.join("profile/NativeMessagingHosts"),
            Kind::Firefox => folder.join("home/.mozilla/native-messaging-hosts"),
        };
        std::fs::create_dir_all(folder.join("home"))?;
        std::fs::create_dir_all(folder.join("profile"))?;
        std::fs::create_dir_all(&hosts)?;
        for manifest in &self.host_manifests {
            let name = manifest["name"].as_str().ok_or("the host manifest has no name")?;
            std::fs::write(hosts.join(format!("{name}.json")), manifest.to_string())?;
        }
        Ok(())
    }
}

fn found(extension: &Path) -> Result<PathBuf, Error> {
    std::fs::canonicalize(extension).map_err(|error| {
        format!("no extension in {}: {error}. Run ./build.sh build first.", extension.display()).into()
    })
}

const TRUST: &str = "
    const [authority, done] = arguments;
    Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB).addCertFromBase64(authority, 'CT,,');
    done(true);";

#[derive(Debug)]
struct RawCommand {
    method: Method,
    path: String,
    body: Value,
}

impl FormatRequestData for RawCommand {
    fn format_request(&self, session_id: &SessionId) -> RequestData {
        let request = RequestData::new(self.method.clone(), format!("/session/{session_id}{}", self.path));
        if self.method == Method::POST { request.add_body(self.body.clone()) } else { request }
    }
}
