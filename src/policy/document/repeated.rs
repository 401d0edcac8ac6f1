//! Keys that stand twice in one JSON object.
//!
//! Parsers keep the last in silence, so that a second `Statement` would hide the first. IAM refuses such a document.

use std::{collections::HashSet, fmt};

/// A key that stands twice in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedKey {
    /// The key.
    pub key: String,
    /// The line of its second occurrence, from 1.
    pub line: usize,
    /// The column there, from 1, in characters.
    pub column: usize,
}

impl fmt::Display for RepeatedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RepeatedKey { key, line, column } = self;
        let key = key.escape_debug();
        write!(
            f,
            "'{key}' stands twice in one object, the second time at line {line}, column {column}"
        )
    }
}

/// Finds the first key that an object of `text` has twice. `text` is JSON already; of what is not, nothing is said.
pub fn repeated_key(text: &str) -> Option<RepeatedKey> {
    let bytes = text.as_bytes();
    // One set of keys for each object that is open, none for a list.
    let mut open: Vec<Option<HashSet<String>>> = Vec::new();
    let mut key_is_next = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => {
                open.push(Some(HashSet::new()));
                key_is_next = true;
            }
            b'[' => {
                open.push(None);
                key_is_next = false;
            }
            b'}' | b']' => {
                open.pop();
                key_is_next = false;
            }
            b',' => key_is_next = matches!(open.last(), Some(Some(_))),
            b'"' => {
                let end = end_of_string(bytes, at)?;
                if key_is_next && let Some(Some(keys)) = open.last_mut() {
                    // Decoded: "\u0041ction" is "Action".
                    let key: String = serde_json::from_str(&text[at..end]).ok()?;
                    if keys.contains(&key) {
                        return Some(found(text, at, key));
                    }
                    keys.insert(key);
                }
                key_is_next = false;
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The index after the string that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn found(text: &str, at: usize, key: String) -> RepeatedKey {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    RepeatedKey {
        key,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}
