//! Writing over a file, for where it cannot be replaced: when it is mounted by itself into a
//! container, when its directory cannot be written, or when the new file could not have the old
//! one's owner.
//!
//! The new content is written in one call and the file is cut afterwards, so that between two
//! calls it is always one that parses and means the old or the new. A reader may still see half of
//! it, and so may everybody after a crash in the middle of the write. That is why a complete copy
//! of the old content stands beside it until the new content is on the disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;

use super::copies::Copy;
use super::document::Bytes;
use super::error::SharedFileError;
use super::lock::avoid_blocking;

/// Opens a file for writing over it.
pub(super) fn open(target: &Path) -> Result<File, SharedFileError> {
    let mut options = OpenOptions::new();
    options.write(true);
    avoid_blocking(&mut options);
    options
        .open(target)
        .map_err(|source| SharedFileError::unwritten(target, source))
}

/// Writes new content over the old, or puts the old content back.
pub(super) fn overwrite(
    target: &Path,
    file: &File,
    old: &[u8],
    new: &[u8],
    copy: Copy,
) -> Result<(), SharedFileError> {
    let Err(source) = write_over(file, new) else {
        return Ok(());
    };
    if write_over(file, old).is_ok() {
        return Err(SharedFileError::unwritten(target, source));
    }
    Err(SharedFileError::Damaged {
        path: target.to_owned(),
        copy: copy.keep(),
        source,
    })
}

/// Writes the content, padded with blank lines up to the length that the file has, and cuts them
/// off. In this order, what the file had is still its own if there is no room for more.
fn write_over(mut file: &File, content: &[u8]) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut padded = Bytes(Vec::with_capacity(length.max(content.len())));
    padded.0.extend_from_slice(content);
    padded.0.resize(length.max(content.len()), b'\n');
    file.rewind()?;
    file.write_all(&padded.0)?;
    if length > content.len() {
        file.set_len(content.len() as u64)?;
    }
    file.sync_all()
}
