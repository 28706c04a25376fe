//! One browser: Keystow's ceremonies and its own virtual authenticator's, in one session.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::{Error, Kind};
use tests::judge::{Judge, Policy, Script};
use tests::prompt_window::PromptWindow;
use tests::stage::{Stage, resident_memory};

use crate::table::Table;

/// Ceremonies with a window; each takes the arming delay.
const CEREMONIES: usize = 25;
/// Ceremonies after the background and the host have ended.
const COLD: usize = 6;
/// Calls that no window is shown for.
const CALLS: usize = 100;

/// The account at the browser's own authenticator.
const POLICY: Policy<'_> = Policy::new("ada", "discouraged");

const KEYSTOW_HOST: &str = "bench.localhost";
const BROWSER_HOST: &str = "native.localhost";

/// Adds the rows of the browser `kind`.
pub async fn measure(kind: Kind, table: &mut Table) -> Result<(), Error> {
    let stage = Stage::set(kind).await?;
    stage.browser.add_virtual_authenticator().await?;
    own_authenticator(&stage, table).await?;
    ceremonies(&stage, table).await?;
    for host in stage.hosts() {
        let memory = resident_memory(host).unwrap_or_default();
        table.size(format!("{kind:?}: host's resident memory after its ceremonies"), format!("{memory} KiB"));
    }
    cold(&stage, table).await?;
    stage.browser.quit().await
}

async fn own_authenticator(stage: &Stage, table: &mut Table) -> Result<(), Error> {
    let kind = stage.browser.kind();
    let mut judge = stage.visit(BROWSER_HOST).await?;
    let mut creates = Vec::new();
    for _ in 0..CALLS / 4 {
        // Always the same account, as Chromium's virtual authenticator holds three passkeys at most.
        let options = judge.registration_options(POLICY).await?;
        let (time, credential) = call(stage, "create", &options, "browser").await?;
        judge.register(&credential).await??;
        creates.push(time);
    }
    table.times(format!("{kind:?}: create, the browser's own virtual authenticator"), creates);

    let mut judge = stage.visit(BROWSER_HOST).await?;
    let options = judge.registration_options(POLICY).await?;
    judge.register(&call(stage, "create", &options, "browser").await?.1).await??;
    let (mut own, mut passed) = (Vec::new(), Vec::new());
    for _ in 0..CALLS {
        for (by, times) in [("browser", &mut own), ("keystow", &mut passed)] {
            let options = judge.sign_in_options(POLICY).await?;
            let (time, credential) = call(stage, "get", &options, by).await?;
            judge.sign_in(&credential).await??;
            times.push(time);
        }
    }
    table.times(format!("{kind:?}: get, the browser's own virtual authenticator"), own);
    table.times(format!("{kind:?}: the same get passed through by Keystow"), passed);
    Ok(())
}

/// One call without a window: milliseconds, and the credential.
async fn call(stage: &Stage, call: &str, options: &Value, by: &str) -> Result<(f64, Value), Error> {
    stage.browser.execute("measure(...arguments)", vec![json!(call), options.clone(), json!(by)]).await?;
    let mut answer = settled(stage).await?;
    let time = milliseconds(&answer, "end")? - milliseconds(&answer, "start")?;
    Ok((time, answer["credential"].take()))
}

async fn ceremonies(stage: &Stage, table: &mut Table) -> Result<(), Error> {
    let kind = stage.browser.kind();
    let mut judge = stage.visit(KEYSTOW_HOST).await?;
    for call in ["create", "get"] {
        let mut times = Times::default();
        for number in 0..=CEREMONIES {
            times.ceremony(stage, &mut judge, call, &format!("user {number}")).await?;
        }
        table.times(format!("{kind:?}: {call}, call to window ready"), times.ready);
        table.times(format!("{kind:?}: {call}, click to settled"), times.settled);
    }
    Ok(())
}

async fn cold(stage: &Stage, table: &mut Table) -> Result<(), Error> {
    let mut judge = stage.visit(KEYSTOW_HOST).await?;
    let mut times = Times::default();
    for number in 0..COLD {
        stage.end_background().await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        times.ceremony(stage, &mut judge, "create", &format!("cold {number}")).await?;
    }
    let kind = stage.browser.kind();
    table.times(format!("{kind:?}: create, call to window ready, background and host not running"), times.ready);
    Ok(())
}

/// Times of one ceremony after the other, in milliseconds.
#[derive(Default)]
struct Times {
    ready: Vec<f64>,
    settled: Vec<f64>,
    /// When the promise of the last one settled; the time of its click is read in the next window.
    last_end: Option<f64>,
}

impl Times {
    /// One ceremony, clicked through the real window, in a new document: two windows of one document are half a second apart.
    async fn ceremony(&mut self, stage: &Stage, judge: &mut Script, call: &str, user: &str) -> Result<(), Error> {
        stage.open(KEYSTOW_HOST).await?;
        let policy = Policy::new(user, "discouraged");
        let options = if call == "create" {
            judge.registration_options(policy).await?
        } else {
            judge.sign_in_options(policy).await?
        };
        stage.browser.execute("measure(...arguments)", vec![json!(call), options, json!("keystow")]).await?;
        while !stage.has_window().await? {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Until here WebDriver has turned to no window: that would move the focus, and take time from both.
        let window = PromptWindow::appears(&stage.browser).await?;
        let painted = stage.browser.execute_async(WATCH, vec![]).await?.json().clone();
        window.approve().await?;
        let mut answer = settled(stage).await?;
        let credential = answer["credential"].take();
        let verdict =
            if call == "create" { judge.register(&credential).await? } else { judge.sign_in(&credential).await? };
        verdict?;

        self.ready.push(milliseconds(&painted, "at")? - milliseconds(&answer, "start")?);
        let clicked = painted["clicked"].as_str().and_then(|text| text.parse::<f64>().ok());
        self.settled.extend(self.last_end.zip(clicked).map(|(end, clicked)| end - clicked));
        self.last_end = Some(milliseconds(&answer, "end")?);
        Ok(())
    }
}

async fn settled(stage: &Stage) -> Result<Value, Error> {
    let answer = stage.browser.execute_async("settled.then(arguments[0])", vec![]).await?.json().clone();
    match answer["error"].as_str() {
        Some(error) => Err(format!("the page got {error}").into()),
        None => Ok(answer),
    }
}

fn milliseconds(answer: &Value, which: &str) -> Result<f64, Error> {
    answer[which].as_f64().ok_or_else(|| format!("no time in {answer}").into())
}

/// Run in the window: tells when its words were painted (its largest text, as the browser itself noted), and notes when it is clicked.
/// The click's time outlives the window in the extension's storage, written only after the window has done its work for the click; what is
/// there from the window before is given back.
const WATCH: &str = "
    const [done] = arguments;
    const clicked = localStorage.getItem('clicked');
    localStorage.removeItem('clicked');
    window.addEventListener('click', ({ timeStamp }) => {
        setTimeout(() => localStorage.setItem('clicked', performance.timeOrigin + timeStamp));
    }, true);
    new PerformanceObserver((list) => {
        const { renderTime, startTime } = list.getEntries().at(-1);
        done({ clicked, at: performance.timeOrigin + (renderTime || startTime) });
    }).observe({ type: 'largest-contentful-paint', buffered: true });";
