//! A shared file: read in every way, then edited.
//!
//! Input: the file; `---`; the name of a profile, and a line `KEY=VALUE` for each key to be set.

use daypass::shared_files::{Document, Kind};

use super::input;

/// What is edited where the input does not say.
const PROFILE: &str = "a";
const PAIRS: [(&str, &str); 2] = [("k", "new"), ("aws_session_token", "")];

/// All that can be read of a section: name, key, and the text of the value or its nested values.
type Reading = Vec<(String, String, String)>;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let [file, edit] = input::parts(bytes);
    let edit = input::lines(edit);
    let profile = edit.first().map_or(PROFILE, String::as_str);
    let mut pairs: Vec<(&str, &str)> = edit
        .iter()
        .skip(1)
        .filter_map(|line| line.split_once('='))
        .collect();
    if pairs.is_empty() {
        pairs.extend(PAIRS);
    }
    for kind in [Kind::Config, Kind::Credentials] {
        let Some(document) = parse(kind, file) else {
            continue;
        };
        assert!(document.bytes() == file, "parsing changed the bytes");
        read(&document);
        if kind == Kind::Config && profile == "default" && has_two_defaults(file) {
            // The one hides the other, and shows it when it goes.
            continue;
        }
        set(kind, file, profile, &pairs);
        remove(kind, file, profile, &pairs);
    }
}

fn parse(kind: Kind, bytes: &[u8]) -> Option<Document> {
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
    match Document::parse(kind, bytes.to_vec()) {
        Ok(document) => Some(document),
        Err(error) => {
            assert!((1..=lines).contains(&error.line), "no such line: {error}");
            None
        }
    }
}

/// Reads everything, and returns it for comparison.
fn read(document: &Document) -> Reading {
    let mut reading = Reading::new();
    for name in document.profile_names() {
        // A name that is not UTF-8 is shown with replacements, under which there is no section.
        let Some(section) = document.profile(&name) else {
            assert!(name.contains('\u{fffd}'), "no section {name:?}");
            continue;
        };
        reading.extend(read_section(&name, section));
    }
    for name in ["a", "s3", "work", PROFILE] {
        let sections = [document.services(name), document.sso_session(name)];
        for (index, section) in sections.into_iter().enumerate() {
            let Some(section) = section else { continue };
            reading.extend(read_section(&format!("{index} {name}"), section));
        }
    }
    reading
}

fn read_section(name: &str, section: daypass::shared_files::Section<'_>) -> Reading {
    let mut reading = Reading::new();
    for key in section.keys() {
        let mut text = String::new();
        match section.value(&key) {
            Ok(Some(value)) => {
                assert!(value.line > section.line(), "{key:?} above its section");
                // A carriage return is white space at the end of a line only.
                let is_trimmed = value.text.trim_matches([' ', '\t']) == value.text
                    && !value.text.ends_with('\r');
                assert!(is_trimmed, "white space around the value of {key:?}");
                text.push_str(&value.text);
            }
            Ok(None) => assert!(key.contains('\u{fffd}'), "{key:?} has no value"),
            Err(error) => text = error.reason.to_string(),
        }
        let has_value = !text.is_empty();
        for sub_key in ["k", "endpoint_url", "region"] {
            let nested = section.nested(&key, sub_key);
            let is_nested = !matches!(nested, Ok(None));
            assert!(
                !(is_nested && has_value),
                "{key:?} has a value and nested keys"
            );
            match nested {
                Ok(Some(nested)) => text.push_str(&format!("\n{sub_key} = {}", nested.text)),
                Ok(None) => {}
                Err(error) => text.push_str(&error.reason.to_string()),
            }
        }
        reading.push((name.to_owned(), key.to_ascii_lowercase(), text));
    }
    reading
}

/// Setting: read back, once and for all, and nothing else is touched.
fn set(kind: Kind, file: &[u8], profile: &str, pairs: &[(&str, &str)]) {
    let mut document = parse(kind, file).expect("it was parsed before");
    let before = read(&document);
    let was_there = document.profile(profile).is_some();
    if document.set(profile, pairs).is_err() {
        assert!(document.bytes() == file, "a refused edit changed the bytes");
        return;
    }
    let section = document.profile(profile).expect("the section that was set");
    for (key, _) in pairs {
        let last = pairs
            .iter()
            .rev()
            .find(|pair| pair.0.eq_ignore_ascii_case(key));
        let value = section
            .value(key)
            .expect("text")
            .expect("the key that was set");
        assert_eq!(
            Some(&*value.text),
            last.map(|pair| pair.1),
            "{key} reads otherwise"
        );
    }
    let is_edited = |name: &str, key: &str| {
        name == profile && pairs.iter().any(|pair| pair.0.eq_ignore_ascii_case(key))
    };
    check_rest(kind, file, profile, &document, &before, is_edited);

    let after = document.bytes().to_vec();
    let again = parse(kind, &after).expect("an edited file");
    assert_eq!(
        read(&again),
        read(&document),
        "the edited file reads otherwise"
    );
    document.set(profile, pairs).expect("setting again");
    assert!(document.bytes() == after, "setting twice changes the file");

    if !was_there {
        assert!(after.starts_with(file), "a new section is not at the end");
        let keys: Vec<&str> = pairs.iter().map(|pair| pair.0).collect();
        assert_eq!(
            document.remove(profile, &keys),
            Ok(true),
            "nothing to remove"
        );
        assert!(document.bytes() == file, "a trace is left of a new section");
    }
}

/// Removing: gone, once and for all, and nothing else is touched.
fn remove(kind: Kind, file: &[u8], profile: &str, pairs: &[(&str, &str)]) {
    let mut document = parse(kind, file).expect("it was parsed before");
    let before = read(&document);
    let keys: Vec<&str> = pairs.iter().map(|pair| pair.0).collect();
    let is_there = document.profile(profile).is_some_and(|section| {
        keys.iter()
            .any(|key| !matches!(section.value(key), Ok(None)))
    });
    let Ok(is_removed) = document.remove(profile, &keys) else {
        assert!(document.bytes() == file, "a refused edit changed the bytes");
        return;
    };
    assert_eq!(is_removed, is_there, "what was there was not removed");
    assert_eq!(is_removed, document.bytes() != file, "the answer is wrong");
    if let Some(section) = document.profile(profile) {
        for key in &keys {
            assert!(
                matches!(section.value(key), Ok(None)),
                "{key} is still there"
            );
        }
    }
    let is_edited = |name: &str, key: &str| {
        name == profile && keys.iter().any(|removed| removed.eq_ignore_ascii_case(key))
    };
    check_rest(kind, file, profile, &document, &before, is_edited);
    assert_eq!(document.remove(profile, &keys), Ok(false), "removed twice");
}

/// Checks that an edit touched nothing but what it was about: the readings, the comments, the lines.
fn check_rest(
    kind: Kind,
    file: &[u8],
    profile: &str,
    document: &Document,
    before: &Reading,
    is_edited: impl Fn(&str, &str) -> bool,
) {
    let rest = |reading: &Reading| -> Reading {
        let rest = reading
            .iter()
            .filter(|(name, key, _)| !is_edited(name, key));
        rest.cloned().collect()
    };
    let (mut before, mut after) = (rest(before), rest(&read(document)));
    before.sort();
    after.sort();
    assert_eq!(after, before, "another setting reads otherwise");
    // An inline comment gets a line of its own when its value is set; nothing else comes or goes.
    let mut left = comments(file).into_iter().peekable();
    for comment in comments(document.bytes()) {
        if left.next_if_eq(&comment).is_none() {
            let is_inline = file
                .split(|&byte| byte == b'\n')
                .any(|line| !is_comment(line) && trim(line).ends_with(comment));
            assert!(is_inline, "a comment came from nowhere");
        }
    }
    assert_eq!(left.next(), None, "a comment is gone");
    assert_eq!(
        lines_outside(kind, document.bytes(), profile),
        lines_outside(kind, file, profile),
        "lines of other sections are others"
    );
}

fn trim(line: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = line
        .iter()
        .position(|byte| !is_space(byte))
        .unwrap_or(line.len());
    let end = line
        .iter()
        .rposition(|byte| !is_space(byte))
        .map_or(start, |last| last + 1);
    &line[start..end]
}

fn is_comment(line: &[u8]) -> bool {
    matches!(trim(line).first(), Some(b'#' | b';'))
}

fn is_header_of(kind: Kind, line: &[u8], profile: &str) -> bool {
    // What a header means is asked of the document itself: that is tested in its own tests.
    let document = Document::parse(kind, line.to_vec());
    line.first() == Some(&b'[')
        && document.is_ok_and(|document| document.profile(profile).is_some())
}

fn has_two_defaults(file: &[u8]) -> bool {
    let mut headers = file
        .split(|&byte| byte == b'\n')
        .filter(|line| is_header_of(Kind::Config, line, "default"))
        .map(|line| line.windows(7).any(|window| window == b"profile"));
    let first = headers.next();
    headers.any(|is_prefixed| Some(is_prefixed) != first)
}

/// The lines that are comments, without the white space around them.
fn comments(file: &[u8]) -> Vec<&[u8]> {
    let lines = file.split(|&byte| byte == b'\n');
    lines.filter(|line| is_comment(line)).map(trim).collect()
}

/// The lines of the sections of others, but for comments and blank lines: those go to the section
/// above when a header goes.
fn lines_outside<'a>(kind: Kind, file: &'a [u8], profile: &str) -> Vec<&'a [u8]> {
    let mut is_inside = false;
    let mut lines: Vec<&[u8]> = file
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| {
            if line.first() == Some(&b'[') {
                is_inside = is_header_of(kind, line, profile);
            }
            !is_inside && !trim(line).is_empty() && !is_comment(line)
        })
        .collect();
    // The last line of a file gets an end when something is appended, and loses it when that goes.
    if let Some(last) = lines.last_mut() {
        let end = last.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
        *last = &last[..end.map_or(0, |end| end + 1)];
    }
    lines
}
