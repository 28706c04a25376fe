//! The state as bytes.
//!
//! `state = { 0: version, 1: salt, 2: [*salt], 3: device, 4: name, 5: [ms, counter], 6: circle, 7: own, 8: [*peer], 9: duties, 10: [*stranger],
//! 11: strange, 12: [*removal], 13: last, 14: pending }`; the circle as on the storage, unsealed: the whole is sealed by the memory.

mod duties;
mod own;
mod peer;

use protocol::cbor::{Error, Fields, Value};
use zeroize::Zeroizing;

use super::State;
use crate::circle::Circle;
use crate::format::{self, FormatError};
use crate::ids::{DeviceId, ObjectHash, VaultId};
use crate::stamp::Clock;
use crate::wire::{self, Unknown};

impl State {
    /// The bytes to keep.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let (ms, counter) = self.clock.newest();
        let strangers = self.strangers.iter().map(|(device, (n, at))| array([id(device), (*n).into(), (*at).into()]));
        let removals = self.removals.iter().map(|(device, at)| array([id(device), (*at).into()]));
        let circle = self.circle().contents();
        let members = [
            (0, Some(VERSION.into())),
            (1, Some(self.salt.to_vec().into())),
            (2, Some(Value::Array(self.former.iter().map(|salt| salt.to_vec().into()).collect()))),
            (3, Some(id(&self.device))),
            (4, Some(self.name.as_str().into())),
            (5, Some(array([ms.into(), counter.into()]))),
            (6, Some(array([self.circle().vault().as_bytes().to_vec().into(), circle.encode().to_vec().into()]))),
            (7, Some(own::to_value(&self.own))),
            (8, Some(Value::Array(self.peers.iter().map(peer::to_value).collect()))),
            (9, Some(duties::to_value(&self.duties))),
            (10, Some(Value::Array(strangers.collect()))),
            (11, Some(self.strange.into())),
            (12, Some(Value::Array(removals.collect()))),
            (13, self.last.map(Value::from)),
            (14, Some(self.pending.into())),
        ];
        wire::encode(&wire::map(members, &self.unknown))
    }

    /// What [`encode`](Self::encode) gave.
    ///
    /// # Errors
    /// It is not as it must be; a later version may have written it.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut members = wire::fields(wire::decode(bytes)?, "state")?;
        if wire::take_uint(&mut members, 0, "state.version")? != VERSION {
            return Err(FormatError::Newer(Vec::new()));
        }
        let salt = wire::take_fixed(&mut members, 1, "state.salt", wire::array)?;
        let former = take(&mut members, 2, "state.former", |value| wire::fixed(value, "state.former", wire::array))?;
        let device = wire::take_fixed(&mut members, 3, "state.device", DeviceId::from_slice)?;
        let name = wire::required(members.text(4, "state.name")?, "state.name")?;
        let clock = clock(wire::required(members.take(5), "state.clock")?)?;
        let circle = circle(wire::required(members.take(6), "state.circle")?)?;
        let mut state = Self::new((salt, device), &name, clock, circle);
        state.former = former;
        state.own = own::from_value(wire::required(members.take(7), "state.own")?)?;
        state.peers = take(&mut members, 8, "state.peers", peer::from_value)?.into_iter().collect();
        state.duties = duties::from_value(wire::required(members.take(9), "state.duties")?)?;
        state.strangers = take(&mut members, 10, "state.strangers", stranger)?.into_iter().collect();
        state.strange = wire::take_uint(&mut members, 11, "state.strange")?;
        state.removals = take(&mut members, 12, "state.removals", removal)?.into_iter().collect();
        state.last = optional(&mut members, 13, "state.last")?;
        state.pending = wire::take_uint(&mut members, 14, "state.pending")?;
        state.unknown = Unknown::rest(members);
        Ok(state)
    }
}

const VERSION: u64 = 1;

fn clock(value: Value) -> Result<Clock, Error> {
    let [ms, counter] = wire::tuple(value, "state.clock")?;
    let counter = wire::uint(&counter, "state.clock")?.try_into().map_err(|_| Error::OutOfRange("state.clock"))?;
    Ok(Clock::from_newest((wire::uint(&ms, "state.clock")?, counter)))
}

fn circle(value: Value) -> Result<Circle, FormatError> {
    let [vault, contents] = wire::tuple(value, "state.circle")?;
    let contents = Zeroizing::new(contents.into_bytes().map_err(|_| Error::WrongType("state.circle"))?);
    let vault = wire::fixed(vault, "state.circle", VaultId::from_slice)?;
    Ok(Circle::remembered(vault, format::Circle::decode(&contents)?))
}

fn stranger(value: Value) -> Result<(DeviceId, (u64, u64)), Error> {
    let [device, n, at] = wire::tuple(value, "stranger")?;
    Ok((device_id(device)?, (wire::uint(&n, "stranger.n")?, wire::uint(&at, "stranger.at")?)))
}

fn removal(value: Value) -> Result<(DeviceId, u64), Error> {
    let [device, at] = wire::tuple(value, "removal")?;
    Ok((device_id(device)?, wire::uint(&at, "removal.at")?))
}

fn id(device: &DeviceId) -> Value {
    device.as_bytes().to_vec().into()
}

fn device_id(value: Value) -> Result<DeviceId, Error> {
    wire::fixed(value, "device", DeviceId::from_slice)
}

fn hash(hash: &ObjectHash) -> Value {
    hash.as_bytes().to_vec().into()
}

fn object_hash(value: Value) -> Result<ObjectHash, Error> {
    wire::fixed(value, "hash", ObjectHash::from_slice)
}

fn array<const N: usize>(items: [Value; N]) -> Value {
    Value::Array(items.into())
}

/// A pair of numbers.
fn pair(value: Value, name: &'static str) -> Result<(u64, u64), Error> {
    let [first, second] = wire::tuple(value, name)?;
    Ok((wire::uint(&first, name)?, wire::uint(&second, name)?))
}

fn take<T, E: From<Error>>(
    members: &mut Fields,
    key: i64,
    name: &'static str,
    item: impl FnMut(Value) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    wire::take_array(members, key, name, item)
}

fn flag(members: &mut Fields, key: i64, name: &'static str) -> Result<bool, Error> {
    wire::required(members.bool(key, name)?, name)
}

fn optional(members: &mut Fields, key: i64, name: &'static str) -> Result<Option<u64>, Error> {
    members.take(key).map(|value| wire::uint(&value, name)).transpose()
}
