//! Running a `credential_process` as botocore does: without a shell, with its output captured. Nobody is asked.

use std::{
    io::{self, Read},
    path::Path,
    process::{Child, Command as Process, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use zeroize::Zeroizing;

use super::{credential_process::Command, survey::is_same};
use crate::{
    terminal::excerpt,
    time::{self, Timestamp},
};

/// A code that is made of a seed waits half a minute for the next step at most.
const PATIENCE: Duration = Duration::from_secs(45);

/// The most that is read of what is printed.
const LONGEST: u64 = 64 * 1024;

/// How a run ended, and what ran.
pub(super) struct Run {
    /// Whether it was this very program.
    pub(super) is_this_program: bool,
    /// Its version, if it is another one and tells.
    pub(super) version: Option<String>,
    /// How it ended.
    pub(super) outcome: Outcome,
}

/// How a run ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// There is no such program, or it may not be executed.
    NotStarted(io::Error),
    /// It was still running.
    TimedOut(Duration),
    /// It ended.
    Ended {
        /// The exit code, unless a signal ended it.
        code: Option<i32>,
        /// What it printed, or why AWS tools do not understand it.
        answer: Result<Answer, &'static str>,
        /// The first line that it said.
        message: String,
    },
}

/// What AWS tools need, without the secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Until when the credentials are good.
    pub(super) expiration: Timestamp,
}

/// Runs it.
pub(super) fn run(command: &Command, own: Option<&Path>) -> Run {
    let is_this_program = own.is_some_and(|own| is_same(own, &command.program));
    Run {
        is_this_program,
        version: (!is_this_program)
            .then(|| version(&command.program))
            .flatten(),
        outcome: outcome(command),
    }
}

fn version(program: &Path) -> Option<String> {
    let printed = capture(
        Process::new(program).arg("--version"),
        Duration::from_secs(5),
    )
    .ok()?;
    let text = String::from_utf8_lossy(&printed.stdout).into_owned();
    let version = text.trim().strip_prefix("daypass ")?;
    Some(excerpt(version))
}

fn outcome(command: &Command) -> Outcome {
    let mut process = Process::new(&command.program);
    process.args(&command.arguments).arg("--no-prompt");
    let printed = match capture(&mut process, PATIENCE) {
        Ok(printed) => printed,
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            return Outcome::TimedOut(PATIENCE);
        }
        Err(error) => return Outcome::NotStarted(error),
    };
    let message = String::from_utf8_lossy(&printed.stderr);
    let message = excerpt(
        message
            .trim_start_matches("daypass: ")
            .trim_start_matches("error: "),
    );
    Outcome::Ended {
        code: printed.code,
        answer: parse(&printed.stdout),
        message,
    }
}

/// Reads what AWS tools read. Source: the AWS CLI user guide, "Sourcing credentials with an external process".
fn parse(printed: &[u8]) -> Result<Answer, &'static str> {
    let json: Value = serde_json::from_slice(printed).map_err(|_| "it is no JSON")?;
    if json["Version"] != 1 {
        return Err("its Version is not 1");
    }
    let has = |key: &str| json[key].as_str().is_some_and(|text| !text.is_empty());
    if !has("AccessKeyId") || !has("SecretAccessKey") {
        return Err("it holds no access key");
    }
    if !has("SessionToken") {
        return Err("it holds no SessionToken");
    }
    let expiration = json["Expiration"]
        .as_str()
        .ok_or("it holds no Expiration")?;
    let expiration = time::parse_timestamp(expiration).ok_or("its Expiration is no moment")?;
    Ok(Answer { expiration })
}

struct Printed {
    code: Option<i32>,
    stdout: Zeroizing<Vec<u8>>,
    stderr: Zeroizing<Vec<u8>>,
}

/// Runs a program to its end, or to that of the patience.
fn capture(process: &mut Process, patience: Duration) -> io::Result<Printed> {
    let mut child = process
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdout = child.stdout.take().map(reader);
    let stderr = child.stderr.take().map(reader);
    let code = wait(&mut child, patience)?;
    let text = |reader: Option<thread::JoinHandle<Zeroizing<Vec<u8>>>>| {
        reader
            .and_then(|reader| reader.join().ok())
            .unwrap_or_default()
    };
    Ok(Printed {
        code,
        stdout: text(stdout),
        stderr: text(stderr),
    })
}

fn reader(stream: impl Read + Send + 'static) -> thread::JoinHandle<Zeroizing<Vec<u8>>> {
    thread::spawn(move || {
        // As much as there may be, so that no buffer that grows leaves a copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(
            usize::try_from(LONGEST).unwrap_or_default(),
        ));
        let _ = stream.take(LONGEST).read_to_end(&mut bytes);
        bytes
    })
}

fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<i32>> {
    const LOOK_AGAIN: Duration = Duration::from_millis(5);
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(LOOK_AGAIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_tools_understand_is_told_from_what_they_do_not() {
        let whole = r#"{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","SessionToken":"c","Expiration":"2099-01-01T00:00:00Z"}"#;
        assert!(parse(whole.as_bytes()).is_ok());
        for (from, to, reason) in [
            ("\"Version\":1", "\"Version\":2", "its Version is not 1"),
            ("\"Version\":1", "\"Version\":\"1\"", "its Version is not 1"),
            ("\"a\"", "\"\"", "it holds no access key"),
            ("SecretAccessKey", "Secret", "it holds no access key"),
            ("SessionToken", "Token", "it holds no SessionToken"),
            ("Expiration", "Expires", "it holds no Expiration"),
            ("2099-01-01", "01.01.2099 ", "its Expiration is no moment"),
            ("}", "", "it is no JSON"),
        ] {
            assert_eq!(parse(whole.replace(from, to).as_bytes()), Err(reason));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_does_not_end_is_given_up() {
        let started = Instant::now();
        let patience = Duration::from_millis(50);
        let error = capture(Process::new("sleep").arg("60"), patience).err();
        assert_eq!(
            error.map(|error| error.kind()),
            Some(io::ErrorKind::TimedOut)
        );
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
