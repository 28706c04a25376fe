//! How fast Keystow is in real browsers, beside the same browser's own virtual authenticator in the same session. Prints a table
//! and writes it to `dist/bench.md`. `./build.sh bench` builds what this needs and calls it; the host is `$KEYSTOW_BIN`. Called with
//! `manager`, it measures that alone, and writes nothing.

mod browser;
mod host;
mod manager;
mod page_load;
mod table;

use std::path::Path;

use tests::browser::{Error, Kind};

use table::Table;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut table = Table::default();
    if std::env::args().any(|argument| argument == "manager") {
        manager::measure(&mut table).await?;
        println!("{}", table.markdown());
        return Ok(());
    }
    for kind in [Kind::Chromium, Kind::Firefox] {
        page_load::measure(kind, &mut table).await?;
        browser::measure(kind, &mut table).await?;
    }
    manager::measure(&mut table).await?;
    host::measure(&mut table).await?;
    table.sizes(root())?;
    let text = table.markdown();
    println!("{text}");
    Ok(std::fs::write(root().join("dist/bench.md"), text)?)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
