//! The names of sections: reading them and writing them.

use std::ops::Range;

use super::document::{Kind, ParseReason};
use super::lines::{find, is_space, trim, trim_start};

/// What a section is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A profile.
    Profile,
    /// `[default]` of the config file, which gives way to `[profile default]`.
    BareDefault,
    /// `[sso-session NAME]`.
    SsoSession,
    /// `[services NAME]`.
    Services,
    /// A section that says nothing to us and is kept as it is.
    Other,
}

/// Reads a header's line: what the section is and which bytes of the line are its name.
pub(super) fn parse(kind: Kind, text: &[u8]) -> Result<(Tag, Range<usize>), ParseReason> {
    let close = find(b']', text).ok_or(ParseReason::UnclosedSection)?;
    match trim_start(&text[close + 1..]).first() {
        None | Some(b'#' | b';') => {}
        Some(_) => return Err(ParseReason::TextAfterSection),
    }
    let name = trim(&text[1..close]);
    if name.is_empty() {
        return Err(ParseReason::EmptySectionName);
    }
    let (tag, name) = match kind {
        Kind::Config => config_section(name),
        Kind::Credentials => credentials_section(name),
    };
    // A name with control characters is nobody's, and would do harm where it is shown.
    let tag = if name.iter().any(u8::is_ascii_control) {
        Tag::Other
    } else {
        tag
    };
    // All of these are slices of `text`, so the difference is the offset.
    let start = name.as_ptr().addr() - text.as_ptr().addr();
    Ok((tag, start..start + name.len()))
}

fn config_section(name: &[u8]) -> (Tag, &[u8]) {
    let Some(space) = name.iter().position(|&byte| is_space(byte)) else {
        let tag = match name {
            b"default" => Tag::BareDefault,
            _ => Tag::Other,
        };
        return (tag, name);
    };
    let tag = match &name[..space] {
        b"profile" => Tag::Profile,
        b"sso-session" => Tag::SsoSession,
        b"services" => Tag::Services,
        _ => return (Tag::Other, name),
    };
    match unquote(trim_start(&name[space..])) {
        Some(name) => (tag, name),
        None => (Tag::Other, name),
    }
}

fn credentials_section(name: &[u8]) -> (Tag, &[u8]) {
    match name.strip_prefix(b"profile") {
        // The SDKs pass over it, and botocore takes the prefix for a part of the name.
        Some(rest) if rest.first().copied().is_some_and(is_space) => (Tag::Other, name),
        _ => (Tag::Profile, name),
    }
}

/// Takes off the quotes of a name, as botocore does with `shlex`. A name of several words
/// without quotes, and an empty one, are no names.
fn unquote(name: &[u8]) -> Option<&[u8]> {
    if let [quote @ (b'"' | b'\''), inner @ .., last] = name
        && quote == last
        && !inner.is_empty()
        && !inner.contains(quote)
    {
        return Some(inner);
    }
    let is_one_word = !name.iter().copied().any(is_space);
    (is_one_word && !matches!(name, b"\"\"" | b"''")).then_some(name)
}

/// Renders the header of a profile's section, without an end of line, or nothing if the readers
/// of the file would not agree on such a name.
pub(super) fn render(kind: Kind, name: &str) -> Option<String> {
    let is_plain = !name.is_empty()
        && name.trim() == name
        && !name
            .chars()
            .any(|char| char.is_control() || matches!(char, '[' | ']' | '#' | ';' | '\\'));
    if !is_plain {
        return None;
    }
    let header = match kind {
        Kind::Config if name == "default" => "[default]".to_owned(),
        Kind::Config
            if !name.contains(|char: char| char.is_whitespace() || char == '"' || char == '\'') =>
        {
            format!("[profile {name}]")
        }
        Kind::Config if !name.contains('"') => format!("[profile \"{name}\"]"),
        Kind::Config if !name.contains('\'') => format!("[profile '{name}']"),
        Kind::Config => return None,
        Kind::Credentials => format!("[{name}]"),
    };
    // What is written must be read back as that very profile.
    let (tag, range) = parse(kind, header.as_bytes()).ok()?;
    let is_profile = matches!(tag, Tag::Profile | Tag::BareDefault);
    (is_profile && &header[range] == name).then_some(header)
}
