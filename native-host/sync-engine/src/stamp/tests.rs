use proptest::prelude::*;

use super::{Clock, Stamp};
use crate::ids::DeviceId;

const YEAR: u64 = 365 * 24 * 3600 * 1000;

fn device(number: u8) -> DeviceId {
    DeviceId::of_keys(&[number], &[])
}

#[test]
fn the_clock_gives_the_time() {
    let stamp = Clock::default().stamp(1_000, &device(1));
    assert_eq!((stamp.ms, stamp.counter), (1_000, 0));
    assert_eq!(stamp.device, device(1).as_bytes()[..8]);
}

#[test]
fn a_clock_that_stands_or_goes_back_counts_on() {
    let mut clock = Clock::default();
    let given = [1_000, 1_000, 999, 0, 1_001].map(|now| clock.stamp(now, &device(1)));
    assert!(given.is_sorted_by(|a, b| a < b), "{given:?}");
}

#[test]
fn an_edit_by_a_right_clock_goes_past_one_by_a_clock_a_year_ahead() {
    let ahead = Clock::default().stamp(2 * YEAR, &device(1));
    let mut clock = Clock::default();
    clock.observe(&ahead);
    assert!(clock.stamp(YEAR, &device(2)) > ahead);
}

#[test]
fn a_full_counter_goes_on_in_the_next_millisecond() {
    let mut clock = Clock::from_newest((5, u32::MAX));
    let stamp = clock.stamp(5, &device(1));
    assert_eq!((stamp.ms, stamp.counter), (6, 0));
}

#[test]
fn at_the_end_of_time_the_clock_stands_and_does_not_go_back() {
    let mut clock = Clock::from_newest((u64::MAX, u32::MAX));
    let stamp = clock.stamp(5, &device(1));
    assert_eq!((stamp.ms, stamp.counter), (u64::MAX, u32::MAX));
}

proptest! {
    #[test]
    fn each_stamp_is_later_than_all_given_or_seen(
        events in prop::collection::vec((any::<bool>(), 0..u64::from(u32::MAX), any::<u32>()), 1..50)
    ) {
        let mut clock = Clock::default();
        let mut newest: Option<Stamp> = None;
        for (seen, ms, counter) in events {
            let stamp = if seen {
                let stamp = Stamp { ms, counter, device: [0xff; 8] };
                clock.observe(&stamp);
                newest = newest.max(Some(stamp));
                continue;
            } else {
                clock.stamp(ms, &device(1))
            };
            prop_assert!(Some(stamp) > newest);
            newest = Some(stamp);
        }
    }

    #[test]
    fn a_kept_clock_goes_on_as_it_was(ms in any::<u64>(), counter in any::<u32>(), now in any::<u64>()) {
        let mut clock = Clock::default();
        clock.observe(&Stamp { ms, counter, device: [0; 8] });
        let mut again = Clock::from_newest(clock.newest());
        prop_assert_eq!(clock.stamp(now, &device(1)), again.stamp(now, &device(1)));
    }
}
