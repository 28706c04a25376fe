//! All passkeys, page by page, ordered by RP ID, then by creation.

use std::collections::BTreeMap;

use protocol::base64url;
use protocol::cbor::{self, Value};

use super::Vault;
use super::error::Error;
use super::rows::rows;
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

/// What the list is ordered by: RP ID, creation, credential ID.
type Position = (String, u64, Vec<u8>);

impl Vault {
    /// At most `limit` passkeys behind `after`, which is the `next` of the page before. The order is inside the seals, so each page opens
    /// every record once.
    ///
    /// # Errors
    /// [`Error::BadCursor`]; else as the disk has it.
    pub fn list(&self, after: Option<&str>, limit: usize) -> Result<Page, Error> {
        let after = after.map(decode).transpose()?;
        let mut behind = BTreeMap::new();
        let mut page = Page::default();
        let mut more = false;
        self.read(|connection| {
            rows(connection, "SELECT id, rp, credential, sealed FROM credentials", (), |row| {
                let Ok(source) = self.open_row(&row) else {
                    page.damaged += 1;
                    return;
                };
                let position = position(&source);
                if after.as_ref().is_none_or(|after| position > *after) {
                    behind.insert(position, source);
                }
                if behind.len() > limit {
                    behind.pop_last();
                    more = true;
                }
            })
        })?;
        page.next = behind.last_key_value().filter(|_| more).map(|(position, _)| encode(position));
        page.sources = behind.into_values().collect();
        Ok(page)
    }
}

fn position(source: &PublicKeyCredentialSource) -> Position {
    (source.rp_id.as_str().to_owned(), source.created, source.credential_id.as_bytes().to_vec())
}

fn encode((rp_id, created, id): &Position) -> String {
    let position = vec![rp_id.as_str().into(), (*created).into(), id.clone().into()];
    base64url::encode(&cbor::encode(&Value::Array(position)))
}

fn decode(cursor: &str) -> Result<Position, Error> {
    let bytes = base64url::decode(cursor).map_err(|_| Error::BadCursor)?;
    let position = cbor::decode(&bytes).ok().and_then(|value| value.into_array().ok()).ok_or(Error::BadCursor)?;
    let [rp_id, created, id]: [Value; 3] = position.try_into().map_err(|_| Error::BadCursor)?;
    let rp_id = rp_id.into_text().map_err(|_| Error::BadCursor)?;
    let created = created.as_integer().and_then(|created| u64::try_from(created).ok()).ok_or(Error::BadCursor)?;
    Ok((rp_id, created, id.into_bytes().map_err(|_| Error::BadCursor)?))
}
