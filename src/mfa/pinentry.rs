//! Pinentry: the little window (or screen) in which GnuPG asks, for programs without a terminal.

use std::{io, path::PathBuf};

#[cfg(unix)]
use crate::program;
use crate::terminal::{self, Answer};

#[cfg(unix)]
mod assuan;

/// The programs to try, in this order; `pinentry` is what the system or the user has chosen.
#[cfg(unix)]
const PROGRAMS: [&str; 3] = ["pinentry", "pinentry-mac", "pinentry-curses"];

/// Why pinentry could not ask.
#[derive(Debug, thiserror::Error)]
pub enum PinentryError {
    /// It cannot be started.
    #[error("{} cannot be started", program.display())]
    NotStarted {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It was started and has said nothing.
    #[error("it does not answer")]
    Silent,
    /// It has ended, or was ended, in the middle.
    #[error("it ended without an answer")]
    Ended,
    /// It said something that no pinentry says. It is not repeated: it may be what was typed.
    #[error("what it answers is not what a pinentry answers")]
    Nonsense,
    /// It found neither a window nor a terminal to ask in, or failed otherwise.
    #[error("it said: {0}")]
    Refused(String),
    /// The question cannot be watched.
    #[error("its answer cannot be waited for")]
    Unwatched(#[source] io::Error),
}

/// A pinentry that can probably ask.
pub struct Pinentry {
    #[cfg(unix)]
    program: PathBuf,
    /// The terminal it may use if it has no window: the user's own, which `GPG_TTY` names.
    #[cfg(unix)]
    terminal: Option<String>,
    /// What went wrong with the last answer.
    notice: Option<String>,
}

impl Pinentry {
    /// Finds one, if there is one and somewhere for it to ask: a display, or the terminal that `GPG_TTY`
    /// names.
    #[cfg(unix)]
    pub fn find() -> Option<Self> {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let terminal = std::env::var("GPG_TTY").ok().filter(|path| {
            open_terminal(path).is_some_and(|terminal| !terminal::is_in_background_of(&terminal))
        });
        let has_window = set("DISPLAY") || set("WAYLAND_DISPLAY") || !cfg!(target_os = "linux");
        if !has_window && terminal.is_none() {
            return None;
        }
        let program = PROGRAMS.into_iter().find_map(program::find)?;
        Some(Pinentry {
            program,
            terminal,
            notice: None,
        })
    }

    /// Windows asks in its console.
    #[cfg(not(unix))]
    pub fn find() -> Option<Self> {
        None
    }

    /// Has the next question begin with what went wrong.
    pub(super) fn say(&mut self, text: &str) {
        self.notice = Some(in_lines(text));
    }

    /// Asks for a code.
    ///
    /// # Errors
    /// [`PinentryError`] when nobody could be asked.
    #[cfg(unix)]
    pub(super) fn ask(&mut self, profile: &str, device: &str) -> Result<Answer, PinentryError> {
        let description = format!(
            "daypass needs the six-digit MFA code\nfor the AWS profile {}, device {}.",
            short(profile),
            short(device)
        );
        let terminal = self.terminal.as_deref();
        let mut pinentry = assuan::Conversation::open(&self.program, terminal)?;
        // Options that it does not know do no harm.
        if let Some(terminal) = terminal {
            pinentry.option("ttyname", terminal)?;
            let kind = std::env::var("TERM").unwrap_or_else(|_| "xterm".to_owned());
            pinentry.option("ttytype", &kind)?;
        }
        if let Some(locale) = locale() {
            pinentry.option("lc-ctype", &locale)?;
        }
        pinentry.set("SETTITLE", "daypass")?;
        pinentry.set("SETDESC", &description)?;
        pinentry.set("SETPROMPT", "MFA code:")?;
        if let Some(notice) = self.notice.take() {
            pinentry.set("SETERROR", &notice)?;
        }
        pinentry.get_pin()
    }

    /// There is none to ask.
    #[cfg(not(unix))]
    pub(super) fn ask(&mut self, _profile: &str, _device: &str) -> Result<Answer, PinentryError> {
        Err(PinentryError::Silent)
    }
}

/// A name that leaves room for the rest of the sentence.
#[cfg(unix)]
fn short(name: &str) -> String {
    const LONGEST_NAME: usize = 100;
    crate::terminal::printable(&name.chars().take(LONGEST_NAME).collect::<String>())
}

/// The text in lines that a small screen shows in full: pinentry cuts them, and does not wrap.
fn in_lines(text: &str) -> String {
    const WIDTH: usize = 70;
    terminal::filled(text.split_whitespace(), WIDTH).join("\n")
}

/// In which letters the terminal shows text.
#[cfg(unix)]
fn locale() -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Opens a terminal that is not to become this process's own.
#[cfg(unix)]
fn open_terminal(path: &str) -> Option<std::fs::File> {
    use std::io::IsTerminal;

    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = std::fs::File::from(open(path, flags, Mode::empty()).ok()?);
    file.is_terminal().then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_broken_into_lines_between_words() {
        let text = format!("{0} {0} {0} {1} b", "a".repeat(30), "c".repeat(100));
        let lines = in_lines(&text);
        assert_eq!(
            lines.lines().map(str::len).collect::<Vec<_>>(),
            [61, 30, 100, 1]
        );
        assert_eq!(in_lines(" a  b\n"), "a b");
    }
}
