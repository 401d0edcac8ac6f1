//! `cargo demo`: a day with daypass, without an AWS account and without a network.
//!
//! It builds the real program, starts the sandbox as AWS, furnishes a private home in a temporary
//! directory, and runs the program there as a person would: log in, work, go past the company's
//! eight hours, log in again. Every step is checked. With `--shell` it leaves the person in that
//! home instead.

mod aws_call;
mod child;
mod control;
mod dates;
mod day;
mod daypass_binary;
mod expectation;
mod private_home;
mod say;
mod shell;
mod trouble;

use std::{
    env, ffi::OsString, fs, io, path::PathBuf, process::ExitCode, sync::Arc, thread, time::Duration,
};

use child::Interrupt;
use private_home::PrivateHome;
use say::Voice;
use tempfile::TempDir;
use trouble::Trouble;

const HELP: &str = "\
A day with daypass, without an AWS account and without a network.

Usage: cargo demo [--shell] [--daypass FILE]

Without options it shows a day step by step: log in with a six-digit code, work,
go past the company's eight hours, log in again. Each step runs the real daypass
and is checked; the exit code is 0 if all went as told, else 1.

Options:
      --shell         Try it yourself: your shell, in a private home where AWS
                      is played by a small server on this machine. 'exit'
                      leaves it, and nothing stays
      --daypass FILE  Use this daypass instead of building one
  -h, --help          Print this help
";

/// What the command line asks for.
#[derive(Debug)]
enum Task {
    Help,
    Show {
        daypass: Option<PathBuf>,
    },
    Shell {
        daypass: Option<PathBuf>,
    },
    /// One of the commands inside the shell.
    Control(Vec<String>),
}

fn main() -> ExitCode {
    let result = match parse(env::args_os().skip(1)) {
        Ok(Task::Help) => {
            say::write(HELP);
            Ok(())
        }
        Ok(Task::Control(words)) => return control::ask(&words),
        Ok(Task::Show { daypass }) => run(daypass, |home, voice, interrupt| {
            day::show(home, voice, interrupt)
        }),
        Ok(Task::Shell { daypass }) => run(daypass, shell::open),
        Err(problem) => {
            say::remark(&format!(
                "demo: error: {problem}\n  hint: cargo demo --help\n"
            ));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            say::remark(&format!("\ndemo: {trouble}\n"));
            trouble.exit()
        }
    }
}

fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Task, String> {
    let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    let (mut daypass, mut with_shell) = (None, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(Task::Help),
            "--shell" => with_shell = true,
            "--daypass" => match arguments.next() {
                Some(file) => daypass = Some(PathBuf::from(file)),
                None => return Err("--daypass takes a file".to_owned()),
            },
            "control" if daypass.is_none() && !with_shell => {
                return Ok(Task::Control(arguments.collect()));
            }
            _ => return Err(format!("unknown argument '{argument}'")),
        }
    }
    Ok(if with_shell {
        Task::Shell { daypass }
    } else {
        Task::Show { daypass }
    })
}

/// Makes the home, hands it out, and removes it however that ends.
fn run(
    daypass: Option<PathBuf>,
    use_it: impl FnOnce(&Arc<PrivateHome>, Voice, &Interrupt) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let interrupt = Interrupt::listen()?;
    let daypass = match daypass {
        Some(file) => daypass_binary::given(&file)?,
        None => daypass_binary::build(&interrupt)?,
    };
    let directory = tempfile::Builder::new()
        .prefix("daypass-demo-")
        .tempdir()
        .map_err(Trouble::io("cannot make a temporary directory"))?;
    let result = PrivateHome::furnish(directory.path(), daypass)
        .map_err(Trouble::io("cannot furnish the private home"))
        .and_then(|home| use_it(&Arc::new(home), Voice::stdout(), &interrupt));
    let removed = remove(directory);
    if let (Err(_), Err(trouble)) = (&result, &removed) {
        say::remark(&format!("\ndemo: {trouble}\n"));
    }
    result.and(removed)
}

/// Removes the home. What was started there may still write into it for a moment.
fn remove(directory: TempDir) -> Result<(), Trouble> {
    const TRIES: u32 = 20;
    let path = directory.keep();
    let mut tries = 1;
    loop {
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                if tries == TRIES {
                    let what = format!("cannot remove {}", path.display());
                    return Err(Trouble::io(what)(error));
                }
            }
            _ => return Ok(()),
        }
        tries += 1;
        thread::sleep(Duration::from_millis(100));
    }
}
