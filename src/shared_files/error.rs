//! What can go wrong with a shared file on disk.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::document::ParseError;
use super::edit::EditError;

/// A shared file that could not be read or changed. Every variant names the file.
///
/// Unless a variant says otherwise, the file is as it was.
#[derive(Debug, Error)]
pub enum SharedFileError {
    /// The file cannot be opened or read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is a directory, a pipe or a device.
    #[error("{} is not a regular file", path.display())]
    NotRegular {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be parsed. Such a file is never written.
    #[error("{}, {error}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, and on which line.
        error: ParseError,
        /// What it held before a write in place that was cut short, if there was one.
        copy: Option<PathBuf>,
    },
    /// The edit was refused.
    #[error("cannot change {}; nothing was changed", path.display())]
    Edit {
        /// The file.
        path: PathBuf,
        /// Why.
        source: EditError,
    },
    /// The symbolic link leads nowhere: it is one of a circle, or of too long a chain.
    #[error("{} is a symbolic link that leads in a circle", path.display())]
    LinkLoop {
        /// The link.
        path: PathBuf,
    },
    /// The directory of the file is not there and cannot be made.
    #[error("cannot make the directory {}", path.display())]
    CreateDirectory {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not there and cannot be made.
    #[error("cannot make {}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be locked.
    #[error("cannot lock {}; nothing was changed", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no room for the new content.
    #[error("cannot write {}: the disk is full; nothing was changed", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The new content cannot be written.
    #[error("cannot write {}; nothing was changed", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Writing in place failed, and so did putting the old content back. The file may hold part
    /// of either; the whole of the old content is in the copy.
    #[error("cannot write {}; it may be damaged, but its old content is in {}", path.display(), copy.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the old content is.
        copy: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Other programs changed the file each time before the edit was done.
    #[error("other programs keep changing {}; nothing was changed", path.display())]
    KeepsChanging {
        /// The file.
        path: PathBuf,
    },
}

impl SharedFileError {
    /// A file that was not written; the most frequent reason has a name of its own.
    pub(super) fn unwritten(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                SharedFileError::DiskFull { path, source }
            }
            _ => SharedFileError::Write { path, source },
        }
    }
}
