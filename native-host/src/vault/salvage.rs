//! Reading past damage in the file's structure: a changed byte in the head of one record can break the search for its neighbours, so
//! what a search cannot reach is looked for by walking the table from both ends.

use std::collections::HashSet;

use rusqlite::{Connection, ErrorCode};

use super::error::Fault;
use super::rows::{Row, rows};

/// The rows that `found` has; where the search met damage, those of all reachable ones that `wanted` picks. If that finds none, the
/// damage is the answer.
pub(super) fn or_walk(
    connection: &Connection,
    found: Result<Vec<Row>, Fault>,
    wanted: impl Fn(&Row) -> bool,
) -> Result<Vec<Row>, Fault> {
    let damage = match found {
        Err(Fault::Sqlite(error)) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => error,
        other => return other,
    };
    let mut seen = HashSet::new();
    let walked = ["ASC", "DESC"].into_iter().flat_map(|order| walk(connection, order));
    let reached: Vec<_> = walked.filter(|row| wanted(row) && seen.insert(row.id)).collect();
    match reached.is_empty() {
        true => Err(damage.into()),
        false => Ok(reached),
    }
}

/// The rows of the table in that order, as far as they can be reached.
fn walk(connection: &Connection, order: &str) -> Vec<Row> {
    let mut reached = Vec::new();
    let sql = format!("SELECT id, rp, credential, sealed FROM credentials NOT INDEXED ORDER BY id {order}");
    let walked = rows(connection, &sql, (), |row| reached.push(row));
    // Where it stops is damage that the caller has been told of already.
    drop(walked);
    reached
}
