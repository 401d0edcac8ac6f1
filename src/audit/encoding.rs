//! Text as Windows writes it: with a mark before it that tells the encoding, or in UTF-16.
//!
//! `aws iam get-account-authorization-details > details.json` in PowerShell 5 gives UTF-16 with a mark. Source: the
//! Unicode Standard, chapter 23.8, "Byte Order Mark".

use std::io::{self, Read};

/// Reads text as UTF-8, without a mark before it. What has no mark is passed on as it is.
pub(super) struct Utf8<R> {
    source: R,
    encoding: Option<Encoding>,
    /// What is read and not given out yet.
    ready: Vec<u8>,
    given: usize,
    /// The first half of a character outside the first plane, or the first byte of a unit.
    half: Option<u16>,
    odd: Option<u8>,
}

#[derive(Clone, Copy)]
enum Encoding {
    AsItIs,
    Utf16(fn([u8; 2]) -> u16),
}

impl<R: Read> Utf8<R> {
    pub(super) fn of(source: R) -> Self {
        Utf8 {
            source,
            encoding: None,
            ready: Vec::new(),
            given: 0,
            half: None,
            odd: None,
        }
    }

    /// Looks for a mark.
    fn begin(&mut self) -> io::Result<Encoding> {
        let mut first = Vec::with_capacity(3);
        (&mut self.source).take(3).read_to_end(&mut first)?;
        let encoding = match first.as_slice() {
            [0xef, 0xbb, 0xbf] => {
                first.clear();
                Encoding::AsItIs
            }
            [0xff, 0xfe, ..] => {
                first.drain(..2);
                Encoding::Utf16(u16::from_le_bytes)
            }
            [0xfe, 0xff, ..] => {
                first.drain(..2);
                Encoding::Utf16(u16::from_be_bytes)
            }
            _ => Encoding::AsItIs,
        };
        match encoding {
            Encoding::AsItIs => self.ready = first,
            Encoding::Utf16(unit) => self.transcode(&first, unit)?,
        }
        Ok(encoding)
    }

    /// Makes ready what these bytes of UTF-16 say.
    fn transcode(&mut self, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> io::Result<()> {
        let odd = self.odd.take();
        let mut bytes = odd.into_iter().chain(bytes.iter().copied());
        while let Some(first) = bytes.next() {
            let Some(second) = bytes.next() else {
                self.odd = Some(first);
                break;
            };
            let read = unit([first, second]);
            let units = self.half.take().into_iter().chain([read]);
            for character in char::decode_utf16(units) {
                match character {
                    Ok(character) => {
                        let mut room = [0; 4];
                        let text = character.encode_utf8(&mut room);
                        self.ready.extend_from_slice(text.as_bytes());
                    }
                    Err(alone)
                        if self.half.is_none() && is_first_half(alone.unpaired_surrogate()) =>
                    {
                        self.half = Some(alone.unpaired_surrogate());
                    }
                    Err(_) => return Err(broken()),
                }
            }
        }
        Ok(())
    }
}

fn is_first_half(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

fn broken() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "it begins as UTF-16, and breaks off or goes on otherwise",
    )
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => {
                let encoding = self.begin()?;
                self.encoding = Some(encoding);
                encoding
            }
        };
        while self.given == self.ready.len() {
            let Encoding::Utf16(unit) = encoding else {
                return self.source.read(room);
            };
            self.ready.clear();
            self.given = 0;
            let mut bytes = [0; 8 << 10];
            match self.source.read(&mut bytes)? {
                0 if self.half.is_some() || self.odd.is_some() => return Err(broken()),
                0 => return Ok(0),
                count => self.transcode(&bytes[..count], unit)?,
            }
        }
        let left = &self.ready[self.given..];
        let count = left.len().min(room.len());
        room[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"a\": \"é 日本 🔑\"}\r\n";

    /// Gives out one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            self.0 = rest;
            room[0] = *first;
            Ok(1)
        }
    }

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let (mut whole, mut slow) = (Vec::new(), Vec::new());
        let in_one = Utf8::of(bytes).read_to_end(&mut whole);
        let by_bytes = Utf8::of(Slow(bytes)).read_to_end(&mut slow);
        assert_eq!(in_one.is_ok(), by_bytes.is_ok());
        in_one?;
        assert_eq!(whole, slow);
        Ok(whole)
    }

    fn utf16(mark: u16, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let units = std::iter::once(mark).chain(TEXT.encode_utf16());
        units.flat_map(unit).collect()
    }

    #[test]
    fn what_windows_writes_is_read_as_if_it_were_written_elsewhere() {
        let with_mark = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            with_mark,
            utf16(0xfeff, u16::to_le_bytes),
            utf16(0xfeff, u16::to_be_bytes),
        ] {
            assert_eq!(read(&bytes).unwrap(), TEXT.as_bytes());
        }
    }

    #[test]
    fn what_has_no_mark_is_passed_on_byte_for_byte() {
        for bytes in [
            &b""[..],
            b"a",
            b"\xff",
            b"\xef\xbb",
            b"\xff\xff\xfe",
            b"user,arn\n\xff\xfe",
        ] {
            assert_eq!(read(bytes).unwrap(), bytes);
        }
    }

    #[test]
    fn broken_utf16_is_an_error() {
        let whole = utf16(0xfeff, u16::to_le_bytes);
        // A byte is missing, or half a character.
        for bytes in [
            &whole[..whole.len() - 1],
            b"\xff\xfe\x3d\xd8",
            b"\xff\xfe\x3d\xd8a\0",
            b"\xff\xfe\x11\xdd",
        ] {
            assert_eq!(read(bytes).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
