//! What the owner of a shared file should know, though an edit is done.

use std::path::PathBuf;

/// Something about a file that its owner should know, though the edit is done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Warning {
    /// Others could read or write the file; now they no longer can.
    #[error("{} was open to others (mode {mode:04o}); it is now yours alone (mode 0600)", path.display())]
    ModeTightened {
        /// The file.
        path: PathBuf,
        /// The mode that it had.
        mode: u32,
    },
    /// Others can read or write the file, and that cannot be changed.
    #[error("{} is open to others (mode {mode:04o}), and only its owner can close it: sudo chmod 600 {}", path.display(), path.display())]
    ModeTooWide {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file system cannot lock: one of two edits at the same time may be lost.
    #[error("{} is on a file system without locks: of two programs that change it at once, one may lose its change", path.display())]
    NotLocked {
        /// The file.
        path: PathBuf,
    },
    /// The file had another name, a hard link, which still has the old content.
    #[error("{} had a second name (a hard link), which keeps the old content; link it again, with ln -s", path.display())]
    LinkBroken {
        /// The file.
        path: PathBuf,
    },
    /// A write in place was cut short once, and nobody knows whether the file is as it should be.
    #[error(
        "a write of {} was cut short once, and what it held before is in {}: compare the two (diff shows secrets), \
         put back what is missing, then remove the copy",
        path.display(), copy.display()
    )]
    CopyLeft {
        /// The file.
        path: PathBuf,
        /// What it held before.
        copy: PathBuf,
    },
}
