//! The rows of `replica`: sealed whole, with what they are looked up by beside the seal.

use protocol::cbor::{self, Fields, Value, int_map};
use rusqlite::types::FromSql;
use rusqlite::{OptionalExtension, Params, Row, params};
use zeroize::Zeroizing;

use super::Replica;
use crate::vault::Vault;
use crate::vault::error::Error;
use crate::vault::keys::BlindIndex;
use crate::vault::rows::random_id;
use crate::vault::seal::{OpenError, Place};

/// One row of `replica`: something that is the same everywhere, as far as it is known here.
///
/// ```cddl
/// ; A CBOR sequence (RFC 8742), sealed whole: what stands beside it in columns, then the content.
/// replica = ( { 1: bstr .size 16 (key), ? 2: bstr .size 16 (credential index), ? 3: true (unpublished), ? 4: bstr .size 32 (pack),
///               ? 5: uint (learned) }, content )
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Replicated {
    /// What it is found by.
    pub key: [u8; 16],
    /// The passkey that it is about.
    pub credential: Option<BlindIndex>,
    /// Whether it is to be handed on.
    pub unpublished: bool,
    /// What it was handed on in.
    pub pack: Option<[u8; 32]>,
    /// When its deletion was learned of, milliseconds since 1970.
    pub learned: Option<u64>,
    /// Everything else. It may hold secrets.
    pub content: Zeroizing<Vec<u8>>,
}

impl Replica<'_> {
    /// The row of a key. One that is damaged counts as none, so that the same can be learned anew.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn row(&self, key: &[u8; 16]) -> Result<Option<Replicated>, Error> {
        self.row_where("item", self.vault.keys.replica_index(key))
    }

    /// The row about a passkey, likewise.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn row_of(&self, credential: BlindIndex) -> Result<Option<Replicated>, Error> {
        self.row_where("credential", credential)
    }

    /// Keeps a row in the place of the one of its key.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn put_row(&self, row: &Replicated) -> Result<(), Error> {
        self.told(|connection| {
            let item = self.vault.keys.replica_index(&row.key);
            let mut statement = connection.prepare_cached("SELECT id FROM replica WHERE item = ?1")?;
            let id: Option<i64> = statement.query_row([item.as_bytes()], |row| row.get(0)).optional()?;
            let place = replica(id.map_or_else(random_id, Ok)?);
            let sealed = self.vault.seal(place, &row.encode())?;
            let sql = format!("INSERT OR REPLACE INTO replica ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
            connection.prepare_cached(&sql)?.execute(params![
                place.id,
                item.as_bytes(),
                row.credential.as_ref().map(BlindIndex::as_bytes),
                row.unpublished,
                row.pack.as_ref().map(<[u8; 32]>::as_slice),
                row.learned.map(signed),
                sealed
            ])?;
            Ok(())
        })
    }

    /// Hands every sound row to `each`, in no order.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn each_row(&self, each: impl FnMut(Replicated)) -> Result<(), Error> {
        self.each_row_where("TRUE", (), each)
    }

    /// The same for those that are to be handed on.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn each_unpublished(&self, each: impl FnMut(Replicated)) -> Result<(), Error> {
        self.each_row_where("unpublished", (), each)
    }

    /// The same for those that were handed on in `pack`.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn each_in_pack(&self, pack: &[u8; 32], each: impl FnMut(Replicated)) -> Result<(), Error> {
        self.each_row_where("pack = ?1", [pack.as_slice()], each)
    }

    /// The same for those whose deletion was learned of at or before `time`.
    ///
    /// # Errors
    /// As the disk has it.
    pub fn each_learned_before(&self, time: u64, each: impl FnMut(Replicated)) -> Result<(), Error> {
        self.each_row_where("learned IS NOT NULL AND learned <= ?1", [signed(time)], each)
    }

    fn row_where(&self, column: &str, index: BlindIndex) -> Result<Option<Replicated>, Error> {
        let mut found = None;
        self.each_row_where(&format!("{column} = ?1"), [index.as_bytes()], |row| found = Some(row))?;
        Ok(found)
    }

    fn each_row_where(
        &self,
        condition: &str,
        parameters: impl Params,
        mut each: impl FnMut(Replicated),
    ) -> Result<(), Error> {
        self.told(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM replica WHERE {condition}");
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                if let Ok(sound) = self.vault.open_replicated(row) {
                    each(sound);
                }
            }
            Ok(())
        })
    }
}

impl Vault {
    /// Opens a row of [`COLUMNS`], and checks that it stands under the columns of what it holds.
    pub(in crate::vault) fn open_replicated(&self, row: &Row<'_>) -> Result<Replicated, Error> {
        let damaged = |id| move || Error::RecordDamaged { record: replica(id).to_string() };
        let id: i64 = column(row, 0).ok_or_else(damaged(0))?;
        let sealed: Vec<u8> = column(row, 6).ok_or_else(damaged(id))?;
        let content = self.open_sealed(replica(id), &sealed).map_err(|_| damaged(id)())?;
        let replicated = Replicated::decode(&content).map_err(|_| damaged(id)())?;
        let stands = column(row, 1) == Some(self.keys.replica_index(&replicated.key).as_bytes().to_vec())
            && column(row, 2) == Some(replicated.credential.map(|index| index.as_bytes().to_vec()))
            && column(row, 3) == Some(replicated.unpublished)
            && column(row, 4) == Some(replicated.pack.map(Vec::from))
            && column(row, 5) == Some(replicated.learned.map(signed));
        stands.then_some(replicated).ok_or_else(damaged(id))
    }
}

impl Replicated {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let head = cbor::encode(&int_map([
            (KEY, Some(self.key.to_vec().into())),
            (CREDENTIAL, self.credential.map(|index| index.as_bytes().to_vec().into())),
            (UNPUBLISHED, self.unpublished.then_some(true.into())),
            (PACK, self.pack.map(|pack| pack.to_vec().into())),
            (LEARNED, self.learned.map(Value::from)),
        ]));
        let mut encoded = Zeroizing::new(Vec::with_capacity(head.len() + self.content.len()));
        encoded.extend_from_slice(&head);
        encoded.extend_from_slice(&self.content);
        encoded
    }

    fn decode(bytes: &[u8]) -> Result<Self, OpenError> {
        let (head, content) = bytes.split_at(cbor::check_prefix(bytes).map_err(|_| OpenError)?);
        let read = || {
            let mut head = Fields::decode(head, "replica")?;
            Ok::<_, cbor::Error>((
                head.bytes(KEY, "key")?.and_then(|key| key.try_into().ok()),
                head.bytes(CREDENTIAL, "credential")?.map(|index| BlindIndex::from_slice(&index)),
                head.bool(UNPUBLISHED, "unpublished")?.unwrap_or(false),
                head.bytes(PACK, "pack")?.map(|pack| pack.try_into().ok()),
                head.int(LEARNED, "learned")?.map(|time| u64::try_from(time).ok()),
            ))
        };
        let (key, credential, unpublished, pack, learned) = read().map_err(|_| OpenError)?;
        Ok(Self {
            key: key.ok_or(OpenError)?,
            credential: whole(credential)?,
            unpublished,
            pack: whole(pack)?,
            learned: whole(learned)?,
            content: Zeroizing::new(content.to_vec()),
        })
    }
}

/// A time as SQLite takes it.
fn signed(time: u64) -> i64 {
    i64::try_from(time).unwrap_or(i64::MAX)
}

/// What may be absent, and may not be wrong.
fn whole<T>(member: Option<Option<T>>) -> Result<Option<T>, OpenError> {
    member.map(|member| member.ok_or(OpenError)).transpose()
}

/// A column's value; nothing where damage has made it something else.
fn column<T: FromSql>(row: &Row<'_>, at: usize) -> Option<T> {
    row.get(at).ok()
}

pub(in crate::vault) fn replica(id: i64) -> Place {
    Place { table: "replica", id }
}

/// What [`Vault::open_replicated`] reads.
pub(in crate::vault) const COLUMNS: &str = "id, item, credential, unpublished, pack, learned, sealed";

const KEY: i64 = 1;
const CREDENTIAL: i64 = 2;
const UNPUBLISHED: i64 = 3;
const PACK: i64 = 4;
const LEARNED: i64 = 5;
