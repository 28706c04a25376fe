//! This machine, as the person's tasks need it.

use std::collections::BTreeMap;

use protocol::manage::sync::StorageConfig;
use sync_engine::engine::{Report, Status, Task, status};
use sync_engine::ids::DeviceId;

use super::{Error, Machine, name, now};
use crate::keychain::{Entries, Keychain};
use crate::sync::memory::SqliteMemory;
use crate::sync::tasks::{Broken, ThisDevice};
use crate::vault::Replica;

impl<K: Keychain + Entries + Send> ThisDevice for Machine<K> {
    fn now(&self) -> u64 {
        now()
    }

    fn run(&mut self, storage: Option<&StorageConfig>, task: Task) -> Result<Report, Broken> {
        Ok(Machine::run(self, storage, task)?)
    }

    fn has_news(&mut self) -> Result<bool, Broken> {
        Ok(SqliteMemory::new(&self.vault).has_news().map_err(Error::Vault)?)
    }

    fn can_pass(&mut self) -> Result<(), Broken> {
        self.root()?;
        Ok(self.storage_entry()?.map(drop).ok_or(Error::StorageGone)?)
    }

    fn status(&mut self) -> Result<Option<Status>, Broken> {
        let look = |replica: &Replica<'_>| Ok((replica.state()?, replica.changes_without_row()?));
        let (state, new) = self.vault.look_at_replica(look).map_err(Error::Vault)?;
        let status = state.and_then(|state| status(&state, now()));
        // What was made since the last pass ended waits too.
        Ok(status.map(|status| Status { pending: status.pending + new, ..status }))
    }

    fn storage(&mut self) -> Result<Option<StorageConfig>, Broken> {
        Ok(Machine::storage(self)?)
    }

    fn keep_storage(&mut self, storage: Option<&StorageConfig>) -> Result<(), Broken> {
        Ok(Machine::keep_storage(self, storage)?)
    }

    fn tell_storage(&mut self, storage: &StorageConfig) -> Result<(), Broken> {
        Ok(Machine::tell_storage(self, storage)?)
    }

    fn untold(&mut self) -> Result<Vec<DeviceId>, Broken> {
        Ok(Machine::untold(self)?)
    }

    fn passkeys(&mut self) -> Result<u64, Broken> {
        Ok(self.vault.count().map_err(Error::Vault)?)
    }

    fn sites(&mut self) -> Result<Vec<String>, Broken> {
        let mut newest = BTreeMap::new();
        let look = |source: crate::credential::PublicKeyCredentialSource| {
            let recency = newest.entry(source.rp_id.as_str().to_owned()).or_insert_with(|| source.recency());
            *recency = source.recency().max(*recency);
        };
        self.vault.for_each(look).map_err(Error::Vault)?;
        let mut sites: Vec<_> = newest.into_iter().collect();
        sites.sort_by(|(_, a), (_, b)| b.cmp(a));
        Ok(sites.into_iter().map(|(site, _)| site).collect())
    }

    fn name(&self) -> String {
        name::machine()
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}
