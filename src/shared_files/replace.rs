//! Reading a shared file, and changing it so that nobody ever sees, or is left with, half of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::copies::{self, Copy, name_prefix, sync_directory};
use super::document::{Bytes, Document, Kind, MAXIMUM_SIZE};
use super::edit::EditError;
use super::error::SharedFileError;
use super::in_place;
use super::lock::{Locked, avoid_blocking, directory_of, lock, resolve};
use super::warning::Warning;
use super::writable;

/// How often an edit is done again since the file was changed by a program that does not lock.
const MAXIMUM_TRIES: usize = 16;

/// One of the two shared files on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedFile {
    /// Where it is; may be a symbolic link.
    pub path: PathBuf,
    /// Which of the two it is.
    pub kind: Kind,
}

/// What an edit did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Edited {
    /// Whether the file was written; an edit that changes no byte writes nothing.
    pub is_changed: bool,
    /// What its owner should know.
    pub warnings: Vec<Warning>,
}

impl SharedFile {
    /// Reads and parses the file. One that is not there is an empty document, and so is the null
    /// device, which people name to have no such file.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or parsed, or is not a regular file.
    pub fn read(&self) -> Result<Document, SharedFileError> {
        let mut options = OpenOptions::new();
        options.read(true);
        avoid_blocking(&mut options);
        let file = match options.open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Document::empty(self.kind));
            }
            Err(source) => {
                return Err(SharedFileError::Read {
                    path: self.path.clone(),
                    source,
                });
            }
        };
        match content(&self.path, &file) {
            Err(SharedFileError::NotRegular { .. }) if self.path == Path::new("/dev/null") => {
                Ok(Document::empty(self.kind))
            }
            bytes => match self.parse(bytes?) {
                // It may be in the middle of being written in place: read it when that is done.
                Err(SharedFileError::Parse { .. }) => {
                    let _ = lock(&file);
                    (&file).rewind().map_err(|source| SharedFileError::Read {
                        path: self.path.clone(),
                        source,
                    })?;
                    self.parse(content(&self.path, &file)?)
                }
                parsed => parsed,
            },
        }
    }

    /// Changes the file: locks it, reads it, lets `change` edit the document and writes the
    /// result, unless no byte has changed.
    ///
    /// `change` is called again, on the new content, if a program that does not lock changes the
    /// file meanwhile.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, parsed, locked or written, or if `change` fails. The
    /// file is then as it was, except after [`SharedFileError::Damaged`].
    pub fn edit(
        &self,
        mut change: impl FnMut(&mut Document) -> Result<(), EditError>,
    ) -> Result<Edited, SharedFileError> {
        for _ in 0..MAXIMUM_TRIES {
            let mut locked = Locked::acquire(&self.path)?;
            let old = Bytes(content(&self.path, &locked.file)?);
            let mut document = self.parse(old.0.clone())?;
            change(&mut document).map_err(|source| SharedFileError::Edit {
                path: self.path.clone(),
                source,
            })?;
            let mut edited = Edited::default();
            if locked.is_unlocked {
                edited.warnings.push(Warning::NotLocked {
                    path: self.path.clone(),
                });
            }
            if document.bytes() == old.0 {
                return Ok(edited);
            }
            let write = Replacement {
                path: &self.path,
                #[cfg(unix)]
                kind: self.kind,
                locked: &locked,
                old: &old.0,
                new: document.bytes(),
            };
            match write.run()? {
                Outcome::Written(warnings) => {
                    locked.keep();
                    edited.is_changed = true;
                    edited.warnings.extend(warnings);
                    return Ok(edited);
                }
                Outcome::ChangedMeanwhile => {}
            }
        }
        Err(SharedFileError::KeepsChanging {
            path: self.path.clone(),
        })
    }

    /// Checks, without writing anything, that an edit could write the file.
    ///
    /// It may still fail for what shows only then, a full disk for one.
    ///
    /// # Errors
    ///
    /// Fails if no edit could write the file as things are now.
    pub fn check_writable(&self) -> Result<(), SharedFileError> {
        writable::check(&resolve(&self.path)?)
    }

    fn parse(&self, bytes: Vec<u8>) -> Result<Document, SharedFileError> {
        Document::parse(self.kind, bytes).map_err(|error| SharedFileError::Parse {
            path: self.path.clone(),
            error,
            copy: resolve(&self.path)
                .ok()
                .and_then(|target| copies::newest(&target)),
        })
    }
}

/// Reads an open file from its start.
fn content(path: &Path, file: &File) -> Result<Vec<u8>, SharedFileError> {
    let failed = |source| SharedFileError::Read {
        path: path.to_owned(),
        source,
    };
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(SharedFileError::NotRegular {
            path: path.to_owned(),
        });
    }
    // One byte more than is allowed, so that the parser refuses what is too large.
    let limit = MAXIMUM_SIZE as u64 + 1;
    let mut bytes = Bytes(Vec::with_capacity(metadata.len().min(limit) as usize));
    file.take(limit).read_to_end(&mut bytes.0).map_err(failed)?;
    Ok(std::mem::take(&mut bytes.0))
}

enum Outcome {
    Written(Vec<Warning>),
    ChangedMeanwhile,
}

/// New content that is to take the place of the old, under the lock.
struct Replacement<'a> {
    path: &'a Path,
    #[cfg(unix)]
    kind: Kind,
    locked: &'a Locked,
    old: &'a [u8],
    new: &'a [u8],
}

impl Replacement<'_> {
    fn run(&self) -> Result<Outcome, SharedFileError> {
        let metadata = self
            .locked
            .file
            .metadata()
            .map_err(|error| self.failed(error))?;
        let mut warnings = Vec::new();
        if !self.locked.is_unlocked {
            let left = copies::settle(&self.locked.target, &metadata, self.old);
            warnings.extend(self.copies_left(left));
        }
        let temporary = match self.temporary(&metadata) {
            Ok(temporary) => temporary,
            Err(error) if rules_out_rename(&error) => return self.overwrite(&metadata, warnings),
            Err(error) => return Err(self.failed(error)),
        };
        if !self.is_unchanged()? {
            return Ok(Outcome::ChangedMeanwhile);
        }
        match temporary.persist(&self.locked.target) {
            Ok(_) => {}
            Err(error) if rules_out_rename(&error.error) => {
                // The temporary file goes before the copy comes: there may not be room for both.
                drop(error);
                return self.overwrite(&metadata, warnings);
            }
            // Removed as stale by one who holds the lock of the file that now has this name.
            Err(error) if error.error.kind() == io::ErrorKind::NotFound => {
                return Ok(Outcome::ChangedMeanwhile);
            }
            Err(error) => return Err(self.failed(error.error)),
        }
        sync_directory(directory_of(&self.locked.target));
        warnings.extend(self.tightening(&metadata));
        warnings.extend(self.broken_link(&metadata));
        Ok(Outcome::Written(warnings))
    }

    /// Writes the new content to a file beside the old, with the old one's owner.
    fn temporary(&self, metadata: &fs::Metadata) -> io::Result<NamedTempFile> {
        // Created with mode 0600.
        let mut temporary = tempfile::Builder::new()
            .prefix(&name_prefix(
                self.locked.target.file_name().unwrap_or_default(),
                "tmp",
            ))
            .tempfile_in(directory_of(&self.locked.target))?;
        #[cfg(unix)]
        {
            use rustix::fs::{Gid, Uid, fchown};
            use std::os::unix::fs::{MetadataExt, PermissionsExt};

            let own = temporary.as_file().metadata()?;
            let owner = (own.uid() != metadata.uid()).then(|| Uid::from_raw(metadata.uid()));
            let group = (own.gid() != metadata.gid()).then(|| Gid::from_raw(metadata.gid()));
            let mode = self.mode(metadata);
            if owner.is_some() || group.is_some() {
                let changed = fchown(temporary.as_file(), owner, group);
                // A group that may do nothing with the file is no reason to write it in place.
                if owner.is_some() || mode & 0o070 != 0 {
                    changed?;
                }
            }
            if mode != 0o600 {
                temporary
                    .as_file()
                    .set_permissions(fs::Permissions::from_mode(mode))?;
            }
        }
        #[cfg(not(unix))]
        let _ = metadata;
        temporary.write_all(self.new)?;
        temporary.as_file().sync_all()?;
        Ok(temporary)
    }

    /// Writes the new content over the old.
    fn overwrite(
        &self,
        metadata: &fs::Metadata,
        mut warnings: Vec<Warning>,
    ) -> Result<Outcome, SharedFileError> {
        let target = &self.locked.target;
        let file = in_place::open(target)?;
        if !self.locked.is_unlocked {
            let left = copies::settle_temporary(target, metadata, self.old);
            warnings.extend(self.copies_left(left));
        }
        let copy =
            Copy::save(target, metadata, self.old, self.new).map_err(|error| self.failed(error))?;
        if !self.is_unchanged()? {
            return Ok(Outcome::ChangedMeanwhile);
        }
        warnings.extend(self.tighten(&file, metadata));
        in_place::overwrite(target, &file, self.old, self.new, copy)?;
        Ok(Outcome::Written(warnings))
    }

    fn copies_left(&self, copies: Vec<PathBuf>) -> impl Iterator<Item = Warning> {
        copies.into_iter().map(|copy| Warning::CopyLeft {
            path: self.path.to_owned(),
            copy,
        })
    }

    /// Tells whether the path still leads to the file that was read, with the bytes that were
    /// read.
    fn is_unchanged(&self) -> Result<bool, SharedFileError> {
        if !self.locked.is_current(self.path)? {
            return Ok(false);
        }
        let mut file = &self.locked.file;
        file.rewind().map_err(|error| self.failed(error))?;
        let now = Bytes(content(self.path, file)?);
        Ok(now.0 == self.old)
    }

    /// Returns the mode that the file is to have. The config file keeps its own, since it holds
    /// no secret.
    #[cfg(unix)]
    fn mode(&self, metadata: &fs::Metadata) -> u32 {
        let mode = mode_of(metadata);
        match self.kind {
            Kind::Credentials if mode & !0o600 != 0 => 0o600,
            Kind::Credentials | Kind::Config => mode,
        }
    }

    #[cfg(unix)]
    fn tightening(&self, metadata: &fs::Metadata) -> Option<Warning> {
        let mode = mode_of(metadata);
        (self.mode(metadata) != mode).then(|| Warning::ModeTightened {
            path: self.path.to_owned(),
            mode,
        })
    }

    /// A rename takes one name only from the old file. The new one has no other, so that this is
    /// said once.
    #[cfg(unix)]
    fn broken_link(&self, metadata: &fs::Metadata) -> Option<Warning> {
        let has_others = std::os::unix::fs::MetadataExt::nlink(metadata) > 1;
        has_others.then(|| Warning::LinkBroken {
            path: self.path.to_owned(),
        })
    }

    /// Tightens the mode of the open file itself.
    #[cfg(unix)]
    fn tighten(&self, file: &File, metadata: &fs::Metadata) -> Option<Warning> {
        use std::os::unix::fs::PermissionsExt;

        let warning = self.tightening(metadata)?;
        let narrow = fs::Permissions::from_mode(self.mode(metadata));
        if file.set_permissions(narrow).is_ok() {
            return Some(warning);
        }
        Some(Warning::ModeTooWide {
            path: self.path.to_owned(),
            mode: mode_of(metadata),
        })
    }

    #[cfg(not(unix))]
    fn tighten(&self, _file: &File, _metadata: &fs::Metadata) -> Option<Warning> {
        None
    }

    #[cfg(not(unix))]
    fn broken_link(&self, _metadata: &fs::Metadata) -> Option<Warning> {
        None
    }

    #[cfg(not(unix))]
    fn tightening(&self, _metadata: &fs::Metadata) -> Option<Warning> {
        None
    }

    fn failed(&self, source: io::Error) -> SharedFileError {
        SharedFileError::unwritten(self.path, source)
    }
}

#[cfg(unix)]
fn mode_of(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o7777
}

/// Tells whether an error means that the file cannot be replaced but may still be written: it is
/// mounted by itself, its directory is read-only, or its owner is another.
fn rules_out_rename(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy
            | io::ErrorKind::CrossesDevices
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
    )
}
