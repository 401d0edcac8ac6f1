//! The QR code as a file: SVG or PNG.
//!
//! A picture of two colours needs neither an image library nor compression: PNG allows data that is stored as
//! it is (RFC 1950, RFC 1951), and that makes some 20 kB.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::enrolment::{
    error::EnrolmentError,
    qr::{Modules, QUIET_ZONE},
};

/// The pixels of a module in a PNG.
const SCALE: usize = 8;

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Vectors.
    Svg,
    /// Pixels.
    Png,
}

/// A file whose name says what kind of picture it is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// Where it is to be.
    pub path: PathBuf,
    format: Format,
}

/// A name that ends in neither `.svg` nor `.png`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name has to end in .svg or .png")]
pub struct NotAPicture;

impl PictureFile {
    /// Reads the format off a file's name.
    ///
    /// # Errors
    /// [`NotAPicture`].
    pub fn parse(path: &str) -> Result<Self, NotAPicture> {
        let path = PathBuf::from(path);
        let extension = path.extension().map(|text| text.to_ascii_lowercase());
        let format = match extension.as_deref().and_then(|text| text.to_str()) {
            Some("svg") => Format::Svg,
            Some("png") => Format::Png,
            _ => return Err(NotAPicture),
        };
        Ok(PictureFile { path, format })
    }

    /// Makes sure that there is room for a new file.
    ///
    /// # Errors
    /// When there is such a file already, or no such directory.
    pub(super) fn check(&self) -> Result<(), EnrolmentError> {
        let refused = |kind: io::ErrorKind| EnrolmentError::Picture {
            path: self.path.clone(),
            source: kind.into(),
        };
        if fs::symlink_metadata(&self.path).is_ok() {
            return Err(refused(io::ErrorKind::AlreadyExists));
        }
        match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() && !parent.is_dir() => {
                Err(refused(io::ErrorKind::NotFound))
            }
            _ => Ok(()),
        }
    }

    /// Writes the picture into a new file, for its owner alone.
    ///
    /// # Errors
    /// When there is such a file already, or it cannot be written; what was begun is removed.
    pub fn write(&self, modules: &Modules) -> io::Result<()> {
        let bytes = match self.format {
            Format::Svg => svg(modules).into_bytes(),
            Format::Png => png(modules),
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        let written = file.write_all(&bytes).and_then(|()| file.sync_all());
        written.inspect_err(|_| {
            let _ = remove(&self.path);
        })
    }
}

/// Removes a picture that is of no use any more.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// One path: a square of one by one for each dark module.
fn svg(modules: &Modules) -> String {
    let side = modules.side(QUIET_ZONE);
    let mut squares = String::new();
    for row in 0..side {
        for column in 0..side {
            if modules.is_dark(column, row, QUIET_ZONE) {
                squares += &format!("M{column} {row}h1v1h-1z");
            }
        }
    }
    let pixels = side * SCALE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" viewBox=\"0 0 {side} \
         {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path \
         d=\"{squares}\"/></svg>\n"
    )
}

/// Source: the PNG specification (ISO/IEC 15948).
fn png(modules: &Modules) -> Vec<u8> {
    let side = modules.side(QUIET_ZONE) * SCALE;
    let mut rows = Vec::new();
    for row in 0..side {
        // No filter.
        rows.push(0);
        let pixel = |column: usize| {
            column < side && !modules.is_dark(column / SCALE, row / SCALE, QUIET_ZONE)
        };
        rows.extend(
            (0..side).step_by(8).map(|first| {
                (0..8).fold(0_u8, |byte, bit| byte << 1 | u8::from(pixel(first + bit)))
            }),
        );
    }
    let length = u32::try_from(side).unwrap_or_default().to_be_bytes();
    // One bit for a pixel, greyscale, the only compression and filter methods, not interlaced.
    let header = [&length[..], &length[..], &[1, 0, 0, 0, 0]].concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut bytes, b"IHDR", &header);
    chunk(&mut bytes, b"IDAT", &stored(&rows));
    chunk(&mut bytes, b"IEND", &[]);
    bytes
}

fn chunk(bytes: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or_default();
    bytes.extend(length.to_be_bytes());
    let start = bytes.len();
    bytes.extend(kind);
    bytes.extend(data);
    let checksum = crc32(&bytes[start..]);
    bytes.extend(checksum.to_be_bytes());
}

/// The data in zlib's format, stored as it is.
fn stored(data: &[u8]) -> Vec<u8> {
    const LARGEST_BLOCK: usize = 65_535;
    let mut bytes = vec![0x78, 0x01];
    let count = data.chunks(LARGEST_BLOCK).count();
    for (at, block) in data.chunks(LARGEST_BLOCK).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        bytes.push(u8::from(at + 1 == count));
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(block);
    }
    bytes.extend(adler32(data).to_be_bytes());
    bytes
}

/// Source: RFC 1950, section 8.2.
fn adler32(data: &[u8]) -> u32 {
    const BASE: u32 = 65_521;
    let (low, high) = data.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % BASE;
        (low, (high + low) % BASE)
    });
    high << 16 | low
}

/// Source: the PNG specification, annex D.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => 0xedb8_8320 ^ (crc >> 1),
            _ => crc >> 1,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksums_are_those_of_the_specifications() {
        // The check values of CRC-32/ISO-HDLC and of Adler-32.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn the_name_of_a_file_says_what_picture_it_holds() {
        for (name, format) in [
            ("a.svg", Some(Format::Svg)),
            ("/x/B.PNG", Some(Format::Png)),
            ("svg", None),
            ("a.jpg", None),
        ] {
            let parsed = PictureFile::parse(name).ok().map(|file| file.format);
            assert_eq!(parsed, format, "{name}");
        }
    }

    #[test]
    fn data_of_several_blocks_is_stored_to_its_end() {
        let bytes = stored(&vec![7; 70_000]);
        assert_eq!(&bytes[..7], [0x78, 0x01, 0, 0xff, 0xff, 0, 0]);
        // The second and last block has 4,465 bytes.
        assert_eq!(&bytes[7 + 65_535..][..5], [1, 0x71, 0x11, 0x8e, 0xee]);
        assert_eq!(bytes.len(), 2 + 5 + 65_535 + 5 + 4_465 + 4);
    }
}
