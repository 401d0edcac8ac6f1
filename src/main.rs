//! The program: parse, run, tell the failure, exit.

use std::{alloc::System, process::ExitCode};

use zeroizing_alloc::ZeroAlloc;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod c_functions;

/// Wipes all memory that is given back: the AWS SDK keeps requests, answers and files in buffers
/// that it does not wipe.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    daypass::cli::main(std::env::args_os())
}
