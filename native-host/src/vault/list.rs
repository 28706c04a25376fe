//! All passkeys, page by page, ordered by RP ID, then by creation.

use std::collections::BTreeMap;

use protocol::base64url;
use protocol::cbor::{self, Value};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Vault;
use super::error::{Error, Fault};
use super::order::{Order, Position, State};
use super::rows::{collect, rows};
use crate::credential::PublicKeyCredentialSource;

/// One page of passkeys.
#[derive(Default)]
pub struct Page {
    /// The passkeys, ordered by RP ID, then by creation.
    pub sources: Vec<PublicKeyCredentialSource>,
    /// Where the next page begins; nothing on the last.
    pub next: Option<String>,
    /// Records that could not be opened, in the whole vault. `keystow doctor` names them.
    pub damaged: u64,
}

impl Vault {
    /// At most `limit` passkeys behind `after`, which is the `next` of the page before. The first page opens every record, since the order
    /// is inside the seals; the others open their own, until something is written.
    ///
    /// # Errors
    /// [`Error::BadCursor`]; else as the disk has it.
    pub fn list(&self, after: Option<&str>, limit: usize) -> Result<Page, Error> {
        let after = after.map(decode).transpose()?;
        self.read(|connection| {
            // In one transaction all that is looked at is of one state.
            let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
            let state = State::of(&transaction)?;
            let known = self.order.borrow();
            match known.as_ref().filter(|order| order.holds_in(state)) {
                Some(order) => self.page(&transaction, order, after.as_ref(), limit),
                None => {
                    drop(known);
                    self.page_by_walking(&transaction, state, after.as_ref(), limit)
                }
            }
        })
    }

    fn page(
        &self,
        connection: &Connection,
        order: &Order,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Page, Fault> {
        let behind = order.behind(after);
        let mut page = Page { damaged: order.damaged, ..Page::default() };
        let shown = &behind[..limit.min(behind.len())];
        for (_, id) in shown {
            let found = collect(connection, "SELECT id, rp, credential, sealed FROM credentials WHERE id = ?1", [id])?;
            match found.first().map(|row| self.open_row(row)) {
                Some(Ok(source)) => page.sources.push(source),
                // It was sound when the order was found.
                Some(Err(_)) | None => page.damaged += 1,
            }
        }
        page.next = shown.last().filter(|_| behind.len() > limit).map(|(position, _)| encode(position));
        Ok(page)
    }

    /// Opens every record, and keeps their order.
    fn page_by_walking(
        &self,
        connection: &Connection,
        state: State,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Page, Fault> {
        let mut behind = BTreeMap::new();
        let mut places = Vec::new();
        let mut page = Page::default();
        let mut more = false;
        rows(connection, "SELECT id, rp, credential, sealed FROM credentials", (), |row| {
            let Ok(source) = self.open_row(&row) else {
                page.damaged += 1;
                return;
            };
            let position = Position::of(&source);
            places.push((position.clone(), row.id));
            if after.is_none_or(|after| position > *after) {
                behind.insert(position, source);
            }
            if behind.len() > limit {
                behind.pop_last();
                more = true;
            }
        })?;
        *self.order.borrow_mut() = Some(Order::of(places, page.damaged, state));
        page.next = behind.last_key_value().filter(|_| more).map(|(position, _)| encode(position));
        page.sources = behind.into_values().collect();
        Ok(page)
    }
}

fn encode(Position { rp_id, created, credential_id }: &Position) -> String {
    let position = vec![(&**rp_id).into(), (*created).into(), credential_id.to_vec().into()];
    base64url::encode(&cbor::encode(&Value::Array(position)))
}

fn decode(cursor: &str) -> Result<Position, Error> {
    let bytes = base64url::decode(cursor).map_err(|_| Error::BadCursor)?;
    let position = cbor::decode(&bytes).ok().and_then(|value| value.into_array().ok()).ok_or(Error::BadCursor)?;
    let [rp_id, created, id]: [Value; 3] = position.try_into().map_err(|_| Error::BadCursor)?;
    let rp_id = rp_id.into_text().map_err(|_| Error::BadCursor)?;
    let created = created.as_integer().and_then(|created| u64::try_from(created).ok()).ok_or(Error::BadCursor)?;
    let credential_id = id.into_bytes().map_err(|_| Error::BadCursor)?.into();
    Ok(Position { rp_id: rp_id.into(), created, credential_id })
}
