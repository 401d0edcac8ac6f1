//! An edit as a list of replacements, and what removing lines from a shared file takes.

use std::ops::Range;

use super::document::{Bytes, Span};
use super::lines::{Line, Shape, is_space, line_end_at, shape, trim_start};
use super::section::{Properties, Property};

/// Changes to the old bytes: lines that go, and ranges that are replaced. They do not overlap.
#[derive(Default)]
pub(super) struct Splices {
    deleted: Vec<Line>,
    replaced: Vec<(Range<usize>, Bytes)>,
}

impl Splices {
    pub(super) fn is_empty(&self) -> bool {
        self.deleted.is_empty() && self.replaced.is_empty()
    }

    pub(super) fn replace(&mut self, range: Range<usize>, text: Vec<u8>) {
        self.replaced.push((range, Bytes(text)));
    }

    /// Returns the new bytes.
    pub(super) fn over(mut self, bytes: &[u8]) -> Vec<u8> {
        self.delete_lines(bytes);
        self.replaced
            .sort_by_key(|(range, _)| (range.start, range.end));
        let added: usize = self.replaced.iter().map(|(_, text)| text.0.len()).sum();
        // Room for everything at once: a reallocation would leave a copy behind in memory.
        let mut result = Vec::with_capacity(bytes.len() + added);
        let mut offset = 0;
        for (range, text) in &self.replaced {
            result.extend_from_slice(&bytes[offset..range.start]);
            result.extend_from_slice(&text.0);
            offset = range.end;
        }
        result.extend_from_slice(&bytes[offset..]);
        result
    }

    /// Replaces the value of a property, continuation lines included, unless every reader of the
    /// file gets this very value already.
    pub(super) fn replace_value(&mut self, bytes: &[u8], property: &Property, value: &str) {
        let below: Vec<Line> = property
            .continuations(bytes)
            .map(|(_, line)| line)
            .collect();
        let own = property.own_range(bytes);
        let delimiter = property.delimiter(bytes);
        if bytes[delimiter] == b':' {
            // Before a space, since `key: value` has none before the colon.
            let is_before_space = bytes[..own.start]
                .get(delimiter + 1)
                .copied()
                .is_some_and(is_space);
            let equals = if is_before_space && !property.is_spaced(bytes) {
                " ="
            } else {
                "="
            };
            self.replace(delimiter..delimiter + 1, equals.into());
        }
        self.deleted.extend(below);
        self.unindent_comments(bytes, property.line.next..property.end);
        let comment = trim_start(&bytes[own.end..property.line.end]);
        if !comment.is_empty() {
            let mut line = comment.to_vec();
            line.extend_from_slice(line_end_at(bytes, property.line.start));
            self.replace(property.line.start..property.line.start, line);
            self.replace(own.end..property.line.end, Vec::new());
        }
        if &bytes[own.clone()] == value.as_bytes() {
            return;
        }
        let mut text = Vec::with_capacity(1 + value.len());
        // `key =` becomes `key = value`, and `key=` becomes `key=value`.
        if own.is_empty() && property.is_spaced(bytes) && !is_space(bytes[own.start - 1]) {
            text.push(b' ');
        }
        text.extend_from_slice(value.as_bytes());
        self.replace(own, text);
    }

    /// Removes the properties of a section that `is_removed` names, and the header if none is
    /// left.
    pub(super) fn remove_properties(
        &mut self,
        bytes: &[u8],
        span: &Span,
        is_removed: impl Fn(&Property) -> bool,
    ) {
        let mut deleted: Vec<Line> = Vec::new();
        let mut is_anything_left = false;
        for property in Properties::of(bytes, span) {
            if !is_removed(&property) {
                is_anything_left = true;
                continue;
            }
            deleted.push(property.line);
            deleted.extend(property.continuations(bytes).map(|(_, line)| line));
            // Under another key the SDKs would take an indented comment for a part of that
            // key's value.
            self.unindent_comments(bytes, property.line.next..property.end);
        }
        if deleted.is_empty() {
            return;
        }
        if !is_anything_left && let Some(header) = Line::at(bytes, span.header()) {
            deleted.insert(0, header);
            let first = Properties::of(bytes, span).next();
            let comments = header.next..first.map_or(span.end(), |property| property.line.start);
            self.unindent_comments(bytes, comments);
            if let Some(blank) = separator(bytes, &deleted) {
                deleted.insert(0, blank);
            }
        }
        self.deleted.extend(deleted);
    }

    /// Turns the lines that go into ranges, one for each run of them.
    fn delete_lines(&mut self, bytes: &[u8]) {
        let mut lines = std::mem::take(&mut self.deleted);
        lines.sort_by_key(|line| line.start);
        let mut lines = lines.into_iter().peekable();
        while let Some(first) = lines.next() {
            let mut last = first;
            while let Some(line) = lines.next_if(|line| line.start == last.next) {
                last = line;
            }
            let mut start = first.start;
            if !last.is_terminated() && start > 0 {
                // The end of the file goes: the line that is the last one now loses its end, so
                // that a missing last newline stays missing.
                start -= 1;
                if start > 0 && bytes[start - 1] == b'\r' {
                    start -= 1;
                }
            }
            self.replace(start..last.next, Vec::new());
        }
    }

    /// Moves the indented comments of a range of lines to the first column, where every reader
    /// takes them for comments.
    pub(super) fn unindent_comments(&mut self, bytes: &[u8], range: Range<usize>) {
        let mut offset = range.start;
        while offset < range.end
            && let Some(line) = Line::at(bytes, offset)
        {
            offset = line.next;
            let text = line.text(bytes);
            if shape(text) == Shape::IndentedComment {
                self.replace(line.start..line.end - trim_start(text).len(), Vec::new());
            }
        }
    }
}

/// Returns the blank line before a section that goes with it: the one that [`Document::set`]
/// wrote, or one that would otherwise be left next to another.
fn separator(bytes: &[u8], deleted: &[Line]) -> Option<Line> {
    let (header, last) = (deleted.first()?, deleted.last()?);
    let is_whole = deleted.windows(2).all(|pair| pair[0].next == pair[1].start);
    let is_room_left =
        Line::at(bytes, last.next).is_none_or(|line| shape(line.text(bytes)) == Shape::Blank);
    if !is_whole || !is_room_left || header.start == 0 {
        return None;
    }
    let before = &bytes[..header.start - 1];
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |newline| newline + 1);
    Line::at(bytes, start).filter(|line| shape(line.text(bytes)) == Shape::Blank)
}
