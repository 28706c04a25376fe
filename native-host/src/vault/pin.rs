//! The vault as the place where the PIN and the settings of user verification are kept.

use rusqlite::{Connection, Transaction};

use super::Vault;
use super::error::{Error, Fault};
use super::seal::Place;
use crate::verification::{PinRecord, PinStore, RecordError, Settings, SettingsStore};

impl PinStore for Vault {
    type Error = Error;

    fn pin(&self) -> Result<Option<PinRecord>, Error> {
        self.read(|connection| self.pin_record(connection))
    }

    fn update_pin(&self, change: &mut dyn FnMut(Option<&PinRecord>) -> Option<PinRecord>) -> Result<(), Error> {
        self.write(|transaction| match change(self.pin_record(transaction)?.as_ref()) {
            Some(after) => self.put(transaction, PIN, &after.encode()),
            None => Ok(()),
        })
    }
}

impl SettingsStore for Vault {
    type Error = Error;

    fn settings(&self) -> Result<Settings, Error> {
        self.read(|connection| self.settings_record(connection))
    }

    fn update_settings(&self, change: &mut dyn FnMut(&mut Settings)) -> Result<(), Error> {
        self.write(|transaction| {
            let mut settings = self.settings_record(transaction)?;
            change(&mut settings);
            self.put(transaction, SETTINGS, &settings.encode())
        })
    }
}

impl Vault {
    pub(super) fn pin_record(&self, connection: &Connection) -> Result<Option<PinRecord>, Fault> {
        self.single_record(connection, PIN, PinRecord::decode)
    }

    pub(super) fn settings_record(&self, connection: &Connection) -> Result<Settings, Fault> {
        Ok(self.single_record(connection, SETTINGS, Settings::decode)?.unwrap_or_default())
    }

    fn single_record<T>(
        &self,
        connection: &Connection,
        place: Place,
        decode: impl FnOnce(&[u8]) -> Result<T, RecordError>,
    ) -> Result<Option<T>, Fault> {
        let Some(sealed) = self.sealed_at(connection, place)? else { return Ok(None) };
        let damaged = || Error::RecordDamaged { record: place.to_string() };
        let record = self.open_sealed(place, &sealed).map_err(|_| damaged())?;
        Ok(Some(decode(&record).map_err(|_| damaged())?))
    }

    fn put(&self, transaction: &Transaction<'_>, place: Place, record: &[u8]) -> Result<(), Fault> {
        let sealed = self.seal(place, record)?;
        transaction.execute("INSERT OR REPLACE INTO verification (id, sealed) VALUES (?1, ?2)", (place.id, sealed))?;
        Ok(())
    }
}

/// Where the PIN is.
pub(super) const PIN: Place = Place { table: "verification", id: 1 };
const SETTINGS: Place = Place { table: "verification", id: 2 };
