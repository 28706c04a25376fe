//! SYNC §9: adding a device, both sides of it.

use sha2::{Digest, Sha256};

use super::act::Act;
use super::course::{Course, Device};
use super::state::{Peer, Salt, State};
use super::{JoinCode, Newcomer, Outcome, Refusal};
use crate::circle::Circle;
use crate::format::{self, Ask, Card, CircleObject, MAX_CIRCLE, MAX_MAILBOX, Seen, Yes};
use crate::ids::{DeviceId, ObjectHash, VaultId};
use crate::keys::{DeviceKeys, Identity, Mailbox};
use crate::labels;
use crate::memory::{Memory, Which};
use crate::stamp::Clock;
use crate::storage::{Answer, ObjectName, Request, Trouble};
use crate::wire::{self, Unknown};

/// Step 2, on the new device: its card, sealed under the code.
pub(super) async fn ask<M: Memory>(
    course: &mut Course<'_, M>,
    code: &JoinCode,
    name: &str,
) -> Result<Outcome, M::Error> {
    if let Some(refused) = course.require_off()? {
        return Ok(refused);
    }
    let mailbox = code.mailbox();
    let (_, me) = newcomer(course, &mailbox);
    let ask = Ask { card: me.card(name, false, None), unknown: Unknown::default() };
    let Ok(bytes) = ask.seal(&mailbox, course.rng) else { return Ok(Outcome::NotYet) };
    Ok(put(course, ObjectName::Ask(mailbox.slot), bytes).await)
}

/// Step 3, on the old device: who asks.
pub(super) async fn await_ask<M: Memory>(course: &mut Course<'_, M>, code: &JoinCode) -> Outcome {
    let mailbox = code.mailbox();
    let request = Request::Get(ObjectName::Ask(mailbox.slot), MAX_MAILBOX as u64);
    let bytes = match course.ask_one(request).await {
        Some(Answer::Got(bytes)) => bytes,
        Some(Answer::TooLarge) => return Outcome::Refused(Refusal::Altered),
        _ => return Outcome::NotYet,
    };
    match Ask::open(&bytes, &mailbox) {
        Ok(Ask { card, .. }) if !card.is_paper() && card.born_again_of().is_none() => Outcome::Asked(Newcomer {
            device: card.id(),
            name: card.name().to_owned(),
            card: wire::encode(&card.to_value()).to_vec(),
        }),
        _ => Outcome::Refused(Refusal::Altered),
    }
}

/// Step 4, on the old device: lets it in, publishes that, then says so in the mailbox.
pub(super) async fn admit<M: Memory>(
    course: &mut Course<'_, M>,
    code: &JoinCode,
    newcomer: Newcomer,
) -> Result<Outcome, M::Error> {
    let card = wire::decode(&newcomer.card).map_err(Into::into).and_then(Card::from_value);
    let Ok(card) = card else { return Ok(Outcome::Refused(Refusal::Altered)) };
    let mut device = match Device::open(course)? {
        Ok(device) => device,
        Err(refused) => return Ok(refused),
    };
    let passed = device.pass(Act::Admit(card)).await?;
    if let Some(refusal) = passed.refused {
        return Ok(Outcome::Refused(refusal));
    }
    let state = device.state();
    let Some(circle) = state.own.circle.as_ref().filter(|_| passed.published) else { return Ok(Outcome::NotYet) };
    let seen = state.peers.iter().filter_map(|(device, peer)| {
        state.membership().is_member(device).then_some(Seen { device: *device, n: peer.read, hash: peer.hash? })
    });
    let yes = Yes {
        vault: device.vault(),
        inviter: state.device,
        circle: circle.hash,
        n: state.own.confirmed,
        seen: seen.collect(),
        unknown: Unknown::default(),
    };
    Ok(say(course, code, &yes).await)
}

/// The user says no: a yes that names no head.
pub(super) async fn decline<M: Memory>(course: &mut Course<'_, M>, code: &JoinCode) -> Result<Outcome, M::Error> {
    let (vault, inviter) = match Device::open(course)? {
        Ok(device) => (device.vault(), device.state().device),
        Err(refused) => return Ok(refused),
    };
    let circle = ObjectHash::of_object(&[]);
    let no = Yes { vault, inviter, circle, n: 0, seen: Vec::new(), unknown: Unknown::default() };
    Ok(say(course, code, &no).await)
}

/// Step 5, on the new device: checks that it and its inviter are in, takes over what the inviter remembers, synchronizes.
pub(super) async fn await_yes<M: Memory>(course: &mut Course<'_, M>, code: &JoinCode) -> Result<Outcome, M::Error> {
    if let Some(refused) = course.require_off()? {
        return Ok(refused);
    }
    let mailbox = code.mailbox();
    let request = Request::Get(ObjectName::Yes(mailbox.slot), MAX_MAILBOX as u64);
    let Some(Answer::Got(bytes)) = course.ask_one(request).await else { return Ok(Outcome::NotYet) };
    let Ok(yes) = Yes::open(&bytes, &mailbox) else { return Ok(Outcome::Refused(Refusal::Altered)) };
    if yes.n == 0 {
        return Ok(Outcome::Refused(Refusal::Declined));
    }
    // Named by its hash in what only the inviter can have written. On a slow storage it comes later.
    let request = Request::Get(ObjectName::Circle(yes.circle), MAX_CIRCLE as u64);
    let Some(Answer::Got(bytes)) = course.ask_one(request).await else { return Ok(Outcome::NotYet) };
    if ObjectHash::of_object(&bytes) != yes.circle {
        return Ok(Outcome::NotYet);
    }
    let (salt, me) = newcomer(course, &mailbox);
    let Some((circle, name)) = CircleObject::parse(&bytes).ok().and_then(|object| let_in(&object, &yes, &me)) else {
        return Ok(Outcome::Refused(Refusal::Altered));
    };
    let mut state = State::new((salt, me.id()), &name, Clock::default(), circle);
    state.observe_circle(course.now());
    remember(&mut state, &yes, course.now());
    let mut device = Device::begin(course, state)?;
    device.pass(Act::Nothing).await?;
    device.joined()
}

/// Step 6: the mailbox goes.
pub(super) async fn close<M: Memory>(course: &mut Course<'_, M>, code: &JoinCode) -> Outcome {
    let slot = code.mailbox().slot;
    let requests = [ObjectName::Ask(slot), ObjectName::Yes(slot)].map(Request::Delete).into();
    let done = course.ask(requests).await.iter().all(|answer| *answer == Answer::Done);
    Course::<M>::done_if_published(done)
}

impl<M: Memory> Device<'_, '_, M> {
    /// How much is here now.
    pub(super) fn joined(&mut self) -> Result<Outcome, M::Error> {
        let records = self.commit(|c| {
            let mut records = 0;
            for id in c.tx.ids(Which::All)? {
                records += u64::from(c.tx.record(&id)?.is_some_and(|kept| !kept.record.is_deleted()));
            }
            Ok(records)
        })?;
        Ok(Outcome::Joined { records })
    }
}

/// The circle, if this device and its inviter are in it, and this device's name there.
fn let_in(object: &CircleObject, yes: &Yes, me: &Identity) -> Option<(Circle, String)> {
    let contents = object.open(me).ok().filter(|_| object.vault == yes.vault)?;
    let circle = circle_of(yes.vault, contents);
    let membership = circle.evaluate();
    let standing = membership.standing(&me.id()).filter(|_| membership.is_member(&me.id()))?;
    let name = standing.card.name().to_owned();
    membership.is_member(&yes.inviter).then_some((circle, name))
}

/// A circle from the storage, the keys as far as they are believed.
pub(super) fn circle_of(vault: VaultId, contents: format::Circle) -> Circle {
    let mut circle = Circle::new(vault);
    circle.union(contents.sentences);
    let membership = circle.evaluate();
    circle.keys_mut().take_in(contents.keys, &membership);
    circle.union_unknown(&contents.unknown);
    circle
}

/// What the inviter remembers of everyone: nothing older is taken for the newest.
fn remember(state: &mut State, yes: &Yes, now: u64) {
    let numbers = yes.seen.iter().map(|seen| (seen.device, seen.n)).chain([(yes.inviter, yes.n)]);
    let numbers: Vec<(DeviceId, u64)> = numbers.filter(|(device, _)| *device != state.device).collect();
    for (device, floor) in numbers {
        state.peers.insert(device, Peer { floor, heard: now, ..Peer::default() });
    }
    state.peer(yes.inviter, now).knows_me = true;
}

/// The keys that a device joins with. The salt is no secret, and each code makes another; so nothing has to be kept before the device is in.
fn newcomer<M: Memory>(course: &Course<'_, M>, mailbox: &Mailbox) -> (Salt, Identity) {
    let salt: Salt = Sha256::digest([labels::JOINED_SALT, mailbox.slot.as_bytes()].concat()).into();
    (salt, DeviceKeys::derive(course.root, &salt))
}

async fn say<M: Memory>(course: &mut Course<'_, M>, code: &JoinCode, yes: &Yes) -> Outcome {
    let mailbox = code.mailbox();
    match yes.seal(&mailbox, course.rng) {
        Ok(bytes) => put(course, ObjectName::Yes(mailbox.slot), bytes).await,
        Err(error) => {
            course.report.trouble.get_or_insert(Trouble::Failed(error.to_string()));
            Outcome::NotYet
        }
    }
}

async fn put<M: Memory>(course: &mut Course<'_, M>, name: ObjectName, bytes: Vec<u8>) -> Outcome {
    let done = course.ask_one(Request::Put(name, bytes)).await == Some(Answer::Done);
    Course::<M>::done_if_published(done)
}
