//! A page of its own on the terminal, for what is to leave nothing behind.

use std::{
    fs::File,
    io::{self, Write},
};

/// The terminal's alternate screen, as pagers use it: it has no rows to scroll back to, and what was there
/// before comes back when this is dropped.
pub struct Page {
    output: File,
}

impl Page {
    /// Turns to the page.
    pub(super) fn open(mut output: File) -> io::Result<Self> {
        output.write_all(b"\x1b[?1049h")?;
        Ok(Page { output })
    }

    /// Shows a text in place of whatever the page shows. The cursor is left after it.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn show(&mut self, text: &str) -> io::Result<()> {
        self.output.write_all(b"\x1b[H\x1b[2J")?;
        self.output.write_all(text.as_bytes())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Erased first: not every terminal has two screens.
        let _ = self.output.write_all(b"\x1b[H\x1b[2J\x1b[?1049l");
    }
}
