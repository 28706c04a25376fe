//! `peer = { 0: device, 1: read, 2: hash, 3: content, 4: time, 5: heard, 6: [*seen], 7: circle, 8: [*merged], 9: floor, 10: knows-me,
//! 11: shut-out, 12: newer, 13: doubled, 14: behind, 15: gone, 16: missing, 17: view, 18: owing }`

use protocol::cbor::{Error, Value};

use super::{array, device_id, flag, hash, id, object_hash, optional, pair, take};
use crate::engine::state::{Behind, Peer};
use crate::format::Seen;
use crate::ids::DeviceId;
use crate::wire::{self, Unknown};

pub(super) fn to_value((device, peer): (&DeviceId, &Peer)) -> Value {
    let seen = peer.seen.iter().map(|seen| array([id(&seen.device), seen.n.into(), hash(&seen.hash)]));
    wire::map(
        [
            (0, Some(id(device))),
            (1, Some(peer.read.into())),
            (2, peer.hash.as_ref().map(hash)),
            (3, Some(peer.content.into())),
            (4, Some(peer.time.into())),
            (5, Some(peer.heard.into())),
            (6, Some(Value::Array(seen.collect()))),
            (7, peer.circle.as_ref().map(hash)),
            (8, Some(Value::Array(peer.merged.iter().map(hash).collect()))),
            (9, Some(peer.floor.into())),
            (10, Some(peer.knows_me.into())),
            (11, peer.shut_out.map(Value::from)),
            (12, Some(peer.newer.into())),
            (13, Some(peer.doubled.into())),
            (14, peer.behind.map(|behind| array([behind.since.into(), behind.passes.into()]))),
            (15, Some(peer.gone.into())),
            (18, peer.owing.map(Value::from)),
            (17, peer.view.map(|view| view.to_vec().into())),
            (16, peer.missing.map(|(n, since)| array([n.into(), since.into()]))),
        ],
        &Unknown::default(),
    )
}

pub(super) fn from_value(value: Value) -> Result<(DeviceId, Peer), Error> {
    let mut members = wire::fields(value, "peer")?;
    let behind = members.take(14).map(|value| pair(value, "peer.behind")).transpose()?;
    let peer = Peer {
        read: wire::take_uint(&mut members, 1, "peer.read")?,
        hash: members.take(2).map(object_hash).transpose()?,
        content: wire::take_uint(&mut members, 3, "peer.content")?,
        time: wire::take_uint(&mut members, 4, "peer.time")?,
        heard: wire::take_uint(&mut members, 5, "peer.heard")?,
        seen: take(&mut members, 6, "peer.seen", seen)?,
        circle: members.take(7).map(object_hash).transpose()?,
        view: members.take(17).map(|value| wire::fixed(value, "peer.view", wire::array)).transpose()?,
        merged: take(&mut members, 8, "peer.merged", object_hash)?.into_iter().collect(),
        floor: wire::take_uint(&mut members, 9, "peer.floor")?,
        knows_me: flag(&mut members, 10, "peer.knows-me")?,
        shut_out: optional(&mut members, 11, "peer.shut-out")?,
        newer: flag(&mut members, 12, "peer.newer")?,
        doubled: flag(&mut members, 13, "peer.doubled")?,
        behind: behind.map(|(since, passes)| Behind { since, passes }),
        gone: flag(&mut members, 15, "peer.gone")?,
        owing: optional(&mut members, 18, "peer.owing")?,
        missing: members.take(16).map(|value| pair(value, "peer.missing")).transpose()?,
    };
    Ok((wire::take_fixed(&mut members, 0, "peer.device", DeviceId::from_slice)?, peer))
}

fn seen(value: Value) -> Result<Seen, Error> {
    let [device, n, hash] = wire::tuple(value, "peer.seen")?;
    Ok(Seen { device: device_id(device)?, n: wire::uint(&n, "peer.seen")?, hash: object_hash(hash)? })
}
