//! Whose turn it is to ask for a code.
//!
//! Thirty AWS tools that start at once with an expired session must cause one question. For each
//! long-term key there is one small file beside the credentials file, in `daypass/`; whoever holds
//! the operating system's lock on it has the turn, and the lock dies with its holder. The file
//! itself holds what the turns leave behind: see [`crate::mfa::memory`].

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::mfa::memory::Memory;

/// How long to wait for the turn: longer than a question stands, so that whoever has the turn for
/// longer is stuck (stopped with Ctrl-Z, for one).
pub const PATIENCE: Duration = Duration::from_secs(360);

/// How often to look whether the turn is free.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The turn. It ends when this is dropped.
pub struct Turn {
    /// Without a file, nobody is kept waiting and nothing is remembered.
    file: Option<File>,
    memory: Memory,
}

/// Why nobody can take a turn.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// Somebody has it and does not let go.
    #[error("another daypass is busy with this access key, and has been for minutes")]
    Busy,
    /// The file of the turn cannot be made or locked.
    #[error("cannot lock {}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Turn {
    /// Takes the turn for a long-term key, and waits for it if somebody else has it.
    ///
    /// `waiting` is called once before a wait begins; it says whether to wait at all.
    ///
    /// # Errors
    /// When the file cannot be made or locked, or nobody lets go of it within `patience`.
    pub fn take(
        credentials: &Path,
        access_key_id: &str,
        patience: Duration,
        mut waiting: impl FnMut() -> bool,
    ) -> Result<Self, TurnError> {
        let (path, mut file) = open(credentials, access_key_id)?;
        let deadline = Instant::now() + patience;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) if is_still_at(&path, &file) => break,
                // Somebody has tidied the directory up: the turn is at the new file.
                Ok(()) => file = open(credentials, access_key_id)?.1,
                Err(TryLockError::WouldBlock) if Instant::now() > deadline => {
                    return Err(TurnError::Busy);
                }
                Err(TryLockError::WouldBlock) => {
                    if !told && !waiting() {
                        return Err(TurnError::Busy);
                    }
                    told = true;
                    thread::sleep(LOOK_AGAIN);
                }
                Err(TryLockError::Error(source)) => {
                    return Err(TurnError::Unusable { path, source });
                }
            }
        }
        let memory = Memory::read(&file);
        Ok(Turn {
            file: Some(file),
            memory,
        })
    }

    /// A turn that keeps nobody out, for when no file can be made for it.
    pub fn unlocked() -> Self {
        Turn {
            file: None,
            memory: Memory::default(),
        }
    }

    /// What the last turns left behind, without taking one.
    pub fn glance(credentials: &Path, access_key_id: &str) -> Memory {
        let path = path(credentials, access_key_id);
        open_ours(OpenOptions::new().read(true), &path)
            .map(|file| Memory::read(&file))
            .unwrap_or_default()
    }

    /// The ids of the long-term keys that have had a turn on this machine, as far as that is remembered.
    pub fn keys(credentials: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory(credentials)).into_iter().flatten();
        entries
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                name.strip_suffix(".json").map(str::to_owned)
            })
            .collect()
    }

    /// What the last turns left behind.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Changes the memory and writes it down for those who come later.
    pub fn remember(&mut self, change: impl FnOnce(&mut Memory)) {
        change(&mut self.memory);
        if let Some(file) = &mut self.file {
            self.memory.write(file);
        }
    }

    /// The same for what has to outlive a power cut as well.
    pub fn remember_on_disk(&mut self, change: impl FnOnce(&mut Memory)) {
        self.remember(change);
        if let Some(file) = &self.file {
            // As with the rest of the memory: what cannot be written is done without.
            let _ = file.sync_all();
        }
    }
}

fn path(credentials: &Path, access_key_id: &str) -> PathBuf {
    // The id comes from a file of the user's: it must not lead out of the directory.
    let name: String = access_key_id
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .take(128)
        .collect();
    directory(credentials).join(format!("{name}.json"))
}

/// Beside the credentials file; where that cannot be, in the temporary directory, for all processes
/// of this user alike.
fn directory(credentials: &Path) -> PathBuf {
    let beside = credentials.with_file_name("daypass");
    // /dev/null for one: it says that there is no credentials file, and nothing belongs beside it.
    let is_special = fs::metadata(credentials).is_ok_and(|metadata| !metadata.is_file());
    let can_be_made = [Some(beside.as_path()), beside.parent()]
        .into_iter()
        .flatten()
        .find(|path| path.exists())
        .is_none_or(is_writable);
    if !is_special && can_be_made {
        return beside;
    }
    #[cfg(unix)]
    let name = format!("daypass-{}", rustix::process::getuid().as_raw());
    #[cfg(not(unix))]
    let name = "daypass";
    std::env::temp_dir().join(name)
}

#[cfg(unix)]
fn is_writable(directory: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(directory, Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(directory: &Path) -> bool {
    fs::metadata(directory).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// Opens the file of the turn, and makes it if it is not there.
fn open(credentials: &Path, access_key_id: &str) -> Result<(PathBuf, File), TurnError> {
    let path = path(credentials, access_key_id);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = path
        .parent()
        .map_or(Ok(()), make_private_directory)
        .and_then(|()| open_ours(&mut options, &path));
    match opened {
        Ok(file) => Ok((path, file)),
        Err(source) => Err(TurnError::Unusable { path, source }),
    }
}

/// Opens a file in a directory of this user's own, and follows no link to it: in a directory of
/// somebody else's, the file could be a link of theirs to a file of ours, or tell us lies.
fn open_ours(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits().cast_signed());
    }
    let directory = path.parent().map(fs::symlink_metadata).transpose()?;
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    let fits = metadata.is_file()
        && is_of_this_user(&metadata)
        && directory.is_none_or(|directory| directory.is_dir() && is_of_this_user(&directory));
    if fits {
        Ok(file)
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Root may work in anybody's home.
#[cfg(unix)]
fn is_of_this_user(metadata: &fs::Metadata) -> bool {
    let user = rustix::process::geteuid();
    user.is_root() || std::os::unix::fs::MetadataExt::uid(metadata) == user.as_raw()
}

#[cfg(not(unix))]
fn is_of_this_user(_metadata: &fs::Metadata) -> bool {
    true
}

/// Whether the path still leads to this very file.
#[cfg(unix)]
fn is_still_at(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let named = fs::symlink_metadata(path).map(identity);
    named.is_ok_and(|named| {
        file.metadata()
            .map(identity)
            .is_ok_and(|held| held == named)
    })
}

#[cfg(not(unix))]
fn is_still_at(_path: &Path, _file: &File) -> bool {
    true
}

/// Makes the directory and the missing ones above it, for this user alone.
fn make_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mfa::code::Code, serial::Serial, time};

    #[test]
    fn a_caller_who_does_not_want_to_wait_is_told_that_it_is_busy() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        let _first = Turn::take(&path, "AKIAEXAMPLE", PATIENCE, || true).unwrap();
        let second = Turn::take(&path, "AKIAEXAMPLE", PATIENCE, || false);
        assert!(matches!(second, Err(TurnError::Busy)));
    }

    #[test]
    fn what_is_remembered_in_one_turn_is_known_in_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        let serial = Serial::parse("GAHT12345678").unwrap();
        let (code, now) = (Code::parse("123456").unwrap(), time::now());
        let mut first = Turn::take(&path, "AKIAEXAMPLE", PATIENCE, || true).unwrap();
        first.remember(|memory| memory.add_spent(&serial, &code, now));
        drop(first);
        let second = Turn::take(&path, "AKIAEXAMPLE", PATIENCE, || true).unwrap();
        assert!(second.memory().is_spent(&serial, &code, now));
        assert!(Turn::glance(&path, "AKIAEXAMPLE").is_spent(&serial, &code, now));
        assert!(!Turn::glance(&path, "AKIAOTHER").is_spent(&serial, &code, now));
    }

    #[test]
    fn an_id_cannot_lead_out_of_the_directory() {
        let directory = tempfile::tempdir().unwrap();
        let path = path(&directory.path().join("credentials"), "../../x");
        assert_eq!(path, directory.path().join("daypass/______x.json"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_file_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let precious = directory.path().join("precious");
        fs::write(&precious, "mine").unwrap();
        fs::create_dir(directory.path().join("daypass")).unwrap();
        let link = directory.path().join("daypass/AKIAEXAMPLE.json");
        std::os::unix::fs::symlink(&precious, link).unwrap();
        let path = directory.path().join("credentials");
        assert!(Turn::take(&path, "AKIAEXAMPLE", PATIENCE, || true).is_err());
        assert_eq!(fs::read_to_string(&precious).unwrap(), "mine");
    }

    #[test]
    fn nothing_is_made_beside_a_credentials_file_that_is_none() {
        let path = path(Path::new("/dev/null"), "AKIAEXAMPLE");
        assert!(path.starts_with(std::env::temp_dir()), "{path:?}");
    }
}
