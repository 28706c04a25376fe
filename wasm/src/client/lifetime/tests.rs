use std::cell::Cell;
use std::future::{pending, ready};

use super::*;
use crate::client::testing::finish;

#[test]
fn the_hint_is_corrected_to_the_recommended_range() {
    for (hint, milliseconds) in [
        (None, 300_000),
        (Some(0), 300_000),
        (Some(60_000), 300_000),
        (Some(450_000), 450_000),
        (Some(600_001), 600_000),
        (Some(u64::MAX), 600_000),
    ] {
        assert_eq!(lifetime(hint), Duration::from_millis(milliseconds), "{hint:?}");
    }
}

#[test]
fn a_ceremony_that_is_over_prevails_over_an_expired_timer() {
    assert_eq!(finish(within(ready(()), ready(Ok(1)))), Ok(1));
    assert_eq!(finish(within(pending(), ready(Ok(1)))), Ok(1));
}

#[test]
fn an_expired_timer_drops_the_ceremony() {
    struct Dropped<'a>(&'a Cell<bool>);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = Cell::new(false);
    let guard = Dropped(&dropped);
    let ceremony = async move {
        let _guard = guard;
        pending::<Result<(), Error>>().await
    };
    assert_eq!(finish(within(ready(()), ceremony)), Err(Error::User(UserChoice::TimedOut)));
    assert!(dropped.get());
}
