//! What carries requests out: a storage, or in a test what stands in for one.

use protocol::manage::sync::StorageConfig;
use sync_engine::engine::Backing;
use sync_engine::storage::{Answer, Request, Trouble};

use crate::sync::storage::Storage;

/// A storage that is open.
pub trait CarriesOut {
    /// Asks all of this, in any order. One answer for each request, in the order of the requests.
    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Answer>;

    /// What its yes means (SYNC §13).
    fn backing(&self) -> Backing;
}

/// How a storage is opened.
pub type OpenStorage = dyn Fn(&StorageConfig) -> Result<Box<dyn CarriesOut>, Trouble> + Send;

/// Opens a storage as it is described.
///
/// # Errors
/// As [`Storage::open`].
pub fn open_storage(config: &StorageConfig) -> Result<Box<dyn CarriesOut>, Trouble> {
    let backing = match config {
        StorageConfig::Folder { .. } => Backing::Folder,
        StorageConfig::WebDav { .. } | StorageConfig::S3 { .. } | StorageConfig::Sftp { .. } => Backing::Server,
    };
    Ok(Box::new(Open { storage: Storage::open(config)?, backing }))
}

struct Open {
    storage: Storage,
    backing: Backing,
}

impl CarriesOut for Open {
    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        self.storage.carry_out(requests)
    }

    fn backing(&self) -> Backing {
        self.backing
    }
}

/// No storage.
pub(super) struct Nowhere;

impl CarriesOut for Nowhere {
    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let gone = Answer::Failed(Trouble::Gone("none is kept".to_owned()));
        requests.iter().map(|_| gone.clone()).collect()
    }

    fn backing(&self) -> Backing {
        Backing::Server
    }
}
