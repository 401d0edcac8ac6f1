//! Changing a document without touching a byte that is not asked for.
//!
//! An edit is a list of splices over the old bytes; the result is parsed again, so that an edit
//! can never leave behind a file that we could not read ourselves.

use thiserror::Error;

use super::document::{Bytes, Document, ParseError};
use super::header;
use super::lines::{Line, Shape, delimiter, find, line_end_at, shape};
use super::section::{Properties, Property, Section};
use super::splices::Splices;

/// An edit that was refused. The document is as it was.
///
/// The text never quotes a value, since it may be a secret.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum EditError {
    /// The profile's name cannot be written so that every reader of the file gets it back.
    #[error("a section cannot be named {name:?}")]
    SectionName {
        /// The name.
        name: String,
    },
    /// The key cannot be written so that every reader of the file gets it back.
    #[error("a setting cannot be named {key:?}")]
    Key {
        /// The key.
        key: String,
    },
    /// The value cannot be written so that every reader of the file gets it back: it has control
    /// characters, white space at an end, or what reads as a comment.
    #[error(
        "the value for {key} cannot be written to the file: it has line breaks, outer spaces or a comment sign"
    )]
    Value {
        /// The key.
        key: String,
    },
    /// Programs disagree about where a line ends or what its key is, so that no edit would be right
    /// for all of them: a carriage return inside a line, white space that only some take for it, or
    /// a key with a colon.
    #[error(
        "line {line} is read differently by different programs: it has a carriage return inside, unusual white space or a colon before the \"=\""
    )]
    Disputed {
        /// The line, counted from 1.
        line: usize,
    },
    /// The file would be unreadable afterwards, for instance too large.
    #[error("the file would be unreadable afterwards")]
    Result(#[source] ParseError),
}

impl Document {
    /// Sets keys of a profile.
    ///
    /// Of a key that is there only the value's bytes are replaced, its continuation lines
    /// included; the others are appended after the section's last property in the given order.
    /// A section that is not there is appended to the file after one blank line. Of several equal
    /// keys one is left, in the first of several equal sections. Setting what is already set
    /// changes no byte.
    ///
    /// A comment behind a value that is set goes to a line of its own above it, an indented one
    /// below it to the first column, and a `:` becomes `=`: otherwise not every reader would get
    /// the value back.
    ///
    /// # Errors
    ///
    /// Fails, and changes nothing, if a name, a key or a value could not be read back by every
    /// reader of these files as it was given.
    pub fn set(&mut self, profile: &str, values: &[(&str, &str)]) -> Result<(), EditError> {
        let header =
            header::render(self.kind(), profile).ok_or_else(|| EditError::SectionName {
                name: profile.to_owned(),
            })?;
        for (key, value) in values {
            check_key(key)?;
            check_value(key, value)?;
        }
        let values = last_of_each(values);
        self.check_undisputed(profile, |key| values.iter().any(|(set, _)| key(set)))?;

        let original = self.bytes().to_vec();
        let outcome = self
            .replace_values(profile, &values)
            .and_then(|missing| self.append(profile, &header, &missing));
        if let Err(error) = outcome {
            *self = Document::parse(self.kind(), original).map_err(EditError::Result)?;
            return Err(EditError::Result(error));
        }
        drop(Bytes(original));
        Ok(())
    }

    /// Removes keys of a profile, and a section's header with its last property. Comments are
    /// always kept. Returns whether anything was removed.
    ///
    /// What [`Document::set`] appended, blank line and all, is removed without a trace.
    ///
    /// # Errors
    ///
    /// Fails, and changes nothing, if there is something to remove, but the readers of the file
    /// disagree about what it is.
    pub fn remove(&mut self, profile: &str, keys: &[&str]) -> Result<bool, EditError> {
        let Some(section) = self.profile(profile) else {
            return Ok(false);
        };
        let mut splices = Splices::default();
        for span in section.spans() {
            let is_removed =
                |property: &Property| keys.iter().any(|key| property.has_key(self.bytes(), key));
            splices.remove_properties(self.bytes(), &span, is_removed);
        }
        if splices.is_empty() {
            return Ok(false);
        }
        self.check_undisputed(profile, |key| keys.iter().any(|removed| key(removed)))?;
        self.apply(splices).map_err(EditError::Result)?;
        Ok(true)
    }

    /// Checks that every reader of the file sees the same lines in it, and the same key in each line
    /// that `is_edited` says is to be changed.
    fn check_undisputed(
        &self,
        profile: &str,
        is_edited: impl Fn(&dyn Fn(&str) -> bool) -> bool,
    ) -> Result<(), EditError> {
        let bytes = self.bytes();
        if let Some(line) = disputed_line(bytes) {
            return Err(EditError::Disputed { line });
        }
        let spans = self.profile(profile).map(Section::spans);
        let disputed = spans
            .into_iter()
            .flatten()
            .flat_map(|span| Properties::of(bytes, &span))
            .find(|property| {
                is_edited(&|key| property.has_key(bytes, key)) && property.is_disputed(bytes)
            });
        match disputed {
            Some(property) => Err(EditError::Disputed {
                line: property.number,
            }),
            None => Ok(()),
        }
    }

    /// Replaces the values that are there and returns the pairs that are not.
    fn replace_values<'v>(
        &mut self,
        profile: &str,
        values: &[(&'v str, &'v str)],
    ) -> Result<Vec<(&'v str, &'v str)>, ParseError> {
        let Some(section) = self.profile(profile) else {
            return Ok(values.to_vec());
        };
        let bytes = self.bytes();
        let mut splices = Splices::default();
        let mut missing = values.to_vec();
        for (index, span) in section.spans().enumerate() {
            let mut kept: Vec<usize> = Vec::new();
            for property in Properties::of(bytes, &span).filter(|_| index == 0) {
                let position = missing
                    .iter()
                    .position(|(key, _)| property.has_key(bytes, key));
                if let Some(position) = position {
                    let (_, value) = missing.remove(position);
                    splices.replace_value(bytes, &property, value);
                    kept.push(property.line.start);
                }
            }
            splices.remove_properties(bytes, &span, |property| {
                !kept.contains(&property.line.start)
                    && values.iter().any(|(key, _)| property.has_key(bytes, key))
            });
        }
        self.apply(splices)?;
        Ok(missing)
    }

    /// Appends keys to the profile's section, or a new section to the file.
    fn append(
        &mut self,
        profile: &str,
        header: &str,
        values: &[(&str, &str)],
    ) -> Result<(), ParseError> {
        if values.is_empty() {
            return Ok(());
        }
        let bytes = self.bytes();
        let mut lines: Vec<String> = Vec::new();
        let (offset, line_end) = match self.profile(profile) {
            Some(section) => anchor(bytes, section),
            None => {
                if !bytes.is_empty() {
                    lines.push(String::new());
                }
                lines.push(header.to_owned());
                (bytes.len(), line_end_at(bytes, 0))
            }
        };
        lines.extend(values.iter().map(|(key, value)| {
            let space = if value.is_empty() { "" } else { " " };
            format!("{key} ={space}{value}")
        }));

        // A file whose last line has no end keeps it that way.
        let before = offset > 0 && bytes[offset - 1] != b'\n';
        let mut text = Vec::new();
        for line in lines {
            let line = Bytes(line.into_bytes());
            if before {
                text.extend_from_slice(line_end);
            }
            text.extend_from_slice(&line.0);
            if !before {
                text.extend_from_slice(line_end);
            }
        }
        let mut splices = Splices::default();
        splices.replace(offset..offset, text);
        if let Some(section) = self.profile(profile)
            && let Some(span) = section.spans().next()
            && Properties::of(bytes, &span).next().is_none()
        {
            splices.unindent_comments(bytes, span.body()..span.end());
        }
        self.apply(splices)
    }

    fn apply(&mut self, splices: Splices) -> Result<(), ParseError> {
        if !splices.is_empty() {
            *self = Document::parse(self.kind(), splices.over(self.bytes()))?;
        }
        Ok(())
    }
}

/// Returns where a key is appended to a section, and the section's style of line ends.
fn anchor<'b>(bytes: &'b [u8], section: Section<'_>) -> (usize, &'b [u8]) {
    let Some(span) = section.spans().next() else {
        return (bytes.len(), b"\n");
    };
    let last = Properties::of(bytes, &span).last();
    let offset = match last {
        // Behind an indented comment too: the SDKs take it for a continuation, so that a key in
        // front of it would get the comment for a part of its value.
        Some(property) => property
            .below(bytes)
            .filter(|(_, line)| {
                matches!(
                    shape(line.text(bytes)),
                    Shape::Continuation | Shape::IndentedComment
                )
            })
            .last()
            .map_or(property.line.next, |(_, line)| line.next),
        None => span.body(),
    };
    (offset, line_end_at(bytes, span.header()))
}

/// Returns the first line that has a carriage return inside, which botocore takes for the end of a
/// line, or a key with white space around it that is none to the SDKs.
fn disputed_line(bytes: &[u8]) -> Option<usize> {
    let mut offset = 0;
    let mut number = 0;
    while let Some(line) = Line::at(bytes, offset) {
        offset = line.next;
        number += 1;
        let text = line.text(bytes);
        let is_odd = |char: char| char.is_whitespace() || ('\x1c'..='\x1f').contains(&char);
        let has_odd_key = shape(text) == Shape::Property && {
            let key = String::from_utf8_lossy(&text[..delimiter(text).unwrap_or(text.len())]);
            let key = key.trim_end_matches([' ', '\t']);
            key.starts_with(is_odd) || key.ends_with(is_odd)
        };
        if has_odd_key || find(b'\r', text).is_some() {
            return Some(number);
        }
    }
    None
}

fn last_of_each<'v>(values: &[(&'v str, &'v str)]) -> Vec<(&'v str, &'v str)> {
    let mut unique: Vec<(&str, &str)> = Vec::new();
    for (key, value) in values {
        match unique
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
        {
            Some(known) => known.1 = value,
            None => unique.push((key, value)),
        }
    }
    unique
}

/// The characters are those of the SDKs' identifiers, without the delimiters.
fn check_key(key: &str) -> Result<(), EditError> {
    let is_allowed = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'-' | b'/' | b'.' | b'%' | b'@' | b'+')
    };
    if !key.is_empty() && key.bytes().all(is_allowed) {
        return Ok(());
    }
    Err(EditError::Key {
        key: key.to_owned(),
    })
}

/// botocore trims every white space of Unicode and keeps inline comments; the SDKs cut them.
fn check_value(key: &str, value: &str) -> Result<(), EditError> {
    let mut after_space = true;
    let mut is_safe = value.trim() == value;
    for char in value.chars() {
        let is_comment = after_space && matches!(char, '#' | ';');
        is_safe &= !is_comment && !char.is_control();
        after_space = char.is_whitespace();
    }
    if is_safe {
        return Ok(());
    }
    Err(EditError::Value {
        key: key.to_owned(),
    })
}
