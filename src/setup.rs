//! Guided set-up: from whatever is there to a profile that works.
//!
//! [`survey`] looks at what there is, [`plan`] decides what to change (pure), [`diff`] shows it, and
//! [`apply`] does it. The questions in between are the command's own.

use std::{
    env, fmt, io,
    path::{Path, PathBuf},
};

use crate::{
    aws::{client::ClientError, error::AwsError},
    credentials::looks_like_a_secret,
    keychain::{Keychain, KeychainError},
    long_term_key::KeyError,
    profile::ProfileError,
    shared_files::{EditError, SharedFileError},
};

pub mod apply;
pub mod diff;
pub mod plan;
pub mod survey;

/// Where the secret of the long-term key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Home {
    /// The operating system's keychain
    System,
    /// The password manager pass
    Pass,
    /// No keychain: plain text in the credentials file, which only its owner can read
    #[value(name = "none")]
    File,
}

impl Home {
    /// The keychain, if it is one.
    pub fn keychain(self) -> Option<Keychain> {
        match self {
            Home::System => Some(Keychain::System),
            Home::Pass => Some(Keychain::Pass),
            Home::File => None,
        }
    }

    /// The home that a keychain is.
    pub fn of(keychain: Keychain) -> Self {
        match keychain {
            Keychain::System => Home::System,
            Keychain::Pass => Home::Pass,
        }
    }
}

/// How AWS tools get at the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Layout {
    /// They run daypass (credential_process) and ask for a code when there is no session
    Process,
    /// They read it from the profile's own section, as aws-mfa left it there; daypass login renews it
    Classic,
}

/// Why a text is no access key id. None of these repeats it: it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnId {
    /// It is the other half.
    #[error(
        "that looks like the secret access key; the id is the shorter one, and begins with AKIA"
    )]
    Secret,
    /// It is a session's.
    #[error(
        "that is the key of a temporary session (ASIA...); a set-up needs a long-term key of an IAM user, \
         which begins with AKIA"
    )]
    Session,
    /// It is something else.
    #[error(
        "that is not an access key id: one is 20 capital letters and digits, and begins with AKIA"
    )]
    Other,
}

/// Checks that a text that somebody typed can be the id of a long-term key.
///
/// # Errors
/// [`NotAnId`], which tells apart what people paste by mistake.
pub fn check_access_key_id(text: &str) -> Result<(), NotAnId> {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if looks_like_a_secret(text) {
        Err(NotAnId::Secret)
    } else if text.starts_with("ASIA") {
        Err(NotAnId::Session)
    } else if is_plain && text.starts_with("AKIA") && (16..=128).contains(&text.len()) {
        Ok(())
    } else {
        Err(NotAnId::Other)
    }
}

/// What cannot be a secret access key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is not a secret access key: one is 40 characters, without spaces")]
pub struct NotASecret;

/// Checks that a text that somebody typed can be a secret access key. AWS says whether it is one.
///
/// # Errors
/// [`NotASecret`].
pub fn check_secret(text: &str) -> Result<(), NotASecret> {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/+=".contains(&byte));
    if is_plain && (30..=128).contains(&text.len()) && check_access_key_id(text).is_err() {
        Ok(())
    } else {
        Err(NotASecret)
    }
}

/// Why there is no set-up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The person said no.
    #[error("cancelled: nothing was changed")]
    Cancelled,
    /// The person was not there.
    #[error("no answer within five minutes: nothing was changed")]
    TimedOut,
    /// A signal came, or the terminal was taken away.
    #[error("interrupted: nothing was changed")]
    Interrupted,
    /// The terminal went away.
    #[error("cannot ask on the terminal")]
    Terminal(#[source] io::Error),
    /// Something has to be asked, and nobody can be.
    #[error("{what}, and nobody can be asked here")]
    NobodyToAsk {
        /// What is not known.
        what: String,
        /// The flag that says it.
        flag: String,
    },
    /// The changes were not agreed to by anybody.
    #[error("nothing was changed: nobody can be asked here whether to apply this")]
    NotAgreed,
    /// A section cannot have this name.
    #[error("a profile cannot have this name")]
    Name(#[source] EditError),
    /// The profile assumes a role.
    #[error("profile '{profile}' assumes a role, with the credentials of another profile")]
    RoleProfile {
        /// The profile.
        profile: String,
        /// That other profile.
        source_profile: Option<String>,
    },
    /// The profile signs in another way, which AWS tools prefer.
    #[error("profile '{profile}' signs in by {setting}, which AWS tools prefer to everything else")]
    SignsInOtherwise {
        /// The profile.
        profile: String,
        /// The setting that says so.
        setting: &'static str,
    },
    /// `--access-key-id` is none.
    #[error("the access key id that was given cannot be used: {0}")]
    AccessKeyId(NotAnId),
    /// Stdin held something else.
    #[error("stdin does not begin with a secret access key: {0}")]
    SecretOnStdin(NotASecret),
    /// Stdin cannot be read.
    #[error("cannot read the secret access key from stdin")]
    Stdin(#[source] io::Error),
    /// Nothing that makes sense was typed.
    #[error("no access key was given that AWS accepts: nothing was changed")]
    NoKey,
    /// No answer was a region.
    #[error("no region was given that can be one: nothing was changed")]
    NoRegion,
    /// AWS does not take the key.
    #[error("{error} (access key {access_key_id}, {place}); nothing was changed")]
    Key {
        /// Its id.
        access_key_id: String,
        /// Where it was found.
        place: String,
        /// The profile.
        profile: String,
        /// What AWS said.
        error: Box<AwsError>,
    },
    /// The path of this program cannot be written into `credential_process`.
    #[error(
        "the path of this program, {}, has characters that AWS tools would not understand in credential_process",
        .0.display()
    )]
    ProgramPath(PathBuf),
    /// Where this program is cannot be told.
    #[error("cannot tell where this program is")]
    Program(#[source] io::Error),
    /// A backup cannot be made.
    #[error("cannot make the backup {}; nothing was changed", path.display())]
    Backup {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another program wrote a file between question and answer.
    #[error("{} was changed by another program meanwhile; nothing was changed", .0.display())]
    ChangedMeanwhile(PathBuf),
    /// The new place gives back something else.
    #[error("the access key that was written is not the one that is read back")]
    NotReadBack,
    /// Something failed after the first change.
    #[error("the set-up stopped half-way: {done}")]
    Unfinished {
        /// What has been done by then, and what is as it was.
        done: String,
        /// The profile.
        profile: String,
        /// What failed.
        source: Box<SetupError>,
    },
    /// The client could not be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A profile cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] SharedFileError),
    /// The keychain does not serve.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// The key that is there cannot be read.
    #[error(transparent)]
    LongTermKey(#[from] KeyError),
}

/// A path as people write it: with `~` for their home.
pub struct Short<'a>(pub &'a Path);

impl fmt::Display for Short<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below_home = env::home_dir()
            .filter(|home| home.is_absolute())
            .and_then(|home| self.0.strip_prefix(home).ok());
        match below_home {
            Some(rest) => write!(formatter, "~/{}", rest.display()),
            None => write!(formatter, "{}", self.0.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_by_mistake_is_told_apart() {
        for (text, expected) in [
            ("AKIAIOSFODNN7EXAMPLE", Ok(())),
            ("ASIAIOSFODNN7EXAMPLE", Err(NotAnId::Session)),
            (
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                Err(NotAnId::Secret),
            ),
            ("AIDAIOSFODNN7EXAMPLE", Err(NotAnId::Other)),
            ("akiaiosfodnn7example", Err(NotAnId::Other)),
            ("AKIA", Err(NotAnId::Other)),
            ("", Err(NotAnId::Other)),
        ] {
            assert_eq!(check_access_key_id(text), expected, "{text}");
        }
    }

    #[test]
    fn a_secret_is_long_and_without_spaces_and_no_id() {
        assert!(check_secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").is_ok());
        for text in [
            "",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI K7MDENG bPxRfiCYEXAMPLEKEY",
            "123456",
        ] {
            assert!(check_secret(text).is_err(), "{text}");
        }
    }
}
