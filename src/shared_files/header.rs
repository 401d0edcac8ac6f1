//! The names of sections: reading them and writing them.

use std::ops::Range;

use super::document::{Kind, ParseReason};
use super::lines::{find, is_identifier, is_space, trim, trim_end, trim_start};

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
    let mut close = find(b']', text).ok_or(ParseReason::UnclosedSection)?;
    match trim(&text[close + 1..]).first() {
        None | Some(b'#' | b';') => {}
        Some(_) => close = last_bracket(text).ok_or(ParseReason::TextAfterSection)?,
    }
    if close == 1 {
        return Err(ParseReason::EmptySectionName);
    }
    let inner = &text[1..close];
    let (tag, name) = match kind {
        Kind::Config => config_section(trim(inner)),
        Kind::Credentials => credentials_section(trim(inner)),
    };
    // botocore takes the white space for a part of the name, and the SDKs read plain names only.
    let is_spaced = match kind {
        Kind::Config => is_space(inner[0]),
        Kind::Credentials => inner.len() > name.len(),
    };
    let is_nobodys = is_spaced && !is_identifier(name);
    // A name with control characters is nobody's either, and would do harm where it is shown.
    let tag = if is_nobodys || name.iter().any(u8::is_ascii_control) {
        Tag::Other
    } else {
        tag
    };
    // All of these are slices of `text`, so the difference is the offset.
    let start = name.as_ptr().addr() - text.as_ptr().addr();
    Ok((tag, start..start + name.len()))
}

/// Returns the `]` that ends the line but for a comment: one before it belongs to the name.
fn last_bracket(text: &[u8]) -> Option<usize> {
    let comment = text.iter().position(|byte| matches!(byte, b'#' | b';'));
    let header = trim_end(&text[..comment.unwrap_or(text.len())]);
    header.ends_with(b"]").then(|| header.len() - 1)
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
/// without quotes is no name, nor is an empty one, one that is partly quoted or one with
/// backslashes: botocore reads another name there, and the SDKs none.
fn unquote(name: &[u8]) -> Option<&[u8]> {
    if let [quote @ (b'"' | b'\''), inner @ .., last] = name
        && quote == last
        && !inner.is_empty()
        && !inner.contains(quote)
        && !inner.contains(&b'\\')
    {
        return Some(inner);
    }
    let is_special = |byte: u8| is_space(byte) || matches!(byte, b'"' | b'\'' | b'\\');
    (!name.iter().copied().any(is_special)).then_some(name)
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
        // What stands there botocore takes for a setting of every profile.
        Kind::Credentials if name == "DEFAULT" => return None,
        Kind::Credentials => format!("[{name}]"),
    };
    // What is written must be read back as that very profile.
    let (tag, range) = parse(kind, header.as_bytes()).ok()?;
    let is_profile = matches!(tag, Tag::Profile | Tag::BareDefault);
    (is_profile && &header[range] == name).then_some(header)
}
