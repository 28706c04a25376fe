//! page.js and content.js in real browsers, on a stand-in for the background (`page/background.js`).
//!
//! The behaviours are the rows of `page/*.js`; each runs in a freshly loaded document, once per browser. Calls that must
//! reach the browser's own function are answered by its virtual authenticator.

mod page {
    pub mod site;
}

use std::path::Path;
use std::time::Duration;

use page::site::Site;
use serde_json::json;
use tests::browser::{Browser, Error, Kind};

/// As `manifest/manifest.json` has them.
const ISOLATED: &[&str] = &["frame.js", "surface.js", "invitation.js", "notice.js", "content.js"];

#[tokio::test(flavor = "multi_thread")]
async fn chromium() -> Result<(), Error> {
    run_rows(Kind::Chromium).await
}

#[tokio::test(flavor = "multi_thread")]
async fn firefox() -> Result<(), Error> {
    run_rows(Kind::Firefox).await
}

async fn run_rows(kind: Kind) -> Result<(), Error> {
    let extension = stub_extension()?;
    let site = Site::start()?;
    let browser = Browser::of(kind, extension.path()).start().await?;
    browser.goto(site.url()).await?;
    browser.add_virtual_authenticator().await?;
    browser.set_script_timeout(Duration::from_secs(15)).await?;
    let names: Vec<String> =
        serde_json::from_value(browser.execute("return Object.keys(rows)", vec![]).await?.json().clone())?;
    assert!(names.len() > 60, "only {} rows were found", names.len());

    let wanted = std::env::var("KEYSTOW_ROW").unwrap_or_default();
    let mut failures = Vec::new();
    for name in names.iter().filter(|name| name.contains(&wanted)) {
        if name.contains("back/forward cache") {
            browser.execute("leavePending()", vec![]).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        browser.goto(site.url()).await?;
        let script = "const [name, done] = arguments; run(name).then(done)";
        let outcome = browser.execute_async(script, vec![json!(name)]).await;
        let problem = match outcome {
            Ok(value) => value.json().as_str().unwrap_or("no outcome").to_owned(),
            Err(error) => error.to_string(),
        };
        println!("{kind:?}: {name} ... {}", if problem.is_empty() { "ok" } else { "FAILED" });
        if !problem.is_empty() {
            failures.push(format!("{name}\n  {problem}"));
        }
    }
    browser.quit().await?;
    assert!(
        failures.is_empty(),
        "{} of {} rows failed in {kind:?}:\n{}",
        failures.len(),
        names.len(),
        failures.join("\n")
    );
    Ok(())
}

/// The real page.js and content.js, with the stand-in for the background.
fn stub_extension() -> Result<tempfile::TempDir, Error> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir()?;
    let scripts = ISOLATED.iter().chain(&["page.js"]).map(|name| format!("../extension/{name}"));
    for file in scripts.chain(["page/background.js".to_owned()]) {
        let from = project.join(file);
        let name = from.file_name().ok_or("a file has a name")?;
        std::fs::copy(&from, folder.path().join(name))?;
    }
    let everywhere = json!({
        "matches": ["<all_urls>"], "run_at": "document_start", "all_frames": true,
        "match_about_blank": true, "match_origin_as_fallback": true,
    });
    let script = |files: &[&str], world: &str| {
        let mut entry = everywhere.clone();
        entry["js"] = json!(files);
        entry["world"] = json!(world);
        entry
    };
    let manifest = json!({
        "manifest_version": 3,
        "name": "Keystow, with a stand-in for its background",
        "version": "1",
        "browser_specific_settings": { "gecko": { "id": Browser::FIREFOX_ID } },
        "background": {
            "service_worker": "background.js", "scripts": ["background.js"],
            "preferred_environment": ["service_worker", "document"],
        },
        "content_scripts": [script(ISOLATED, "ISOLATED"), script(&["page.js"], "MAIN")],
    });
    std::fs::write(folder.path().join("manifest.json"), manifest.to_string())?;
    Ok(folder)
}
