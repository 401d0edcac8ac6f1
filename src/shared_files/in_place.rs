//! Writing over a file, for where it cannot be replaced: when it is mounted by itself into a
//! container, when its directory cannot be written, or when the new file could not have the old
//! one's owner.
//!
//! Readers may see half of it, and so may everybody after a crash. That is why a complete copy
//! of the old content stands beside it until the new content is on the disk.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::error::SharedFileError;
use super::lock::{avoid_blocking, directory_of};
use super::replace::{name_prefix, write_error};

/// Saves the content of a file in a copy, on the disk, in the same directory or else in the one
/// for temporary files.
///
/// Unlike temporary files, copies are never cleaned up: one that is still there after a crash may
/// be all that is left of the old content.
pub(super) fn copy(target: &Path, content: &[u8]) -> Result<NamedTempFile, SharedFileError> {
    let prefix = name_prefix(target, "copy");
    save_copy(directory_of(target), &prefix, content)
        .or_else(|_| save_copy(&std::env::temp_dir(), &prefix, content))
        .map_err(|source| write_error(target, source))
}

fn save_copy(directory: &Path, prefix: &OsStr, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut copy = tempfile::Builder::new()
        .prefix(prefix)
        .tempfile_in(directory)?;
    copy.write_all(content)?;
    copy.as_file().sync_all()?;
    sync_directory(directory);
    Ok(copy)
}

/// Opens a file for writing over it.
pub(super) fn open(target: &Path) -> Result<File, SharedFileError> {
    let mut options = OpenOptions::new();
    options.write(true);
    avoid_blocking(&mut options);
    options
        .open(target)
        .map_err(|source| write_error(target, source))
}

/// Writes new content over the old, or puts the old content back.
pub(super) fn overwrite(
    target: &Path,
    file: &File,
    old: &[u8],
    new: &[u8],
    copy: NamedTempFile,
) -> Result<(), SharedFileError> {
    let Err(source) = write_over(file, new) else {
        return Ok(());
    };
    if write_over(file, old).is_ok() {
        return Err(write_error(target, source));
    }
    let path = copy.path().to_owned();
    // Should even this fail, the path is the best that is left to say.
    let _ = copy.keep();
    Err(SharedFileError::Damaged {
        path: target.to_owned(),
        copy: path,
        source,
    })
}

/// The file is cut only after it has been written: what it had is needed if there is no room.
fn write_over(mut file: &File, content: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)?;
    file.sync_all()
}

/// Makes a new name in a directory survive a crash, where the system offers that. When this
/// fails, the name is there all the same.
pub(super) fn sync_directory(directory: &Path) {
    #[cfg(unix)]
    if let Ok(directory) = File::open(directory) {
        let _ = directory.sync_all();
    }
    #[cfg(not(unix))]
    let _ = directory;
}
