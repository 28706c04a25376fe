//! The wall clock of a machine that has it wrong. What only measures how long something takes goes on as it does.

use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

use super::next;

/// `struct timespec`, and `struct timeval`: seconds, and parts of one.
type Time = [i64; 2];

/// clock_gettime(2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: c_int, time: *mut Time) -> c_int {
    type Function = unsafe extern "C" fn(c_int, *mut Time) -> c_int;
    static REAL: OnceLock<Function> = OnceLock::new();
    let real = *REAL.get_or_init(|| unsafe { std::mem::transmute::<*mut c_void, Function>(next("clock_gettime\0")) });
    let told = unsafe { real(clock, time) };
    if told == 0 && clock == CLOCK_REALTIME {
        unsafe { (*time)[0] += off() };
    }
    told
}

/// gettimeofday(2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gettimeofday(time: *mut Time, zone: *mut c_void) -> c_int {
    type Function = unsafe extern "C" fn(*mut Time, *mut c_void) -> c_int;
    static REAL: OnceLock<Function> = OnceLock::new();
    let real = *REAL.get_or_init(|| unsafe { std::mem::transmute::<*mut c_void, Function>(next("gettimeofday\0")) });
    let told = unsafe { real(time, zone) };
    if told == 0 && !time.is_null() {
        unsafe { (*time)[0] += off() };
    }
    told
}

/// By how many seconds.
fn off() -> i64 {
    static OFF: OnceLock<i64> = OnceLock::new();
    *OFF.get_or_init(|| std::env::var("FAULT_CLOCK").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0))
}

const CLOCK_REALTIME: c_int = 0;
