//! Why there is no such profile, or none that can be used.

use std::path::PathBuf;

use crate::{
    arn::NotARole,
    profile::duration::SessionDurationError,
    serial::SerialError,
    shared_files::{NoHome, ParseError, SharedFileError},
};

/// Where a setting was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of a file.
    Line(PathBuf, usize),
    /// An environment variable.
    Variable(&'static str),
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Line(path, line) => write!(formatter, "{}, line {line}", path.display()),
            Place::Variable(name) => write!(formatter, "the environment variable {name}"),
        }
    }
}

/// Why there is no such profile, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Neither file knows the name.
    #[error("there is no profile '{name}' in {} or {}", .config.display(), .credentials.display())]
    Unknown {
        /// The name asked for.
        name: String,
        /// Names that are much like it.
        near: Vec<String>,
        /// All names there are.
        all: Vec<String>,
        /// The config file.
        config: PathBuf,
        /// The credentials file.
        credentials: PathBuf,
    },
    /// No profile was named and there is no `default`.
    #[error("no profile was named, AWS_PROFILE is not set, and there is no profile 'default'")]
    NoDefault {
        /// All names there are.
        all: Vec<String>,
    },
    /// `source_profile` leads nowhere.
    #[error(
        "profile '{profile}' names the source_profile '{source_profile}', which does not exist ({place})"
    )]
    UnknownSource {
        /// The profile that names it.
        profile: String,
        /// What it names.
        source_profile: String,
        /// Where.
        place: Place,
    },
    /// `source_profile` leads back.
    #[error("source_profile goes round in a circle: {} ({place})", steps.join(" -> "))]
    SourceLoop {
        /// From profile to profile.
        steps: Vec<String>,
        /// Where the circle closes.
        place: Place,
    },
    /// A role is assumed with credentials of the machine.
    #[error(
        "profile '{profile}' takes the credentials for its role from the machine (credential_source, {place}): \
         they are nobody's session, and were made without MFA"
    )]
    CredentialSource {
        /// The profile.
        profile: String,
        /// Where it says so.
        place: Place,
    },
    /// Nothing says with what a role is assumed.
    #[error(
        "profile '{profile}' has a role_arn and no source_profile whose session could assume the role ({place})"
    )]
    NoSource {
        /// The profile.
        profile: String,
        /// Where the role is named.
        place: Place,
    },
    /// What stands for a role is none.
    #[error("the role of profile '{profile}' cannot be assumed ({place})")]
    RoleArn {
        /// The profile.
        profile: String,
        /// Where it is named.
        place: Place,
        /// What is wrong with it.
        source: NotARole,
    },
    /// A setting of a role that AWS refuses. It is not repeated: it may be a secret.
    #[error("{key} cannot be used: {rule} ({place})")]
    RoleSetting {
        /// The setting.
        key: &'static str,
        /// What AWS takes.
        rule: &'static str,
        /// Where it is.
        place: Place,
    },
    /// Two sessions would be kept in one section.
    #[error(
        "the session of the role of profile '{profile}' would be kept in [{section}], as another session that it is made of is"
    )]
    SameSection {
        /// The profile.
        profile: String,
        /// The section.
        section: String,
    },
    /// The profile names a section for its long-term key that does not hold one.
    #[error("daypass_long_term_section names [{section}], but {} has no long-term key there ({place})", .credentials.display())]
    NoKeyInSection {
        /// The section that was named.
        section: String,
        /// The credentials file.
        credentials: PathBuf,
        /// Where it was named.
        place: Place,
    },
    /// What stands for the id of a key is none, and may be its secret: it is not repeated.
    #[error("{key} of [{section}] is not an access key id ({place})")]
    NotAKeyId {
        /// The setting.
        key: &'static str,
        /// The section.
        section: String,
        /// Where it is.
        place: Place,
    },
    /// What stands for the id of a key in the environment is none, and may be its secret.
    #[error("the environment variable AWS_ACCESS_KEY_ID is set, and not to an access key id")]
    NotAKeyIdInEnvironment,
    /// A duration that AWS refuses.
    #[error("{key} cannot be used ({place})")]
    Duration {
        /// The setting.
        key: &'static str,
        /// Where it is.
        place: Place,
        /// What is wrong with it.
        source: SessionDurationError,
    },
    /// An MFA age limit of nothing.
    #[error("daypass_mfa_age_limit must be more than nothing ({place})")]
    NoAgeLimit {
        /// Where it is.
        place: Place,
    },
    /// A word that the setting does not know.
    #[error("{key} cannot be '{value}' ({place})")]
    Word {
        /// The setting.
        key: &'static str,
        /// What it says.
        value: String,
        /// What it may say.
        words: &'static str,
        /// Where it is.
        place: Place,
    },
    /// What stands for a region is none. It is not repeated: it may be a secret.
    #[error("the region of profile '{profile}' is not the name of one ({place})")]
    Region {
        /// The profile.
        profile: String,
        /// Where it is.
        place: Place,
    },
    /// A setting of one word with more lines below it. They are not repeated: one may be a secret.
    #[error("{key} has an indented line below it, which would be a part of it ({place})")]
    SeveralLines {
        /// The setting.
        key: String,
        /// Where it is.
        place: Place,
    },
    /// A serial that cannot be used.
    #[error("the MFA device of profile '{profile}' cannot be used ({place})")]
    Serial {
        /// The profile.
        profile: String,
        /// Where the serial is.
        place: Place,
        /// What is wrong with it.
        source: SerialError,
    },
    /// A value that is not text.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line and what is wrong there.
        source: ParseError,
    },
    /// There is no home directory.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] SharedFileError),
}
