//! What is expected of a step.

use crate::{child::Finished, trouble::Trouble};

/// Fails unless it is so.
pub fn expect(is_so: bool, expected: &str, found: &str) -> Result<(), Trouble> {
    if is_so {
        return Ok(());
    }
    Err(Trouble::Unexpected {
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}

/// Fails unless the program ended with that code.
pub fn expect_exit(finished: &Finished, exit: i32) -> Result<(), Trouble> {
    if finished.exit == Some(exit) {
        return Ok(());
    }
    Err(Trouble::Unexpected {
        expected: format!("exit code {exit}"),
        found: match finished.exit {
            Some(code) => format!("exit code {code}"),
            None => "a signal ended it".to_owned(),
        },
    })
}

/// Fails unless the program printed that text, in whatever colours.
pub fn expect_text(finished: &Finished, text: &str) -> Result<(), Trouble> {
    expect(
        plain(&finished.output).contains(text),
        &format!("'{text}' in the output"),
        "it is not there",
    )
}

/// The text without its colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}
