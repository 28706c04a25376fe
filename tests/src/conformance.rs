//! WebAuthn behaviour by behaviour: the pages of `tests/conformance`, played with Keystow and with the browser's own provider, and
//! the table of what came of it, `docs/CONFORMANCE.md`.

mod person;
mod player;
mod site;
mod table;

pub use player::{Column, Result, Row, Verdict, play};
pub use table::{COLUMNS, published, write};
