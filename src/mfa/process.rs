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

/// How much the command may print, in bytes: a code and a line end fit in far less.
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
    run_within(command_line, PATIENCE)
}

fn run_within(command_line: &str, patience: Duration) -> Result<Code, ProcessError> {
    let (program, arguments) = split(command_line)?;
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
    let Some(status) = wait(&mut child, patience) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(ProcessError::TimedOut { program });
    };
    if !status.success() {
        return Err(ProcessError::Failed { program, status });
    }
    parse_output(&output.take()).map_err(|source| ProcessError::NotACode { program, source })
}

/// Splits a command line into the program and its arguments, as `credential_process` is split.
///
/// # Errors
/// [`ProcessError::NotACommand`] when a quotation mark is not closed, or there is no word.
pub fn split(command_line: &str) -> Result<(String, Vec<String>), ProcessError> {
    let mut words = shlex::split(command_line).ok_or(ProcessError::NotACommand)?;
    if words.is_empty() {
        return Err(ProcessError::NotACommand);
    }
    let program = words.remove(0);
    Ok((program, words))
}

/// Parses what the command printed: one code, and white space around it.
///
/// # Errors
/// [`NotACode`] for anything else, for bytes that are no text, and for more than 1,024 bytes.
pub fn parse_output(printed: &[u8]) -> Result<Code, NotACode> {
    if printed.len() > LONGEST_OUTPUT {
        return Err(NotACode);
    }
    let text = str::from_utf8(printed).map_err(|_| NotACode)?;
    Code::parse(text.trim())
}

/// What the command has printed so far.
///
/// It is read on a thread of its own, which nobody waits for: a command may leave a process behind
/// that holds the pipe open for as long as it lives.
struct Output {
    bytes: Arc<Mutex<Zeroizing<Vec<u8>>>>,
    end: Receiver<()>,
}

impl Output {
    fn read(mut pipe: ChildStdout) -> Self {
        // Room for everything from the start: a buffer that grows leaves copies of codes behind.
        let bytes = Zeroizing::new(Vec::with_capacity(LONGEST_OUTPUT + 256));
        let bytes = Arc::new(Mutex::new(bytes));
        let (at_end, end) = mpsc::channel();
        let collected = Arc::clone(&bytes);
        thread::spawn(move || {
            let mut buffer = Zeroizing::new([0; 256]);
            while let Ok(count @ 1..) = pipe.read(&mut *buffer) {
                let Ok(mut bytes) = collected.lock() else {
                    break;
                };
                bytes.extend_from_slice(&buffer[..count]);
                if bytes.len() > LONGEST_OUTPUT {
                    break;
                }
            }
            let _ = at_end.send(());
        });
        Output { bytes, end }
    }

    /// Everything that was printed, once the command has ended.
    fn take(self) -> Zeroizing<Vec<u8>> {
        // What was printed is in the pipe already; this is for the other thread to get there.
        let _ = self.end.recv_timeout(Duration::from_millis(500));
        match self.bytes.lock() {
            Ok(mut bytes) => std::mem::take(&mut *bytes),
            Err(_) => Zeroizing::default(),
        }
    }
}

/// Waits for the command to end; `None` when it takes too long.
fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    while started.elapsed() < patience {
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
    fn a_command_that_takes_too_long_is_stopped_and_the_message_says_so() {
        let started = Instant::now();
        let error = run_within("sleep 60", Duration::from_millis(100)).unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(30));
        assert_eq!(
            error.to_string(),
            "mfa_process 'sleep' gave no code within 60 s and was stopped"
        );
    }

    #[test]
    fn endless_output_is_cut() {
        assert!(run("yes 1").is_err());
    }
}
