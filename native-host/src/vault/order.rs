//! The order of the list. It is inside the seals, so finding it takes opening every record; it is kept while nothing changes in the file.

use rusqlite::Connection;

use super::error::Fault;
use crate::credential::PublicKeyCredentialSource;

/// Where each sound passkey stands in the list, and what the file was like then.
pub(super) struct Order {
    /// Sorted, each with the id of its record.
    places: Vec<(Position, i64)>,
    /// Records that could not be opened.
    pub(super) damaged: u64,
    state: State,
}

/// What the list is ordered by.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Position {
    pub(super) rp_id: Box<str>,
    /// Milliseconds since 1970.
    pub(super) created: u64,
    pub(super) credential_id: Box<[u8]>,
}

/// Told by SQLite: two that are equal are of the same records.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct State {
    /// `PRAGMA data_version`: another when other connections have written.
    others: i64,
    /// How many rows this connection has ever changed.
    ours: u64,
}

impl Order {
    /// Of these places, found in the file as it was in `state`.
    pub(super) fn of(mut places: Vec<(Position, i64)>, damaged: u64, state: State) -> Self {
        places.sort_unstable();
        places.shrink_to_fit();
        Self { places, damaged, state }
    }

    /// Whether it is still so in `state`.
    pub(super) fn holds_in(&self, state: State) -> bool {
        self.state == state
    }

    /// All behind `after`.
    pub(super) fn behind(&self, after: Option<&Position>) -> &[(Position, i64)] {
        let start = after.map_or(0, |after| self.places.partition_point(|(position, _)| position <= after));
        &self.places[start..]
    }
}

impl Position {
    pub(super) fn of(source: &PublicKeyCredentialSource) -> Self {
        Self {
            rp_id: source.rp_id.as_str().into(),
            created: source.created,
            credential_id: source.credential_id.as_bytes().into(),
        }
    }
}

impl State {
    /// As `connection` sees the file in its present transaction.
    pub(super) fn of(connection: &Connection) -> Result<Self, Fault> {
        let others = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        Ok(Self { others, ours: connection.total_changes() })
    }
}
