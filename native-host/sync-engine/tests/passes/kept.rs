//! What the engine keeps between passes: read as it was written, what a later version added to it too, and refused where it is not in its form.

use protocol::cbor::Value;
use sync_engine::engine::state::State;
use sync_engine::engine::status;
use sync_engine::wire;

use super::vault_of;
use super::world::random::Random;

/// The state of a device that has something in every member: others, one of them removed, circles, packs, what is still to be done.
fn state() -> Vec<u8> {
    let mut world = vault_of(4);
    world.create(0);
    world.sync_all(1);
    world.remove(0, 3);
    world.create(1);
    world.sync_all(1);
    world.create(0);
    world.sync(0);
    world.machines[0].memory.look(|disk| disk.state.clone()).unwrap()
}

#[test]
fn a_state_is_read_as_it_was_written() {
    let kept = state();
    assert_eq!(*State::decode(&kept).unwrap().encode(), kept);
}

#[test]
fn what_a_later_version_kept_stays() {
    let mut members = wire::decode(&state()).unwrap().into_map().unwrap();
    members.push((100.into(), Value::Array(vec![true.into(), "new".into()])));
    let later = wire::encode(&Value::Map(members));
    assert_eq!(*State::decode(&later).unwrap().encode(), *later);
}

#[test]
fn a_state_that_is_cut_short_is_refused() {
    let kept = state();
    for length in (0..kept.len()).step_by(13) {
        assert!(State::decode(&kept[..length]).is_err());
        assert!(status(&kept[..length], 0).is_none());
    }
}

#[test]
fn a_state_with_a_bit_turned_is_refused_or_kept_as_it_was_read() {
    let kept = state();
    let mut random = Random::new(15);
    let mut read = 0;
    for _ in 0..200 {
        let mut turned = kept.clone();
        turned[random.below(kept.len())] ^= 1 << random.below(8);
        let Ok(state) = State::decode(&turned) else { continue };
        read += 1;
        let again = state.encode();
        assert_eq!(*State::decode(&again).unwrap().encode(), *again);
        assert_eq!(status(&again, 0), status(&turned, 0));
    }
    assert!(read > 0, "some bits are in numbers and names");
}
