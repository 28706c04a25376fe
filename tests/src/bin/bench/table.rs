//! Numbers in rows: median and 95th percentile of times, and sizes.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use tests::browser::Error;

/// The table, filled row by row.
#[derive(Default)]
pub struct Table {
    times: Vec<(String, Vec<f64>)>,
    sizes: Vec<(String, String)>,
}

impl Table {
    /// Adds a row of times in milliseconds.
    pub fn times(&mut self, what: impl Into<String>, mut milliseconds: Vec<f64>) {
        let what = what.into();
        milliseconds.sort_by(f64::total_cmp);
        println!("{}", row(&what, &milliseconds));
        self.times.push((what, milliseconds));
    }

    /// Adds a row of a size.
    pub fn size(&mut self, what: impl Into<String>, size: impl Into<String>) {
        self.sizes.push((what.into(), size.into()));
    }

    /// Adds the sizes of what a browser loads.
    pub fn sizes(&mut self, root: &Path) -> Result<(), Error> {
        for file in ["page.js", "content.js", "keystow_bg.wasm", "keystow.js"] {
            let path = root.join("dist/chromium").join(file);
            let raw = std::fs::metadata(&path)?.len();
            self.size(file, format!("{raw} bytes, {} gzipped", gzipped(&path)?));
        }
        Ok(())
    }

    /// The whole table.
    pub fn markdown(&self) -> String {
        let mut text = "# Speed\n\n| | median ms | p95 ms | samples |\n|---|---:|---:|---:|\n".to_owned();
        for (what, milliseconds) in &self.times {
            let _ = writeln!(text, "{}", row(what, milliseconds));
        }
        text.push_str("\n| | |\n|---|---|\n");
        for (what, size) in &self.sizes {
            let _ = writeln!(text, "| {what} | {size} |");
        }
        text.push_str(METHOD);
        text
    }
}

const METHOD: &str = "
Window ready: from the page's call to the moment at which the window's words were painted (largest contentful paint); the 600 ms for
which the button must have been seen before it arms begin then, and are not counted. Click to settled: from the trusted click's time
stamp in the window to the page's promise. Both compare the clocks of two processes of one browser (`performance.timeOrigin +
performance.now()`), which Chromium rounds to 0.1 ms and Firefox to 1 ms. Pass-through: calls for a credential that only the browser's
virtual authenticator holds, in turn by Keystow's function and by the browser's own; what Keystow adds is the difference of the
medians. The windows are real ones, headless, with WebDriver attached to the background. \"No browser\" is the client compiled without
optimisation, over the pipes of the real host. Page loads: from the start of the navigation to the end of the load event, two browsers side
by side in turn, the one without Keystow having an extension that does nothing.
";

fn row(what: &str, sorted: &[f64]) -> String {
    format!("| {what} | {:.2} | {:.2} | {} |", percentile(sorted, 50), percentile(sorted, 95), sorted.len())
}

/// The nearest rank.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

fn gzipped(path: &Path) -> Result<usize, Error> {
    let mut gzip = Command::new("gzip").arg("-9c").arg(path).stdout(Stdio::piped()).spawn()?;
    let mut bytes = Vec::new();
    gzip.stdout.take().ok_or("the output is piped")?.read_to_end(&mut bytes)?;
    gzip.wait()?;
    Ok(bytes.len())
}
