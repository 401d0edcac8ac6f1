//! `mfa_process`: a command of the user's that prints a code.

use std::{
    io::{self, Read},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use crate::mfa::code::{Code, NotACode};

/// How long the command may take: time enough to find a security key and touch it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much the command may print: a code and a line end fit in far less.
const LONGEST_OUTPUT: usize = 1_024;

/// Why the command gave no code.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The setting cannot be split into words.
    #[error(
        "mfa_process cannot be read as a command: a quotation mark is not closed, or it is empty"
    )]
    NotACommand,
    /// The command cannot be started.
    #[error("mfa_process '{program}' cannot be started")]
    NotStarted {
        /// The first word.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The command failed.
    #[error("mfa_process '{program}' failed ({status})")]
    Failed {
        /// The first word.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The command took too long.
    #[error("mfa_process '{program}' gave no code within {} s and was stopped", PATIENCE.as_secs())]
    TimedOut {
        /// The first word.
        program: String,
    },
    /// The command printed something else. It is not repeated: it may be a password.
    #[error("mfa_process '{program}' printed something that is not a code")]
    NotACode {
        /// The first word.
        program: String,
        /// What a code is.
        source: NotACode,
    },
}

/// Runs the command and reads the code that it prints.
///
/// The line is split into words as `credential_process` is, without a shell. The command keeps
/// stdin, stderr and its terminal, so that it can ask for a touch or a passphrase itself.
///
/// # Errors
/// [`ProcessError`], which names the program and never what it printed.
pub fn run(command_line: &str) -> Result<Code, ProcessError> {
    let words = shlex::split(command_line).ok_or(ProcessError::NotACommand)?;
    let (program, arguments) = words.split_first().ok_or(ProcessError::NotACommand)?;
    let program = program.clone();
    let mut child = Command::new(&program)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| ProcessError::NotStarted {
            program: program.clone(),
            source,
        })?;
    let Some(output) = child.stdout.take() else {
        return Err(ProcessError::NotACommand);
    };
    let output = Output::read(output);
    let Some(status) = wait(&mut child) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(ProcessError::TimedOut { program });
    };
    if !status.success() {
        return Err(ProcessError::Failed { program, status });
    }
    let text = output.take();
    Code::parse(text.trim()).map_err(|source| ProcessError::NotACode { program, source })
}

/// What the command has printed so far.
///
/// It is read on a thread of its own, which nobody waits for: a command may leave a process behind
/// that holds the pipe open for as long as it lives.
struct Output {
    text: Arc<Mutex<Zeroizing<String>>>,
    end: Receiver<()>,
}

impl Output {
    fn read(mut pipe: ChildStdout) -> Self {
        let text = Arc::new(Mutex::new(Zeroizing::new(String::with_capacity(
            LONGEST_OUTPUT,
        ))));
        let (at_end, end) = mpsc::channel();
        let collected = Arc::clone(&text);
        thread::spawn(move || {
            let mut buffer = Zeroizing::new([0; 256]);
            while let Ok(count @ 1..) = pipe.read(&mut *buffer) {
                let Ok(mut text) = collected.lock() else {
                    break;
                };
                // Bytes that are no text make it no code, which is all that matters here.
                text.push_str(&String::from_utf8_lossy(&buffer[..count]));
                if text.len() > LONGEST_OUTPUT {
                    break;
                }
            }
            let _ = at_end.send(());
        });
        Output { text, end }
    }

    /// Everything that was printed, once the command has ended.
    fn take(self) -> Zeroizing<String> {
        // What was printed is in the pipe already; this is for the other thread to get there.
        let _ = self.end.recv_timeout(Duration::from_millis(500));
        match self.text.lock() {
            Ok(mut text) => std::mem::take(&mut *text),
            Err(_) => Zeroizing::default(),
        }
    }
}

/// Waits for the command to end; `None` when it takes too long.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    while started.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => thread::sleep(pause),
            Err(_) => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_prints_a_code_gives_it() {
        assert_eq!(
            run("echo '123 456'").unwrap(),
            Code::parse("123456").unwrap()
        );
    }

    #[test]
    fn words_are_split_without_a_shell() {
        assert!(matches!(
            run("echo 123456; rm x"),
            Err(ProcessError::NotACode { .. })
        ));
        assert!(matches!(
            run("echo '123456"),
            Err(ProcessError::NotACommand)
        ));
        assert!(matches!(run("  "), Err(ProcessError::NotACommand)));
    }

    #[test]
    fn failures_are_told_apart_and_never_repeat_the_output() {
        assert!(matches!(
            run("/no/such/program"),
            Err(ProcessError::NotStarted { .. })
        ));
        assert!(matches!(run("false"), Err(ProcessError::Failed { .. })));
        let error = run("echo hunter2").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }

    #[test]
    fn a_process_left_behind_holds_nobody_up() {
        let started = Instant::now();
        let code = run("sh -c 'echo 123456; sleep 20 &'").unwrap();
        assert_eq!(code, Code::parse("123456").unwrap());
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn endless_output_is_cut() {
        assert!(run("yes 1").is_err());
    }
}
