//! The shared files.

use std::{io, path::Path};

use super::{keychain_hint, path_word};
use crate::{
    cached_session::StoreError,
    shared_files::{EditError, SharedFileError},
};

pub(in crate::failure) fn file_hint(error: &SharedFileError) -> Option<String> {
    Some(match error {
        SharedFileError::Parse {
            path,
            copy: Some(copy),
            ..
        } => format!(
            "writing this file was cut short; this puts back what it held before: cp {} {}",
            path_word(copy),
            path_word(path)
        ),
        SharedFileError::Parse { copy: None, .. } => {
            "mend this line in an editor; daypass changes no file that it cannot read in full"
                .to_owned()
        }
        SharedFileError::DiskFull { .. } => "make room on the disk, then try again".to_owned(),
        SharedFileError::Damaged { path, copy, .. } => {
            format!("cp {} {}", path_word(copy), path_word(path))
        }
        SharedFileError::KeepsChanging { .. } => "try again when they are done".to_owned(),
        SharedFileError::Lock { path, source } if source.kind() == io::ErrorKind::TimedOut => {
            format!(
                "lsof {} shows which program that is; end it, then try again",
                path_word(path)
            )
        }
        SharedFileError::NotRegular { .. } => {
            "AWS tools need a plain file there: let AWS_SHARED_CREDENTIALS_FILE (or AWS_CONFIG_FILE) name one, or \
             make room for it"
                .to_owned()
        }
        SharedFileError::LinkLoop { path } => format!(
            "ls -l {0} shows where it leads; rm {0} removes the link alone",
            path_word(path)
        ),
        SharedFileError::Read { path, source } => access_hint(path, "u+r", source),
        SharedFileError::Write { path, source } => access_hint(path, "u+w", source),
        SharedFileError::Create { path, source }
        | SharedFileError::CreateDirectory { path, source } => {
            access_hint(path.parent().unwrap_or(path), "u+wx", source)
        }
        SharedFileError::Lock { path, .. } => format!(
            "ls -la {} shows whose it is and who may read and write it",
            path_word(path)
        ),
        SharedFileError::Edit {
            source: EditError::Disputed { .. },
            ..
        } => "write this line again in an editor, as: name = value".to_owned(),
        SharedFileError::Edit { .. } => return None,
    })
}

/// What to do where the system does not let us at a file or directory.
fn access_hint(path: &Path, mode: &str, source: &io::Error) -> String {
    let path = path_word(path);
    match source.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "chmod {mode} {path}; or, if it belongs to somebody else: sudo chown \"$USER\" {path}"
        ),
        io::ErrorKind::ReadOnlyFilesystem => format!(
            "{path} is on a file system that is mounted read-only: mount it for writing, or let \
             AWS_SHARED_CREDENTIALS_FILE name another file"
        ),
        _ => format!("ls -la {path} shows whose it is and who may read and write it"),
    }
}

/// What to do so that the next session can be saved.
pub fn unsaved_hint(error: &StoreError) -> Option<String> {
    match error {
        StoreError::File(error) => file_hint(error),
        StoreError::Keychain(error) => Some(keychain_hint(error)),
        StoreError::HoldsLongTermKey { section, .. } => Some(format!(
            "move the long-term key out of [{section}], then log in again with a new code"
        )),
    }
}
