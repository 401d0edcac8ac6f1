//! The `pass` that runs: it has ended, with everything it started, when it is not waited for any more.

use std::{
    fs,
    io::{self, Read, Write},
    os::unix::process::CommandExt,
    process::{Child, ChildStdout, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, kill_process, kill_process_group},
};
use zeroize::Zeroizing;

use crate::terminal::{Interruptions, owns_terminal};

/// How often to look whether it has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// How long it may take to end when it is told to.
const ENDS_WITHIN: Duration = Duration::from_millis(500);

/// The most that an entry of ours holds, in bytes.
const LARGEST_ENTRY: usize = 64 * 1024;

/// How a run ended.
pub(super) enum Ended {
    /// By itself, with this on stdout.
    Itself(ExitStatus, Zeroizing<Vec<u8>>),
    /// It took too long.
    Late,
    /// A signal came for us.
    Interrupted,
}

/// A `pass` that runs.
struct Running {
    child: Child,
    /// Whether it has a process group of its own, with the GPG that it starts.
    is_group: bool,
}

/// Runs the command to its end, if it comes within `patience`.
pub(super) fn run(
    mut command: Command,
    input: Option<Zeroizing<String>>,
    patience: Duration,
) -> io::Result<Ended> {
    // In the background of a terminal, GPG could not ask on it by itself; pinentry can.
    let is_group = !owns_terminal();
    if is_group {
        command.process_group(0);
    }
    let child = command.spawn()?;
    let mut running = Running { child, is_group };
    let interruptions = Interruptions::watch()?;
    if let (Some(mut pipe), Some(text)) = (running.child.stdin.take(), input) {
        // One that does not read it says so when it ends.
        let _ = pipe.write_all(text.as_bytes());
    }
    let Some(output) = running.child.stdout.take() else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    running.wait(output, &interruptions, Instant::now() + patience)
}

impl Running {
    fn wait(
        &mut self,
        mut output: ChildStdout,
        interruptions: &Interruptions,
        deadline: Instant,
    ) -> io::Result<Ended> {
        // Room enough from the start: a buffer that grows leaves copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(LARGEST_ENTRY));
        let mut buffer = Zeroizing::new([0; 4_096]);
        let mut is_open = true;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Ended::Late);
            }
            // Looked at before the pipe: whatever it printed is in there when it has ended.
            let status = self.child.try_wait()?;
            let pause = match status {
                Some(_) => Duration::ZERO,
                None if is_open => left.min(LOOK_AGAIN),
                None => Duration::from_millis(2),
            };
            let pause = Timespec::try_from(pause).ok();
            let wanted = if is_open {
                PollFlags::IN
            } else {
                PollFlags::empty()
            };
            let mut events = [
                PollFd::new(interruptions.signals(), PollFlags::IN),
                PollFd::new(&output, wanted),
            ];
            let events = if is_open {
                &mut events[..]
            } else {
                &mut events[..1]
            };
            match poll(events, pause.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            if !events[0].revents().is_empty() {
                return Ok(Ended::Interrupted);
            }
            let is_readable = is_open && !events[1].revents().is_empty();
            if is_readable {
                match output.read(&mut *buffer)? {
                    0 => is_open = false,
                    count if text.len() + count <= LARGEST_ENTRY => {
                        text.extend_from_slice(&buffer[..count]);
                    }
                    _ => return Err(io::ErrorKind::InvalidData.into()),
                }
            } else if let Some(status) = status {
                return Ok(Ended::Itself(status, text));
            }
        }
    }

    /// Sends a signal to it and to what it has started.
    fn signal(&self, signal: Signal) {
        let id = |id: u32| i32::try_from(id).ok().and_then(Pid::from_raw);
        if self.is_group {
            let _ = id(self.child.id()).map(|id| kill_process_group(id, signal));
            return;
        }
        for id in family_of(self.child.id()).into_iter().filter_map(id) {
            let _ = kill_process(id, signal);
        }
    }
}

/// A process, and those that it has started, as far as the system tells: Linux does.
fn family_of(id: u32) -> Vec<u32> {
    let mut family = vec![id];
    let mut next = 0;
    while let Some(parent) = family.get(next) {
        let path = format!("/proc/{parent}/task/{parent}/children");
        let children = fs::read_to_string(path).unwrap_or_default();
        family.extend(
            children
                .split_whitespace()
                .filter_map(|id| id.parse::<u32>().ok()),
        );
        next += 1;
    }
    family
}

impl Drop for Running {
    /// Nothing is left behind: no process, and no question of GPG's.
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        self.signal(Signal::TERM);
        let deadline = Instant::now() + ENDS_WITHIN;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}
