//! The lock that an edit holds, and the file that it is held on.
//!
//! The lock is the operating system's own and ends with its holder, however that ends. On Unix
//! it is held on the data file itself: a lock file beside it would stay behind, and in a
//! directory that cannot be written it could not even be made. Since an edit replaces the file,
//! a lock may turn out to be on a file that is no longer there under that name; then it is taken
//! anew on the one that is.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::error::SharedFileError;

/// How many links are followed; Linux follows as many.
const MAXIMUM_LINKS: usize = 40;

/// How often the lock is taken anew since the file was replaced meanwhile. Each time somebody
/// else has got their edit done, so that only a file system whose identities are not stable
/// comes to this end.
const MAXIMUM_TURNS: usize = 10_000;

/// A file that exists and is locked until this is dropped.
pub(super) struct Locked {
    /// What was made for the edit and goes away again if nothing is written. First in order, so
    /// that it goes while the lock is still held.
    made: Made,
    /// The file itself, links resolved.
    pub(super) target: PathBuf,
    /// The open file. Not necessarily open for writing.
    pub(super) file: File,
    /// Whether the file system cannot lock, so that there is no lock after all.
    pub(super) is_unlocked: bool,
    #[cfg(not(unix))]
    _beside: File,
}

impl Locked {
    /// Locks a file, waiting for others that hold the lock. Makes it, empty and with mode 0600,
    /// if it is not there, and its directory with mode 0700.
    pub(super) fn acquire(path: &Path) -> Result<Locked, SharedFileError> {
        for _ in 0..MAXIMUM_TURNS {
            let target = resolve(path)?;
            let mut made = Made::default();
            made.directories(&target)?;
            #[cfg(not(unix))]
            let (beside, is_unlocked) = lock_beside(&target)?;
            let file = made.open(&target)?;
            #[cfg(unix)]
            let is_unlocked = !lock(&file).map_err(|source| SharedFileError::Lock {
                path: target.clone(),
                source,
            })?;
            if leads_to(path, &target, &file)? {
                return Ok(Locked {
                    made,
                    target,
                    file,
                    is_unlocked,
                    #[cfg(not(unix))]
                    _beside: beside,
                });
            }
            // What was made is somebody else's by now.
            made.keep();
        }
        Err(SharedFileError::KeepsChanging {
            path: path.to_owned(),
        })
    }

    /// Tells whether the path still leads to the file that is locked.
    pub(super) fn is_current(&self, path: &Path) -> Result<bool, SharedFileError> {
        leads_to(path, &self.target, &self.file)
    }

    /// Keeps what was made for the edit, since something has been written.
    pub(super) fn keep(&mut self) {
        self.made.keep();
    }
}

/// Follows the symbolic links of a path's last component, to the file that it stands for or that
/// is to be made. The directories on the way are left to the system.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, SharedFileError> {
    let mut target = path.to_owned();
    for _ in 0..MAXIMUM_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_symlink() => {}
            // Whatever else is wrong with it shows when it is opened.
            _ => return Ok(target),
        }
        let link = fs::read_link(&target).map_err(|source| SharedFileError::Read {
            path: target.clone(),
            source,
        })?;
        target = match target.parent() {
            Some(directory) => directory.join(link),
            None => link,
        };
    }
    Err(SharedFileError::LinkLoop {
        path: path.to_owned(),
    })
}

/// What was made for an edit. Removes it when dropped, unless it is kept.
#[derive(Default)]
struct Made {
    file: Option<PathBuf>,
    directories: Vec<PathBuf>,
}

impl Made {
    /// Makes the directories above a file that are not there.
    fn directories(&mut self, target: &Path) -> Result<(), SharedFileError> {
        let mut missing: Vec<&Path> = Vec::new();
        let mut directory = directory_of(target);
        while !directory.exists() {
            missing.push(directory);
            directory = directory_of(directory);
        }
        let builder = private_directory();
        while let Some(directory) = missing.pop() {
            match builder.create(directory) {
                Ok(()) => self.directories.push(directory.to_owned()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => {
                    return Err(SharedFileError::CreateDirectory {
                        path: directory.to_owned(),
                        source,
                    });
                }
            }
        }
        Ok(())
    }

    /// Opens the file, or makes it.
    fn open(&mut self, target: &Path) -> Result<File, SharedFileError> {
        let failed = |source| SharedFileError::Read {
            path: target.to_owned(),
            source,
        };
        for _ in 0..MAXIMUM_TURNS {
            match open_existing(target) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                    return Err(SharedFileError::NotRegular {
                        path: target.to_owned(),
                    });
                }
                result => {
                    let file = result.map_err(failed)?;
                    if !file.metadata().map_err(failed)?.is_file() {
                        return Err(SharedFileError::NotRegular {
                            path: target.to_owned(),
                        });
                    }
                    return Ok(file);
                }
            }
            let mut options = OpenOptions::new();
            options.read(true).write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            match options.open(target) {
                Ok(file) => {
                    self.file = Some(target.to_owned());
                    return Ok(file);
                }
                // Another process was faster: open what it made.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                // Another process has removed the directory that it had made for a failed edit.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.directories(target)?;
                }
                Err(source) => {
                    return Err(SharedFileError::Create {
                        path: target.to_owned(),
                        source,
                    });
                }
            }
        }
        Err(failed(io::ErrorKind::NotFound.into()))
    }

    fn keep(&mut self) {
        self.file = None;
        self.directories.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if let Some(file) = self.file.take()
            // Somebody else may have written it in place before we had the lock.
            && fs::metadata(&file).is_ok_and(|metadata| metadata.len() == 0)
        {
            let _ = fs::remove_file(file);
        }
        while let Some(directory) = self.directories.pop() {
            // Fails if it is no longer empty, as it should.
            let _ = fs::remove_dir(directory);
        }
    }
}

/// Returns the directory of a path, which for a bare name is the current one.
pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

fn private_directory() -> fs::DirBuilder {
    #[cfg(not(unix))]
    return fs::DirBuilder::new();
    #[cfg(unix)]
    {
        let mut builder = fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
    }
}

/// Opens a file for an edit: for writing if that is allowed, since a lock over NFS needs it.
fn open_existing(target: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    avoid_blocking(&mut options);
    match options.open(target) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            options.write(false).open(target)
        }
        result => result,
    }
}

/// Keeps the opening of a pipe from waiting for its other end, and of a terminal from becoming
/// ours. On a regular file it changes nothing.
pub(super) fn avoid_blocking(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = options;
}

/// How long to wait for a lock. An edit holds it for milliseconds; whoever holds it for longer is
/// stuck, and a session that was just obtained must not be stuck with it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Locks an open file. Returns whether the file system can lock.
pub(super) fn lock(file: &File) -> io::Result<bool> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let error = match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if Instant::now() > deadline => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another program has kept it locked for 10 seconds",
                ));
            }
            Err(TryLockError::WouldBlock) => {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            Err(TryLockError::Error(error)) => error,
        };
        match error {
            error if error.kind() == io::ErrorKind::Interrupted => {}
            // Some network and user-space file systems cannot. An edit without the lock is still
            // guarded by the comparison before the rename.
            error if error.kind() == io::ErrorKind::Unsupported => return Ok(false),
            #[cfg(unix)]
            error if error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) => {
                return Ok(false);
            }
            error => return Err(error),
        }
    }
}

/// Tells whether the path still leads to this very file.
#[cfg(unix)]
fn leads_to(path: &Path, target: &Path, file: &File) -> Result<bool, SharedFileError> {
    use std::os::unix::fs::MetadataExt;

    if resolve(path)? != target {
        return Ok(false);
    }
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let locked = file.metadata().map_err(|source| SharedFileError::Read {
        path: target.to_owned(),
        source,
    })?;
    Ok(fs::symlink_metadata(target).is_ok_and(|named| identity(named) == identity(locked)))
}

/// The lock is on a file of its own, which nobody replaces.
#[cfg(not(unix))]
fn leads_to(path: &Path, target: &Path, _file: &File) -> Result<bool, SharedFileError> {
    Ok(resolve(path)? == target)
}

/// Other systems do not let a file be replaced that is open and locked, so that the lock is on a
/// file beside it. Nothing follows from that file being there.
#[cfg(not(unix))]
fn lock_beside(target: &Path) -> Result<(File, bool), SharedFileError> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".daypass-lock");
    let path = target.with_file_name(name);
    let failed = |source| SharedFileError::Lock {
        path: target.to_owned(),
        source,
    };
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(failed)?;
    let is_unlocked = !lock(&file).map_err(failed)?;
    Ok((file, is_unlocked))
}
