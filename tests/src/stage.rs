//! A browser with Keystow in it, on a computer of its own, before a site with passkeys. The extension is `dist/<browser>`, or that
//! below `$KEYSTOW_DIST`; the host as `machine::keystow` says.

mod appearance;
mod hands;
mod processes;
mod stand_in;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use keystow::install::HOST_NAME;
use serde_json::{Value, json};
use thirtyfour::WindowHandle;

use crate::browser::{Browser, Builder, Error, Kind};
use crate::judge::Script;
use crate::machine::{Machine, keystow};
use crate::prompt_window::{PromptWindow, read_advice};
use crate::site::{Site, Sites};
use crate::world::World;

pub use appearance::Appearance;
pub use processes::{end_process, keystow_below, resident_memory};
pub use stand_in::StandIn;

/// One browser, the computer it runs on, and the site.
pub struct Stage {
    /// The browser; its current window is the page's.
    pub browser: Browser,
    /// The computer: keychain and vault.
    pub machine: Arc<Machine>,
    site: Arc<dyn Sites>,
    page: WindowHandle,
}

/// What the page's promise came to.
#[derive(Debug)]
pub struct Outcome {
    /// The credential in its JSON form, or the error's name and message.
    pub result: Result<Value, (String, String)>,
    /// Whether the error is the very object that the page aborted with.
    pub is_reason: bool,
    /// From the call to the end, measured in the page.
    pub took: Duration,
    /// When it settled: milliseconds since 1970, by the browser's clock.
    pub at: f64,
}

impl Stage {
    /// A browser of `kind` on a computer of its own.
    pub async fn set(kind: Kind) -> Result<Self, Error> {
        Self::on(Arc::new(Machine::start()?), Arc::new(Site::start().await?), kind).await
    }

    /// A browser of `kind` on `machine`.
    pub async fn on(machine: Arc<Machine>, site: Arc<impl Sites + 'static>, kind: Kind) -> Result<Self, Error> {
        Self::before(machine, site, kind, |builder| builder).await?.welcomed().await
    }

    /// The same, shown on the display.
    pub async fn headed(machine: Arc<Machine>, site: Arc<impl Sites + 'static>, kind: Kind) -> Result<Self, Error> {
        Self::before(machine, site, kind, Builder::headed).await?.welcomed().await
    }

    /// The same on a computer of its own, as it is when Keystow has just been installed: its welcome page is open.
    pub async fn as_installed(kind: Kind) -> Result<Self, Error> {
        Self::before(Arc::new(Machine::start()?), Arc::new(Site::start().await?), kind, |builder| builder).await
    }

    async fn welcomed(self) -> Result<Self, Error> {
        self.browser.close_welcome().await?;
        Ok(self)
    }

    /// A browser of `kind` on a computer of its own, for which `world` is all there is.
    pub async fn in_world(world: Arc<World>, kind: Kind) -> Result<Self, Error> {
        let sites: Arc<dyn Sites> = world.clone();
        Self::before(Arc::new(Machine::start()?), sites, kind, |builder| builder.world(&world)).await?.welcomed().await
    }

    /// A browser of `kind` as it comes, for which `world` is all there is.
    pub async fn without_keystow(world: Arc<World>, kind: Kind) -> Result<Self, Error> {
        let browser = Browser::bare(kind).world(&world).start().await?;
        Self::with(Arc::new(Machine::start()?), world, browser).await
    }

    async fn before(
        machine: Arc<Machine>,
        site: Arc<dyn Sites>,
        kind: Kind,
        more: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Error> {
        let (folder, allowed, who) = match kind {
            Kind::Chromium => ("chromium", "allowed_origins", format!("chrome-extension://{}/", Browser::CHROMIUM_ID)),
            Kind::Firefox => ("firefox", "allowed_extensions", Browser::FIREFOX_ID.to_owned()),
        };
        let host =
            json!({ "name": HOST_NAME, "description": "Keystow", "path": keystow()?, "type": "stdio", allowed: [who] });
        let dist = std::env::var_os("KEYSTOW_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
        let extension = dist.join(folder);
        let env = machine.env().into_iter().filter(|(name, _)| name != "HOME");
        let builder = env
            .fold(Browser::of(kind, extension).host_manifest(host), |builder, (name, value)| builder.env(&name, value));
        Self::with(machine, site, more(builder).start().await?).await
    }

    /// Opens our own `page` in a tab beside the page's, and turns to it.
    pub async fn open_beside(&self, page: &str) -> Result<(), Error> {
        self.only_the_page().await?;
        let url = self.browser.extension_url(page);
        if self.browser.kind() == Kind::Chromium {
            let tab = self.browser.new_tab().await?;
            self.browser.switch_to_window(tab).await?;
            return Ok(self.browser.goto(url).await?);
        }
        let script = "const [url, done] = arguments;
            const { gBrowser } = Services.wm.getMostRecentWindow('navigator:browser');
            const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
            gBrowser.selectedTab = gBrowser.addTab(url, { triggeringPrincipal });
            done(true)";
        self.browser.in_chrome(script, vec![json!(url)]).await?;
        for _ in 0..250 {
            if let Some(tab) = self.browser.windows().await?.into_iter().find(|tab| *tab != self.page) {
                self.browser.switch_to_window(tab).await?;
                let there = self.browser.execute(THERE, vec![json!(url)]).await;
                if there.is_ok_and(|there| there.json() == true) {
                    return Ok(());
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("{page} did not open within 5 seconds").into())
    }

    async fn with(machine: Arc<Machine>, site: Arc<dyn Sites>, browser: Browser) -> Result<Self, Error> {
        browser.set_script_timeout(Duration::from_secs(20)).await?;
        let page = browser.window().await?;
        Ok(Self { browser, machine, site, page })
    }

    /// The origin of the site on `host` (`localhost` or below).
    pub fn origin(&self, host: &str) -> String {
        self.site.origin(host)
    }

    /// Opens the site on `host` in the page's window, as a new document, with a judge of its own.
    pub async fn visit(&self, host: &str) -> Result<Script, Error> {
        self.open(host).await?;
        Script::simplewebauthn(host, &self.origin(host))
    }

    /// Opens the site on `host` in the page's window, as a new document.
    pub async fn open(&self, host: &str) -> Result<(), Error> {
        self.only_the_page().await?;
        Ok(self.browser.goto(format!("{}/", self.origin(host))).await?)
    }

    /// Closes every window but the page's, and turns to that.
    pub async fn only_the_page(&self) -> Result<(), Error> {
        for handle in self.browser.windows().await? {
            if handle != self.page && self.browser.switch_to_window(handle).await.is_ok() {
                let _ = self.browser.close_window().await;
            }
        }
        Ok(self.browser.switch_to_window(self.page.clone()).await?)
    }

    /// The page calls `create` or `get` by `@simplewebauthn/browser`; the promise is left pending.
    pub async fn begin(&self, call: &str, options: &Value) -> Result<(), Error> {
        self.browser.execute("begin(...arguments)", vec![json!(call), options.clone()]).await?;
        Ok(())
    }

    /// The page calls the API itself, with `public_key` (a JavaScript expression) laid over the options.
    pub async fn begin_plain(&self, call: &str, options: &Value, public_key: &str) -> Result<(), Error> {
        let script = "beginPlain(...arguments)";
        self.browser.execute(script, vec![json!(call), options.clone(), json!(public_key)]).await?;
        Ok(())
    }

    /// Waits for what the page's last call comes to.
    pub async fn outcome(&self) -> Result<Outcome, Error> {
        let answer = self.browser.execute_async("settled.then(arguments[0])", vec![]).await?;
        let mut value = answer.json().clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let error = (text(&value["error"]["name"]), text(&value["error"]["message"]));
        let took = Duration::from_secs_f64(value["took"].as_f64().ok_or("the page has called nothing")? / 1000.0);
        let result = if value["error"].is_null() { Ok(value["credential"].take()) } else { Err(error) };
        Ok(Outcome { result, is_reason: value["isReason"] == true, took, at: value["at"].as_f64().unwrap_or_default() })
    }

    /// The consent window that the page's call has brought up. A picture of it is kept as `dist/screens/<browser>-<name>.png`.
    ///
    /// # Errors
    /// No window, or one in which axe-core finds anything at all.
    pub async fn window(&self, name: &str) -> Result<PromptWindow<'_>, Error> {
        let window = PromptWindow::appears(&self.browser).await?;
        self.look(&window, name).await?;
        Ok(window)
    }

    /// Looks at what the window shows now, as [`looks_well`](Self::looks_well) does.
    ///
    /// # Errors
    /// axe-core finds anything at all in it.
    pub async fn look(&self, _window: &PromptWindow<'_>, name: &str) -> Result<(), Error> {
        self.looks_well(name).await
    }

    /// Turns to the page, whatever else is open.
    pub async fn back_to_the_page(&self) -> Result<(), Error> {
        Ok(self.browser.switch_to_window(self.page.clone()).await?)
    }

    /// Whether there is a window besides the page's.
    pub async fn has_window(&self) -> Result<bool, Error> {
        Ok(self.browser.windows().await?.iter().any(|handle| *handle != self.page))
    }

    /// Waits until the page's window is the only one, and turns to it.
    pub async fn window_closes(&self) -> Result<(), Error> {
        for _ in 0..500 {
            if !self.has_window().await? {
                return Ok(self.browser.switch_to_window(self.page.clone()).await?);
            }
            read_advice(&self.browser).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("a window besides the page's stayed open for 10 seconds".into())
    }

    /// Ends the extension's background as the browser does when it has been idle.
    pub async fn end_background(&self) -> Result<(), Error> {
        match self.browser.kind() {
            Kind::Chromium => self.end_service_worker().await,
            Kind::Firefox => {
                let script = "WebExtensionPolicy.getByID(arguments[0]).extension.terminateBackground(
                    { ignoreDevToolsAttached: true, disableResetIdleForTest: true }).then(arguments[1])";
                self.browser.in_chrome(script, vec![json!(Browser::FIREFOX_ID)]).await.map(|_| ())
            }
        }
    }

    async fn end_service_worker(&self) -> Result<(), Error> {
        let targets = self.cdp("Target.getTargets", json!({ "filter": [{}] })).await?;
        let targets = targets["targetInfos"].as_array().cloned().unwrap_or_default();
        let worker = targets.iter().find(|target| {
            target["type"] == "service_worker"
                && target["url"].as_str().is_some_and(|url| url.contains(Browser::CHROMIUM_ID))
        });
        let id = worker.ok_or("Keystow's background is not running")?["targetId"].clone();
        self.cdp("Target.closeTarget", json!({ "targetId": id })).await.map(|_| ())
    }

    async fn cdp(&self, method: &str, parameters: Value) -> Result<Value, Error> {
        self.browser.command(Method::POST, "/goog/cdp/execute", json!({ "cmd": method, "params": parameters })).await
    }

    /// The process ids of the hosts that this browser has started.
    pub fn hosts(&self) -> Vec<u32> {
        keystow_below(self.browser.driver_id())
    }

    /// The file that tells the browser where the host is.
    pub fn host_manifest(&self) -> PathBuf {
        let folder = match self.browser.kind() {
            Kind::Chromium => "profile/NativeMessagingHosts",
            Kind::Firefox => "home/.mozilla/native-messaging-hosts",
        };
        self.browser.folder().join(folder).join(format!("{HOST_NAME}.json"))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Whether the address's document is loaded: a new tab is empty first.
const THERE: &str = "return location.href === arguments[0] && document.readyState === 'complete'";
