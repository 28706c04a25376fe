//! SYNC §6 steps 1 and 7: what is in the outbox goes to the storage, the head last; then what it does not name any more is deleted.

use crate::engine::course::Device;
use crate::engine::device::Commit;
use crate::engine::heads::Listing;
use crate::format::{MAX_HEAD, MAX_PACK};
use crate::ids::ObjectHash;
use crate::memory::Memory;
use crate::storage::{Answer, ObjectName, Request};

/// Files of a kind that are deleted in one pass; the rest in the next. A storage may invent as many as it likes.
pub(in crate::engine) const DELETED_AT_ONCE: usize = 256;

impl<M: Memory> Device<'_, '_, M> {
    /// Uploads the outbox, and returns whether it is empty then. Putting twice puts the same bytes.
    pub(in crate::engine) async fn flush(&mut self) -> Result<bool, M::Error> {
        let names = self.commit(|c| c.tx.outbox())?;
        let (heads, named): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| matches!(name, ObjectName::Head(_, _)));
        let mut named = named.as_slice();
        while !named.is_empty() {
            let (requests, behind) = self.outgoing(named)?;
            if !self.put(requests).await? {
                return Ok(false);
            }
            named = behind;
        }
        for head in heads {
            let (requests, _) = self.outgoing(std::slice::from_ref(&head))?;
            if !self.put(requests).await? {
                return Ok(false);
            }
            self.read_back().await?;
        }
        Ok(true)
    }

    /// As many of these as fit into memory together, one at least; and those behind.
    fn outgoing<'n>(&mut self, names: &'n [ObjectName]) -> Result<(Vec<Request>, &'n [ObjectName]), M::Error> {
        self.commit(|c| {
            let (mut requests, mut bytes, mut taken) = (Vec::new(), 0, 0);
            while bytes < MAX_PACK && taken < names.len() {
                if let Some(object) = c.tx.outgoing(&names[taken])? {
                    bytes += object.len();
                    requests.push(Request::Put(names[taken].clone(), object));
                }
                taken += 1;
            }
            Ok((requests, &names[taken..]))
        })
    }

    /// Takes out of the outbox what the storage has already: the answer to an earlier put was lost. To write over a file that others may have
    /// read could leave half of it.
    pub(in crate::engine) async fn look_for_lost_answers(&mut self) -> Result<(), M::Error> {
        let names = self.commit(|c| c.tx.outbox())?;
        let mut names = names.as_slice();
        while !names.is_empty() {
            let (puts, behind) = self.outgoing(names)?;
            let get = puts.iter().filter_map(|put| match put {
                Request::Put(name, bytes) => Some(Request::Get(name.clone(), bytes.len() as u64)),
                _ => None,
            });
            let answers = self.course.ask(get.collect()).await;
            for (put, answer) in puts.iter().zip(&answers) {
                if let (Request::Put(name, bytes), Answer::Got(there)) = (put, answer)
                    && bytes == there
                {
                    self.commit(|c| c.uploaded(name))?;
                    if matches!(name, ObjectName::Head(..)) {
                        self.read_back().await?;
                    }
                }
            }
            names = behind;
        }
        Ok(())
    }

    async fn put(&mut self, requests: Vec<Request>) -> Result<bool, M::Error> {
        let names = requests.iter().filter_map(|request| match request {
            Request::Put(name, _) => Some(name.clone()),
            _ => None,
        });
        let names: Vec<ObjectName> = names.collect();
        let answers = self.course.ask(requests).await;
        self.commit(|c| {
            let done = names.iter().zip(&answers).filter(|(_, answer)| **answer == Answer::Done);
            for (name, _) in done {
                c.uploaded(name)?;
            }
            Ok(answers.iter().all(|answer| *answer == Answer::Done))
        })
    }

    /// Reads the newest head back: the first, and each after which something is deleted.
    async fn read_back(&mut self) -> Result<(), M::Error> {
        let state = self.state();
        let n = state.own.confirmed;
        if state.own.previous == 0 || !state.duties.garbage.is_empty() {
            let request = Request::Get(ObjectName::Head(state.device, n), MAX_HEAD as u64);
            if let Some(Answer::Got(bytes)) = self.course.ask_one(request).await {
                self.commit(|c| {
                    let own = &mut c.state.own;
                    own.looked = own.hashes.get(&n) == Some(&ObjectHash::of_object(&bytes));
                    Ok(())
                })?;
            }
        }
        self.settle_backing()
    }

    /// Deletes this device's heads but the newest two, and what the newest does not name any more, if that was seen on the storage.
    pub(super) async fn delete_old(&mut self, listing: &Listing) -> Result<(), M::Error> {
        let state = self.state();
        let heads = listing.of_device(&state.device).iter().filter(|n| **n < state.own.previous).take(DELETED_AT_ONCE);
        let mut names: Vec<ObjectName> = heads.map(|n| ObjectName::Head(state.device, *n)).collect();
        if state.own.looked {
            names.extend(state.duties.garbage.iter().take(DELETED_AT_ONCE).cloned());
        }
        let answers = self.course.ask(names.iter().cloned().map(Request::Delete).collect()).await;
        let done = names.into_iter().zip(answers).filter(|(_, answer)| *answer == Answer::Done);
        let done: Vec<ObjectName> = done.map(|(name, _)| name).collect();
        if self.state().duties.garbage.iter().any(|name| done.contains(name)) {
            self.commit(|c| {
                c.state.duties.garbage.retain(|name| !done.contains(name));
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl<E> Commit<'_, E> {
    /// An object is on the storage. With the head all that it names is published.
    fn uploaded(&mut self, name: &ObjectName) -> Result<(), E> {
        if let ObjectName::Head(_, n) = name {
            let own = &mut self.state.own;
            (own.previous, own.confirmed, own.looked) = (own.confirmed, *n, false);
        }
        self.tx.remove_outgoing(name)
    }
}
