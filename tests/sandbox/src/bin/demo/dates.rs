//! Moving the dates of a text.

use chrono::{DateTime, SecondsFormat, TimeDelta};

/// Moves every RFC 3339 date in a text into the past; everything else stays as it is.
pub fn move_back(text: &str, by: TimeDelta) -> String {
    let in_date = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '+');
    let mut moved = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|c| !in_date(c)).unwrap_or(rest.len());
        let gap = rest[word..].find(in_date).unwrap_or(rest.len() - word);
        moved += &move_date(&rest[..word], by).unwrap_or_else(|| rest[..word].to_owned());
        moved += &rest[word..word + gap];
        rest = &rest[word + gap..];
    }
    moved
}

fn move_date(word: &str, by: TimeDelta) -> Option<String> {
    let date = DateTime::parse_from_rfc3339(word).ok()?;
    let earlier = date.checked_sub_signed(by)?;
    Some(earlier.to_rfc3339_opts(SecondsFormat::AutoSi, word.ends_with('Z')))
}
