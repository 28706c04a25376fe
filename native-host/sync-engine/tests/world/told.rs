//! How things stand, to be read by a person when something went wrong.

use std::collections::BTreeMap;

use sync_engine::ids::{DeviceId, RecordId};
use sync_engine::record::{DELETED, Record};
use sync_engine::storage::ObjectName;

use super::World;
use super::checks::Broken;
use super::people::LABEL;

impl World {
    /// Who each machine is and what it waits for, to be read by a person.
    pub fn who_is(&self) -> String {
        let mut told = String::new();
        for (number, machine) in self.machines.iter().enumerate() {
            let Some(state) = machine.memory.state() else { continue };
            let short = |id: &DeviceId| id.to_string()[..4].to_owned();
            let walk: Vec<_> = state.membership().live().map(|standing| short(&standing.card.id())).collect();
            let own = (state.own.number, state.own.confirmed, state.own.looked, state.own.above);
            told += &format!(
                "  machine {number}: {}, unwanted: {}, in: {walk:?}, own: {own:?}, outbox: {}, removed: {}\n",
                short(&state.device),
                machine.unwanted,
                machine.memory.look(|disk| disk.outbox.len()),
                state.seems_removed()
            );
            for (device, peer) in &state.peers {
                let seen: Vec<_> = peer.seen.iter().map(|seen| (short(&seen.device), seen.n)).collect();
                told += &format!(
                    "    {}: read {}, seen {seen:?}, shut out {:?}, floor {}, missing {:?}, gone {}\n",
                    short(device),
                    peer.read,
                    peer.shut_out,
                    peer.floor,
                    peer.missing,
                    peer.gone
                );
            }
        }
        for name in self.storage.objects.keys().filter(|name| matches!(name, ObjectName::Head(..))) {
            told += &format!("  {}\n", name.path());
        }
        told
    }

    /// What each machine knows about a record, to be read by a person.
    pub fn who_has(&self, id: &RecordId) -> String {
        let mut told = self.truth.borrow().history(id, LABEL);
        for (number, machine) in self.machines.iter().enumerate() {
            let device = self.device(number);
            let kept = machine.memory.look(|disk| {
                disk.records.get(id).map(|kept| (kept.holders.clone(), kept.unpublished, kept.own_pack, kept.backed_up))
            });
            told += &format!(
                "  machine {number}: {device:?}, lost: {}, unwanted: {}, {kept:?}\n",
                machine.lost, machine.unwanted
            );
        }
        told + &self.who_is()
    }
}

/// A record, to be read by a person.
pub fn shown(record: Option<&Record>) -> String {
    let Some(record) = record else { return "  none".to_owned() };
    let line = |field: u64, value: &sync_engine::record::Value| {
        format!("  {field}: {} {} {:?}\n", value.0.ms, value.0.counter, String::from_utf8_lossy(&value.1))
    };
    record.fields().flat_map(|(field, values)| values.iter().map(move |value| line(field, value))).collect()
}

/// Two machines have the same; of what is deleted, at least that it is.
pub fn same(
    one: usize,
    left: &BTreeMap<RecordId, Record>,
    other: usize,
    right: &BTreeMap<RecordId, Record>,
) -> Result<(), (RecordId, Broken)> {
    let differs = |id: &RecordId| match (left.get(id), right.get(id)) {
        (Some(left), Some(right)) if left.is_deleted() => left.values(DELETED) != right.values(DELETED),
        (left, right) => left != right,
    };
    let Some(id) = left.keys().chain(right.keys()).find(|id| differs(id)) else { return Ok(()) };
    let other = if other == usize::MAX { "for the recovery key".to_owned() } else { format!("on machine {other}") };
    let shown = [left, right].map(|records| shown(records.get(id)));
    Err((*id, format!("{id:?} is not the same on machine {one} and {other}:\n{}", shown.join("\n"))))
}
