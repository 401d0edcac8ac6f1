//! Commands that people copy from what is printed.

use std::path::Path;

/// A word as it is typed in a shell.
pub fn word(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned())
}

/// A path as it is typed in a shell.
pub fn path_word(path: &Path) -> String {
    word(&path.display().to_string())
}
