//! How wide and how high terminals are, and how much of that is used.

use std::{
    env,
    io::{self, IsTerminal},
};

/// What a terminal is taken for that does not know its size: columns and rows.
const USUAL: (usize, usize) = (80, 24);

/// The widest sentence that is comfortable to read.
const WIDEST_SENTENCE: usize = 80;

/// The widest table that is comfortable to read.
const WIDEST_TABLE: usize = 120;

/// Narrower than this nothing fits.
const NARROWEST: usize = 40;

/// How many columns there are for what is written to stdout: the terminal's, else `COLUMNS`, else 80. At most 120,
/// since longer lines are hard to read.
pub fn columns() -> usize {
    let stdout = io::stdout();
    let columns = match stdout.is_terminal() {
        true => Some(columns_of(&stdout)),
        false => env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok()),
    };
    columns.unwrap_or(USUAL.0).clamp(NARROWEST, WIDEST_TABLE)
}

/// How wide sentences on stdout are to be.
pub fn stdout_width() -> usize {
    columns().min(WIDEST_SENTENCE)
}

/// How wide what goes to stderr may be; `None` where that is no terminal and whatever reads it wants whole lines.
pub fn stderr_width() -> Option<usize> {
    let stderr = io::stderr();
    stderr
        .is_terminal()
        .then(|| columns_of(&stderr).clamp(NARROWEST, WIDEST_SENTENCE))
}

/// The width of a terminal, in characters.
#[cfg(unix)]
pub(super) fn columns_of(terminal: impl std::os::fd::AsFd) -> usize {
    let size = rustix::termios::tcgetwinsize(terminal);
    match size.map_or(0, |size| usize::from(size.ws_col)) {
        0 => USUAL.0,
        columns => columns,
    }
}

/// The height of a terminal, in rows.
#[cfg(unix)]
pub(super) fn rows_of(terminal: impl std::os::fd::AsFd) -> usize {
    let size = rustix::termios::tcgetwinsize(terminal);
    match size.map_or(0, |size| usize::from(size.ws_row)) {
        0 => USUAL.1,
        rows => rows,
    }
}

#[cfg(not(unix))]
pub(super) fn columns_of(_terminal: impl Sized) -> usize {
    USUAL.0
}

#[cfg(not(unix))]
pub(super) fn rows_of(_terminal: impl Sized) -> usize {
    USUAL.1
}
