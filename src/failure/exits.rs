//! How the program ends, for every module's error.

use std::process::ExitCode;

use crate::{
    audit::error::AuditError,
    aws::error::AwsError,
    console::{AddressError, error::ConsoleError},
    devices::error::DeviceError,
    enrolment::EnrolmentError,
    handover::HandoverError,
    mfa::source::CodeError,
    policy::error::PolicyError,
    policy_rollout::error::RolloutError,
    rotation::RotationError,
    session::SessionError,
    setup::SetupError,
};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Wrong usage.
    Usage = 2,
    /// A code is needed and nobody can be asked.
    CodeNeeded = 3,
    /// AWS refused.
    Refused = 4,
    /// The network, or what stands in it.
    Network = 5,
    /// No valid session (`status --check`), policies that do not enforce MFA (`policy check`), or findings
    /// ([`Exit::FINDINGS`]).
    NotValid = 10,
    /// The command of `exec` cannot be executed.
    CannotExecute = 126,
    /// The command of `exec` does not exist.
    NoSuchCommand = 127,
}

impl Exit {
    /// Findings at or above `--fail-on` (`audit`).
    pub const FINDINGS: Exit = Exit::NotValid;
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

pub(super) fn handover_exit(error: &HandoverError) -> Exit {
    match error {
        HandoverError::NoSuchCommand { .. } => Exit::NoSuchCommand,
        HandoverError::CannotExecute { .. } => Exit::CannotExecute,
        HandoverError::NoTerminal { .. }
        | HandoverError::NoSeparator { .. }
        | HandoverError::NoProfile { .. }
        | HandoverError::LongerThanAgeLimit { .. } => Exit::Usage,
        HandoverError::ShorterThanWanted { .. }
        | HandoverError::NoServer(_)
        | HandoverError::NoPrivateFiles(_) => Exit::Failed,
        HandoverError::NobodyToAsk { .. } => Exit::CodeNeeded,
    }
}

pub(super) fn audit_exit(error: &AuditError) -> Exit {
    match error {
        AuditError::Nothing { source, .. } | AuditError::Organization { source, .. } => {
            aws_exit(source)
        }
        _ => Exit::Failed,
    }
}

pub(super) fn session_exit(error: &SessionError) -> Exit {
    match error {
        SessionError::NobodyToAsk { .. }
        | SessionError::Code(
            CodeError::Pinentry { .. }
            | CodeError::NotSetUp(_)
            | CodeError::Keychain { .. }
            | CodeError::NoSeed { .. }
            | CodeError::BadSeed { .. },
        ) => Exit::CodeNeeded,
        SessionError::Code(CodeError::Spent) => Exit::Refused,
        SessionError::Code(CodeError::StandardInput(_)) => Exit::Usage,
        SessionError::DeviceUnknown { source, .. } => aws_exit(source),
        SessionError::Aws { error, .. } => aws_exit(error),
        SessionError::Role { error, .. } => aws_exit(error),
        SessionError::FailedBefore(told) => match told.exit_code {
            3 => Exit::CodeNeeded,
            4 => Exit::Refused,
            5 => Exit::Network,
            _ => Exit::Failed,
        },
        SessionError::Section(_)
        | SessionError::RoleTooLong { .. }
        | SessionError::Find(_)
        | SessionError::File(_)
        | SessionError::Key(_)
        | SessionError::NoDevice { .. }
        | SessionError::Code(_)
        | SessionError::Turn(_)
        | SessionError::Client(_) => Exit::Failed,
    }
}

pub(super) fn setup_exit(error: &SetupError) -> Exit {
    match error {
        SetupError::NobodyToAsk { .. } | SetupError::NotAgreed => Exit::CodeNeeded,
        SetupError::Name(_) | SetupError::AccessKeyId(_) | SetupError::SecretOnStdin(_) => {
            Exit::Usage
        }
        SetupError::Key { error, .. } => aws_exit(error),
        SetupError::Unfinished { source, .. } => setup_exit(source),
        _ => Exit::Failed,
    }
}

pub(super) fn console_exit(error: &ConsoleError) -> Exit {
    match error {
        ConsoleError::Address(
            AddressError::NotAnAddress { .. } | AddressError::NotSecure { .. },
        ) => Exit::Usage,
        ConsoleError::Federation { error, .. } | ConsoleError::SignIn { error, .. } => {
            aws_exit(error)
        }
        ConsoleError::Address(AddressError::UnknownPartition(_))
        | ConsoleError::Key(_)
        | ConsoleError::Client(_)
        | ConsoleError::Doorway(_)
        | ConsoleError::NotFetched { .. } => Exit::Failed,
    }
}

pub(super) fn device_exit(error: &DeviceError) -> Exit {
    match error {
        DeviceError::Denied { error, .. }
        | DeviceError::Aws { error, .. }
        | DeviceError::RefusedCodes { error, .. }
        | DeviceError::ResyncUnknown { error, .. }
        | DeviceError::NotDeleted { source: error, .. }
        | DeviceError::RemovalUnknown { source: error, .. } => aws_exit(error),
        DeviceError::NobodyToAsk { .. } => Exit::CodeNeeded,
        DeviceError::Key(_)
        | DeviceError::Find(_)
        | DeviceError::Client(_)
        | DeviceError::NoSuchDevice { .. }
        | DeviceError::SeveralDevices { .. }
        | DeviceError::NoCodes(_)
        | DeviceError::RootUser
        | DeviceError::Code(_)
        | DeviceError::Needed { .. }
        | DeviceError::SeedLeft { .. } => Exit::Failed,
    }
}

pub(super) fn enrolment_exit(error: &EnrolmentError) -> Exit {
    match error {
        EnrolmentError::NobodyToAsk | EnrolmentError::NotAgreed { .. } => Exit::CodeNeeded,
        EnrolmentError::NoSuchUser { .. }
        | EnrolmentError::TooMany { .. }
        | EnrolmentError::Assigned { .. } => Exit::Refused,
        EnrolmentError::Aws(error)
        | EnrolmentError::Denied { error, .. }
        | EnrolmentError::NotReplaced { error, .. }
        | EnrolmentError::PerhapsMade { error, .. } => aws_exit(error),
        EnrolmentError::Session(error) => session_exit(error),
        EnrolmentError::LeftBehind { source, .. } | EnrolmentError::NotLoggedIn { source, .. } => {
            enrolment_exit(source)
        }
        _ => Exit::Failed,
    }
}

pub(super) fn rotation_exit(error: &RotationError) -> Exit {
    match (error, error.aws()) {
        // Which key is to go is a question, and nobody has answered it.
        (RotationError::TwoKeys { .. }, _) => Exit::CodeNeeded,
        (RotationError::NoSuchKey { .. } | RotationError::OwnKey { .. }, _) => Exit::Usage,
        (_, Some(error)) => aws_exit(error),
        _ => Exit::Failed,
    }
}

pub(super) fn policy_exit(error: &PolicyError) -> Exit {
    match error {
        PolicyError::StdinTwice => Exit::Usage,
        PolicyError::Unreadable { .. }
        | PolicyError::NoTerraform { .. }
        | PolicyError::Source(_) => Exit::Failed,
    }
}

pub(super) fn rollout_exit(error: &RolloutError) -> Exit {
    match (error, error.aws()) {
        (_, Some(error)) => aws_exit(error),
        (RolloutError::NoSuchGroup { .. }, _) => Exit::Usage,
        _ => Exit::Failed,
    }
}

fn aws_exit(error: &AwsError) -> Exit {
    match error {
        AwsError::InvalidCode { .. }
        | AwsError::UnknownDevice
        | AwsError::Clock { .. }
        | AwsError::UnknownKey
        | AwsError::WrongSecret
        | AwsError::Expired
        | AwsError::RegionDisabled { .. }
        | AwsError::Denied { .. }
        | AwsError::InvalidCodePair { .. }
        | AwsError::EntityAlreadyExists { .. }
        | AwsError::NoSuchEntity { .. }
        | AwsError::LimitExceeded { .. }
        | AwsError::DeleteConflict { .. }
        | AwsError::Throttled
        | AwsError::Refused { .. } => Exit::Refused,
        AwsError::Unavailable { .. }
        | AwsError::Unreadable { .. }
        | AwsError::DamagedDocument { .. }
        | AwsError::TimedOut
        | AwsError::Unreachable { .. } => Exit::Network,
    }
}
