//! The part of the Assuan protocol that a pinentry speaks.
//!
//! Written here because the crate for it panics on long requests, waits for a silent program for
//! ever and leaves it running. Source: GnuPG's manual "Developing with Assuan", and the manual of pinentry.

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::AsFd,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{OptionalActions, Termios, tcgetattr, tcsetattr},
};
use zeroize::Zeroizing;

use super::{PinentryError, open_terminal};
use crate::terminal::{Answer, Interruptions, excerpt};

/// The bytes of a line, its end included.
const LONGEST_LINE: usize = 1_000;

/// How long pinentry may take for everything that nobody has to type.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// How long a question stands, in seconds; as long as one on the terminal.
const QUESTION_STANDS: u64 = 300;

/// How much longer pinentry may take to give up by itself.
const GIVES_UP_WITHIN: Duration = Duration::from_secs(5);

/// How long pinentry may take to end when the conversation is over.
const ENDS_WITHIN: Duration = Duration::from_millis(500);

/// The error codes of `libgpg-error`, which are the lower 16 bits of what pinentry says.
const TIMED_OUT: u32 = 62;
const CANCELLED: u32 = 99;
const NOT_CONFIRMED: u32 = 114;

/// A pinentry that runs. It has ended when this is dropped.
pub(super) struct Conversation {
    child: Child,
    requests: ChildStdin,
    replies: ChildStdout,
    /// What was read and is not a whole line yet.
    read: Zeroizing<Vec<u8>>,
    interruptions: Interruptions,
    /// The terminal it may ask on, and that terminal's modes before.
    terminal: Option<(File, Termios)>,
}

/// How a request ended.
enum Reply {
    Done(Zeroizing<Vec<u8>>),
    Failed { code: u32, text: String },
    Late,
    Interrupted,
}

impl Conversation {
    /// Starts the program and waits until it is there.
    pub(super) fn open(program: &Path, terminal: Option<&str>) -> Result<Self, PinentryError> {
        let terminal = terminal.and_then(open_terminal).and_then(|terminal| {
            let modes = tcgetattr(&terminal).ok()?;
            Some((terminal, modes))
        });
        let mut command = Command::new(program);
        if terminal.is_none() {
            // It would look there by itself.
            command.env_remove("GPG_TTY");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| PinentryError::NotStarted {
                program: program.to_owned(),
                source,
            })?;
        let interruptions = Interruptions::watch();
        let (Some(requests), Some(replies), Ok(interruptions)) =
            (child.stdin.take(), child.stdout.take(), interruptions)
        else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(PinentryError::Ended);
        };
        let mut conversation = Conversation {
            child,
            requests,
            replies,
            read: Zeroizing::new(Vec::with_capacity(2 * LONGEST_LINE)),
            interruptions,
            terminal,
        };
        match conversation.reply(ANSWERS_WITHIN)? {
            Reply::Done(_) => Ok(conversation),
            other => Err(other.into_error()),
        }
    }

    /// Sets an option; one that pinentry does not know is none.
    pub(super) fn option(&mut self, name: &str, value: &str) -> Result<(), PinentryError> {
        let request = request("OPTION", &format!("{name}={value}"));
        match self.exchange(&request, ANSWERS_WITHIN)? {
            Reply::Done(_) | Reply::Failed { .. } => Ok(()),
            other => Err(other.into_error()),
        }
    }

    /// Sets a text of the question.
    pub(super) fn set(&mut self, what: &str, text: &str) -> Result<(), PinentryError> {
        match self.exchange(&request(what, text), ANSWERS_WITHIN)? {
            Reply::Done(_) => Ok(()),
            other => Err(other.into_error()),
        }
    }

    /// Asks the question.
    pub(super) fn get_pin(&mut self) -> Result<Answer, PinentryError> {
        self.option_timeout()?;
        let patience = Duration::from_secs(QUESTION_STANDS) + GIVES_UP_WITHIN;
        Ok(match self.exchange("GETPIN\n", patience)? {
            Reply::Done(typed) => {
                Answer::Line(Zeroizing::new(String::from_utf8_lossy(&typed).into_owned()))
            }
            Reply::Late => Answer::TimedOut,
            Reply::Interrupted => Answer::Interrupted,
            Reply::Failed { code, .. } if code & 0xffff == TIMED_OUT => Answer::TimedOut,
            Reply::Failed { code, .. } if [CANCELLED, NOT_CONFIRMED].contains(&(code & 0xffff)) => {
                Answer::Cancelled
            }
            failed @ Reply::Failed { .. } => return Err(failed.into_error()),
        })
    }

    /// Old pinentries have no time-out of their own: then ours ends them.
    fn option_timeout(&mut self) -> Result<(), PinentryError> {
        let request = request("SETTIMEOUT", &QUESTION_STANDS.to_string());
        match self.exchange(&request, ANSWERS_WITHIN)? {
            Reply::Done(_) | Reply::Failed { .. } => Ok(()),
            other => Err(other.into_error()),
        }
    }

    fn exchange(&mut self, request: &str, patience: Duration) -> Result<Reply, PinentryError> {
        self.requests
            .write_all(request.as_bytes())
            .map_err(|_| PinentryError::Ended)?;
        self.reply(patience)
    }

    /// Reads lines until one that ends the reply.
    fn reply(&mut self, patience: Duration) -> Result<Reply, PinentryError> {
        let deadline = Instant::now() + patience;
        let mut data = Zeroizing::new(Vec::with_capacity(LONGEST_LINE));
        loop {
            let line = match self.line(deadline)? {
                Ok(line) => line,
                Err(ended) => return Ok(ended),
            };
            let (word, rest) = match line.iter().position(|byte| *byte == b' ') {
                Some(at) => (&line[..at], &line[at + 1..]),
                None => (&line[..], &[][..]),
            };
            match word {
                b"OK" => return Ok(Reply::Done(data)),
                b"D" if data.len() + rest.len() <= LONGEST_LINE => decode(rest, &mut data),
                b"ERR" => return failure(rest).ok_or(PinentryError::Nonsense),
                b"S" | b"#" | b"" => {}
                _ => return Err(PinentryError::Nonsense),
            }
        }
    }

    /// A line without its end, or how the wait for it ended.
    #[allow(clippy::type_complexity)]
    fn line(
        &mut self,
        deadline: Instant,
    ) -> Result<Result<Zeroizing<Vec<u8>>, Reply>, PinentryError> {
        let mut buffer = Zeroizing::new([0; 256]);
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let rest = Zeroizing::new(self.read.split_off(end + 1));
                let mut line = std::mem::replace(&mut self.read, rest);
                line.truncate(end);
                return Ok(Ok(line));
            }
            if self.read.len() >= LONGEST_LINE {
                return Err(PinentryError::Nonsense);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Err(Reply::Late));
            }
            let mut events = [
                PollFd::new(&self.replies, PollFlags::IN),
                PollFd::new(self.interruptions.signals(), PollFlags::IN),
            ];
            let left = Timespec::try_from(left).ok();
            match poll(&mut events, left.as_ref()) {
                Ok(0) | Err(rustix::io::Errno::INTR) => continue,
                Ok(_) if !events[1].revents().is_empty() => return Ok(Err(Reply::Interrupted)),
                Ok(_) => {}
                Err(error) => return Err(PinentryError::Unwatched(error.into())),
            }
            match self.replies.read(&mut *buffer) {
                Ok(count @ 1..) => self.read.extend_from_slice(&buffer[..count]),
                Ok(0) | Err(_) => return Err(PinentryError::Ended),
            }
        }
    }
}

impl Reply {
    fn into_error(self) -> PinentryError {
        match self {
            Reply::Failed { text, .. } => PinentryError::Refused(text),
            Reply::Late => PinentryError::Silent,
            Reply::Done(_) | Reply::Interrupted => PinentryError::Ended,
        }
    }
}

impl Drop for Conversation {
    /// Nothing is left behind: no process, and no terminal without its echo.
    fn drop(&mut self) {
        let _ = self.requests.write_all(b"BYE\n");
        let deadline = Instant::now() + ENDS_WITHIN;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some((terminal, modes)) = &self.terminal {
            let _ = tcsetattr(terminal.as_fd(), OptionalActions::Now, modes);
        }
    }
}

/// A request on one line, cut where it would be too long for one.
fn request(command: &str, parameter: &str) -> String {
    let mut line = format!("{command} ");
    for character in parameter.chars() {
        let escaped = match character {
            '%' => "%25".to_owned(),
            '\n' => "%0A".to_owned(),
            character if character.is_control() => " ".to_owned(),
            // At the end of a line it would mean something.
            '\\' => "%5C".to_owned(),
            character => character.to_string(),
        };
        if line.len() + escaped.len() + 1 > LONGEST_LINE {
            break;
        }
        line += &escaped;
    }
    line.push('\n');
    line
}

/// Takes the escapes out of a line of data.
fn decode(line: &[u8], data: &mut Vec<u8>) {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut rest = line;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (*byte, digit(after.first()), digit(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                data.push(u8::try_from(16 * high + low).unwrap_or_default());
                rest = &after[2..];
            }
            (byte, ..) => data.push(byte),
        }
    }
}

/// Reads what comes after `ERR`: a number, and words that people can read.
fn failure(rest: &[u8]) -> Option<Reply> {
    let text = String::from_utf8_lossy(rest);
    let (code, text) = text.split_once(' ').unwrap_or((&text, ""));
    let code = code.trim().parse().ok()?;
    let text = match text.trim() {
        "" => format!("error {code}"),
        text => excerpt(text),
    };
    Some(Reply::Failed { code, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_one_line_whatever_it_says() {
        assert_eq!(
            request("SETDESC", "a\nb 100%\\"),
            "SETDESC a%0Ab 100%25%5C\n"
        );
        assert_eq!(request("SETDESC", "a\r\tb\u{1b}"), "SETDESC a  b \n");
        assert_eq!(request("SETDESC", "é"), "SETDESC é\n");
    }

    #[test]
    fn a_request_is_never_longer_than_the_protocol_allows() {
        for text in ["a", "%", "é", "日", "😀", "\n"] {
            for more in ["", "x", "xy", "xyz"] {
                let line = request("SETDESC", &(more.to_owned() + &text.repeat(2_000)));
                assert!(line.len() <= LONGEST_LINE, "{}", line.len());
                assert!(line.len() > LONGEST_LINE - 4, "{}", line.len());
                assert!(line.ends_with('\n'));
            }
        }
    }

    #[test]
    fn data_is_decoded() {
        for (line, expected) in [
            ("123456", "123456"),
            ("%31%32", "12"),
            ("100%25%0a", "100%\n"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
        ] {
            let mut data = Vec::new();
            decode(line.as_bytes(), &mut data);
            assert_eq!(data, expected.as_bytes(), "{line}");
        }
    }

    #[test]
    fn an_error_has_a_number() {
        let Some(Reply::Failed { code, text }) =
            failure(b"83886179 Operation cancelled <Pinentry>")
        else {
            panic!("no failure");
        };
        assert_eq!(
            (code & 0xffff, text.as_str()),
            (CANCELLED, "Operation cancelled <Pinentry>")
        );
        assert!(failure(b"").is_none());
        assert!(failure(b"junk 1").is_none());
    }
}
