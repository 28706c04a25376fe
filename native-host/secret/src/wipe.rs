//! What is done about copies that no type knows of: buffers of libraries, values moved, frames that functions leave on a stack.

use std::alloc::System;
use std::hint::black_box;

use zeroizing_alloc::ZeroAlloc;

/// Overwrites every block of the heap when it is freed, in each program that links this library.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Runs `work`, then overwrites what it may have left on the stack. To be put around all that handles a key, far up on the stack: of
/// what `work` gives back nothing may be secret, or it must be on the heap.
pub fn leaving_no_trace<T>(work: impl FnOnce() -> T) -> T {
    let done = in_its_own_frame(work);
    overwrite_stack();
    done
}

/// Never inlined: else the variables of `work` would be in a frame that lives on.
#[inline(never)]
fn in_its_own_frame<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Never inlined: its frame begins where that of `work` began.
#[inline(never)]
fn overwrite_stack() {
    black_box(&mut [0_u8; STACK_USED]);
}

/// In bytes: twice what any message takes (ML-DSA-65 some 230 KiB), and half the smallest stack that we run on (the first thread's on
/// Windows).
const STACK_USED: usize = 512 << 10;
