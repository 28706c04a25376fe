//! Chromium's trace of its own start: what each content script cost in each frame.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::browser::Error;

/// How long the browser is traced; the page has loaded itself often enough by then.
const SECONDS: u64 = 20;

/// By script, the milliseconds that compiling and running it took, once for each document.
pub async fn script_times(extension: &Path, url: &str) -> Result<BTreeMap<String, Vec<f64>>, Error> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("trace.json");
    let _browser = Browser(
        Command::new("chromium")
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
            ])
            .arg(format!("--load-extension={}", extension.display()))
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg("--trace-startup=devtools.timeline,v8")
            .arg("--trace-startup-format=json")
            .arg(format!("--trace-startup-duration={SECONDS}"))
            .arg(format!("--trace-startup-file={}", file.display()))
            .arg(url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let begun = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if let Some(trace) = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return Ok(times(&trace));
        }
        if begun.elapsed() > Duration::from_secs(3 * SECONDS) {
            return Err("Chromium wrote no trace".into());
        }
    }
}

/// `EvaluateScript` is one run of a script in one document, its compilation included. Times in a trace are microseconds.
fn times(trace: &Value) -> BTreeMap<String, Vec<f64>> {
    let mut times: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for event in trace["traceEvents"].as_array().into_iter().flatten() {
        let url = event["args"]["data"]["url"].as_str().unwrap_or_default();
        let Some(script) = url.strip_prefix("chrome-extension://").and_then(|url| url.split('/').nth(1)) else {
            continue;
        };
        if event["name"] == "EvaluateScript"
            && let Some(duration) = event["dur"].as_f64()
        {
            times.entry(script.to_owned()).or_default().push(duration / 1000.0);
        }
    }
    times
}

/// Ended with this value, its children with it.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
