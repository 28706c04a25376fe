//! SYNC §8: a new vault, of this device and a recovery key.

use super::act::Act;
use super::course::{Course, Device};
use super::state::{Salt, State};
use super::{Outcome, PaperKey};
use crate::circle::Circle;
use crate::keys::DeviceKeys;
use crate::memory::Memory;
use crate::stamp::Clock;

/// Turns sync on.
pub(super) async fn found<M: Memory>(
    course: &mut Course<'_, M>,
    name: &str,
    paper: &PaperKey,
) -> Result<Outcome, M::Error> {
    if let Some(refused) = course.require_off()? {
        return Ok(refused);
    }
    begin(course, name, paper, Clock::default()).await
}

/// A new vault in the place of the one before: its records go along, nobody else does.
pub(super) async fn start_over<M: Memory>(
    course: &mut Course<'_, M>,
    name: &str,
    paper: &PaperKey,
) -> Result<Outcome, M::Error> {
    // The keychain may have lost what the keys before were made of; the records bear stamps of that clock all the same.
    let state = course.memory.transact(|tx| tx.state())?;
    let clock = state.and_then(|state| State::decode(&state).ok()).map_or_else(Clock::default, |state| state.clock);
    begin(course, name, paper, clock).await
}

async fn begin<M: Memory>(
    course: &mut Course<'_, M>,
    name: &str,
    paper: &PaperKey,
    mut clock: Clock,
) -> Result<Outcome, M::Error> {
    let mut salt = Salt::default();
    course.rng.fill_bytes(&mut salt);
    let (me, paper) = (DeviceKeys::derive(course.root, &salt), paper.identity());
    let at = clock.stamp(course.now(), &me.id());
    let cards = (me.card(name, false, None), paper.card("", true, None));
    let circle = Circle::found((&me, cards.0), (&paper, cards.1), at, course.rng);
    let mut state = State::new((salt, me.id()), name, clock, circle);
    // Records of a vault before, if there was one, are nobody's now.
    state.duties.audit = true;
    let mut device = Device::begin(course, state)?;
    let passed = device.pass(Act::Nothing).await?;
    Ok(Course::<M>::done_if_published(passed.published))
}
