//! Asking a person on the terminal itself.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
};

#[cfg(unix)]
use std::{
    io::Read,
    time::{Duration, Instant},
};

#[cfg(unix)]
use zeroize::Zeroize;
use zeroize::Zeroizing;

#[cfg(unix)]
use super::modes::{Interruptions, Unbuffered, is_in_foreground};
#[cfg(unix)]
use crate::signals;

use super::{
    page::Page,
    size::{columns_of, rows_of},
    wrap::broken,
};

/// How long a question stays on the terminal: others wait behind it, so it cannot stay for ever.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(300);

/// How often to look whether the terminal is still ours.
#[cfg(unix)]
const LOOK_AROUND: Duration = Duration::from_millis(500);

/// What an answer is, and so what becomes of it on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// A code, or what may turn out to be a secret: shown while it is typed; question and answer are
    /// erased afterwards.
    Code,
    /// A line like any other: shown, and it stays.
    Line,
    /// A secret: never shown.
    Secret,
}

#[cfg(unix)]
impl Typing {
    /// What is longer is no such answer.
    fn longest(self) -> usize {
        match self {
            Typing::Code => 64,
            Typing::Line => 1_024,
            Typing::Secret => 2_048,
        }
    }
}

/// The terminal that this process belongs to, open for questions.
pub struct Terminal {
    input: File,
    output: File,
}

/// What a person did with a question.
pub enum Answer {
    /// Typed a line.
    Line(Zeroizing<String>),
    /// Pressed Ctrl-C or Ctrl-D.
    Cancelled,
    /// Did nothing for five minutes.
    TimedOut,
    /// Nothing any more: a signal came, or the terminal was taken away.
    Interrupted,
}

impl Terminal {
    /// Opens the terminal, if there is one and this process is in its foreground.
    ///
    /// A background process that read from its terminal would be stopped by the kernel, and would
    /// keep everybody waiting behind its question.
    #[cfg(unix)]
    pub fn open() -> Option<Self> {
        let mut options = OpenOptions::new();
        let output = options.read(true).write(true).open("/dev/tty").ok()?;
        if !is_in_foreground(&output) {
            return None;
        }
        Some(Terminal {
            input: output.try_clone().ok()?,
            output,
        })
    }

    /// Opens the console, if there is one.
    #[cfg(not(unix))]
    pub fn open() -> Option<Self> {
        let open = |name| OpenOptions::new().read(true).write(true).open(name);
        Some(Terminal {
            input: open("CONIN$").ok()?,
            output: open("CONOUT$").ok()?,
        })
    }

    /// Says a line.
    pub fn say(&mut self, text: &str) {
        // A terminal that cannot be written to cannot be asked either; the question will find out.
        let _ = self
            .output
            .write_all(format!("{}\n", self.broken(text)).as_bytes());
    }

    /// Breaks long lines between words, as wide as this terminal is.
    fn broken(&self, text: &str) -> String {
        broken(text, columns_of(&self.output))
    }

    /// A page of its own, which leaves nothing behind when it is dropped.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn page(&self) -> io::Result<Page> {
        Page::open(self.output.try_clone()?)
    }

    /// Whether the terminal knows how to move its cursor and to erase.
    pub fn can_erase(&self) -> bool {
        can_erase()
    }

    /// Its columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (columns_of(&self.output), rows_of(&self.output))
    }

    /// Asks for a line.
    ///
    /// # Errors
    /// When the terminal goes away.
    #[cfg(unix)]
    pub fn ask(&mut self, question: &str, typing: Typing) -> io::Result<Answer> {
        let question = match typing {
            Typing::Line => self.broken(question),
            // Erased afterwards, and counted in one piece for that.
            Typing::Code | Typing::Secret => question.to_owned(),
        };
        self.ask_anew(|| question.clone(), typing)
    }

    /// Asks for a line with a question that may change while it stands, for a countdown.
    ///
    /// # Errors
    /// When the terminal goes away.
    #[cfg(unix)]
    pub fn ask_anew(
        &mut self,
        question: impl Fn() -> String,
        typing: Typing,
    ) -> io::Result<Answer> {
        let interruptions = Interruptions::watch()?;
        if interruptions.terminal_is_lost(&self.output) || signals::one_waits() {
            return Ok(Answer::Interrupted);
        }
        let _unbuffered = Unbuffered::start(&self.output)?;
        let start = if can_erase() { "\r\x1b[K" } else { "" };
        let mut shown = question();
        self.output
            .write_all(format!("{start}{shown} ").as_bytes())?;
        let mut line = Line::new(typing);
        let answer = self.read(&mut line, &interruptions, &question, &mut shown);
        let width = shown.chars().count() + 1 + line.text.len();
        line.text.zeroize();
        match typing {
            Typing::Code => self.erase(width),
            Typing::Line | Typing::Secret => self.output.write_all(b"\n")?,
        }
        answer
    }

    /// Asks for a line, as the console does it by itself.
    ///
    /// # Errors
    /// When the console goes away.
    #[cfg(not(unix))]
    pub fn ask(&mut self, question: &str, _typing: Typing) -> io::Result<Answer> {
        use std::io::{BufRead, BufReader};
        self.output.write_all(format!("{question} ").as_bytes())?;
        let mut line = Zeroizing::new(String::new());
        match BufReader::new(&self.input).read_line(&mut line)? {
            0 => Ok(Answer::Cancelled),
            _ => Ok(Answer::Line(Zeroizing::new(line.trim_end().to_owned()))),
        }
    }

    /// Asks for a line with a question that may change from one time to the next.
    ///
    /// # Errors
    /// When the console goes away.
    #[cfg(not(unix))]
    pub fn ask_anew(
        &mut self,
        question: impl Fn() -> String,
        typing: Typing,
    ) -> io::Result<Answer> {
        self.ask(&question(), typing)
    }

    /// Puts the question anew if it has changed, with what has been typed.
    #[cfg(unix)]
    fn renew(&mut self, line: &Line, question: &impl Fn() -> String, shown: &mut String) {
        let now = question();
        if now == *shown || !can_erase() {
            return;
        }
        let width = shown.chars().count() + 1 + line.text.len();
        self.erase(width);
        let typed = match line.typing {
            Typing::Secret => "",
            Typing::Code | Typing::Line => line.text.as_str(),
        };
        let text = Zeroizing::new(format!("{now} {typed}"));
        let _ = self.output.write_all(text.as_bytes());
        *shown = now;
    }

    /// Erases what takes `width` characters up to the cursor, however many rows that is.
    #[cfg(unix)]
    fn erase(&mut self, width: usize) {
        if !can_erase() {
            let _ = self.output.write_all(b"\n");
            return;
        }
        let up = match width.saturating_sub(1) / columns_of(&self.output) {
            0 => String::new(),
            rows => format!("\x1b[{rows}A"),
        };
        let _ = self.output.write_all(format!("{up}\r\x1b[J").as_bytes());
    }

    #[cfg(unix)]
    fn read(
        &mut self,
        line: &mut Line,
        interruptions: &Interruptions,
        question: &impl Fn() -> String,
        shown: &mut String,
    ) -> io::Result<Answer> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.wait_for_key(interruptions)? {
                Wait::Key => {}
                Wait::Signal => return Ok(Answer::Interrupted),
                Wait::Nothing
                    if interruptions.terminal_is_lost(&self.output) || signals::one_waits() =>
                {
                    return Ok(Answer::Interrupted);
                }
                Wait::Nothing if Instant::now() > deadline => return Ok(Answer::TimedOut),
                Wait::Nothing => {
                    self.renew(line, question, shown);
                    continue;
                }
            }
            let mut key = [0];
            if self.input.read(&mut key)? == 0 {
                return Ok(Answer::Cancelled);
            }
            match line.take(key[0]) {
                Taken::Shows(text) => self.output.write_all(text.as_bytes())?,
                Taken::Ends => return Ok(Answer::Line(Zeroizing::new(line.text.clone()))),
                Taken::Cancels => return Ok(Answer::Cancelled),
            }
        }
    }

    #[cfg(unix)]
    fn wait_for_key(&self, interruptions: &Interruptions) -> io::Result<Wait> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let look_around = Timespec {
            tv_sec: 0,
            tv_nsec: i64::from(LOOK_AROUND.subsec_nanos()),
        };
        let mut events = [
            PollFd::new(&self.input, PollFlags::IN),
            PollFd::new(interruptions.signals(), PollFlags::IN),
        ];
        match poll(&mut events, Some(&look_around)) {
            Ok(0) => Ok(Wait::Nothing),
            Ok(_) if !events[1].revents().is_empty() => Ok(Wait::Signal),
            Ok(_) => Ok(Wait::Key),
            // A window resize, or a signal that the next round will see.
            Err(rustix::io::Errno::INTR) => Ok(Wait::Nothing),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the terminal knows how to move its cursor.
fn can_erase() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(unix)]
enum Wait {
    Key,
    Signal,
    Nothing,
}

/// What is being typed.
#[cfg(unix)]
struct Line {
    typing: Typing,
    text: String,
    escape: Escape,
}

/// How far into the sequence of an arrow or function key we are.
#[cfg(unix)]
#[derive(Default, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    Started,
    Sequence,
}

/// What a key did to the line.
#[cfg(unix)]
#[derive(Debug, PartialEq, Eq)]
enum Taken {
    /// The terminal has to show this.
    Shows(String),
    Ends,
    Cancels,
}

#[cfg(unix)]
impl Line {
    fn new(typing: Typing) -> Self {
        Line {
            typing,
            // Room for everything: a line that grows would leave copies of itself behind.
            text: String::with_capacity(typing.longest()),
            escape: Escape::None,
        }
    }

    fn shows(&self, text: String) -> Taken {
        Taken::Shows(match self.typing {
            Typing::Code | Typing::Line => text,
            Typing::Secret => String::new(),
        })
    }

    fn take(&mut self, key: u8) -> Taken {
        const CTRL_C: u8 = 0x03;
        const CTRL_D: u8 = 0x04;
        const BACKSPACE: u8 = 0x08;
        const CTRL_U: u8 = 0x15;
        const ESCAPE: u8 = 0x1b;
        const DELETE: u8 = 0x7f;

        let escape = std::mem::take(&mut self.escape);
        match key {
            b'[' | b'O' if escape == Escape::Started => self.escape = Escape::Sequence,
            // Parameters; a letter or ~ ends the sequence.
            b' '..=b'?' if escape == Escape::Sequence => self.escape = Escape::Sequence,
            b'@'..=b'~' if escape == Escape::Sequence => {}
            ESCAPE => self.escape = Escape::Started,
            b'\r' | b'\n' => return Taken::Ends,
            CTRL_C | CTRL_D => return Taken::Cancels,
            BACKSPACE | DELETE if self.text.pop().is_some() => {
                return self.shows("\x08 \x08".to_owned());
            }
            CTRL_U => {
                let shown = "\x08 \x08".repeat(self.text.len());
                self.text.zeroize();
                return self.shows(shown);
            }
            b' '..=b'~' if self.text.len() < self.typing.longest() => {
                self.text.push(char::from(key));
                return self.shows(char::from(key).to_string());
            }
            _ => {}
        }
        Taken::Shows(String::new())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn typed(keys: &str) -> String {
        let mut line = Line::new(Typing::Code);
        for key in keys.bytes() {
            line.take(key);
        }
        line.text
    }

    #[test]
    fn keys_edit_the_line() {
        assert_eq!(typed("123456"), "123456");
        assert_eq!(typed("129\x7f3"), "123");
        assert_eq!(typed("99\x15123"), "123");
        assert_eq!(typed("\x7f1"), "1");
        assert_eq!(typed(&"1".repeat(100)).len(), Typing::Code.longest());
    }

    #[test]
    fn a_secret_is_typed_unseen() {
        let mut line = Line::new(Typing::Secret);
        for key in *b"s3\x7f3\x15x" {
            assert_eq!(line.take(key), Taken::Shows(String::new()));
        }
        assert_eq!(line.text, "x");
    }

    #[test]
    fn arrow_and_function_keys_type_nothing() {
        assert_eq!(typed("1\x1b[A2\x1bOP3\x1b[15~4\x1b[1;5C5"), "12345");
        assert_eq!(typed("\x1b123"), "123");
    }

    #[test]
    fn ctrl_c_and_ctrl_d_cancel_and_return_ends() {
        for key in [0x03, 0x04] {
            assert_eq!(Line::new(Typing::Code).take(key), Taken::Cancels);
        }
        for key in [b'\r', b'\n'] {
            assert_eq!(Line::new(Typing::Code).take(key), Taken::Ends);
        }
    }
}
