//! The copy of the old content that stands beside a file while it is written in place, and what a
//! crash leaves of it.
//!
//! A copy's name carries a digest of the content that was being written, so that the next edit can
//! tell whether that write was complete. Where the directory cannot be written, the copy is in the
//! one for temporary files; its name then also carries a digest of the path that it belongs to.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempPath;

use super::document::{Bytes, MAXIMUM_SIZE};
use super::lock::directory_of;

/// A complete copy of a file's old content, on the disk. Removed when dropped, unless it is kept.
pub(super) struct Copy(TempPath);

impl Copy {
    /// Saves `old` beside a file that is to become `new`, or else in the directory for temporary
    /// files.
    pub(super) fn save(
        target: &Path,
        owner: &Metadata,
        old: &[u8],
        new: &[u8],
    ) -> io::Result<Copy> {
        let save = |place: Place| place.save(owner, old, &digest(without_line_ends(new)));
        save(Place::beside(target)).or_else(|_| save(Place::temporary(target)))
    }

    /// Keeps the copy, since the file may be damaged. Returns where it is.
    pub(super) fn keep(self) -> PathBuf {
        let path = self.0.to_path_buf();
        // Should this fail, the path is the best that is left to say.
        let _ = self.0.keep();
        path
    }
}

/// Removes what killed processes have left beside a file that nobody needs: temporary files, and
/// copies of a write that is complete or had not begun. Returns the copies that may be needed.
///
/// To be called under the lock, before files of one's own are made: then no other can belong to
/// anybody. Best effort: it is tried again next time.
pub(super) fn settle(target: &Path, owner: &Metadata, present: &[u8]) -> Vec<PathBuf> {
    Place::beside(target).settle(owner, present)
}

/// Does the same in the directory for temporary files.
pub(super) fn settle_temporary(target: &Path, owner: &Metadata, present: &[u8]) -> Vec<PathBuf> {
    Place::temporary(target).settle(owner, present)
}

/// Finds the last copy of a file that does not parse.
pub(super) fn newest(target: &Path) -> Option<PathBuf> {
    let owner = fs::metadata(target).ok()?;
    let mut found = Vec::new();
    for place in [Place::beside(target), Place::temporary(target)] {
        let files = place.files(&owner).into_iter();
        found.extend(files.filter(|path| place.is_for(path, "copy")));
    }
    let written = |path: &PathBuf| {
        fs::metadata(path)
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    found.into_iter().max_by_key(written)
}

/// A directory, and how the names of our files for one shared file begin there.
struct Place {
    directory: PathBuf,
    file_name: OsString,
    /// Tells the files of this shared file from those of others with the same name.
    path_digest: String,
}

impl Place {
    fn beside(target: &Path) -> Place {
        Place {
            directory: directory_of(target).to_owned(),
            file_name: target.file_name().unwrap_or_default().to_owned(),
            path_digest: String::new(),
        }
    }

    fn temporary(target: &Path) -> Place {
        let path = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        Place {
            directory: std::env::temp_dir(),
            path_digest: digest(path.as_os_str().as_encoded_bytes()) + "-",
            ..Place::beside(target)
        }
    }

    fn prefix(&self, purpose: &str) -> OsString {
        let mut prefix = name_prefix(&self.file_name, purpose);
        prefix.push(&self.path_digest);
        prefix
    }

    /// A copy gets its name when it is complete: a part of one would be taken for all that is left.
    fn save(&self, owner: &Metadata, content: &[u8], new_digest: &str) -> io::Result<Copy> {
        let mut temporary = tempfile::Builder::new()
            .prefix(&self.prefix("tmp"))
            .tempfile_in(&self.directory)?;
        temporary.write_all(content)?;
        // Root may be at work on somebody's file, who is to be able to read it.
        #[cfg(unix)]
        {
            use rustix::fs::{Gid, Uid, fchown};
            use std::os::unix::fs::MetadataExt;
            let (uid, gid) = (Uid::from_raw(owner.uid()), Gid::from_raw(owner.gid()));
            let _ = fchown(temporary.as_file(), Some(uid), Some(gid));
        }
        #[cfg(not(unix))]
        let _ = owner;
        temporary.as_file().sync_all()?;
        // The random end of the temporary name keeps this one apart from others, too.
        let name = temporary.path().file_name().unwrap_or_default();
        let random = name.as_encoded_bytes().rsplit(|byte| *byte == b'-').next();
        let random = String::from_utf8_lossy(random.unwrap_or_default());
        let mut name = self.prefix("copy");
        name.push(format!("{new_digest}-{random}"));
        let path = self.directory.join(name);
        temporary
            .persist_noclobber(&path)
            .map_err(|error| error.error)?;
        let copy = Copy(TempPath::try_from_path(path)?);
        sync_directory(&self.directory);
        Ok(copy)
    }

    /// Lists our files, whatever they are for. Those of other people are none of ours, whatever
    /// their names.
    fn files(&self, owner: &Metadata) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.directory) else {
            return Vec::new();
        };
        entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| self.is_for(path, "tmp") || self.is_for(path, "copy"))
            .filter(|path| fs::symlink_metadata(path).is_ok_and(|found| belongs(&found, owner)))
            .collect()
    }

    fn is_for(&self, path: &Path, purpose: &str) -> bool {
        begins_with(path, &self.prefix(purpose))
    }

    fn settle(&self, owner: &Metadata, present: &[u8]) -> Vec<PathBuf> {
        let mut files = self.files(owner);
        if files.is_empty() {
            return files;
        }
        let mut complete = self.prefix("copy");
        complete.push(digest(without_line_ends(present)));
        files.retain(|path| {
            let is_needless = self.is_for(path, "tmp")
                || begins_with(path, &complete)
                || holds(path, owner, present);
            if is_needless {
                let _ = fs::remove_file(path);
            }
            !is_needless
        });
        files
    }
}

fn begins_with(path: &Path, prefix: &OsStr) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.starts_with(prefix.as_encoded_bytes())
}

/// Returns how the names of our files beside a shared file begin.
pub(super) fn name_prefix(file_name: &OsStr, purpose: &str) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(file_name);
    prefix.push(format!(".daypass-{purpose}-"));
    prefix
}

/// Begins the SHA-256 of some bytes: enough to know them again.
fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A write that was cut short before its last step has line ends too many, and is complete.
fn without_line_ends(content: &[u8]) -> &[u8] {
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = content.iter().rposition(|byte| !is_line_end(byte));
    &content[..end.map_or(0, |last| last + 1)]
}

/// Tells whether a copy holds exactly this content.
fn holds(copy: &Path, owner: &Metadata, content: &[u8]) -> bool {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    let read = options.open(copy).and_then(|file| {
        let metadata = file.metadata()?;
        if !belongs(&metadata, owner) || metadata.len() != content.len() as u64 {
            return Ok(None);
        }
        let mut bytes = Bytes(Vec::with_capacity(content.len()));
        file.take(MAXIMUM_SIZE as u64).read_to_end(&mut bytes.0)?;
        Ok(Some(bytes))
    });
    matches!(read, Ok(Some(bytes)) if bytes.0 == content)
}

/// Whether a file is one of ours: a regular file of this user's or of the shared file's owner.
#[cfg(unix)]
fn belongs(found: &Metadata, owner: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    found.is_file() && (found.uid() == user || found.uid() == owner.uid())
}

#[cfg(not(unix))]
fn belongs(found: &Metadata, _owner: &Metadata) -> bool {
    found.is_file()
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
