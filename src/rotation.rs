//! Replacing the long-term key, so that at no moment there is no working one stored.
//!
//! A run that is killed leaves a record of how far it was, in the section where the key itself stands (see
//! [`record`]); the next run goes on from there. [`survey`] looks, [`plan`] decides where
//! that is (pure), [`run`] takes the steps:
//!
//! ```text
//! CreateAccessKey ─► stored beside the old one ─► works? ─► takes its place, the old one beside it
//!                                                                  ▼
//!             the old one is forgotten ◄─ DeleteAccessKey ◄─ works? ◄─ the old one is deactivated
//! ```

use crate::{
    aws::{client::ClientError, error::AwsError, iam::statement::Statement},
    keychain::KeychainError,
    long_term_key::KeyError,
    mfa::turn::TurnError,
    profile::ProfileError,
    shared_files::SharedFileError,
};

pub mod plan;
pub mod record;
pub mod run;
pub mod survey;
mod verify;

/// Why a key is not replaced, or not all the way.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The profile has no key.
    #[error(transparent)]
    NoKey(KeyError),
    /// The key is one of the environment.
    #[error(
        "the access key {access_key_id} comes from AWS_ACCESS_KEY_ID, and daypass cannot put another one there"
    )]
    InEnvironment {
        /// `AKIA…`
        access_key_id: String,
    },
    /// AWS does not count the profile's key among those of the user.
    #[error("AWS does not list {access_key_id}, the access key of profile '{profile}', for {user}")]
    NotListed {
        /// `AKIA…`
        access_key_id: String,
        /// The profile.
        profile: String,
        /// Whose keys were listed.
        user: String,
    },
    /// The user has as many keys as there may be, and nobody says which is to go.
    #[error("{user} has two access keys, and AWS allows no third: {other} would have to go first")]
    TwoKeys {
        /// Whose.
        user: String,
        /// The key that is not the profile's.
        other: String,
        /// The profile.
        profile: String,
    },
    /// `--replace-key` names a key that is not there.
    #[error(
        "--replace-key {given}: {user} has no such access key besides that of profile '{profile}'"
    )]
    NoSuchKey {
        /// What was given.
        given: String,
        /// Whose keys were listed.
        user: String,
        /// The profile.
        profile: String,
    },
    /// `--replace-key` names the key that works for the profile.
    #[error(
        "--replace-key {access_key_id}: that is the access key of profile '{profile}', which has to work until the new one does"
    )]
    OwnKey {
        /// `AKIA…`
        access_key_id: String,
        /// The profile.
        profile: String,
    },
    /// Another program changed the record meanwhile.
    #[error("another program changed the access key of profile '{profile}' meanwhile")]
    ChangedMeanwhile {
        /// The profile.
        profile: String,
    },
    /// A request was refused, or came to nothing, before anything was changed.
    #[error("{error} (profile '{profile}'); nothing was changed")]
    Aws {
        /// The profile.
        profile: String,
        /// The user's ARN, for the policy that would allow it.
        user_arn: String,
        /// Whether AWS was asked with MFA.
        with_mfa: bool,
        /// What happened.
        error: Box<AwsError>,
    },
    /// No answer came to `CreateAccessKey`.
    #[error(
        "{error} (profile '{profile}'): perhaps there is a new access key now, whose secret is lost; the old one is as it was"
    )]
    AnswerLost {
        /// The profile.
        profile: String,
        /// What happened.
        error: Box<AwsError>,
    },
    /// The new key could not be stored.
    #[error("the new access key {access_key_id} cannot be stored, and {}; the old one is as it was", if undo.is_none() { "was deleted again" } else { "could not be deleted again" })]
    NotStored {
        /// `AKIA…`
        access_key_id: String,
        /// The profile.
        profile: String,
        /// Why it was not deleted, if it was not.
        undo: Option<Box<AwsError>>,
        /// Why it was not stored.
        source: Box<RotationError>,
    },
    /// AWS does not take the new key.
    #[error("{}; {outcome}", failure_of(error, access_key_id))]
    NewKeyFails {
        /// `AKIA…`
        access_key_id: String,
        /// The profile.
        profile: String,
        /// What there is now.
        outcome: &'static str,
        /// What AWS said.
        error: Box<AwsError>,
    },
    /// AWS takes the new key for somebody else's.
    #[error(
        "AWS says that the new access key {access_key_id} belongs to {found}, not to {expected}"
    )]
    OtherUser {
        /// `AKIA…`
        access_key_id: String,
        /// Whose it should be.
        expected: String,
        /// Whose it is.
        found: String,
    },
    /// Something failed after the new key was stored.
    #[error("the rotation of the access key stopped half-way: {done}")]
    Unfinished {
        /// How far it has come.
        done: String,
        /// The profile.
        profile: String,
        /// The user's ARN, for the policy that would allow it.
        user_arn: String,
        /// Whether AWS was asked with MFA.
        with_mfa: bool,
        /// What failed.
        source: Box<RotationError>,
    },
    /// A request came to nothing, in the middle.
    #[error(transparent)]
    Request(Box<AwsError>),
    /// It was ended from outside.
    #[error("interrupted")]
    Interrupted,
    /// The new place gives back something else.
    #[error("the access key that was written is not the one that is read back")]
    NotReadBack,
    /// Somebody else has the turn and does not let go.
    #[error(transparent)]
    Turn(TurnError),
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

fn failure_of(error: &AwsError, access_key_id: &str) -> String {
    match error {
        AwsError::UnknownKey => {
            format!("AWS did not take the new access key {access_key_id} within a minute")
        }
        error => format!("{error} (new access key {access_key_id})"),
    }
}

impl RotationError {
    /// The refusal behind it, if AWS refused.
    pub fn aws(&self) -> Option<&AwsError> {
        match self {
            RotationError::Aws { error, .. }
            | RotationError::AnswerLost { error, .. }
            | RotationError::NewKeyFails { error, .. }
            | RotationError::Request(error) => Some(error),
            RotationError::NotStored { source, .. } | RotationError::Unfinished { source, .. } => {
                source.aws()
            }
            _ => None,
        }
    }
}

/// The statement that a policy needs for a rotation by the user.
///
/// Source: the IAM user guide, the policies for users who manage their own access keys.
pub fn policy_statement(user_arn: &str) -> Statement {
    const ACTIONS: [&str; 5] = [
        "iam:ListAccessKeys",
        "iam:GetAccessKeyLastUsed",
        "iam:CreateAccessKey",
        "iam:UpdateAccessKey",
        "iam:DeleteAccessKey",
    ];
    Statement::new(&ACTIONS, user_arn)
}
