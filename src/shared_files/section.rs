//! The merged view of one section, and the properties in it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::str;

use super::document::{Document, ParseError, ParseReason, Span};
use super::lines::{
    Line, Shape, delimiter, find, is_identifier, is_space, shape, trim, trim_start, value,
};

/// A section of a [`Document`]. Sections of the same name are read as one, in which the last of
/// several equal keys counts. Keys are compared without regard to case.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    document: &'a Document,
    first: usize,
    last: usize,
}

/// A value and where it stands. `Debug` shows only the line, since the text may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Value<'a> {
    /// The text, without the white space around it and without an inline comment. Continuation
    /// lines are joined to it with line feeds.
    pub text: Cow<'a, str>,
    /// The line of the file that the value starts on, counted from 1.
    pub line: usize,
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Value")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl<'a> Section<'a> {
    /// Makes the view of all sections from index `first` to `last` that are like the first.
    pub(super) fn new(document: &'a Document, first: usize, last: usize) -> Section<'a> {
        Section {
            document,
            first,
            last,
        }
    }

    /// Returns the line of the (first) header, counted from 1.
    pub fn line(&self) -> usize {
        self.document.span(self.first).line()
    }

    /// Returns the value of a key.
    ///
    /// A key that only has nested keys has an empty value; see [`Section::nested`].
    ///
    /// # Errors
    ///
    /// Fails if the value is not UTF-8.
    pub fn value(&self, key: &str) -> Result<Option<Value<'a>>, ParseError> {
        match self.property(key) {
            Some(property) => property.value(self.document.bytes()).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the value of a key nested below another, such as `endpoint_url` below `s3 =`. Unlike
    /// the key above it, the nested one is compared as it is written, and a comment behind its value
    /// is a part of the value: so do botocore and the SDKs.
    ///
    /// # Errors
    ///
    /// Fails if the value is not UTF-8.
    pub fn nested(&self, key: &str, sub_key: &str) -> Result<Option<Value<'a>>, ParseError> {
        let bytes = self.document.bytes();
        let Some(property) = self.property(key) else {
            return Ok(None);
        };
        if !property.own(bytes).is_empty() {
            return Ok(None);
        }
        let mut found = None;
        for (number, line) in property.continuations(bytes) {
            let text = line.text(bytes);
            if let Some(delimiter) = find(b'=', text)
                && trim(&text[..delimiter]) == sub_key.as_bytes()
            {
                found = Some((number, trim(&text[delimiter + 1..])));
            }
        }
        match found {
            Some((line, text)) => Ok(Some(Value {
                text: Cow::Borrowed(utf8(text, line)?),
                line,
            })),
            None => Ok(None),
        }
    }

    /// Returns the lines of a key and its value as they are written, nested keys included, without comments
    /// on lines of their own. It ends with a line feed.
    pub fn lines(&self, key: &str) -> Vec<u8> {
        let bytes = self.document.bytes();
        let Some(property) = self.property(key) else {
            return Vec::new();
        };
        let below = property.continuations(bytes).map(|(_, line)| line);
        let mut copy = Vec::new();
        for line in std::iter::once(property.line).chain(below) {
            copy.extend_from_slice(line.text(bytes));
            copy.push(b'\n');
        }
        copy
    }

    /// Returns the keys as they are written, in the order of the file, each once. One with control
    /// characters or odd white space around it is nobody's and left out.
    pub fn keys(&self) -> Vec<Cow<'a, str>> {
        let bytes = self.document.bytes();
        let mut known = BTreeSet::new();
        self.spans()
            .flat_map(|span| Properties::of(bytes, &span))
            .map(|property| String::from_utf8_lossy(property.key(bytes)))
            .filter(|key| is_clean(key) && known.insert(key.to_ascii_lowercase()))
            .collect()
    }

    /// Returns the places of the sections that this view merges.
    pub(super) fn spans(self) -> impl DoubleEndedIterator<Item = Span> + use<'a> {
        (self.first..=self.last)
            .filter(move |&index| self.document.is_same_section(self.first, index))
            .map(move |index| self.document.span(index))
    }

    fn property(&self, key: &str) -> Option<Property> {
        let bytes = self.document.bytes();
        self.spans().rev().find_map(|span| {
            Properties::of(bytes, &span)
                .filter(|property| property.has_key(bytes, key))
                .last()
        })
    }
}

/// A property: its own line and the lines below it up to the next property.
#[derive(Clone)]
pub(super) struct Property {
    pub(super) line: Line,
    /// The line's number, counted from 1.
    pub(super) number: usize,
    /// The end of what belongs to it: the next property or the end of the section. Comments
    /// and blank lines in between are included, for nobody can tell whose they are.
    pub(super) end: usize,
}

impl Property {
    /// Returns the offset of the delimiter. It is looked up when it is wanted: of most
    /// properties nothing is wanted but that they have another key.
    pub(super) fn delimiter(&self, bytes: &[u8]) -> usize {
        let text = self.line.text(bytes);
        self.line.start + delimiter(text).unwrap_or(text.len())
    }

    pub(super) fn key<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let mut key = &bytes[self.line.start..self.delimiter(bytes)];
        while let [rest @ .., last] = key
            && is_space(*last)
        {
            key = rest;
        }
        key
    }

    /// Tells whether the readers of the file take this line for different settings: botocore ends
    /// the key of `a:b = v` at the colon, and the SDKs do not.
    pub(super) fn is_disputed(&self, bytes: &[u8]) -> bool {
        let text = self.line.text(bytes);
        let has_colon = bytes[self.delimiter(bytes)] == b':';
        has_colon && find(b'=', text).is_some_and(|equals| is_identifier(trim(&text[..equals])))
    }

    pub(super) fn has_key(&self, bytes: &[u8], key: &str) -> bool {
        let start = self.line.text(bytes).get(..key.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(key.as_bytes()))
            && self.key(bytes).len() == key.len()
    }

    /// Returns the value as far as it stands on the property's own line.
    fn own<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.own_range(bytes)]
    }

    /// Returns where the value stands on the property's own line. An empty value stands after
    /// the white space that follows the delimiter.
    pub(super) fn own_range(&self, bytes: &[u8]) -> Range<usize> {
        let after = &bytes[self.delimiter(bytes) + 1..self.line.end];
        let start = self.line.end - trim_start(after).len();
        start..start + value(after).len()
    }

    /// Tells whether white space separates the delimiter from what is before it.
    pub(super) fn is_spaced(&self, bytes: &[u8]) -> bool {
        self.key(bytes).len() < self.delimiter(bytes) - self.line.start
    }

    /// Returns the lines below the property's own, with their numbers, whatever they are.
    pub(super) fn below<'b>(
        &self,
        bytes: &'b [u8],
    ) -> impl Iterator<Item = (usize, Line)> + use<'b> {
        let mut offset = self.line.next;
        let (end, mut number) = (self.end, self.number);
        std::iter::from_fn(move || {
            let line = Line::at(bytes, offset).filter(|line| line.start < end)?;
            offset = line.next;
            number += 1;
            Some((number, line))
        })
    }

    /// Returns the lines that continue the value, with their numbers.
    pub(super) fn continuations<'b>(
        &self,
        bytes: &'b [u8],
    ) -> impl Iterator<Item = (usize, Line)> + use<'b> {
        self.below(bytes)
            .filter(|(_, line)| shape(line.text(bytes)) == Shape::Continuation)
    }

    /// Reads the value.
    pub(super) fn value<'a>(&self, bytes: &'a [u8]) -> Result<Value<'a>, ParseError> {
        let own = utf8(self.own(bytes), self.number)?;
        let mut text = Cow::Borrowed(own);
        // Below an empty value there are nested keys, not more of the value.
        if !own.is_empty() && self.end > self.line.next {
            for (number, line) in self.continuations(bytes) {
                let more = utf8(trim(line.text(bytes)), number)?;
                let text = text.to_mut();
                text.push('\n');
                text.push_str(more);
            }
        }
        Ok(Value {
            text,
            line: self.number,
        })
    }
}

/// Tells whether a key has no control characters, and no white space around it that botocore would
/// cut off.
pub(super) fn is_clean(key: &str) -> bool {
    key.trim() == key && !key.chars().any(char::is_control)
}

fn utf8(text: &[u8], line: usize) -> Result<&str, ParseError> {
    str::from_utf8(text).map_err(|_| ParseError::new(line, ParseReason::NotUtf8))
}

/// The properties of one section, in the order of the file.
pub(super) struct Properties<'b> {
    bytes: &'b [u8],
    offset: usize,
    end: usize,
    number: usize,
    pending: Option<Property>,
}

impl<'b> Properties<'b> {
    pub(super) fn of(bytes: &'b [u8], span: &Span) -> Properties<'b> {
        Properties {
            bytes,
            offset: span.body(),
            end: span.end(),
            number: span.line(),
            pending: None,
        }
    }
}

impl Iterator for Properties<'_> {
    type Item = Property;

    fn next(&mut self) -> Option<Property> {
        while self.offset < self.end
            && let Some(line) = Line::at(self.bytes, self.offset)
        {
            self.offset = line.next;
            self.number += 1;
            if shape(line.text(self.bytes)) != Shape::Property {
                continue;
            }
            let property = Property {
                line,
                number: self.number,
                end: self.end,
            };
            if let Some(mut complete) = self.pending.replace(property) {
                complete.end = line.start;
                return Some(complete);
            }
        }
        self.pending.take()
    }
}
