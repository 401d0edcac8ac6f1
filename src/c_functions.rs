//! Functions of the system's libraries that the program answers itself, so that every start takes less.
//!
//! There is no unsafe block here: "unsafe" is the promise that whoever calls a C function of that name means this
//! one. ARCHITECTURE.md has what each is worth, under "Speed".
#![allow(unsafe_code)]

use std::ffi::{c_int, c_ulong, c_void};

use rustix::io::Errno;

/// `base` to the power of `exponent`: the only function of libm that anything here calls, which is the AWS SDK's
/// rate limiter. The loader does not look for that library, map it and link it then.
#[unsafe(no_mangle)]
pub extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// Where a thread's stack is: not known, whichever thread it is.
///
/// Rust's runtime asks before `main`, and glibc has the kernel write down all mappings for the answer
/// (`/proc/self/maps`), which takes longer than all that daypass does with a cached session. It is needed for one
/// thing: to say in words that the stack is full. The guard pages of the kernel end such a program as before.
#[unsafe(no_mangle)]
pub extern "C" fn pthread_getattr_np(_thread: c_ulong, _attributes: *mut c_void) -> c_int {
    Errno::NOSYS.raw_os_error()
}
