//! What a process can do to keep its memory to itself: no core dumps, no reading by other processes of the user, no swap.

/// What was refused by the OS. Nothing of it stops the host; `keystow doctor` shows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hardening {
    /// No core dump is written when the process crashes.
    pub core_dumps_off: bool,
    /// Other processes of the same user cannot attach to this one or read its memory (Linux only).
    pub tracing_off: bool,
}

/// Hardens this process. `main` calls it before anything else.
pub fn harden_process() -> Hardening {
    Hardening { core_dumps_off: turn_core_dumps_off(), tracing_off: turn_tracing_off() }
}

#[cfg(unix)]
fn turn_core_dumps_off() -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).is_ok()
}

#[cfg(not(unix))]
fn turn_core_dumps_off() -> bool {
    false
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn turn_tracing_off() -> bool {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn turn_tracing_off() -> bool {
    false
}

/// Keeps the memory page of `secret` out of swap until the process ends. The guard is given up on purpose: pages are shared, and
/// unlocking one secret's page would unlock its neighbour's. Best effort: an OS limit reached changes nothing.
pub(super) fn lock_page<T>(secret: &T) {
    if let Ok(guard) = region::lock(std::ptr::from_ref(secret), size_of::<T>()) {
        std::mem::forget(guard);
    }
}
