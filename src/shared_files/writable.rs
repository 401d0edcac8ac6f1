//! Whether a file could be written, found out before a code is spent on what is to go into it.

use std::path::Path;

use super::error::SharedFileError;

/// Checks that an edit could write the file, by what the system says of it and its directory.
#[cfg(unix)]
pub(super) fn check(target: &Path) -> Result<(), SharedFileError> {
    use rustix::{
        fs::{Access, access},
        io::Errno,
        process::geteuid,
    };
    use std::os::unix::fs::MetadataExt;

    use super::lock::directory_of;

    let Ok(metadata) = std::fs::metadata(target) else {
        return check_directory(target);
    };
    if !metadata.is_file() {
        return Err(SharedFileError::NotRegular {
            path: target.to_owned(),
        });
    }
    let Err(errno) = access(target, Access::WRITE_OK) else {
        return Ok(());
    };
    // It can be replaced all the same by who owns it, in a directory that can be written.
    let is_own = geteuid().is_root() || geteuid().as_raw() == metadata.uid();
    let directory = access(directory_of(target), Access::WRITE_OK | Access::EXEC_OK);
    if errno != Errno::ROFS && is_own && directory.is_ok() {
        return Ok(());
    }
    Err(SharedFileError::unwritten(target, errno.into()))
}

/// Checks that a file that is not there could be made, with the directories that are missing.
#[cfg(unix)]
fn check_directory(target: &Path) -> Result<(), SharedFileError> {
    use rustix::fs::{Access, access};

    use super::lock::directory_of;

    let (mut missing, mut directory) = (None, directory_of(target));
    while !directory.exists() && directory != directory_of(directory) {
        missing = Some(directory);
        directory = directory_of(directory);
    }
    access(directory, Access::WRITE_OK | Access::EXEC_OK).map_err(|errno| match missing {
        Some(missing) => SharedFileError::CreateDirectory {
            path: missing.to_owned(),
            source: errno.into(),
        },
        None => SharedFileError::Create {
            path: target.to_owned(),
            source: errno.into(),
        },
    })
}

#[cfg(not(unix))]
pub(super) fn check(_target: &Path) -> Result<(), SharedFileError> {
    Ok(())
}
