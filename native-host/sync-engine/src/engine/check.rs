//! Trying a storage that somebody may want to use.

use super::Outcome;
use super::course::Course;
use super::heads::Listing;
use crate::ids::Slot;
use crate::memory::Memory;
use crate::storage::{Answer, ObjectName, Request, Trouble};

/// Writes, reads and deletes an object, and lists what is there.
pub(super) async fn check<M: Memory>(course: &mut Course<'_, M>) -> Outcome {
    let mut bytes = vec![0; 1024];
    course.rng.fill_bytes(&mut bytes);
    let name = ObjectName::Check(Slot::of_key(&bytes));
    let written = course.ask_one(Request::Put(name.clone(), bytes.clone())).await;
    if written != Some(Answer::Done) {
        return Outcome::NotYet;
    }
    let read = course.ask_one(Request::Get(name.clone(), bytes.len() as u64)).await;
    let deleted = course.ask_one(Request::Delete(name)).await;
    if read != Some(Answer::Got(bytes)) || deleted != Some(Answer::Done) {
        let otherwise = || Trouble::Failed("what was written reads otherwise".to_owned());
        course.report.trouble.get_or_insert_with(otherwise);
        return Outcome::NotYet;
    }
    match Listing::ask(course).await {
        Some(heads) => Outcome::Checked { heads: heads.len() as u64 },
        None => Outcome::NotYet,
    }
}
