//! The vault as the place where the PIN record is kept.

use rusqlite::Connection;

use super::Vault;
use super::error::{Error, Fault};
use super::seal::Place;
use crate::verification::{PinRecord, PinStore};

impl PinStore for Vault {
    type Error = Error;

    fn pin(&self) -> Result<Option<PinRecord>, Error> {
        self.read(|connection| self.pin_record(connection))
    }

    fn update_pin(&self, change: &mut dyn FnMut(Option<&PinRecord>) -> Option<PinRecord>) -> Result<(), Error> {
        self.write(|transaction| {
            let before = self.pin_record(transaction)?;
            let Some(after) = change(before.as_ref()) else { return Ok(()) };
            let sealed = self.seal(PIN, &after.encode())?;
            transaction
                .execute("INSERT OR REPLACE INTO verification (id, sealed) VALUES (?1, ?2)", (PIN.id, sealed))?;
            Ok(())
        })
    }
}

impl Vault {
    pub(super) fn pin_record(&self, connection: &Connection) -> Result<Option<PinRecord>, Fault> {
        let Some(sealed) = self.sealed_at(connection, PIN)? else { return Ok(None) };
        let damaged = || Error::RecordDamaged { record: PIN.to_string() };
        let record = self.open_sealed(PIN, &sealed).map_err(|_| damaged())?;
        Ok(Some(PinRecord::decode(&record).map_err(|_| damaged())?))
    }
}

const PIN: Place = Place { table: "verification", id: 1 };
