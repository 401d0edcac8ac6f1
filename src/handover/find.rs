//! Looking a command up as a shell does.

use std::{ffi::OsStr, path::PathBuf};

#[cfg(unix)]
use std::{env, ffi::OsString, fs, io, path::Path};

use super::HandoverError;

/// Finds the file of a command. The system looks for it by itself when it is started.
#[cfg(not(unix))]
pub(super) fn find(name: &OsStr) -> Result<PathBuf, HandoverError> {
    Ok(PathBuf::from(name))
}

/// Finds the file of a command: the file itself where the name has a slash, else in the directories of
/// `PATH`, relative ones included, since it is the person's own command.
///
/// # Errors
/// When there is none, or only one that cannot be executed.
/// Source: POSIX, Shell Command Language, "Command Search and Execution".
#[cfg(unix)]
pub(super) fn find(name: &OsStr) -> Result<PathBuf, HandoverError> {
    if name.as_encoded_bytes().contains(&b'/') {
        return match executable(Path::new(name)) {
            Ok(()) => Ok(name.into()),
            Err(error) if is_absent(&error) => Err(no_such_command(name, None)),
            Err(source) => Err(HandoverError::CannotExecute {
                path: name.into(),
                source,
            }),
        };
    }
    let path = search_path();
    let mut refused = None;
    for file in env::split_paths(&path).map(|directory| in_directory(&directory, name)) {
        match executable(&file) {
            Ok(()) => return Ok(file),
            // A directory of that name is none of a shell's business.
            Err(error) if is_absent(&error) || error.kind() == io::ErrorKind::IsADirectory => {}
            Err(error) => refused = refused.or(Some((file, error))),
        }
    }
    match refused {
        Some((path, source)) => Err(HandoverError::CannotExecute { path, source }),
        None => Err(no_such_command(name, nearest(name, &path))),
    }
}

/// `PATH`; without one, what execvp takes in its place.
#[cfg(unix)]
fn search_path() -> OsString {
    env::var_os("PATH").unwrap_or_else(|| "/bin:/usr/bin".into())
}

/// An empty directory is the current one, and needs a slash so that it is meant.
#[cfg(unix)]
fn in_directory(directory: &Path, name: &OsStr) -> PathBuf {
    if directory.as_os_str().is_empty() {
        Path::new(".").join(name)
    } else {
        directory.join(name)
    }
}

#[cfg(unix)]
fn executable(path: &Path) -> io::Result<()> {
    // An empty name would be the directory itself.
    if path.file_name().is_none() && !path.is_dir() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if fs::metadata(path)?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(rustix::fs::access(path, rustix::fs::Access::EXEC_OK)?)
}

#[cfg(unix)]
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn no_such_command(name: &OsStr, near: Option<String>) -> HandoverError {
    HandoverError::NoSuchCommand {
        name: name.to_string_lossy().into_owned(),
        near,
    }
}

/// A command whose name is one slip away.
#[cfg(unix)]
fn nearest(name: &OsStr, path: &OsStr) -> Option<String> {
    let name = name.to_str().filter(|name| name.len() > 2)?;
    env::split_paths(path)
        .filter_map(|directory| fs::read_dir(directory).ok())
        .flatten()
        .filter_map(|entry| Some((entry.as_ref().ok()?.path(), entry.ok()?.file_name())))
        .filter_map(|(file, known)| Some((file, known.into_string().ok()?)))
        .filter(|(_, known)| strsim::osa_distance(name, known) == 1)
        .find(|(file, _)| executable(file).is_ok())
        .map(|(_, known)| known)
}

/// Whether a word is the name of a command.
pub fn is_command(name: &OsStr) -> bool {
    #[cfg(unix)]
    return find(name).is_ok();
    #[cfg(not(unix))]
    return crate::program::find(&name.to_string_lossy()).is_some();
}
