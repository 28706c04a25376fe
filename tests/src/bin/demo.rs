//! The demo: `demo --headless` plays the story in both browsers and says how it went; `demo chromium` and
//! `demo firefox` open a browser on the demo site, ready to try. `./build.sh demo` builds what this needs and calls it.
//!
//! The host is `$KEYSTOW_BIN`. The vault is in a folder of its own, thrown away at the end; the keychain is the
//! session's (`tests/keychain-session.sh` gives a private one).

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keystow::install::HOST_NAME;
use serde_json::json;
use tempfile::TempDir;
use tests::browser::{Browser, Error, Kind};
use tests::prompt_window::PromptWindow;
use tests::relying_party::RelyingParty;
use thirtyfour::By;
use tokio::signal::unix::{SignalKind, signal};

const PIN: &str = "open sesame 7";

#[tokio::main]
async fn main() -> Result<(), Error> {
    let play = std::env::args().nth(1).unwrap_or_else(|| "--headless".to_owned());
    let stage = Stage::set(if play == "--headless" { 0 } else { 8000 }).await?;
    tokio::select! {
        result = stage.play(&play) => result,
        // Dropping the play ends the browsers and deletes the vault.
        result = interrupted() => result,
    }
}

/// Waits for Ctrl-C, or for being asked to end.
async fn interrupted() -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    Err("interrupted".into())
}

/// What every demo stands on: the relying party, the host, and a vault of its own.
struct Stage {
    relying_party: RelyingParty,
    host: PathBuf,
    vault: TempDir,
}

impl Stage {
    async fn set(port: u16) -> Result<Self, Error> {
        let host = std::env::var_os("KEYSTOW_BIN").map_or_else(|| root().join("target/release/keystow"), PathBuf::from);
        let host =
            host.canonicalize().map_err(|error| format!("no host at {}: {error}. Run ./build.sh.", host.display()))?;
        let vault = tempfile::Builder::new().prefix("keystow-demo-").tempdir()?;
        Ok(Self { relying_party: RelyingParty::start(port).await?, host, vault })
    }

    async fn play(self, play: &str) -> Result<(), Error> {
        match play {
            "--headless" => self.play_story().await,
            "chromium" => self.open(Kind::Chromium).await,
            "firefox" => self.open(Kind::Firefox).await,
            other => Err(format!("there is no demo in \"{other}\": chromium, firefox or --headless").into()),
        }
    }

    async fn start(&self, kind: Kind, headed: bool) -> Result<Browser, Error> {
        let (folder, allowed) = match kind {
            Kind::Chromium => {
                ("chromium", json!({ "allowed_origins": [format!("chrome-extension://{}/", Browser::CHROMIUM_ID)] }))
            }
            Kind::Firefox => ("firefox", json!({ "allowed_extensions": [Browser::FIREFOX_ID] })),
        };
        let mut manifest = json!({ "name": HOST_NAME, "description": "Keystow", "path": self.host, "type": "stdio" });
        for (name, value) in allowed.as_object().into_iter().flatten() {
            manifest[name] = value.clone();
        }
        let builder = Browser::of(kind, root().join("dist").join(folder))
            .host_manifest(manifest)
            .env("XDG_DATA_HOME", self.vault.path().display().to_string());
        let browser = if headed { builder.headed() } else { builder }.start().await?;
        browser.close_welcome().await?;
        browser.goto(self.relying_party.url()).await?;
        Ok(browser)
    }

    /// Opens a browser and waits until it is closed.
    async fn open(self, kind: Kind) -> Result<(), Error> {
        let browser = self.start(kind, true).await?;
        println!("\nThe demo site is {}, open in {}.", self.relying_party.url(), name(kind));
        println!("Its passkeys and its keychain are the demo's own, and are thrown away when you close the browser.");
        while browser.windows().await.is_ok_and(|windows| !windows.is_empty()) {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(())
    }

    async fn play_story(self) -> Result<(), Error> {
        let start = Instant::now();
        println!("Keystow's demo: two browsers, one vault, a relying party on {}", self.relying_party.url());
        let mut story = Story::begin(&self).await?;
        let told = story.tell().await;
        if let Err(error) = &told {
            story.failed(error).await;
        }
        let outcomes = self.relying_party.outcomes();
        let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.refusal.as_deref()).collect();
        println!("\nThe relying party accepted {} and refused {}.", outcomes.len() - refused.len(), refused.len());
        refused.iter().for_each(|reason| println!("  refused: {reason}"));
        println!("Screenshots: dist/demo. {:.1} s in all.", start.elapsed().as_secs_f64());
        told?;
        if refused.is_empty() { Ok(()) } else { Err("the relying party refused something".into()) }
    }
}

/// The browsers of a headless demo, and how far the story has come.
struct Story {
    chromium: Browser,
    firefox: Browser,
    pictures: PathBuf,
    step: u32,
}

/// One thing that a person does on the demo page.
struct Scene<'a> {
    says: &'a str,
    button: &'a str,
    user_name: &'a str,
    headline: String,
}

impl Story {
    async fn begin(stage: &Stage) -> Result<Self, Error> {
        let pictures = root().join("dist/demo");
        if pictures.exists() {
            std::fs::remove_dir_all(&pictures)?;
        }
        std::fs::create_dir_all(&pictures)?;
        let start = Instant::now();
        let (chromium, firefox) =
            tokio::try_join!(stage.start(Kind::Chromium, false), stage.start(Kind::Firefox, false))?;
        println!("  both browsers started in {:.1} s\n", start.elapsed().as_secs_f64());
        Ok(Self { chromium, firefox, pictures, step: 0 })
    }

    async fn tell(&mut self) -> Result<(), Error> {
        self.play(Kind::Chromium, &register("Ada registers in Chromium, and chooses a PIN", "ada")).await?;
        self.play(Kind::Firefox, &sign_in("She signs in with that passkey in Firefox", "sign-in", "ada")).await?;
        self.play(Kind::Firefox, &register("Grace registers in Firefox", "grace")).await?;
        self.play(
            Kind::Chromium,
            &sign_in("She signs in with that passkey in Chromium, giving no name", "sign-in-any", "grace"),
        )
        .await
    }

    async fn play(&mut self, kind: Kind, scene: &Scene<'_>) -> Result<(), Error> {
        println!("{}.", scene.says);
        let browser = self.browser(kind);
        let name_field = browser.find(By::Id("user-name")).await?;
        name_field.clear().await?;
        name_field.send_keys(scene.user_name).await?;
        browser.find(By::Id(scene.button)).await?.click().await?;

        let window = PromptWindow::appears(browser).await?;
        println!("  window after {} ms: {}", window.appeared_after.as_millis(), first_lines(&window.text().await?));
        window.choose_account(scene.user_name).await?;
        window.enter_pin(PIN).await?;
        window.screenshot(&self.picture(kind, scene.button, "window")).await?;
        let closed = window.approve().await?;

        let (state, headline, settled) = result(browser).await?;
        println!(
            "  window gone {} ms after the click; the server has answered {settled} ms later: {headline}",
            closed.as_millis()
        );
        browser.screenshot(&self.picture(kind, scene.button, "page")).await?;
        self.step += 1;
        if state == "accepted" && headline == scene.headline {
            Ok(())
        } else {
            Err(format!("expected: {}", scene.headline).into())
        }
    }

    /// Keeps a picture of what every window of both browsers showed at the failure.
    async fn failed(&self, error: &Error) {
        println!("  failed: {error}");
        for kind in [Kind::Chromium, Kind::Firefox] {
            let browser = self.browser(kind);
            for (number, handle) in browser.windows().await.unwrap_or_default().into_iter().enumerate() {
                if browser.switch_to_window(handle).await.is_ok() {
                    let _ = browser.screenshot(&self.picture(kind, "failed", &number.to_string())).await;
                }
            }
        }
    }

    fn browser(&self, kind: Kind) -> &Browser {
        match kind {
            Kind::Chromium => &self.chromium,
            Kind::Firefox => &self.firefox,
        }
    }

    fn picture(&self, kind: Kind, what: &str, part: &str) -> PathBuf {
        self.pictures.join(format!("{}-{}-{what}-{part}.png", self.step + 1, name(kind).to_lowercase()))
    }
}

fn register<'a>(says: &'a str, user_name: &'a str) -> Scene<'a> {
    Scene { says, button: "register", user_name, headline: format!("Passkey created for {user_name}.") }
}

fn sign_in<'a>(says: &'a str, button: &'a str, user_name: &'a str) -> Scene<'a> {
    Scene { says, button, user_name, headline: format!("Welcome back, {user_name}.") }
}

/// Waits for the page's result: its state, its headline, and the milliseconds waited.
async fn result(browser: &Browser) -> Result<(String, String, u128), Error> {
    let start = Instant::now();
    loop {
        let state = browser.find(By::Id("result")).await?.attr("data-state").await?.unwrap_or_default();
        if state != "busy" && state != "idle" {
            let waited = start.elapsed().as_millis();
            let mut headline = browser.find(By::Id("headline")).await?.text().await?;
            if state != "accepted" {
                headline = format!("{headline} {}", browser.find(By::Id("detail")).await?.text().await?);
            }
            return Ok((state, headline, waited));
        }
        if start.elapsed() > Duration::from_secs(10) {
            return Err("the page is still waiting 10 seconds after the window closed".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn first_lines(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).take(3).collect::<Vec<_>>().join(" | ")
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Chromium => "Chromium",
        Kind::Firefox => "Firefox",
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
