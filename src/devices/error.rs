//! Why a device is not listed, resynced or removed.

use crate::{
    aws::{client::ClientError, error::AwsError, iam::statement::Statement},
    cached_session::FindError,
    devices::removal::Reason,
    keychain::KeychainError,
    long_term_key::KeyError,
    mfa::source::CodeError,
    serial::{Serial, SerialError},
};

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No request can be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The cached session cannot be looked up.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The client could not be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A policy forbids it.
    #[error("{error}")]
    Denied {
        /// The profile that asked.
        profile: String,
        /// What would allow it.
        statement: Statement,
        /// Whether it was asked with MFA.
        with_mfa: bool,
        /// AWS's words.
        error: Box<AwsError>,
    },
    /// AWS did not do it for another reason.
    #[error("{error} (profile '{profile}')")]
    Aws {
        /// The profile that asked.
        profile: String,
        /// What happened.
        error: Box<AwsError>,
    },
    /// The user has no such device.
    #[error("{user} has no MFA device '{text}'")]
    NoSuchDevice {
        /// The user, for a sentence.
        user: String,
        /// What was asked for.
        text: String,
        /// The serials of the devices there are.
        devices: Vec<String>,
    },
    /// The name is that of several devices.
    #[error("{user} has {} MFA devices of the name '{text}'", devices.len())]
    SeveralDevices {
        /// The user, for a sentence.
        user: String,
        /// What was asked for.
        text: String,
        /// Their serials.
        devices: Vec<String>,
    },
    /// The device gives no codes.
    #[error("there is nothing to resync: {0}")]
    NoCodes(SerialError),
    /// The root user's device, of which IAM takes no codes.
    #[error("the devices of the root user are resynced in the AWS console only")]
    RootUser,
    /// Two codes are needed, and nobody can be asked.
    #[error("two codes of {serial} are needed, and nobody can be asked for them here")]
    NobodyToAsk {
        /// The device.
        serial: Serial,
    },
    /// There are no codes.
    #[error(transparent)]
    Code(CodeError),
    /// AWS refused the codes.
    #[error("{error} of {serial}")]
    RefusedCodes {
        /// The device.
        serial: Serial,
        /// What AWS said.
        error: Box<AwsError>,
        /// Whether they were made from the seed in the keychain.
        of_seed: bool,
    },
    /// The answer to a resync was lost.
    #[error("it is not known whether {serial} was resynced: {error}")]
    ResyncUnknown {
        /// The profile that asked.
        profile: String,
        /// The device.
        serial: Serial,
        /// What happened.
        error: Box<AwsError>,
    },
    /// The device is needed.
    #[error("{serial} is not removed without --force")]
    Needed {
        /// The device.
        serial: String,
        /// What speaks against it.
        reasons: Vec<Reason>,
        /// The profile that asked.
        profile: String,
        /// `--user`
        user: Option<String>,
    },
    /// The device is taken from its user, and still exists.
    #[error("{serial} belongs to nobody any more, but AWS has not deleted it")]
    NotDeleted {
        /// The device.
        serial: String,
        /// The profile that asked.
        profile: String,
        /// What would allow it, where a policy forbids it.
        statement: Option<Statement>,
        /// What happened.
        source: Box<AwsError>,
    },
    /// It is not known whether the device was taken from its user.
    #[error("it is not known whether AWS has removed {serial}")]
    RemovalUnknown {
        /// The device.
        serial: String,
        /// The profile that asked.
        profile: String,
        /// What happened.
        source: Box<AwsError>,
    },
    /// The device is gone, its seed is not.
    #[error("the device is removed, but its seed is still in the keychain")]
    SeedLeft {
        /// The profiles whose seed it is.
        profile: String,
        /// Why.
        source: KeychainError,
    },
}
