//! Why nobody has been enrolled.

use std::{io, path::PathBuf};

use qrcode::types::QrError;

use crate::{
    aws::{client::ClientError, error::AwsError},
    enrolment::{permission, subject::Subject},
    keychain::KeychainError,
    long_term_key::KeyError,
    mfa::{seed::SeedError, source::CodeError},
    profile::ProfileError,
    serial::Serial,
    session::SessionError,
    shared_files::SharedFileError,
};

/// Why there is no new device, or not all that belongs to it.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    /// Nobody can scan a QR code and type codes, and none are to be made here.
    #[error("somebody has to scan a QR code and type two codes, and nobody can be asked here")]
    NobodyToAsk,
    /// Nobody can be asked whether a device may be replaced.
    #[error("{serial} is there already and belongs to nobody: it is left of an earlier attempt")]
    NotAgreed {
        /// The device.
        serial: Serial,
    },
    /// The key is not a user's.
    #[error("this key belongs to {identity}, and no MFA device can be enrolled for that here")]
    NoUser {
        /// Whose it is.
        identity: String,
    },
    /// There is no such user.
    #[error("there is no user '{name}' in this account")]
    NoSuchUser {
        /// The name.
        name: String,
    },
    /// The user has as many devices as AWS allows.
    #[error("{user} has eight MFA devices already, and AWS allows no more")]
    TooMany {
        /// The user.
        user: String,
    },
    /// The device is there already and somebody uses it.
    #[error("{serial} is there already, and is the device of {}", owner.as_deref().unwrap_or("a user"))]
    Assigned {
        /// The device.
        serial: Serial,
        /// The ARN of its user, if AWS tells.
        owner: Option<String>,
    },
    /// The user has not the permissions.
    #[error("{error}")]
    Denied {
        /// What AWS said.
        error: AwsError,
        /// What to ask the administrator for.
        policy: String,
        /// The name of the user who was to get the device.
        user: String,
    },
    /// AWS did not do it.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// No code was given.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// No session could be had to ask IAM with.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// There is no long-term key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The client could not be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The keychain does not take the seed.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// What AWS gave as a seed is none.
    #[error("AWS gave a seed that makes no codes")]
    Seed(#[source] SeedError),
    /// The address is too long for a QR code.
    #[error("the address of this device does not fit into a QR code")]
    TooLong(#[source] QrError),
    /// The picture cannot be written.
    #[error("cannot write the QR code to {}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The config file cannot be changed.
    #[error(transparent)]
    File(#[from] SharedFileError),
    /// The profile cannot be read again.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The terminal went away.
    #[error("cannot ask on the terminal")]
    Terminal(#[source] io::Error),
    /// It was ended from outside.
    #[error("interrupted")]
    Interrupted,
    /// It failed, and its device could not be deleted again.
    #[error("{source}")]
    LeftBehind {
        /// The device.
        serial: Serial,
        /// Why it failed.
        source: Box<EnrolmentError>,
        /// Why the device is still there.
        error: AwsError,
    },
    /// A device is left of an earlier attempt, and this user may not delete it.
    #[error("{serial} is left of an earlier attempt, and this user may not delete it")]
    NotReplaced {
        /// The device.
        serial: Serial,
        /// What AWS said.
        error: AwsError,
    },
    /// No answer came, and a device that may be there is not certain to be ours.
    #[error("{error}; perhaps there is a device {serial} now, which nobody can use")]
    PerhapsMade {
        /// The device.
        serial: Serial,
        /// What happened.
        error: AwsError,
    },
    /// The device works, and the profile does not know it.
    #[error("{serial} is enabled, but profile '{profile}' could not be told")]
    NotRecorded {
        /// The device.
        serial: Serial,
        /// The profile.
        profile: String,
        /// Whether the keychain holds its seed.
        has_seed: bool,
        /// Why.
        source: SharedFileError,
    },
    /// The device works, and the first login did not.
    #[error("the device is enrolled, but the first login with it failed")]
    NotLoggedIn {
        /// Why.
        source: Box<EnrolmentError>,
    },
}

impl EnrolmentError {
    /// What to ask the administrator for, where permissions are missing.
    pub fn policy(&self) -> Option<&str> {
        match self {
            EnrolmentError::Denied { policy, .. } => Some(policy),
            EnrolmentError::LeftBehind { source, .. } => source.policy(),
            _ => None,
        }
    }

    /// Says that it has happened when the device was enrolled.
    pub fn after_enrolment(self) -> Self {
        EnrolmentError::NotLoggedIn {
            source: Box::new(self),
        }
    }

    /// Adds to a denial what to ask the administrator for.
    pub(super) fn with_policy(self, subject: &Subject, serial: &Serial) -> Self {
        match self {
            EnrolmentError::Aws(error @ AwsError::Denied { .. }) => EnrolmentError::Denied {
                error,
                policy: permission::policy(subject, serial),
                user: subject.user.clone(),
            },
            EnrolmentError::LeftBehind {
                serial,
                source,
                error,
            } => EnrolmentError::LeftBehind {
                source: Box::new(source.with_policy(subject, &serial)),
                serial,
                error,
            },
            other => other,
        }
    }
}
