//! The lines of a shared file: where they end and what they are.
//!
//! White space is the space and the tab, as the SDKs have it, and no other character. Besides,
//! carriage returns at the end of a line are no part of it, however many there are. Everything
//! here works on bytes and copies nothing.

/// One line of the file, as offsets.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Offset of the first byte.
    pub(super) start: usize,
    /// Offset after the last byte of the text, before `\n` or `\r\n`.
    pub(super) end: usize,
    /// Offset of the next line.
    pub(super) next: usize,
}

impl Line {
    /// Returns the line that starts at `start`, or `None` at the end of the file.
    pub(super) fn at(bytes: &[u8], start: usize) -> Option<Line> {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        Some(match find(b'\n', rest) {
            Some(length) => {
                let newline = start + length;
                let end = match length {
                    0 => newline,
                    _ if bytes[newline - 1] == b'\r' => newline - 1,
                    _ => newline,
                };
                Line {
                    start,
                    end,
                    next: newline + 1,
                }
            }
            None => Line {
                start,
                end: bytes.len(),
                next: bytes.len(),
            },
        })
    }

    /// Returns the line without its end.
    pub(super) fn text(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }

    /// Tells whether the line has an end; only the last one of a file can be without.
    pub(super) fn is_terminated(self) -> bool {
        self.next > self.end
    }
}

/// Returns the end of the line at an offset, or the file's first, or a line feed.
pub(super) fn line_end_at(bytes: &[u8], offset: usize) -> &[u8] {
    [offset, 0]
        .into_iter()
        .filter_map(|offset| Line::at(bytes, offset))
        .find(|line| line.is_terminated())
        .map_or(b"\n", |line| &bytes[line.end..line.next])
}

/// What a line is, judged by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing but white space.
    Blank,
    /// A comment in the first column.
    Comment,
    /// A comment after white space. botocore skips it; the SDKs take it for a continuation of
    /// the value above it. A value without the comment is what its author meant, so it is
    /// skipped here too, and an edit never leaves one behind under a value that it wrote.
    IndentedComment,
    /// A section's header.
    Header,
    /// White space and then text: belongs to the property above.
    Continuation,
    /// Anything else.
    Property,
}

/// Tells what a line is by the first bytes of its text.
pub(super) fn shape(text: &[u8]) -> Shape {
    match text.first() {
        None => Shape::Blank,
        Some(b'[') => Shape::Header,
        Some(b'#' | b';') => Shape::Comment,
        Some(b' ' | b'\t') => match trim_start(text).first() {
            None => Shape::Blank,
            Some(b'#' | b';') => Shape::IndentedComment,
            Some(b'\r') if trim_end(text).is_empty() => Shape::Blank,
            Some(_) => Shape::Continuation,
        },
        Some(b'\r') if trim_end(text).is_empty() => Shape::Blank,
        Some(_) => Shape::Property,
    }
}

/// Finds the offset of a byte, eight bytes at a time.
///
/// Nearly all of the time that parsing takes is spent here. The lines of these files are short,
/// for which this takes half the instructions of the standard library's search.
pub(super) fn find(needle: u8, haystack: &[u8]) -> Option<usize> {
    const LOW: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let pattern = u64::from_le_bytes([needle; 8]);
    let (words, rest) = haystack.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        // A byte that is equal becomes zero, and the subtraction then sets its high bit. Bits
        // above the first such byte may be wrong, those below it are not.
        let difference = u64::from_le_bytes(*word) ^ pattern;
        let zeros = difference.wrapping_sub(LOW) & !difference & HIGH;
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    let offset = rest.iter().position(|&byte| byte == needle)?;
    Some(words.len() * 8 + offset)
}

/// Tells whether there is a NUL byte.
pub(super) fn has_nul(bytes: &[u8]) -> bool {
    bytes.contains(&0)
}

/// Tells whether a byte is white space inside a line.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Cuts white space off the start.
pub(super) fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    text
}

/// Cuts white space and carriage returns off the end.
pub(super) fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., last] = text
        && (is_space(*last) || *last == b'\r')
    {
        text = rest;
    }
    text
}

/// Cuts white space off both ends.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    trim_end(trim_start(text))
}

/// Returns the value in what follows a delimiter: without the white space around it, and without
/// an inline comment, that is white space and then `#` or `;`.
pub(super) fn value(text: &[u8]) -> &[u8] {
    let mut after_space = false;
    for (index, &byte) in text.iter().enumerate() {
        if after_space && matches!(byte, b'#' | b';') {
            return trim(&text[..index]);
        }
        after_space = is_space(byte) || byte == b'\r';
    }
    trim(text)
}

/// Returns the offset of the delimiter of a property's line: the first `=`, or `:` if that comes
/// first. The SDKs know only `=`; botocore accepts both.
pub(super) fn delimiter(text: &[u8]) -> Option<usize> {
    let equals = find(b'=', text);
    find(b':', &text[..equals.unwrap_or(text.len())]).or(equals)
}

/// Tells whether the SDKs take this for the name of a section or a setting.
pub(super) fn is_identifier(name: &[u8]) -> bool {
    !name.is_empty()
        && name.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'-' | b'/' | b'.' | b'%' | b'@' | b':' | b'+')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_is_the_plain_search() {
        let bytes: Vec<u8> = (0..200u8)
            .flat_map(|byte| [byte, byte ^ 0x80, 0x0b])
            .collect();
        for start in 0..64 {
            for needle in 0..=255 {
                let rest = &bytes[start..start + 99];
                let expected = rest.iter().position(|&byte| byte == needle);
                assert_eq!(find(needle, rest), expected);
            }
        }
    }

    #[test]
    fn a_nul_is_found_wherever_it_is() {
        assert!(!has_nul(&[0xff; 200]));
        for offset in 0..200 {
            let mut bytes = [1; 200];
            bytes[offset] = 0;
            assert!(has_nul(&bytes));
        }
    }
}
