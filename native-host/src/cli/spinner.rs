//! A sign of life on the terminal where something takes its time.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Does `work`. Where that takes over a second, `sentence` stands on standard error with something that turns, until it is done; never
/// where standard error is no terminal.
pub(super) fn while_waiting<T>(sentence: &'static str, work: impl FnOnce() -> T) -> T {
    let (done, is_done) = channel::<()>();
    let spinner = thread::spawn(move || {
        if is_done.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
            let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let spinner = spinner.with_style(ProgressStyle::default_spinner()).with_message(sentence);
            spinner.enable_steady_tick(Duration::from_millis(100));
            let _ = is_done.recv();
            spinner.finish_and_clear();
        }
    });
    let result = work();
    drop(done);
    // It only draws.
    let _ = spinner.join();
    result
}
