//! What ends a ceremony from outside: L3 `lifetimeTimer`, how long it may take.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::error::{Error, UserChoice};

/// L3 §15.1 recommended range, milliseconds; the default is its lower end.
const RANGE: std::ops::RangeInclusive<u64> = 300_000..=600_000;

/// L3 §5.1.3 step 4, L3 §5.1.4.1 step 4: the page's hint, corrected to the recommended range.
pub(super) fn lifetime(timeout: Option<u64>) -> Duration {
    let milliseconds = timeout.unwrap_or(*RANGE.start()).clamp(*RANGE.start(), *RANGE.end());
    Duration::from_millis(milliseconds)
}

/// L3 §5.1.3 step 22, L3 §5.1.4.1 step 20: the ceremony, unless the timer expires before it is over.
pub(super) async fn within<T>(
    timer: impl Future<Output = ()>,
    ceremony: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let expired = async {
        timer.await;
        Error::User(UserChoice::TimedOut)
    };
    unless(expired, ceremony).await
}

/// `work`, unless `end` comes before it is over. The work's future is dropped then, which withdraws what it asked of the window and of
/// the host.
pub(super) async fn unless<T, E: From<Error>>(
    end: impl Future<Output = Error>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let mut end = pin!(end);
    let mut work = pin!(work);
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(result);
        }
        end.as_mut().poll(context).map(|error| Err(error.into()))
    })
    .await
}

#[cfg(test)]
mod tests;
