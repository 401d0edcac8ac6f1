//! Finding the programs that daypass runs.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Finds a program on the search path.
///
/// Only absolute directories count: an empty or relative part of `PATH` would run whatever lies in the
/// current directory, and hand it a secret.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(&file))
        .find(|candidate| is_executable(candidate))
}

/// Whether this is a file that this user may execute.
#[cfg(unix)]
pub fn is_executable(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

/// Whether this is a file.
#[cfg(not(unix))]
pub fn is_executable(path: &Path) -> bool {
    path.is_file()
}
