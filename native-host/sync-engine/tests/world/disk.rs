//! What a machine keeps: a memory whose transactions change all or nothing. A crash leaves what was last committed; a backup is a copy.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::rc::Rc;

use sync_engine::engine::local::Local;
use sync_engine::engine::state::State;
use sync_engine::ids::RecordId;
use sync_engine::memory::{Kept, Memory, Transaction, Which};
use sync_engine::record::FieldNumber;
use sync_engine::storage::ObjectName;
use zeroize::Zeroizing;

use super::truth::Truth;

/// All that is on a machine's disk.
#[derive(Clone, Default)]
pub struct Disk {
    pub state: Option<Vec<u8>>,
    pub records: BTreeMap<RecordId, Kept>,
    pub outbox: Vec<(ObjectName, Rc<Vec<u8>>)>,
    /// What the person changed since the last transaction.
    pub edits: Vec<Edit>,
}

/// What a person does with a record.
#[derive(Clone)]
pub struct Edit {
    pub record: RecordId,
    /// By the machine's clock.
    pub at: u64,
    /// By the world's.
    pub made: u64,
    pub what: Change,
}

#[derive(Clone)]
pub enum Change {
    Write(Vec<(FieldNumber, Vec<u8>)>),
    Restore,
}

/// A state, beside its bytes.
type Read = (Vec<u8>, Rc<State>);

/// A disk as the engine sees it. Clones are the same disk.
#[derive(Clone, Default)]
pub struct DiskMemory {
    disk: Rc<RefCell<Disk>>,
    /// The state that was last asked for.
    read: Rc<RefCell<Option<Read>>>,
    truth: Rc<RefCell<Truth>>,
    machine: usize,
}

impl DiskMemory {
    pub fn of(disk: Disk, truth: &Rc<RefCell<Truth>>, machine: usize) -> Self {
        Self { disk: Rc::new(RefCell::new(disk)), read: Rc::default(), truth: truth.clone(), machine }
    }

    /// The person changes a record. It is on the disk at once, and in its record with the next transaction.
    pub fn edit(&self, edit: Edit) {
        self.disk.borrow_mut().edits.push(edit);
    }

    /// The engine's state, if sync is on.
    pub fn state(&self) -> Option<Rc<State>> {
        let disk = self.disk.borrow();
        let bytes = disk.state.as_ref()?;
        let mut read = self.read.borrow_mut();
        if read.as_ref().is_none_or(|(known, _)| known != bytes) {
            let state = State::decode(bytes).expect("a state that was just encoded");
            *read = Some((bytes.clone(), Rc::new(state)));
        }
        read.as_ref().map(|(_, state)| state.clone())
    }

    /// A copy of what is on it.
    pub fn copy(&self) -> Disk {
        self.disk.borrow().clone()
    }

    /// Looks at it.
    pub fn look<T>(&self, at: impl FnOnce(&Disk) -> T) -> T {
        at(&self.disk.borrow())
    }

    /// Puts back what was on it once.
    pub fn restore(&self, disk: Disk) {
        *self.disk.borrow_mut() = disk;
    }
}

impl Memory for DiskMemory {
    type Error = Infallible;

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Transaction<Error = Infallible>) -> Result<T, Infallible>,
    ) -> Result<T, Infallible> {
        let mut changed = self.copy();
        changed.take_in_edits(&mut self.truth.borrow_mut(), self.machine);
        let done = work(&mut changed)?;
        self.restore(changed);
        Ok(done)
    }
}

impl Disk {
    fn take_in_edits(&mut self, truth: &mut Truth, machine: usize) {
        let Some(state) = self.state.as_deref().filter(|_| !self.edits.is_empty()) else { return };
        let mut local = Local::open(state).expect("a state that was just encoded");
        for edit in std::mem::take(&mut self.edits) {
            let kept = self.records.entry(edit.record).or_default();
            let before = kept.record.clone();
            match edit.what {
                Change::Write(fields) => {
                    let fields = fields.into_iter().map(|(field, value)| (field, Zeroizing::new(value)));
                    local.write(kept, edit.at, fields);
                }
                Change::Restore => local.restore(kept, edit.at),
            }
            truth.note((machine, edit.made), edit.record, &before, &kept.record);
        }
        self.state = Some(local.close().to_vec());
    }
}

impl Transaction for Disk {
    type Error = Infallible;

    fn state(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Infallible> {
        Ok(self.state.clone().map(Zeroizing::new))
    }

    fn set_state(&mut self, state: &[u8]) -> Result<(), Infallible> {
        self.state = Some(state.to_vec());
        Ok(())
    }

    fn forget(&mut self) -> Result<(), Infallible> {
        self.state = None;
        self.outbox.clear();
        for kept in self.records.values_mut() {
            *kept = Kept { record: kept.record.clone(), unpublished: true, ..Kept::default() };
        }
        Ok(())
    }

    fn record(&mut self, id: &RecordId) -> Result<Option<Kept>, Infallible> {
        Ok(self.records.get(id).cloned())
    }

    fn put_record(&mut self, id: &RecordId, kept: &Kept) -> Result<(), Infallible> {
        self.records.insert(*id, kept.clone());
        Ok(())
    }

    fn ids(&mut self, which: Which) -> Result<Vec<RecordId>, Infallible> {
        let is_meant = |kept: &Kept| match which {
            Which::All => true,
            Which::Unpublished => kept.unpublished,
            Which::InOwnPack(pack) => kept.own_pack == Some(pack),
            Which::DeletedBefore(ms) => kept.deletion_learned.is_some_and(|learned| learned <= ms),
        };
        Ok(self.records.iter().filter(|(_, kept)| is_meant(kept)).map(|(id, _)| *id).collect())
    }

    fn outbox(&mut self) -> Result<Vec<ObjectName>, Infallible> {
        Ok(self.outbox.iter().map(|(name, _)| name.clone()).collect())
    }

    fn outgoing(&mut self, name: &ObjectName) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.outbox.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.to_vec()))
    }

    fn put_outgoing(&mut self, name: &ObjectName, bytes: &[u8]) -> Result<(), Infallible> {
        self.outbox.retain(|(known, _)| known != name);
        self.outbox.push((name.clone(), Rc::new(bytes.to_vec())));
        Ok(())
    }

    fn remove_outgoing(&mut self, name: &ObjectName) -> Result<(), Infallible> {
        self.outbox.retain(|(known, _)| known != name);
        Ok(())
    }
}
