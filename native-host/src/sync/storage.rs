//! The storage that the user owns, through four verbs (SYNC §0, §19.2): a folder, WebDAV, S3, SFTP, by way of Apache OpenDAL. Nothing of it is believed.

mod backend;
mod config;
mod nextcloud;
mod transport;
mod trouble;
mod verbs;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, stream};
use protocol::manage::sync::StorageConfig;
use sync_engine::storage::{Answer, Request, Trouble};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

pub use config::{BadStorage, checked, describe, from_bytes, to_bytes};
pub use nextcloud::settled;

use backend::Place;

/// How long a storage that says nothing is waited for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Requests under way at once.
const AT_ONCE: usize = 4;

/// The slowest connection that is worth waiting for, bytes a second.
const SLOWEST: u64 = 32 * 1024;

/// A storage, ready to be asked. Nothing is sent before the first request.
pub struct Storage {
    place: Place,
    patience: Duration,
    runtime: Quiet,
}

/// A runtime that ends without waiting for a disk or a program that does not answer.
struct Quiet(Option<Runtime>);

impl Storage {
    /// Opens a storage. Nothing is asked of a server yet.
    ///
    /// # Errors
    /// [`Trouble::Gone`] where the folder is not there, [`Trouble::Failed`] where the description makes no sense or the system has no
    /// certificates to know servers by.
    pub fn open(config: &StorageConfig) -> Result<Self, Trouble> {
        Self::open_with(config, PATIENCE)
    }

    /// As [`open`](Self::open), with another patience than [`PATIENCE`].
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(config: &StorageConfig, patience: Duration) -> Result<Self, Trouble> {
        let config = checked(config).map_err(|bad| Trouble::Failed(bad.to_string()))?;
        let runtime = Quiet::start()?;
        let place = Place::of(&config, patience)?;
        Ok(Self { place, patience, runtime })
    }

    /// Asks all of this, up to four at once and in any order; what must come after something else is for another call. One answer for each
    /// request, in the order of the requests.
    pub fn carry_out(&self, requests: Vec<Request>) -> Vec<Answer> {
        self.runtime.block_on(self.answers(requests))
    }

    async fn answers(&self, requests: Vec<Request>) -> Vec<Answer> {
        // These two would make the user's folder anew.
        let makes_folders = matches!(self.place, Place::Folder { .. } | Place::Sftp { .. });
        if makes_folders && let Err(trouble) = self.chosen_folder().await {
            return requests.iter().map(|_| Answer::Failed(trouble.clone())).collect();
        }
        let mut answers: Vec<_> =
            stream::iter(requests).map(|request| self.answer(request)).buffered(AT_ONCE).collect().await;
        let nothing = |answer: &Answer| match answer {
            Answer::Listed(names) => names.is_empty(),
            answer => *answer == Answer::Absent,
        };
        if !makes_folders
            && answers.iter().any(nothing)
            && let Err(trouble) = self.chosen_folder().await
        {
            for answer in answers.iter_mut().filter(|answer| nothing(answer)) {
                *answer = Answer::Failed(trouble.clone());
            }
        }
        answers
    }

    /// Whether the folder that the user chose is there. An empty answer means something else where it is not.
    async fn chosen_folder(&self) -> Result<(), Trouble> {
        match self.in_time(0, verbs::is_there(&self.place)).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Trouble::Gone(self.place.folder())),
            Err(trouble) => Err(trouble),
        }
    }

    async fn answer(&self, request: Request) -> Answer {
        let place = &self.place;
        let answered = match request {
            Request::List(folder) => self.in_time(0, verbs::list(place, folder)).await.map(Answer::Listed),
            Request::Get(name, limit) => self.in_time(limit, verbs::get(place, &name, limit)).await,
            Request::Put(name, bytes) => {
                self.in_time(bytes.len() as u64, verbs::put(place, &name, bytes)).await.map(|()| Answer::Done)
            }
            Request::Delete(name) => self.in_time(0, verbs::delete(place, &name)).await.map(|()| Answer::Done),
        };
        answered.unwrap_or_else(Answer::Failed)
    }

    /// Gives up once the patience and the time for so many bytes over a slow connection are over.
    async fn in_time<T>(&self, bytes: u64, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        let limit = self.patience.saturating_add(Duration::from_secs(bytes / SLOWEST));
        // A library that panics at what a storage sent must not take the host with it.
        match timeout(limit, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Trouble::Failed("it sent what nobody understands".to_owned())),
            Err(_) => Err(Trouble::Unreachable(format!("no answer within {} seconds", limit.as_secs().max(1)))),
        }
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage(…)")
    }
}

impl Quiet {
    fn start() -> Result<Self, Trouble> {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|error| Trouble::Failed(error.to_string()))
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.as_ref().expect("there until it is dropped").block_on(work) // safe: taken in `drop` alone
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
