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
use super::modes::{Interruptions, Unbuffered, columns, is_in_foreground};

/// How long a question stays on the terminal: others wait behind it, so it cannot stay for ever.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(300);

/// How often to look whether the terminal is still ours.
#[cfg(unix)]
const LOOK_AROUND: Duration = Duration::from_millis(500);

/// Answers longer than this are no code.
#[cfg(unix)]
const LONGEST_ANSWER: usize = 64;

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
        let _ = self.output.write_all(format!("{text}\n").as_bytes());
    }

    /// Asks for a line. The question and what was typed are erased afterwards.
    ///
    /// # Errors
    /// When the terminal goes away.
    #[cfg(unix)]
    pub fn ask(&mut self, question: &str) -> io::Result<Answer> {
        let interruptions = Interruptions::watch()?;
        if interruptions.terminal_is_lost(&self.output) {
            return Ok(Answer::Interrupted);
        }
        let _unbuffered = Unbuffered::start(&self.output)?;
        let start = if can_erase() { "\r\x1b[K" } else { "" };
        self.output
            .write_all(format!("{start}{question} ").as_bytes())?;
        let mut line = Line::default();
        let answer = self.read(&mut line, &interruptions);
        let width = question.chars().count() + 1 + line.text.len();
        line.text.zeroize();
        self.erase(width);
        answer
    }

    /// Asks for a line, as the console does it by itself.
    ///
    /// # Errors
    /// When the console goes away.
    #[cfg(not(unix))]
    pub fn ask(&mut self, question: &str) -> io::Result<Answer> {
        use std::io::{BufRead, BufReader};
        self.output.write_all(format!("{question} ").as_bytes())?;
        let mut line = Zeroizing::new(String::new());
        match BufReader::new(&self.input).read_line(&mut line)? {
            0 => Ok(Answer::Cancelled),
            _ => Ok(Answer::Line(Zeroizing::new(line.trim_end().to_owned()))),
        }
    }

    /// Erases what takes `width` characters up to the cursor, however many rows that is.
    #[cfg(unix)]
    fn erase(&mut self, width: usize) {
        if !can_erase() {
            let _ = self.output.write_all(b"\n");
            return;
        }
        let up = match width.saturating_sub(1) / columns(&self.output) {
            0 => String::new(),
            rows => format!("\x1b[{rows}A"),
        };
        let _ = self.output.write_all(format!("{up}\r\x1b[J").as_bytes());
    }

    #[cfg(unix)]
    fn read(&mut self, line: &mut Line, interruptions: &Interruptions) -> io::Result<Answer> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.wait_for_key(interruptions)? {
                Wait::Key => {}
                Wait::Signal => return Ok(Answer::Interrupted),
                Wait::Nothing if interruptions.terminal_is_lost(&self.output) => {
                    return Ok(Answer::Interrupted);
                }
                Wait::Nothing if Instant::now() > deadline => return Ok(Answer::TimedOut),
                Wait::Nothing => continue,
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
#[cfg(unix)]
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
#[derive(Default)]
struct Line {
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
                return Taken::Shows("\x08 \x08".to_owned());
            }
            CTRL_U => {
                let shown = "\x08 \x08".repeat(self.text.len());
                self.text.zeroize();
                return Taken::Shows(shown);
            }
            b' '..=b'~' if self.text.len() < LONGEST_ANSWER => {
                if self.text.capacity() == 0 {
                    // A line that grows would leave copies of itself behind.
                    self.text.reserve_exact(LONGEST_ANSWER);
                }
                self.text.push(char::from(key));
                return Taken::Shows(char::from(key).to_string());
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
        let mut line = Line::default();
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
        assert_eq!(typed(&"1".repeat(100)).len(), LONGEST_ANSWER);
    }

    #[test]
    fn arrow_and_function_keys_type_nothing() {
        assert_eq!(typed("1\x1b[A2\x1bOP3\x1b[15~4\x1b[1;5C5"), "12345");
        assert_eq!(typed("\x1b123"), "123");
    }

    #[test]
    fn ctrl_c_and_ctrl_d_cancel_and_return_ends() {
        for key in [0x03, 0x04] {
            assert_eq!(Line::default().take(key), Taken::Cancels);
        }
        for key in [b'\r', b'\n'] {
            assert_eq!(Line::default().take(key), Taken::Ends);
        }
    }
}
