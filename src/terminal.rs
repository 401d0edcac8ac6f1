//! How daypass talks to people.
//!
//! - Questions go to the terminal itself (`/dev/tty`), never to stdout or stderr: AWS tools capture
//!   both, and a prompt that nobody sees is the most common complaint about tools of this kind.
//! - Results go to stdout; remarks, warnings and the trace of `-v` go to stderr, each line with the
//!   prefix `daypass:`.
//! - Colour and progress only where a terminal shows them; `NO_COLOR` and `--color` are obeyed.
//! - A closed pipe is not a failure: the caller has gone, the work is done all the same.

use std::{
    env,
    error::Error,
    fmt::Display,
    io::{self, IsTerminal, Write},
    sync::atomic::{AtomicU8, Ordering},
};

mod command;
mod json;
mod modes;
mod page;
mod prompt;
mod size;
mod wrap;

pub use command::{path_word, word};
pub use json::json;
#[cfg(unix)]
pub(crate) use modes::{
    Interruptions, end_questions, is_in_background_of, leave_signals, owns_terminal,
    take_signals_back, write_in_background,
};
pub use page::Page;
pub use prompt::{Answer, Terminal, Typing};
pub use size::{columns, stderr_width, stdout_width};
pub use wrap::{broken, filled, fitted, hanging};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

static COLOR: AtomicU8 = AtomicU8::new(0);
static VERBOSITY: AtomicU8 = AtomicU8::new(0);

/// Sets what `--color` and `-v` ask for, once, at the start.
pub fn configure(color: ColorChoice, verbosity: u8) {
    COLOR.store(color as u8, Ordering::Relaxed);
    VERBOSITY.store(verbosity, Ordering::Relaxed);
}

/// The colours of the states and of the error shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Good.
    Green,
    /// Needs attention soon.
    Yellow,
    /// Bad.
    Red,
    /// Of less importance.
    Dim,
    /// Stands out.
    Bold,
}

/// Paints text for one stream, or leaves it as it is.
#[derive(Debug, Clone, Copy)]
pub struct Painter {
    on: bool,
}

impl Painter {
    /// For stdout.
    pub fn stdout() -> Self {
        Painter {
            on: colored(io::stdout().is_terminal()),
        }
    }

    /// For stderr.
    pub fn stderr() -> Self {
        Painter {
            on: colored(io::stderr().is_terminal()),
        }
    }

    /// For what is compared, and never painted.
    #[cfg(test)]
    pub fn never() -> Self {
        Painter { on: false }
    }

    /// The text in that style, or as it is where there are no colours.
    pub fn paint(self, style: Style, text: impl Display) -> String {
        let code = match style {
            Style::Green => "32",
            Style::Yellow => "33",
            Style::Red => "31",
            Style::Dim => "2",
            Style::Bold => "1",
        };
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }
}

/// Whether a terminal of its own may be sent colours: `--color`, `NO_COLOR` and `TERM` say so.
pub fn terminal_has_colors() -> bool {
    colored(true)
}

fn colored(is_terminal: bool) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let choice = COLOR.load(Ordering::Relaxed);
    if choice == ColorChoice::Always as u8 {
        true
    } else if choice == ColorChoice::Never as u8 {
        false
    } else {
        is_terminal && !set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
    }
}

/// Writes a result to stdout; a closed pipe is no failure.
///
/// # Errors
/// Any other failure to write, a full disk for one.
pub fn output(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a result in sentences to stdout: on a terminal they are broken between words, elsewhere they are whole.
///
/// # Errors
/// As [`output`].
pub fn output_sentences(text: &str) -> io::Result<()> {
    if io::stdout().is_terminal() {
        output(&broken(text, stdout_width()))
    } else {
        output(text)
    }
}

/// Writes to stderr. There is nobody to tell when that fails.
pub fn remark(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes sentences to stderr: on a terminal they are broken between words.
pub fn remark_sentences(text: &str) {
    match stderr_width() {
        Some(width) => remark(&broken(text, width)),
        None => remark(text),
    }
}

/// Warns on stderr: something is off, and the command goes on.
pub fn warn(text: impl Display) {
    let label = Painter::stderr().paint(Style::Yellow, "warning:");
    let text = format!("daypass: {label} {}\n", printable(&text.to_string()));
    remark_sentences(&text);
}

/// Traces a step on stderr with `-v` (1), `-vv` (2) or `-vvv` (3). The text is made only if it is shown.
pub fn trace(level: u8, text: impl FnOnce() -> String) {
    if VERBOSITY.load(Ordering::Relaxed) >= level {
        remark(&format!("daypass: {}\n", printable(&text())));
    }
}

/// Shows what is being waited for, until it is dropped. Only where stderr is a terminal.
pub struct Progress {
    shown: bool,
}

impl Progress {
    /// Shows `text` on a line of its own.
    pub fn show(text: &str) -> Self {
        let shown = io::stderr().is_terminal();
        if shown {
            let row = one_row(text, stderr_width().unwrap_or(usize::MAX));
            remark(&format!("\r\x1b[K{row}"));
        }
        Progress { shown }
    }
}

/// What of a text fits into a row and leaves room for the cursor: more would run into a second row, and stay.
fn one_row(text: &str, width: usize) -> String {
    text.chars().take(width.saturating_sub(1)).collect()
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            remark("\r\x1b[K");
        }
    }
}

/// A bar that is filled as far as `part` is of `whole`.
pub fn bar(part: i64, whole: i64, width: usize) -> String {
    let filled = usize::try_from(part.max(0))
        .unwrap_or(usize::MAX)
        .saturating_mul(width)
        / usize::try_from(whole).unwrap_or(1).max(1);
    let filled = filled.min(width);
    let (full, empty) = if speaks_utf8() {
        ("█", "░")
    } else {
        ("#", ".")
    };
    full.repeat(filled) + &empty.repeat(width - filled)
}

/// Whether the terminal shows more than ASCII.
pub fn speaks_utf8() -> bool {
    if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return false;
    }
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
        .is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

/// An error and its causes in one line: `cannot write x: permission denied`.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    printable(&text)
}

/// The text without control characters: fit for a terminal, wherever it came from.
pub fn printable(text: &str) -> String {
    let clean = |character: char| {
        if acts_on_a_terminal(character) {
            ' '
        } else {
            character
        }
    };
    text.chars()
        .map(clean)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Whether a character does something else than to be seen: control characters, and the marks that turn the
/// direction of writing, which can make a line say something else than it does.
pub fn acts_on_a_terminal(character: char) -> bool {
    let turns = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns || character.is_control()
}

/// The beginning of a name that is too long for its column, with dots for the rest.
pub fn shortened(name: &str, longest: usize) -> String {
    const REST: &str = "...";
    if name.chars().count() <= longest {
        return name.to_owned();
    }
    let start = name.chars().take(longest.saturating_sub(REST.len()));
    start.collect::<String>() + REST
}

/// What stands where something else belongs, fit for a message. A text as long as a secret is not
/// repeated: answers to a form slip by a line, and keys are pasted into the wrong one.
pub fn misplaced(text: &str) -> String {
    const SHORTEST_SECRET: usize = 32;
    let length = text.chars().count();
    if length >= SHORTEST_SECRET && !text.starts_with("arn:") {
        format!("({length} characters)")
    } else {
        excerpt(text)
    }
}

/// The beginning of a text that a file or a peer gave: fit for a message, however long it was.
///
/// Of several lines it is the first: a secret that was indented by mistake belongs to the setting above.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 300;
    let line = text.trim_start().lines().next().unwrap_or_default();
    printable(&line.chars().take(LONGEST).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_cannot_play_tricks_with_the_terminal() {
        assert_eq!(printable("a\x1b[2Jb\u{202e}c\u{2066}d\r\n"), "a [2Jb c d");
        assert_eq!(printable("Zoë naïve 日本"), "Zoë naïve 日本");
    }

    #[test]
    fn what_is_waited_for_takes_one_row_at_most() {
        assert_eq!(one_row("waiting ...", 80), "waiting ...");
        assert_eq!(one_row("waiting ...", 8), "waiting");
    }

    #[test]
    fn a_name_that_is_too_long_is_shortened_and_shows_that_it_is() {
        assert_eq!(shortened("müller", 6), "müller");
        assert_eq!(shortened("müllers", 6), "mül...");
    }
}
