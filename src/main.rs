//! The program: parse, run, tell the failure, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    daypass::cli::main(std::env::args_os())
}
