//! Programs that the demo runs, and the signals that end both.

use std::{
    io::{self, Read},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::trouble::Trouble;

const POLL: Duration = Duration::from_millis(5);

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(2);

/// The signal that asked for the end, if one has come.
///
/// The handler only notes it. Whoever waits sees it, and the ordinary way back to `main` removes
/// the home.
#[derive(Debug)]
pub struct Interrupt(Arc<AtomicUsize>);

impl Interrupt {
    /// Notes signals from now on.
    pub fn listen() -> Result<Self, Trouble> {
        let signal = Arc::new(AtomicUsize::new(0));
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
            for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
                let value = usize::try_from(number).unwrap_or_default();
                signal_hook::flag::register_usize(number, Arc::clone(&signal), value)
                    .map_err(Trouble::io("cannot listen for signals"))?;
            }
        }
        Ok(Interrupt(signal))
    }

    /// Fails if a signal has come.
    pub fn check(&self) -> Result<(), Trouble> {
        match u8::try_from(self.0.load(Ordering::Relaxed)) {
            Ok(0) => Ok(()),
            signal => Err(Trouble::Interrupted(signal.unwrap_or(0))),
        }
    }

    /// Forgets Ctrl-C and Ctrl-\: while a shell has the terminal, they are its own.
    #[cfg(unix)]
    pub fn forget_keys(&self) {
        use signal_hook::consts::{SIGINT, SIGQUIT};
        for key in [SIGINT, SIGQUIT] {
            let value = usize::try_from(key).unwrap_or_default();
            let _ = self
                .0
                .compare_exchange(value, 0, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

/// What becomes of a program's stderr.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stderr {
    /// It is captured with stdout, in the order of a terminal.
    WithStdout,
    /// It is the demo's own.
    Inherited,
}

/// A program that has ended.
#[derive(Debug)]
pub struct Finished {
    /// The exit code; `None` if a signal ended it.
    pub exit: Option<i32>,
    /// What it printed.
    pub output: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs a program to its end, without a keyboard.
pub fn run(
    mut command: Command,
    stderr: Stderr,
    interrupt: &Interrupt,
) -> Result<Finished, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = || Trouble::io(format!("cannot run {name}"));
    let (mut reader, writer) = io::pipe().map_err(failed())?;
    command.stdin(Stdio::null());
    if stderr == Stderr::WithStdout {
        command.stderr(writer.try_clone().map_err(failed())?);
    }
    command.stdout(writer);
    // A group of its own, so that whatever it starts can be ended with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);

    interrupt.check()?;
    let start = Instant::now();
    let mut child = command.spawn().map_err(failed())?;
    // The command holds the pipe's other end: reading would never end.
    drop(command);
    let reading = thread::spawn(move || {
        let mut output = Vec::new();
        let read = reader.read_to_end(&mut output);
        (read.map(|_| output), start.elapsed())
    });
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed())? {
            break status;
        }
        if let Err(trouble) = interrupt.check() {
            end_group(&mut child);
            return Err(trouble);
        }
        thread::sleep(POLL);
    };
    let (output, elapsed) = reading
        .join()
        .unwrap_or_else(|_| (Err(io::Error::other("reading failed")), start.elapsed()));
    Ok(Finished {
        exit: status.code(),
        output: String::from_utf8_lossy(&output.map_err(failed())?).into_owned(),
        elapsed,
    })
}

/// Waits for a program that has the terminal, such as a shell. Only signals from elsewhere end it.
#[cfg(unix)]
pub fn wait_for_shell(child: &mut Child, interrupt: &Interrupt) -> Result<(), Trouble> {
    loop {
        let ended = child
            .try_wait()
            .map_err(Trouble::io("cannot wait for the shell"))?;
        interrupt.forget_keys();
        if ended.is_some() {
            return Ok(());
        }
        if let Err(trouble) = interrupt.check() {
            // What a terminal that is closed sends: shells pass it on to what they run.
            end(child, rustix::process::Signal::HUP, false);
            return Err(trouble);
        }
        thread::sleep(10 * POLL);
    }
}

#[cfg(unix)]
fn end_group(child: &mut Child) {
    end(child, rustix::process::Signal::TERM, true);
}

#[cfg(not(unix))]
fn end_group(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn end(child: &mut Child, signal: rustix::process::Signal, group: bool) {
    use rustix::process::{Pid, kill_process, kill_process_group};
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // Fails only if it has ended by itself.
        let _ = if group {
            kill_process_group(pid, signal)
        } else {
            kill_process(pid, signal)
        };
    }
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(POLL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
