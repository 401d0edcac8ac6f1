//! Where the shared files are, by the rules of the SDKs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Nobody can say where the shared files are: there is no home directory, and no variable names
/// the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error(
    "cannot tell where the AWS files are: there is no home directory, and {variable} is not set"
)]
pub struct NoHome {
    /// The variable that would name the file.
    pub variable: &'static str,
}

/// Returns the path of the config file: `AWS_CONFIG_FILE`, or `~/.aws/config`.
///
/// # Errors
///
/// Fails if the path starts in the home directory and there is none.
pub fn config_path() -> Result<PathBuf, NoHome> {
    locate(
        "AWS_CONFIG_FILE",
        "config",
        |name| std::env::var_os(name),
        std::env::home_dir,
    )
}

/// Returns the path of the credentials file: `AWS_SHARED_CREDENTIALS_FILE`, or
/// `~/.aws/credentials`.
///
/// # Errors
///
/// Fails if the path starts in the home directory and there is none.
pub fn credentials_path() -> Result<PathBuf, NoHome> {
    locate(
        "AWS_SHARED_CREDENTIALS_FILE",
        "credentials",
        |name| std::env::var_os(name),
        std::env::home_dir,
    )
}

/// An empty variable counts as unset, and so does an empty home directory. As in the SDKs `~`
/// stands for the home directory only before a separator or alone, never in `~name`.
fn locate(
    variable: &'static str,
    file: &str,
    environment: impl Fn(&str) -> Option<OsString>,
    home: impl Fn() -> Option<PathBuf>,
) -> Result<PathBuf, NoHome> {
    let home = || {
        home()
            .filter(|home| !home.as_os_str().is_empty())
            .ok_or(NoHome { variable })
    };
    let Some(path) = environment(variable).filter(|path| !path.is_empty()) else {
        return Ok(home()?.join(".aws").join(file));
    };
    let mut components = Path::new(&path).components();
    if components.next().map(|first| first.as_os_str()) == Some(OsStr::new("~")) {
        return Ok(home()?.join(components.as_path()));
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate_with(value: Option<&str>, home: Option<&str>) -> Result<PathBuf, NoHome> {
        locate(
            "AWS_CONFIG_FILE",
            "config",
            |name| {
                assert_eq!(name, "AWS_CONFIG_FILE");
                value.map(OsString::from)
            },
            || home.map(PathBuf::from),
        )
    }

    #[test]
    fn without_a_variable_the_file_is_in_the_home_directory() {
        let expected = Path::new("/home/ada/.aws/config");
        for unset in [None, Some("")] {
            assert_eq!(locate_with(unset, Some("/home/ada")).unwrap(), expected);
        }
    }

    #[test]
    fn a_variable_is_taken_as_it_is() {
        for path in ["/etc/aws", "relative/aws", "~ada/aws", "/a/~/b"] {
            assert_eq!(locate_with(Some(path), None).unwrap(), Path::new(path));
        }
    }

    #[test]
    fn a_leading_tilde_is_the_home_directory() {
        let path = locate_with(Some("~/dotfiles/aws"), Some("/home/ada")).unwrap();
        assert_eq!(path, Path::new("/home/ada/dotfiles/aws"));
        assert!(locate_with(Some("~/dotfiles/aws"), None).is_err());
    }

    #[test]
    fn without_a_home_directory_the_error_names_the_variable() {
        for home in [None, Some("")] {
            let error = locate_with(None, home).unwrap_err();
            assert!(error.to_string().contains("AWS_CONFIG_FILE"), "{error}");
        }
    }
}
