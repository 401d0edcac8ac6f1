//! One shared file as bytes and the places of its sections.
//!
//! The file is parsed on the path that runs before every AWS command, so parsing is one pass
//! that only checks the lines and notes where the sections are. Properties are looked up later,
//! by going through the lines of the one section that is wanted.
//!
//! The rules are those of the AWS SDKs' reference guide. Where botocore differs, the comment at
//! the rule says which reading was taken and why.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use thiserror::Error;

use super::header::{self, Tag};
use super::lines::{Line, Shape, delimiter, find, has_nul, shape, trim, value};
use super::section::Section;

/// The largest file that is read, in bytes. A shared file is a few kilobytes; what is larger
/// than this is something else.
pub const MAXIMUM_SIZE: usize = 16 << 20;

/// Which of the two shared files a document is. They name profiles differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `~/.aws/config`: `[profile NAME]`, and `[default]`.
    Config,
    /// `~/.aws/credentials`: `[NAME]`.
    Credentials,
}

/// A shared file that was read and found to be well-formed.
///
/// Its bytes are wiped from memory when it is dropped, and its `Debug` shows none of them.
pub struct Document {
    kind: Kind,
    bytes: Bytes,
    sections: Vec<Span>,
}

/// Where a section is. Offsets fit into 32 bits since the file's size is limited.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// The start of the header's line.
    header: u32,
    /// The start of the line after the header.
    body: u32,
    /// The end of the section: the next header, or the end of the file.
    end: u32,
    name_start: u32,
    name_end: u32,
    /// The header's line, counted from 1.
    line: u32,
    tag: Tag,
}

impl Span {
    pub(super) fn header(&self) -> usize {
        self.header as usize
    }

    pub(super) fn body(&self) -> usize {
        self.body as usize
    }

    pub(super) fn end(&self) -> usize {
        self.end as usize
    }

    pub(super) fn line(&self) -> usize {
        self.line as usize
    }
}

impl Document {
    /// Parses the bytes of a file.
    ///
    /// # Errors
    ///
    /// Fails on the first line that the AWS SDKs refuse, and on a file that is no text: a byte
    /// order mark, a NUL byte, more than [`MAXIMUM_SIZE`]. Bytes that are not UTF-8 are an error
    /// only in a value that is asked for.
    pub fn parse(kind: Kind, bytes: Vec<u8>) -> Result<Document, ParseError> {
        let bytes = Bytes(bytes);
        let sections = sections(kind, &bytes.0)?;
        Ok(Document {
            kind,
            bytes,
            sections,
        })
    }

    /// Returns the document of a file that is empty or absent.
    pub fn empty(kind: Kind) -> Document {
        Document {
            kind,
            bytes: Bytes(Vec::new()),
            sections: Vec::new(),
        }
    }

    /// Returns the file's bytes, edits included.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes.0
    }

    /// Returns which of the two files this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the section of a profile, or `None` if there is none.
    ///
    /// Sections of the same name are read as one. In the config file `[profile default]` hides
    /// `[default]` altogether.
    pub fn profile(&self, name: &str) -> Option<Section<'_>> {
        self.select(Tag::Profile, name).or_else(|| match self.kind {
            Kind::Config if name == "default" => self.select(Tag::BareDefault, name),
            _ => None,
        })
    }

    /// Returns the section `[services NAME]` of the config file.
    pub fn services(&self, name: &str) -> Option<Section<'_>> {
        self.select(Tag::Services, name)
    }

    /// Returns the section `[sso-session NAME]` of the config file.
    pub fn sso_session(&self, name: &str) -> Option<Section<'_>> {
        self.select(Tag::SsoSession, name)
    }

    /// Returns the names of the profiles in the order of the file, each once.
    pub fn profile_names(&self) -> Vec<Cow<'_, str>> {
        let mut known = BTreeSet::new();
        self.sections
            .iter()
            .filter(|span| matches!(span.tag, Tag::Profile | Tag::BareDefault))
            .map(|span| self.name(span))
            .filter(|name| known.insert(*name))
            .map(String::from_utf8_lossy)
            .collect()
    }

    fn select(&self, tag: Tag, name: &str) -> Option<Section<'_>> {
        let mut found: Option<(usize, usize)> = None;
        for (index, span) in self.sections.iter().enumerate() {
            if span.tag == tag && self.name(span) == name.as_bytes() {
                found = Some((found.map_or(index, |(first, _)| first), index));
            }
        }
        found.map(|(first, last)| Section::new(self, first, last))
    }

    /// Returns the places of all sections, in the order of the file.
    pub(super) fn all_spans(&self) -> impl Iterator<Item = Span> {
        self.sections.iter().copied()
    }

    fn name(&self, span: &Span) -> &[u8] {
        &self.bytes.0[span.name_start as usize..span.name_end as usize]
    }

    /// Returns the place of the section with this index.
    pub(super) fn span(&self, index: usize) -> Span {
        self.sections[index]
    }

    /// Tells whether two sections, given by index, are read as one.
    pub(super) fn is_same_section(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.sections[one], &self.sections[other]);
        one.tag == other.tag && self.name(one) == self.name(other)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Document")
            .field("kind", &self.kind)
            .field("sections", &self.sections.len())
            .finish_non_exhaustive()
    }
}

/// Bytes that are wiped when they are dropped.
///
/// `Zeroizing<Vec<u8>>` does the same byte by byte, which costs more than parsing the file; a
/// `fill` that the optimizer cannot see through is a `memset`.
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Drop for Bytes {
    fn drop(&mut self) {
        self.0.fill(0);
        zeroize::optimization_barrier(self.0.as_slice());
    }
}

/// Checks every line and returns the sections.
fn sections(kind: Kind, bytes: &[u8]) -> Result<Vec<Span>, ParseError> {
    if bytes.len() > MAXIMUM_SIZE {
        return Err(ParseError::new(1, ParseReason::TooLarge));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(ParseError::new(1, ParseReason::ByteOrderMark));
    }
    if has_nul(bytes) {
        let before = bytes.iter().take_while(|&&byte| byte != 0);
        let line = 1 + before.filter(|&&byte| byte == b'\n').count();
        return Err(ParseError::new(line, ParseReason::NulByte));
    }

    // A guess at the number of sections that spares nearly all files a reallocation.
    let mut sections: Vec<Span> = Vec::with_capacity(4 + bytes.len() / 128);
    let mut property: Option<Above<'_>> = None;
    let mut offset = 0;
    let mut number = 0;
    while let Some(line) = Line::at(bytes, offset) {
        offset = line.next;
        number += 1;
        let text = line.text(bytes);
        match shape(text) {
            Shape::Blank | Shape::Comment | Shape::IndentedComment => {}
            Shape::Property => {
                if sections.is_empty() {
                    return Err(ParseError::new(number, ParseReason::BeforeFirstSection));
                }
                check_property(text).map_err(|reason| ParseError::new(number, reason))?;
                property = Some(Above::new(text));
            }
            Shape::Continuation => {
                check_continuation(property.as_mut(), text)
                    .map_err(|reason| ParseError::new(number, reason))?;
            }
            Shape::Header => {
                let (tag, name) =
                    header::parse(kind, text).map_err(|reason| ParseError::new(number, reason))?;
                if let Some(previous) = sections.last_mut() {
                    previous.end = line.start as u32;
                }
                sections.push(Span {
                    header: line.start as u32,
                    body: line.next as u32,
                    end: bytes.len() as u32,
                    name_start: (line.start + name.start) as u32,
                    name_end: (line.start + name.end) as u32,
                    line: number as u32,
                    tag,
                });
                property = None;
            }
        }
    }
    Ok(sections)
}

/// The first byte of such a line is no white space, so the key is empty only if the delimiter
/// is that byte: there is no need to look for the first delimiter.
fn check_property(text: &[u8]) -> Result<(), ParseReason> {
    match text.first() {
        Some(b'=' | b':') => Err(ParseReason::EmptyKey),
        _ if find(b'=', text).is_some() || find(b':', text).is_some() => Ok(()),
        _ => Err(ParseReason::NoDelimiter),
    }
}

/// The property above a line.
struct Above<'b> {
    text: &'b [u8],
    /// Whether it has a value on its own line. Looked up once, and only where a line follows that
    /// continues it.
    has_value: Option<bool>,
}

impl<'b> Above<'b> {
    fn new(text: &'b [u8]) -> Above<'b> {
        Above {
            text,
            has_value: None,
        }
    }

    fn has_value(&mut self) -> bool {
        *self.has_value.get_or_insert_with(|| {
            let Some(delimiter) = delimiter(self.text) else {
                return false;
            };
            let own = &self.text[delimiter + 1..];
            // To the SDKs a carriage return is a value.
            !value(own).is_empty() || own.contains(&b'\r')
        })
    }
}

fn check_continuation(property: Option<&mut Above<'_>>, text: &[u8]) -> Result<(), ParseReason> {
    let property = property.ok_or(ParseReason::NothingToContinue)?;
    if property.has_value() {
        return Ok(());
    }
    match find(b'=', text) {
        None => Err(ParseReason::NoDelimiterInNested),
        Some(delimiter) if trim(&text[..delimiter]).is_empty() => Err(ParseReason::EmptyKey),
        Some(_) => Ok(()),
    }
}

/// A file that cannot be read, and where.
///
/// The text never quotes the line, since it may hold a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("line {line}: {reason}")]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: ParseReason,
}

impl ParseError {
    pub(super) fn new(line: usize, reason: ParseReason) -> ParseError {
        ParseError { line, reason }
    }
}

/// What is wrong with a line of a shared file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum ParseReason {
    /// The file is larger than [`MAXIMUM_SIZE`].
    #[error("the file is larger than 16 MiB")]
    TooLarge,
    /// The file starts with a byte order mark.
    #[error("the file starts with a byte order mark; save it as UTF-8 without one")]
    ByteOrderMark,
    /// The line has a NUL byte, as a file in UTF-16 has in every line.
    #[error("there is a NUL byte; save the file as plain UTF-8 text")]
    NulByte,
    /// A property stands before the first section.
    #[error("there is text before the first section")]
    BeforeFirstSection,
    /// A header has no `]`.
    #[error("the section's name is not closed with \"]\"")]
    UnclosedSection,
    /// A header has an empty name.
    #[error("the section has no name")]
    EmptySectionName,
    /// Text other than a comment follows a header's `]`.
    #[error("there is text after the \"]\" of the section's name")]
    TextAfterSection,
    /// A property has no `=`.
    #[error("there is no \"=\"")]
    NoDelimiter,
    /// A line under a property with an empty value has no `=`.
    #[error("there is no \"=\" in an indented line below a setting without a value")]
    NoDelimiterInNested,
    /// A property has no key.
    #[error("there is nothing before the \"=\"")]
    EmptyKey,
    /// An indented line has no property above it.
    #[error("the line is indented, but there is no setting above it that it could belong to")]
    NothingToContinue,
    /// A value that was asked for is not UTF-8.
    #[error("the value is not valid UTF-8")]
    NotUtf8,
}
