//! The program: parse, run, tell the failure, exit.

use std::{alloc::System, process::ExitCode};

use zeroizing_alloc::ZeroAlloc;

/// Wipes all memory that is given back: the AWS SDK keeps requests, answers and files in buffers
/// that it does not wipe.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// `base` to the power of `exponent`: the only function of libm that anything here calls, which is the AWS SDK's
/// rate limiter. Defined here, so that the loader does not look for that library, map it and link it at every start.
// There is no unsafe block: "unsafe" is the promise that whoever calls a function `pow` means this one.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

fn main() -> ExitCode {
    daypass::cli::main(std::env::args_os())
}
