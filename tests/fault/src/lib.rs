//! Stands in for the libc functions that change files, by `LD_PRELOAD`, and injects a fault at the Nth call that concerns a file
//! under a given folder. Linux with glibc only; for tests only.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `FAULT_FOLDER` | calls on files under this folder count |
//! | `FAULT_AT` | N, from 1; absent: nothing happens |
//! | `FAULT_KIND` | `before`: SIGKILL before call N; `half`: SIGKILL when half of a write is done, or right after another call; `stop`: SIGSTOP before call N; `full`: from call N on, every write fails with ENOSPC |
//! | `FAULT_CLOCK` | the wall clock is off by so many seconds |
//!
//! Whoever is killed has told the file on stderr.

mod clock;

use std::ffi::{CStr, OsString, c_char, c_int, c_void};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Defines a stand-in under the name of the libc function; `$file` is the path concerned, `$half` what is done of a call that is cut short.
macro_rules! stand_in {
    ($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),+) -> $result:ty, $file:expr, $half:expr, $takes_space:expr) => {
        $(#[$doc])*
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),+) -> $result {
            type Function = unsafe extern "C" fn($($type),+) -> $result;
            static REAL: OnceLock<Function> = OnceLock::new();
            let real = *REAL.get_or_init(|| unsafe {
                std::mem::transmute::<*mut c_void, Function>(next(concat!(stringify!($name), "\0")))
            });
            match fault($file) {
                Fault::None => unsafe { real($($argument),+) },
                Fault::KillBefore => die(),
                Fault::KillHalf => {
                    let half: fn(Function, $($type),+) = $half;
                    half(real, $($argument),+);
                    die()
                }
                Fault::Full if $takes_space => {
                    unsafe { *__errno_location() = ENOSPC };
                    -1
                }
                Fault::Full => unsafe { real($($argument),+) },
            }
        }
    };
}

stand_in!(write(file: c_int, bytes: *const c_void, count: usize) -> isize, of(file),
    |real, file, bytes, count| { unsafe { real(file, bytes, count / 2) }; }, true);
stand_in!(pwrite(file: c_int, bytes: *const c_void, count: usize, at: i64) -> isize, of(file),
    |real, file, bytes, count, at| { unsafe { real(file, bytes, count / 2, at) }; }, true);
stand_in!(pwrite64(file: c_int, bytes: *const c_void, count: usize, at: i64) -> isize, of(file),
    |real, file, bytes, count, at| { unsafe { real(file, bytes, count / 2, at) }; }, true);
stand_in!(ftruncate(file: c_int, size: i64) -> c_int, of(file), |real, file, size| { unsafe { real(file, size) }; }, false);
stand_in!(ftruncate64(file: c_int, size: i64) -> c_int, of(file), |real, file, size| { unsafe { real(file, size) }; }, false);
stand_in!(fsync(file: c_int) -> c_int, of(file), |real, file| { unsafe { real(file) }; }, false);
stand_in!(fdatasync(file: c_int) -> c_int, of(file), |real, file| { unsafe { real(file) }; }, false);
stand_in!(rename(from: *const c_char, to: *const c_char) -> c_int, at(from),
    |real, from, to| { unsafe { real(from, to) }; }, false);
stand_in!(unlink(path: *const c_char) -> c_int, at(path), |real, path| { unsafe { real(path) }; }, false);

enum Fault {
    None,
    KillBefore,
    KillHalf,
    Full,
}

/// What this process was told by its environment.
struct Plan {
    folder: PathBuf,
    at: u64,
    kind: OsString,
}

/// What happens to a call on `file`: counts it.
fn fault(file: Option<PathBuf>) -> Fault {
    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(plan) = PLAN.get_or_init(Plan::read) else { return Fault::None };
    let Some(file) = file.filter(|file| file.starts_with(&plan.folder)) else { return Fault::None };
    let count = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    let is_now = count == plan.at;
    let fault = match plan.kind.as_bytes() {
        b"before" if is_now => Fault::KillBefore,
        b"half" if is_now => Fault::KillHalf,
        b"stop" if is_now => {
            // To this thread: it stops before it goes on, and all others with it.
            unsafe { raise(SIGSTOP) };
            Fault::None
        }
        b"full" if count >= plan.at => Fault::Full,
        _ => Fault::None,
    };
    if matches!(fault, Fault::KillBefore | Fault::KillHalf) {
        eprintln!("killed at {}", file.display());
    }
    fault
}

impl Plan {
    fn read() -> Option<Self> {
        let at = std::env::var("FAULT_AT").ok()?.parse().ok()?;
        let folder = std::env::var_os("FAULT_FOLDER")?.into();
        Some(Self { folder, at, kind: std::env::var_os("FAULT_KIND")? })
    }
}

/// The path of an open file.
fn of(file: c_int) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/self/fd/{file}")).ok()
}

fn at(path: *const c_char) -> Option<PathBuf> {
    let path = unsafe { CStr::from_ptr(path) };
    Some(Path::new(&OsString::from_vec(path.to_bytes().to_vec())).to_owned())
}

fn die() -> ! {
    unsafe { kill(getpid(), SIGKILL) };
    loop {
        std::thread::park();
    }
}

/// The function of that name in the library behind this one.
fn next(name: &str) -> *mut c_void {
    unsafe { dlsym(RTLD_NEXT, name.as_ptr().cast()) }
}

unsafe extern "C" {
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn kill(process: c_int, signal: c_int) -> c_int;
    fn getpid() -> c_int;
    fn raise(signal: c_int) -> c_int;
    fn __errno_location() -> *mut c_int;
}

const RTLD_NEXT: *mut c_void = -1_isize as *mut c_void;
const SIGKILL: c_int = 9;
const SIGSTOP: c_int = 19;
const ENOSPC: c_int = 28;
