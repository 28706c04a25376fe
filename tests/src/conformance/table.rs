//! The table of `docs/CONFORMANCE.md`, written and read.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::player::{Column, Result, Row, Verdict};
use crate::browser::{Error, Kind};

/// The columns, from left to right.
pub const COLUMNS: [Column; 4] = [
    Column { kind: Kind::Chromium, keystow: true },
    Column { kind: Kind::Firefox, keystow: true },
    Column { kind: Kind::Chromium, keystow: false },
    Column { kind: Kind::Firefox, keystow: false },
];

const INTRODUCTION: &str = "# Conformance

What a site can ask of WebAuthn Level 3, one behaviour a row, measured with Keystow and, beside it, with the browser's own provider (a
virtual authenticator of WebDriver's, which consents by itself). The rows are the pages of `tests/conformance`; a test driver clicks
Keystow's real window. `./build.sh conformance` measures all four columns and writes this page; `./build.sh test` measures Keystow's two
again and fails where a cell differs.

A number leads to the reason below. A dash: cannot be measured there. A row that failed was played a second time, and that counts.

Not in the table: timeouts, which Keystow raises to five minutes at least (the client's own tests let that time pass), and what takes a
second manager, a phone or a key in a socket.
";

/// Writes the page from what the four columns came to.
///
/// # Errors
/// The columns have different rows, or the file cannot be written.
pub fn write(columns: &[Vec<(Row, Result)>; 4], versions: &str) -> std::result::Result<(), Error> {
    let mut page = format!("{INTRODUCTION}\n{versions}\n");
    let mut reasons: Vec<String> = Vec::new();
    let [first, rest @ ..] = columns;
    page += "\n## In numbers\n\n| | Keystow in Chromium | Keystow in Firefox | Chromium's own | Firefox's own |\n|---|---|---|---|---|\n";
    for (word, verdict) in
        [("holds", Verdict::Yes), ("does not hold", Verdict::No), ("not measured", Verdict::Unmeasured)]
    {
        let counts = columns
            .iter()
            .map(|column| column.iter().filter(|(_, result)| result.verdict == verdict).count().to_string());
        writeln!(page, "| {word} | {} |", counts.collect::<Vec<_>>().join(" | "))?;
    }
    let mut group = "";
    for (number, (row, _)) in first.iter().enumerate() {
        if row.group != group {
            group = &row.group;
            write!(
                page,
                "\n## {group}\n\n| | Keystow in Chromium | Keystow in Firefox | Chromium's own | Firefox's own |\n|---|---|---|---|---|\n"
            )?;
        }
        if rest.iter().any(|column| column.get(number).map(|(other, _)| other) != Some(row)) {
            return Err(format!("the columns differ at {}", row.name).into());
        }
        let cells = columns.iter().map(|column| cell(&column[number].1, &mut reasons));
        writeln!(page, "| {} | {} |", escaped(&row.name), cells.collect::<Vec<_>>().join(" | "))?;
    }
    page += "\n## Reasons\n\n";
    for (number, reason) in reasons.iter().enumerate() {
        writeln!(page, "{}. {}", number + 1, escaped(reason))?;
    }
    std::fs::create_dir_all(file().parent().unwrap_or(Path::new(".")))?;
    Ok(std::fs::write(file(), page)?)
}

/// What the page says of one of its columns, by group and name.
///
/// # Errors
/// There is no page, or a row of it cannot be read.
pub fn published(column: Column) -> std::result::Result<HashMap<(String, String), Verdict>, Error> {
    let at = COLUMNS.iter().position(|other| *other == column).ok_or("there is no such column")?;
    let page = std::fs::read_to_string(file())
        .map_err(|error| format!("no docs/CONFORMANCE.md: {error}. Run ./build.sh conformance."))?;
    let (mut rows, mut group) = (HashMap::new(), String::new());
    for line in page.lines().skip_while(|line| !line.starts_with("## In numbers")).skip(1) {
        if let Some(name) = line.strip_prefix("## ") {
            group = name.to_owned();
        }
        let Some(cells) = line.strip_prefix("| ").filter(|_| !group.is_empty()) else { continue };
        let cells: Vec<_> = cells.trim_end_matches(" |").split(" | ").collect();
        let (Some(name), Some(cell)) = (cells.first(), cells.get(at + 1)) else { continue };
        if *name == "|" || name.is_empty() || cells.len() != 5 {
            continue;
        }
        let verdict = match *cell {
            "yes" => Verdict::Yes,
            cell if cell.starts_with("no") => Verdict::No,
            _ => Verdict::Unmeasured,
        };
        rows.insert((group.clone(), name.replace("\\|", "|").replace("&lt;", "<")), verdict);
    }
    Ok(rows)
}

/// A word, and the number of its reason; equal reasons share one.
fn cell(result: &Result, reasons: &mut Vec<String>) -> String {
    let word = match result.verdict {
        Verdict::Yes => return "yes".to_owned(),
        Verdict::No => "no",
        Verdict::Unmeasured => "–",
    };
    let number = reasons.iter().position(|reason| *reason == result.reason).unwrap_or_else(|| {
        reasons.push(result.reason.clone());
        reasons.len() - 1
    });
    format!("{word} ({})", number + 1)
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/CONFORMANCE.md")
}
