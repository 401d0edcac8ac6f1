//! What an edit may change, byte by byte, on generated files.
//!
//! Outside of the profile's own sections that is nothing, but for two things at the place where a
//! header goes together with its last property: a blank line before it may go too, and the line that
//! becomes the last of a file without a last line end loses its own. Inside, the lines of other
//! settings and all comments stay; an indented comment may move to the first column and one behind
//! a value that is set to a line of its own.

use std::ops::Range;

use proptest::prelude::*;

use super::document_tests::bytes;
use super::lines::{Line, Shape, shape, trim, trim_start};
use super::*;

/// The places of the sections of profile `a`, headers included.
fn places(document: &Document) -> Vec<Range<usize>> {
    let section = document.profile("a");
    let spans = section.into_iter().flat_map(Section::spans);
    spans.map(|span| span.header()..span.end()).collect()
}

/// Returns the lines that every edit of profile `a` keeps, with their ends; the last one without.
fn kept_lines(document: &Document) -> Vec<&[u8]> {
    let bytes = document.bytes();
    let places = places(document);
    let mut lines = Vec::new();
    let mut offset = 0;
    while let Some(line) = Line::at(bytes, offset) {
        offset = line.next;
        let whole = match offset < bytes.len() {
            true => &bytes[line.start..line.next],
            false => line.text(bytes),
        };
        let is_inside = places.iter().any(|place| place.contains(&line.start));
        match shape(line.text(bytes)) {
            _ if !is_inside => lines.push(whole),
            Shape::Blank | Shape::Comment => lines.push(whole),
            Shape::IndentedComment => lines.push(trim_start(whole)),
            Shape::Header | Shape::Property | Shape::Continuation => {}
        }
    }
    lines
}

fn without_end(line: &[u8]) -> &[u8] {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    text.strip_suffix(b"\r").unwrap_or(text)
}

/// Checks the bytes of an edit of profile `a` that has succeeded.
fn check_bytes(before: &Document, after: &Document) -> Result<(), TestCaseError> {
    let (was, is) = (places(before), places(after));
    let (Some(first), Some(last)) = (was.first(), was.last()) else {
        prop_assert!(after.bytes().starts_with(before.bytes()));
        return Ok(());
    };
    if was.len() == is.len() {
        prop_assert!(after.bytes().starts_with(&before.bytes()[..first.start]));
        prop_assert!(after.bytes().ends_with(&before.bytes()[last.end..]));
    }
    let was_behind_a_value = |line: &[u8]| {
        let text = without_end(line);
        was.iter().any(|place| {
            before.bytes()[place.clone()]
                .windows(text.len() + 1)
                .any(|window| matches!(window[0], b' ' | b'\t') && &window[1..] == text)
        })
    };
    // A blank line that becomes the last one and loses its end is not there any more.
    let without_last_end = usize::from(!before.bytes().ends_with(b"\n"));
    let allowed = was.len() - is.len() + without_last_end;
    let (expected, found) = (kept_lines(before), kept_lines(after));
    let is_kept = are_kept(&expected, &found, allowed, &was_behind_a_value);
    prop_assert!(is_kept, "{}", after.bytes().escape_ascii());
    Ok(())
}

/// Tells whether the lines are found again, but for so many blank ones; others may be found only if
/// they were comments behind a value.
fn are_kept(
    expected: &[&[u8]],
    found: &[&[u8]],
    blank: usize,
    was_behind_a_value: &dyn Fn(&[u8]) -> bool,
) -> bool {
    // The last line of a file has no end here.
    let are_equal = |first: &[u8], line: &[u8], is_last: bool| {
        first == line || is_last && without_end(first) == without_end(line)
    };
    let go_on = |expected, found, blank| are_kept(expected, found, blank, was_behind_a_value);
    match (expected, found) {
        ([], []) => true,
        ([first, rest @ ..], [line, others @ ..])
            if are_equal(first, line, rest.is_empty() || others.is_empty())
                && go_on(rest, others, blank) =>
        {
            true
        }
        (_, [line, others @ ..]) if was_behind_a_value(line) && go_on(expected, others, blank) => {
            true
        }
        ([first, rest @ ..], _) => {
            blank > 0 && trim(without_end(first)).is_empty() && go_on(rest, found, blank - 1)
        }
        _ => false,
    }
}

/// Every value of every profile, but for these keys of profile `a`.
fn values_besides(document: &Document, keys: &[&str]) -> Vec<String> {
    let mut values = Vec::new();
    for name in document.profile_names() {
        let section = document.profile(&name);
        for key in section.into_iter().flat_map(|section| section.keys()) {
            let is_edited = keys.iter().any(|edited| edited.eq_ignore_ascii_case(&key));
            if name != "a" || !is_edited {
                let value = document.profile(&name).unwrap().value(&key);
                let text = value.map(|value| value.unwrap().text).ok();
                values.push(format!("{name} {} {text:?}", key.to_ascii_lowercase()));
            }
        }
    }
    values.sort();
    values
}

fn files() -> impl Strategy<Value = (Kind, Vec<u8>)> {
    prop_oneof![
        bytes(Kind::Config).prop_map(|bytes| (Kind::Config, bytes)),
        bytes(Kind::Credentials).prop_map(|bytes| (Kind::Credentials, bytes)),
    ]
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["k", "J", "aws_x", "new_key", "s3"])
}

proptest! {
    #[test]
    fn set_is_read_back_and_touches_nothing_else(
        (kind, bytes) in files(),
        values in prop::collection::vec((key(), "[a-zA-Z0-9/+=é]{0,9}"), 1..4),
    ) {
        let Ok(before) = Document::parse(kind, bytes.clone()) else { return Ok(()) };
        let mut after = Document::parse(kind, bytes.clone()).unwrap();
        let pairs: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, &**value)).collect();
        if let Err(error) = after.set("a", &pairs) {
            let is_disputed = matches!(error, EditError::Disputed { .. });
            prop_assert!(is_disputed, "{error}");
            prop_assert_eq!(after.bytes(), bytes);
            return Ok(());
        }

        let section = after.profile("a").unwrap();
        for (key, _) in &pairs {
            let last = pairs.iter().rev().find(|(other, _)| other == key).unwrap().1;
            prop_assert_eq!(&section.value(key).unwrap().unwrap().text, last);
            prop_assert_eq!(section.nested(key, "k").unwrap(), None);
        }
        let keys: Vec<&str> = pairs.iter().map(|(key, _)| *key).collect();
        prop_assert_eq!(values_besides(&after, &keys), values_besides(&before, &keys));
        check_bytes(&before, &after)?;
        let once = after.bytes().to_vec();
        after.set("a", &pairs).unwrap();
        prop_assert_eq!(after.bytes(), once);
    }

    #[test]
    fn remove_takes_the_keys_and_touches_nothing_else(
        (kind, bytes) in files(),
        keys in prop::collection::vec(key(), 1..4),
    ) {
        let Ok(before) = Document::parse(kind, bytes.clone()) else { return Ok(()) };
        let mut after = Document::parse(kind, bytes.clone()).unwrap();
        let is_removed = match after.remove("a", &keys) {
            Ok(is_removed) => is_removed,
            Err(error) => {
                let is_disputed = matches!(error, EditError::Disputed { .. });
                prop_assert!(is_disputed, "{error}");
                false
            }
        };
        prop_assert_eq!(is_removed, after.bytes() != bytes);
        if is_removed {
            for key in &keys {
                let value = after.profile("a").map(|section| section.value(key).unwrap());
                prop_assert_eq!(value.flatten(), None);
            }
            prop_assert!(!after.remove("a", &keys).unwrap());
        }
        prop_assert_eq!(values_besides(&after, &keys), values_besides(&before, &keys));
        check_bytes(&before, &after)?;
    }

    #[test]
    fn a_section_that_was_set_can_be_removed_without_a_trace((kind, before) in files()) {
        let Ok(mut document) = Document::parse(kind, before.clone()) else { return Ok(()) };
        if document.set("new one", &[("k", "v"), ("j", "w")]).is_err() {
            return Ok(());
        }
        prop_assert!(document.bytes().starts_with(&before));
        prop_assert!(document.remove("new one", &["j", "k"]).unwrap());
        prop_assert_eq!(document.bytes(), before);
    }
}
