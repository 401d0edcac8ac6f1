//! What is piped in: secrets and codes, read past the standard library's own buffer, which nobody could
//! wipe and which would take more than what was asked for.

use std::{
    fs::File,
    io::{self, Read},
};

use zeroize::Zeroizing;

/// Reads one line, without its end, and not a byte more: the next one is the next reader's. Empty at the
/// end of stdin.
///
/// # Errors
/// When stdin cannot be read; [`io::ErrorKind::InvalidData`] for a line of more than `longest` bytes, or
/// one that is not UTF-8.
pub fn read_line(longest: usize) -> io::Result<Zeroizing<String>> {
    line_of(&mut standard_input()?, longest)
}

/// Reads all that there is.
///
/// # Errors
/// When stdin cannot be read; [`io::ErrorKind::InvalidData`] for more than `longest` bytes, or a text
/// that is not UTF-8.
pub fn read_all(longest: usize) -> io::Result<Zeroizing<String>> {
    all_of(&mut standard_input()?, longest)
}

fn line_of(source: &mut impl Read, longest: usize) -> io::Result<Zeroizing<String>> {
    // Room for the longest, so that the text never moves and leaves a copy behind.
    let mut line = Zeroizing::new(Vec::with_capacity(longest));
    let mut byte = Zeroizing::new([0]);
    while read_some(source, &mut *byte)? == 1 && *byte != *b"\n" {
        if line.len() == longest {
            return Err(invalid("it is too long"));
        }
        line.push(byte[0]);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    text(line)
}

fn all_of(source: &mut impl Read, longest: usize) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(vec![0; longest + 1]);
    let mut length = 0;
    loop {
        match read_some(source, &mut bytes[length..])? {
            0 => break,
            count => length += count,
        }
    }
    if length > longest {
        return Err(invalid("it is too long"));
    }
    bytes.truncate(length);
    text(bytes)
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

fn text(mut bytes: Zeroizing<Vec<u8>>) -> io::Result<Zeroizing<String>> {
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(invalid("it is not text"))
        }
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_and_the_next_one_left() {
        let mut source = &b"first\r\nsecond\nthird"[..];
        for expected in ["first", "second", "third", ""] {
            assert_eq!(*line_of(&mut source, 6).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_too_long_or_no_text_is_refused() {
        for (bytes, is_read) in [
            (&b"123456"[..], true),
            (b"1234567", false),
            (b"\xff", false),
        ] {
            assert_eq!(line_of(&mut &*bytes, 6).is_ok(), is_read, "{bytes:?}");
            assert_eq!(all_of(&mut &*bytes, 6).is_ok(), is_read, "{bytes:?}");
        }
    }

    #[test]
    fn all_of_it_keeps_its_lines() {
        assert_eq!(*all_of(&mut &b"one\ntwo\n"[..], 64).unwrap(), "one\ntwo\n");
    }
}
