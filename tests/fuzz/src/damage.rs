//! A vault's rows with bytes changed on the disk.

use rusqlite::Connection;

/// One blob of a row.
pub fn blob(connection: &Connection, table: &str, column: &str, id: i64) -> Vec<u8> {
    let sql = format!("SELECT {column} FROM {table} WHERE id = ?1");
    connection.query_row(&sql, [id], |row| row.get(0)).expect("a blob")
}

/// The rows of a table.
pub fn ids(connection: &Connection, table: &str) -> Vec<i64> {
    let mut statement = connection.prepare(&format!("SELECT id FROM {table} ORDER BY id")).expect("a table");
    let ids = statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>();
    ids.expect("numbers")
}

/// Bytes flipped from a place on, cut off, another record's, or all anew.
pub fn changed_bytes(how: u8, before: &[u8], other: &[u8], data: &[u8]) -> Vec<u8> {
    let (place, rest) = data.split_first_chunk().unwrap_or((&[0; 2], &[]));
    let place = usize::from(u16::from_be_bytes(*place)) % (before.len() + 1);
    match how {
        0 => {
            let flips = (0..place).map(|_| 0).chain(rest.iter().copied()).chain(std::iter::repeat(0));
            before.iter().zip(flips).map(|(byte, flip)| byte ^ flip).collect()
        }
        1 => [&before[..place], rest].concat(),
        2 => other.to_vec(),
        _ => data.to_vec(),
    }
}
