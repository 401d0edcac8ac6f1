//! Asking a person on the terminal itself.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    time::Duration,
};

use zeroize::Zeroize;

use crate::secret::Secret;

/// How long a question stays on the terminal: others wait behind it, so it cannot stay for ever.
const PATIENCE: Duration = Duration::from_secs(300);

/// Answers longer than this are no code.
const LONGEST_ANSWER: usize = 64;

/// The terminal that this process belongs to, open for questions.
pub struct Terminal {
    input: File,
    output: File,
}

/// What a person did with a question.
#[derive(Debug)]
pub enum Answer {
    /// Typed a line.
    Line(Secret),
    /// Pressed Ctrl-C or Ctrl-D.
    Cancelled,
    /// Did nothing for five minutes.
    TimedOut,
}

impl Terminal {
    /// Opens the terminal, if there is one and this process is in its foreground.
    ///
    /// A background process that read from its terminal would be stopped by the kernel, and would
    /// keep everybody waiting behind its question.
    #[cfg(unix)]
    pub fn open() -> Option<Self> {
        let output = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .ok()?;
        if rustix::termios::tcgetpgrp(&output).ok()? != rustix::process::getpgrp() {
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
        Some(Terminal {
            input: OpenOptions::new()
                .read(true)
                .write(true)
                .open("CONIN$")
                .ok()?,
            output: OpenOptions::new().write(true).open("CONOUT$").ok()?,
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
    pub fn ask(&mut self, question: &str) -> io::Result<Answer> {
        let _quiet = Unbuffered::start(&self.output)?;
        self.output
            .write_all(format!("\r\x1b[K{question} ").as_bytes())?;
        let answer = self.read_line();
        let _ = self.output.write_all(b"\r\x1b[K");
        answer
    }

    fn read_line(&mut self) -> io::Result<Answer> {
        const CTRL_C: u8 = 0x03;
        const CTRL_D: u8 = 0x04;
        const CTRL_U: u8 = 0x15;
        const BACKSPACE: u8 = 0x08;
        const DELETE: u8 = 0x7f;

        let mut line = String::with_capacity(LONGEST_ANSWER);
        let answer = loop {
            if !self.wait_for_key()? {
                break Answer::TimedOut;
            }
            let mut key = [0];
            if self.input.read(&mut key)? == 0 {
                break Answer::Cancelled;
            }
            match key[0] {
                b'\r' | b'\n' => break Answer::Line(Secret::new(line.as_str())),
                CTRL_C | CTRL_D => break Answer::Cancelled,
                BACKSPACE | DELETE => {
                    if line.pop().is_some() {
                        self.output.write_all(b"\x08 \x08")?;
                    }
                }
                CTRL_U => {
                    self.output
                        .write_all("\x08 \x08".repeat(line.len()).as_bytes())?;
                    line.clear();
                }
                key if (key.is_ascii_graphic() || key == b' ') && line.len() < LONGEST_ANSWER => {
                    line.push(char::from(key));
                    self.output.write_all(&[key])?;
                }
                _ => {}
            }
        };
        line.zeroize();
        Ok(answer)
    }

    /// Waits for a key; false when none came in time.
    #[cfg(unix)]
    fn wait_for_key(&self) -> io::Result<bool> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let patience = Timespec {
            tv_sec: PATIENCE.as_secs().cast_signed(),
            tv_nsec: 0,
        };
        let mut keys = [PollFd::new(&self.input, PollFlags::IN)];
        loop {
            match poll(&mut keys, Some(&patience)) {
                Ok(ready) => return Ok(ready > 0),
                // A window resize, for one.
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    #[cfg(not(unix))]
    fn wait_for_key(&self) -> io::Result<bool> {
        Ok(true)
    }
}

/// Keys arrive one by one, unechoed and without signals, until this is dropped.
///
/// Ctrl-C arrives as a key as well: it has to cancel the question for everybody who waits for its
/// answer, and to leave the terminal as it was.
#[cfg(unix)]
struct Unbuffered {
    terminal: File,
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl Unbuffered {
    fn start(terminal: &File) -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(terminal)?;
        let mut modes = before.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        modes.special_codes[rustix::termios::SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[rustix::termios::SpecialCodeIndex::VTIME] = 0;
        // What was typed ahead was not meant as an answer… but a pasted code may be: it stays (Drain, not Flush).
        tcsetattr(terminal, OptionalActions::Drain, &modes)?;
        Ok(Unbuffered {
            terminal: terminal.try_clone()?,
            before,
        })
    }
}

#[cfg(unix)]
impl Drop for Unbuffered {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        let _ = tcsetattr(&self.terminal, OptionalActions::Drain, &self.before);
    }
}

#[cfg(not(unix))]
struct Unbuffered;

#[cfg(not(unix))]
impl Unbuffered {
    fn start(_terminal: &File) -> io::Result<Self> {
        Ok(Unbuffered)
    }
}
