//! The four verbs, over one operator.

use std::time::Duration;

use futures_util::TryStreamExt;
use opendal::{Buffer, Error, ErrorKind, Operator};
use sync_engine::storage::{Answer, Folder, ObjectName, Trouble};
use tokio::time::sleep;

use super::backend::Place;
use super::trouble::{Verb, is_locked, parent_is_missing, trouble};

/// More entries than this in one folder are not ours.
const MOST_ENTRIES: usize = 100_000;

/// An object of more bytes, and a server may not read all of it before it refuses.
const LARGE: usize = 64 * 1024;

/// What the name of a file ends with until it is whole.
const PART: &str = ".part";

/// Whether the user's folder is there. Where a bucket is there, its folders are.
pub(super) async fn is_there(place: &Place) -> Result<bool, Trouble> {
    let path = place.path("");
    let looked = async {
        let mut entries = place.operator().lister(if path.is_empty() { "/" } else { &path }).await?;
        entries.try_next().await
    };
    let first = looked.await.map_err(|error| trouble(&error, Verb::Read))?;
    Ok(first.is_some() || matches!(place, Place::S3 { .. }))
}

/// The names of ours in a folder.
pub(super) async fn list(place: &Place, folder: Folder) -> Result<Vec<ObjectName>, Trouble> {
    let path = folder.path();
    let listed = async {
        let (mut names, mut seen) = (Vec::new(), 0);
        let mut entries = place.operator().lister(&place.path(&path)).await?;
        while let Some(entry) = entries.try_next().await? {
            seen += 1;
            if seen > MOST_ENTRIES {
                return Err(Error::new(ErrorKind::Unexpected, format!("more than {MOST_ENTRIES} files in {path}")));
            }
            // Its last part alone: servers differ in how they write the rest.
            let name = entry.metadata().mode().is_file().then(|| format!("{path}{}", entry.name()));
            names.extend(name.as_deref().and_then(ObjectName::from_path));
        }
        Ok(names)
    };
    let mut names = listed.await.map_err(|error| trouble(&error, Verb::Read))?;
    names.sort();
    names.dedup();
    Ok(names)
}

/// An object of at most `limit` bytes. Of a longer one no more than that is read.
pub(super) async fn get(place: &Place, name: &ObjectName, limit: u64) -> Result<Answer, Trouble> {
    let read = async {
        let reader = place.operator().reader(&place.path(&name.path())).await?;
        let mut stream = reader.into_stream(..).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = stream.try_next().await? {
            if (bytes.len() + piece.len()) as u64 > limit {
                return Ok(Answer::TooLarge);
            }
            bytes.extend(piece.into_iter().flatten());
        }
        Ok::<_, Error>(Answer::Got(bytes))
    };
    match read.await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Answer::Absent),
        other => other.map_err(|error| trouble(&error, Verb::Read)),
    }
}

/// Writes an object.
pub(super) async fn put(place: &Place, name: &ObjectName, bytes: Vec<u8>) -> Result<(), Trouble> {
    let path = place.path(&name.path());
    let written = if place.renames() {
        put_and_rename(place, &path, bytes).await
    } else {
        put_patiently(place, &path, bytes).await
    };
    written.map_err(|error| trouble(&error, Verb::Write))
}

/// Under another name first, so that nobody ever sees half of it. A retry uses that name again.
async fn put_and_rename(place: &Place, path: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let (operator, part) = (place.operator(), format!("{path}{PART}"));
    if let Err(error) = write_new(operator, &part, bytes.into()).await {
        // Half of a file takes room on a full disk. Where that fails too, what failed first is told.
        let _ = operator.delete(&part).await;
        return Err(error);
    }
    if operator.rename(&part, path).await.is_ok() {
        return Ok(());
    }
    // An SFTP server may not rename onto a name that is taken.
    operator.delete(path).await?;
    operator.rename(&part, path).await
}

/// Writes a file that was not there. What a crash has left under its name goes first, and so does a link that somebody else has put there: to
/// write through it would be to write over another file of the user's.
async fn write_new(operator: &Operator, path: &str, bytes: Buffer) -> Result<(), Error> {
    let write = || async { operator.write_with(path, bytes.clone()).if_not_exists(true).await.map(drop) };
    if write().await.is_ok() {
        return Ok(());
    }
    operator.delete(path).await?;
    write().await
}

/// Again after a moment, where another request had the folder locked.
async fn put_patiently(place: &Place, path: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let bytes = Buffer::from(bytes);
    for pause in [100, 300, 900] {
        match put_with_parent(place, path, bytes.clone()).await {
            Err(error) if is_locked(&error) => sleep(Duration::from_millis(pause)).await,
            other => return other,
        }
    }
    put_with_parent(place, path, bytes).await
}

/// With the folders around it, where they are missing. For a large object they are made first: a WebDAV server that misses them may hang up
/// before it has read all of it, and its answer is lost.
async fn put_with_parent(place: &Place, path: &str, bytes: Buffer) -> Result<(), Error> {
    let operator = place.operator();
    let is_sent_in_vain = matches!(place, Place::WebDav { .. }) && bytes.len() > LARGE;
    if !is_sent_in_vain {
        match operator.write(path, bytes.clone()).await {
            Err(error) if parent_is_missing(&error) => {}
            other => return other.map(drop),
        }
    }
    let (parent, _) = path.rsplit_once('/').unwrap_or_default();
    make_folder(place, &format!("{parent}/")).await?;
    operator.write(path, bytes).await.map(drop)
}

/// Makes a folder, and those around it, if it is not there; on WebDAV one at a time: Apache refuses who comes second.
async fn make_folder(place: &Place, path: &str) -> Result<(), Error> {
    let _alone = match place {
        Place::WebDav { making, .. } => Some(making.lock().await),
        _ => None,
    };
    place.operator().create_dir(path).await
}

/// Deletes an object, if it is there.
pub(super) async fn delete(place: &Place, name: &ObjectName) -> Result<(), Trouble> {
    let deleted = place.operator().delete(&place.path(&name.path())).await;
    match deleted {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other.map_err(|error| trouble(&error, Verb::Write)),
    }
}
