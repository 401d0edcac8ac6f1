//! A command that runs as a child in this process's place, as if it had been started without daypass.
//!
//! - It is in the same process group: what is typed at the terminal (Ctrl-C, Ctrl-\, Ctrl-Z, `fg`) reaches
//!   it from the terminal itself. Ctrl-C and Ctrl-\ are its affair alone.
//! - What somebody sends to this process instead is passed on to it.
//! - Where it stops by itself, this process stops too, so that the shell notices; both go on together.
//! - Signals that were ignored stay ignored, here and there: what is handled here is as it always is there.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::net::UnixStream,
    process::Command,
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, WaitOptions, WaitStatus, getpid, kill_process, waitpid},
};
use signal_hook::{
    consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2},
    low_level,
};

use crate::{hardening, signals, terminal};

/// What is passed on whoever sends it.
const PASSED_ON: [i32; 4] = [SIGHUP, SIGTERM, SIGUSR1, SIGUSR2];

/// What a terminal sends to its whole foreground.
const TYPED: [i32; 2] = [SIGINT, SIGQUIT];

/// What this process hears of and does nothing about: a child that stops by Ctrl-Z says so itself, and one
/// that does not stop is served on.
const LEFT_TO_THE_CHILD: [i32; 2] = [SIGCHLD, SIGTSTP];

/// How long a child that stops with its whole group may take to go on with it.
const GOES_ON: Duration = Duration::from_millis(50);

/// How a command has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// With this exit code.
    Exited(u8),
    /// By this signal.
    Killed(i32),
}

impl Ended {
    /// How it has ended, if it has.
    fn of(status: WaitStatus) -> Option<Self> {
        let exited = status
            .exit_status()
            .map(|code| Ended::Exited(u8::try_from(code).unwrap_or(u8::MAX)));
        exited.or(status.terminating_signal().map(Ended::Killed))
    }
}

/// Runs a command to its end. While it runs, signals are its own.
///
/// # Errors
/// When it cannot be started.
pub fn run(mut command: Command, signals: &Signals) -> io::Result<Ended> {
    hardening::allow_core_dumps_again();
    let started = match command.spawn() {
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error()) => {
            by_shell(&command).spawn()
        }
        started => started,
    };
    hardening::limit_core_dumps(Some(0));
    let child = Pid::from_child(&started?);
    leave_stdin();
    // Its environment is its own from here on.
    drop(command);
    follow(child, signals)
}

/// Lets go of what the child reads: whatever is run later to get a code would take its input away.
fn leave_stdin() {
    if let Ok(nothing) = File::open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&nothing);
    }
}

/// A file of commands that does not say what is to run it, as execvp and every shell run it.
fn by_shell(command: &Command) -> Command {
    let mut by_shell = Command::new("/bin/sh");
    by_shell.arg(command.get_program()).args(command.get_args());
    by_shell.env_clear();
    for (name, value) in command.get_envs() {
        by_shell.envs(value.map(|value| (name, value)));
    }
    by_shell
}

/// Ends this process as the command has ended. Returns the exit code that says so, if the signal does not.
pub fn end_like(ended: Ended) -> u8 {
    match ended {
        Ended::Exited(code) => code,
        Ended::Killed(signal) => {
            // No core is dumped a second time: this process may not.
            let _ = low_level::emulate_default_handler(signal);
            128_u8.saturating_add(u8::try_from(signal).unwrap_or(127))
        }
    }
}

/// The signals as they arrive.
pub struct Signals(Vec<(i32, UnixStream)>);

impl Signals {
    /// Handles from now on what is not ignored: whoever had this process ignore a signal meant the command
    /// as well. What arrives before the command has been started is passed on to it then.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn handle() -> io::Result<Self> {
        // A question that stands ends by them as well; otherwise they are not this process's to die of.
        terminal::leave_signals();
        let mut all = Vec::new();
        for signal in PASSED_ON.into_iter().chain(TYPED).chain(LEFT_TO_THE_CHILD) {
            if signals::is_ignored(signal) && signal != SIGCHLD {
                continue;
            }
            let (arrived, sender) = UnixStream::pair()?;
            arrived.set_nonblocking(true)?;
            low_level::pipe::register(signal, sender)?;
            all.push((signal, arrived));
        }
        Ok(Signals(all))
    }

    /// Waits for signals, and returns those that have arrived.
    fn wait(&self) -> Vec<i32> {
        let mut events: Vec<PollFd<'_>> = self
            .0
            .iter()
            .map(|(_, arrived)| PollFd::new(arrived, PollFlags::IN))
            .collect();
        // Interrupted by a signal, of which the next round hears.
        let _ = poll(&mut events, None);
        let arrived = self.0.iter().filter(|(_, arrived)| {
            let mut arrived = arrived;
            matches!(arrived.read(&mut [0; 64]), Ok(1..))
        });
        arrived.map(|(signal, _)| *signal).collect()
    }
}

fn follow(child: Pid, signals: &Signals) -> io::Result<Ended> {
    loop {
        if let Some((_, status)) =
            waitpid(Some(child), WaitOptions::NOHANG | WaitOptions::UNTRACED)?
        {
            if let Some(ended) = Ended::of(status) {
                return Ok(ended);
            } else if status.stopped() {
                if let Some(ended) = stop_with(child)? {
                    return Ok(ended);
                }
                continue;
            }
        }
        for signal in signals.wait() {
            // What was typed has reached the child already: twice would mean something else to it.
            let is_typed = TYPED.contains(&signal) && terminal::owns_terminal();
            if !LEFT_TO_THE_CHILD.contains(&signal) && !is_typed {
                pass_on(signal, child);
            }
        }
    }
}

fn pass_on(signal: i32, child: Pid) {
    if let Some(signal) = rustix::process::Signal::from_named_raw(signal) {
        // A child that has ended meanwhile is still there to be waited for.
        let _ = kill_process(child, signal);
    }
}

/// Stops this process since the child has stopped, and lets both go on. Returns how the child has ended
/// if it did so at once: nobody is told that a second time.
///
/// Ctrl-Z stops the whole group, and by the time that this is noticed both go on again. But a shell that is
/// told to suspend itself, or a program that is stopped alone, would leave the shell around it waiting.
fn stop_with(child: Pid) -> io::Result<Option<Ended>> {
    thread::sleep(GOES_ON);
    if let Some((_, status)) = waitpid(Some(child), WaitOptions::NOHANG | WaitOptions::CONTINUED)? {
        return Ok(Ended::of(status));
    }
    // Where no shell watches, nobody would let this process go on.
    if File::open("/dev/tty").is_err() {
        return Ok(None);
    }
    let _ = kill_process(getpid(), rustix::process::Signal::STOP);
    pass_on(signal_hook::consts::SIGCONT, child);
    Ok(None)
}
