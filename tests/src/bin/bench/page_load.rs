//! What a page that never asks for a passkey pays for Keystow's scripts: its load time, beside the same browser with an extension that does
//! nothing, and the time of each script in each frame, from Chromium's own trace.

mod trace;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tests::browser::{Browser, Error, Kind};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::root;
use crate::table::Table;

/// Both browsers load in turn, so many pages each time, so many times.
const ROUNDS: usize = 6;
const LOADS: usize = 15;
/// A page alone, and one with frames.
const FRAMES: [usize; 2] = [0, 20];

/// Adds the rows of the browser `kind`.
pub async fn measure(kind: Kind, table: &mut Table) -> Result<(), Error> {
    let site = Site::start().await?;
    let nothing = tempfile::tempdir()?;
    let manifest = json!({ "manifest_version": 3, "name": "Nothing", "version": "1", "browser_specific_settings": { "gecko": { "id": Browser::FIREFOX_ID } } });
    std::fs::write(nothing.path().join("manifest.json"), manifest.to_string())?;
    let with = Browser::of(kind, extension(kind)).start().await?;
    with.close_welcome().await?;
    let without = Browser::of(kind, nothing.path()).start().await?;
    for frames in FRAMES {
        let (mut with_times, mut without_times) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            without_times.extend(loads(&without, &site, frames).await?);
            with_times.extend(loads(&with, &site, frames).await?);
        }
        table.times(format!("{kind:?}: a page with {frames} frames loads, without Keystow"), without_times);
        table.times(format!("{kind:?}: a page with {frames} frames loads, with Keystow"), with_times);
    }
    with.quit().await?;
    without.quit().await?;
    if kind == Kind::Chromium {
        let [_, frames] = FRAMES;
        for (script, times) in trace::script_times(&extension(kind), &site.url(frames, LOADS)).await? {
            table.times(format!("{kind:?}: {script} in one frame, compiled and run (trace)"), times);
        }
    }
    Ok(())
}

fn extension(kind: Kind) -> PathBuf {
    root().join("dist").join(if kind == Kind::Chromium { "chromium" } else { "firefox" })
}

/// Milliseconds from the start of a navigation to the end of its load event, of each load but the first.
async fn loads(browser: &Browser, site: &Site, frames: usize) -> Result<Vec<f64>, Error> {
    browser.goto(site.url(frames, LOADS)).await?;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        // The page navigates meanwhile: a script that meets no document is asked again.
        let Ok(answer) = browser.execute("return globalThis.times ?? null", vec![]).await else { continue };
        let Value::Array(times) = answer.json() else { continue };
        return Ok(times.iter().skip(1).filter_map(Value::as_f64).collect());
    }
}

/// A site whose page loads itself anew until it has been loaded often enough.
struct Site {
    port: u16,
    server: JoinHandle<()>,
}

impl Site {
    async fn start() -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let router = Router::new()
            .route("/", get(|| async { Html(PAGE) }))
            .route("/frame", get(|| async { Html("<!doctype html><title>Frame</title><p>Hello") }));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the site stopped: {error}");
            }
        });
        Ok(Self { port, server })
    }

    fn url(&self, frames: usize, loads: usize) -> String {
        format!("http://localhost:{}/?frames={frames}&loads={loads}", self.port)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

const PAGE: &str = "<!doctype html><title>Page</title><body><script>
    const asked = new URLSearchParams(location.search);
    for (let i = 0; i < Number(asked.get('frames')); i++) {
        const frame = document.createElement('iframe');
        frame.src = '/frame';
        document.body.append(frame);
    }
    addEventListener('load', () => setTimeout(() => {
        const [{ loadEventEnd }] = performance.getEntriesByType('navigation');
        const before = location.hash ? JSON.parse(decodeURIComponent(location.hash.slice(1))) : [];
        const all = [...before, loadEventEnd];
        if (all.length > Number(asked.get('loads'))) return void (globalThis.times = all);
        location.hash = encodeURIComponent(JSON.stringify(all));
        location.reload();
    }));
</script>";
