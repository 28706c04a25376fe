//! `own = { 0: number, 1: content, 2: confirmed, 3: previous, 4: above, 5: [*[n, hash]], 6: looked, 7: [*pack], 8: circle, 9: [*[hash, since]],
//! 10: [*[device, n]], 11: acknowledged-at }`

use protocol::cbor::{Error, Value};

use super::{array, device_id, flag, hash, id, object_hash, take};
use crate::engine::state::{Own, OwnPack, Stage, StoodBy};
use crate::ids::{DeviceId, ObjectHash};
use crate::wire::{self, Unknown};

pub(super) fn to_value(own: &Own) -> Value {
    let hashes = own.hashes.iter().map(|(n, object)| array([(*n).into(), hash(object)]));
    let former = own.former_circles.iter().map(|(object, since)| array([hash(object), (*since).into()]));
    let acknowledged = own.acknowledged.iter().map(|(device, n)| array([id(device), (*n).into()]));
    let circle =
        own.circle.as_ref().map(|circle| array([hash(&circle.hash), circle.view.to_vec().into(), circle.own.into()]));
    wire::map(
        [
            (0, Some(own.number.into())),
            (1, Some(own.content.into())),
            (2, Some(own.confirmed.into())),
            (3, Some(own.previous.into())),
            (4, Some(own.above.into())),
            (5, Some(Value::Array(hashes.collect()))),
            (6, Some(own.looked.into())),
            (7, Some(Value::Array(own.packs.iter().map(pack_to_value).collect()))),
            (8, circle),
            (9, Some(Value::Array(former.collect()))),
            (10, Some(Value::Array(acknowledged.collect()))),
            (11, Some(own.acknowledged_at.into())),
        ],
        &Unknown::default(),
    )
}

pub(super) fn from_value(value: Value) -> Result<Own, Error> {
    let mut members = wire::fields(value, "own")?;
    let hashes = take(&mut members, 5, "own.hashes", |value| {
        let [n, hash] = wire::tuple(value, "own.hashes")?;
        Ok::<_, Error>((wire::uint(&n, "own.hashes")?, object_hash(hash)?))
    })?;
    let acknowledged = take(&mut members, 10, "own.acknowledged", |value| {
        let [device, n] = wire::tuple(value, "own.acknowledged")?;
        Ok::<_, Error>((device_id(device)?, wire::uint(&n, "own.acknowledged")?))
    })?;
    Ok(Own {
        number: wire::take_uint(&mut members, 0, "own.number")?,
        content: wire::take_uint(&mut members, 1, "own.content")?,
        confirmed: wire::take_uint(&mut members, 2, "own.confirmed")?,
        previous: wire::take_uint(&mut members, 3, "own.previous")?,
        above: wire::take_uint(&mut members, 4, "own.above")?,
        hashes: hashes.into_iter().collect(),
        looked: flag(&mut members, 6, "own.looked")?,
        packs: take(&mut members, 7, "own.packs", pack)?,
        circle: members.take(8).map(stood_by).transpose()?,
        former_circles: take(&mut members, 9, "own.former-circles", former)?,
        acknowledged: acknowledged.into_iter().collect(),
        acknowledged_at: wire::take_uint(&mut members, 11, "own.acknowledged-at")?,
    })
}

/// `pack = [ hash, length, to, count, alive, stale, stage, [*[device, n]] ]`
fn pack_to_value(pack: &OwnPack) -> Value {
    let stage = match pack.stage {
        Stage::Made => 0,
        Stage::Named => 1,
        Stage::BackedUp => 2,
    };
    array([
        hash(&pack.hash),
        pack.length.into(),
        pack.to.into(),
        pack.count.into(),
        pack.alive.into(),
        pack.stale.into(),
        stage.into(),
        Value::Array(pack.superseded.iter().map(|(device, n)| array([id(device), (*n).into()])).collect()),
    ])
}

fn pack(value: Value) -> Result<OwnPack, Error> {
    let [hash, length, to, count, alive, stale, stage, superseded] = wire::tuple(value, "own.pack")?;
    let number = |value: &Value| wire::uint(value, "own.pack");
    Ok(OwnPack {
        hash: object_hash(hash)?,
        length: number(&length)?,
        to: number(&to)?,
        count: number(&count)?,
        alive: number(&alive)?,
        stale: stale.as_bool().ok_or(Error::WrongType("own.pack"))?,
        stage: match number(&stage)? {
            0 => Stage::Made,
            1 => Stage::Named,
            2 => Stage::BackedUp,
            _ => return Err(Error::OutOfRange("own.pack")),
        },
        superseded: superseded
            .into_array()
            .map_err(|_| Error::WrongType("own.pack"))?
            .into_iter()
            .map(device_and_number)
            .collect::<Result<_, _>>()?,
    })
}

fn device_and_number(value: Value) -> Result<(DeviceId, u64), Error> {
    let [device, n] = wire::tuple(value, "own.pack")?;
    Ok((device_id(device)?, wire::uint(&n, "own.pack")?))
}

fn stood_by(value: Value) -> Result<StoodBy, Error> {
    let [hash, view, own] = wire::tuple(value, "own.circle")?;
    Ok(StoodBy {
        hash: object_hash(hash)?,
        view: wire::fixed(view, "own.circle", wire::array)?,
        own: own.as_bool().ok_or(Error::WrongType("own.circle"))?,
    })
}

fn former(value: Value) -> Result<(ObjectHash, u64), Error> {
    let [hash, since] = wire::tuple(value, "own.former-circle")?;
    Ok((object_hash(hash)?, wire::uint(&since, "own.former-circle")?))
}
