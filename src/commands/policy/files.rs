//! The files that are named, read.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    policy::{
        error::PolicyError,
        sources::{LONGEST_SOURCE, Source},
    },
    terminal::trace,
};

/// Reads the files: `-` is stdin, a directory its files of Terraform.
pub(super) fn read(names: &[PathBuf]) -> Result<Vec<Source>, PolicyError> {
    let is_stdin = |name: &&PathBuf| name.as_os_str() == "-";
    if names.iter().filter(is_stdin).count() > 1 {
        return Err(PolicyError::StdinTwice);
    }
    let mut sources = Vec::new();
    for name in names {
        if is_stdin(&name) {
            let bytes = bytes_of(io::stdin().lock()).map_err(unreadable("stdin"))?;
            sources.push(Source::from_bytes("stdin", bytes)?);
        } else if name.is_dir() {
            for file in terraform_of(name)? {
                sources.push(read_file(&file)?);
            }
        } else {
            sources.push(read_file(name)?);
        }
    }
    Ok(sources)
}

fn read_file(path: &Path) -> Result<Source, PolicyError> {
    let name = path.display().to_string();
    let bytes = File::open(path).and_then(bytes_of);
    let bytes = bytes.map_err(unreadable(&name))?;
    trace(1, || format!("{name}: {} bytes", bytes.len()));
    Ok(Source::from_bytes(&name, bytes)?)
}

/// No more than it takes to see that there is too much.
fn bytes_of(file: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LONGEST_SOURCE).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The files of a module, in the order of their names.
fn terraform_of(directory: &Path) -> Result<Vec<PathBuf>, PolicyError> {
    let name = directory.display().to_string();
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable(&name))? {
        let path = entry.map_err(unreadable(&name))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Those in JSON are refused when they are read: what they add may not be passed over.
        if name.ends_with(".tf") || name.ends_with(".tf.json") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(PolicyError::NoTerraform { directory: name });
    }
    Ok(files)
}

fn unreadable(file: &str) -> impl Fn(io::Error) -> PolicyError {
    move |source| PolicyError::Unreadable {
        file: file.to_owned(),
        source,
    }
}
