//! The one table: from every module's error to its exit code and its hint.

use std::io;

use clap::error::{ContextKind, ErrorKind};

use crate::{
    audit::error::AuditError,
    aws::error::AwsError,
    cached_session::StoreError,
    cli::Typed,
    console::error::ConsoleError,
    devices::error::DeviceError,
    enrolment::EnrolmentError,
    handover::HandoverError,
    keychain::{Keychain, KeychainError},
    mfa::{memory::ToldFailure, seed::SeedError, source::CodeError},
    policy::error::PolicyError,
    policy_rollout::{Target, error::RolloutError},
    profile::ProfileError,
    rotation::RotationError,
    session::SessionError,
    session_variables::Unwritable,
    setup::SetupError,
    shared_files::SharedFileError,
    terminal::{self, Painter, Style, hanging, printable},
};

mod causes;
mod exits;
mod hints;

use causes::session_causes;
pub use exits::Exit;
use exits::{
    audit_exit, console_exit, device_exit, enrolment_exit, handover_exit, policy_exit,
    rollout_exit, rotation_exit, session_exit, setup_exit,
};
use hints::{
    About, audit_hint, code_hint, console_hint, device_hint, device_of_console_hint,
    enrolment_hint, file_hint, handover_hint, keychain_hint, no_default_hint, policy_hint,
    profile_hint, rollout_hint, rotation_hint, session_hint, setup_hint,
};
pub use hints::{HINTS_OF_FINDINGS, serial_hint, unsaved_hint, word};

/// Everything that can end a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line makes no sense (or asks for help).
    #[error("{0}")]
    CommandLine(clap::Error),
    /// Two different profiles were named.
    #[error("two profiles are named, '{positional}' and --profile '{flag}'")]
    TwoProfiles {
        /// As an argument.
        positional: String,
        /// As an option.
        flag: String,
    },
    /// The profile cannot be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// No session could be had.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The profile could not be set up.
    #[error(transparent)]
    Setup(Box<SetupError>),
    /// AWS gave a session that could not be saved, and `login` has nobody else to hand it to.
    #[error("AWS gave a session, but it could not be saved")]
    Unsaved(#[source] StoreError),
    /// There is no way into the console.
    #[error(transparent)]
    Console(Box<ConsoleError>),
    /// There is no audit.
    #[error(transparent)]
    Audit(Box<AuditError>),
    /// A device was not listed, resynced or removed.
    #[error(transparent)]
    Device(Box<DeviceError>),
    /// There is no new device, or not all that belongs to it.
    #[error("{error}")]
    Enrolment {
        /// The profile.
        profile: String,
        /// Why.
        error: Box<EnrolmentError>,
    },
    /// A policy was not rolled out, or not all the way.
    #[error("{error}")]
    Rollout {
        /// The profile that asked.
        profile: String,
        /// The group.
        group: String,
        /// The account's part of it, once that is known.
        target: Option<Box<Target>>,
        /// Whether it was to be taken back.
        is_undo: bool,
        /// Why.
        error: Box<RolloutError>,
    },
    /// The long-term key was not replaced, or not all the way.
    #[error(transparent)]
    Rotation(Box<RotationError>),
    /// Policies are not checked.
    #[error(transparent)]
    Policy(Box<PolicyError>),
    /// A shared file cannot be read or written.
    #[error(transparent)]
    File(#[from] SharedFileError),
    /// The keychain does not serve.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// A session in the keychain could not be forgotten.
    #[error("{} may still have a session in {keychain}", named(profiles))]
    NotForgotten {
        /// Whose.
        profiles: Vec<String>,
        /// Where.
        keychain: Keychain,
        /// Why.
        source: KeychainError,
    },
    /// Nobody knows where a session in a keychain would be.
    #[error("profile '{profile}' may still have a session in a keychain that was not looked into")]
    NotLookedFor {
        /// Whose.
        profile: String,
        /// Why.
        source: Box<ProfileError>,
    },
    /// The profile names no MFA device, so that nobody knows whose seed it would be.
    #[error("profile '{profile}' names no MFA device")]
    NoSerial {
        /// The profile.
        profile: String,
    },
    /// What was given is no seed.
    #[error(transparent)]
    Seed(SeedError),
    /// The seed cannot be read from stdin.
    #[error("cannot read the seed from stdin")]
    SeedUnreadable(#[source] io::Error),
    /// The code cannot be made of the seed.
    #[error("{error}")]
    NoCode {
        /// The profile.
        profile: String,
        /// Why.
        error: CodeError,
    },
    /// Nobody can be asked for the seed.
    #[error("no seed was given, and nobody can be asked for it here")]
    NoSeedGiven,
    /// Nobody can be asked whether to go on.
    #[error("nobody can be asked here: {question}")]
    NeedsYes {
        /// What would be asked.
        question: String,
    },
    /// The session cannot be written as variables.
    #[error("the session cannot be written as environment variables")]
    Variables(#[source] Unwritable),
    /// A command is not started.
    #[error(transparent)]
    Handover(Box<HandoverError>),
    /// The answer was no.
    #[error("cancelled: nothing was changed")]
    Cancelled,
    /// The result cannot be written.
    #[error("cannot write to stdout")]
    Output(#[from] io::Error),
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        Failure::Setup(Box::new(error))
    }
}

impl From<RotationError> for Failure {
    fn from(error: RotationError) -> Self {
        Failure::Rotation(Box::new(error))
    }
}

impl From<HandoverError> for Failure {
    fn from(error: HandoverError) -> Self {
        Failure::Handover(Box::new(error))
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Failure::Policy(Box::new(error))
    }
}

impl From<ConsoleError> for Failure {
    fn from(error: ConsoleError) -> Self {
        Failure::Console(Box::new(error))
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        Failure::Audit(Box::new(error))
    }
}

impl From<DeviceError> for Failure {
    fn from(error: DeviceError) -> Self {
        Failure::Device(Box::new(error))
    }
}

impl Failure {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::CommandLine(error) if error.use_stderr() => Exit::Usage,
            Failure::CommandLine(_) => Exit::Done,
            Failure::TwoProfiles { .. } => Exit::Usage,
            Failure::NoSeedGiven | Failure::NeedsYes { .. } => Exit::CodeNeeded,
            Failure::Profile(_)
            | Failure::Unsaved(_)
            | Failure::File(_)
            | Failure::Keychain(_)
            | Failure::NotForgotten { .. }
            | Failure::NotLookedFor { .. }
            | Failure::NoSerial { .. }
            | Failure::Seed(_)
            | Failure::SeedUnreadable(_)
            | Failure::NoCode { .. }
            | Failure::Variables(_)
            | Failure::Cancelled
            | Failure::Output(_) => Exit::Failed,
            Failure::Session(error) => session_exit(error),
            Failure::Setup(error) => setup_exit(error),
            Failure::Handover(error) => handover_exit(error),
            Failure::Console(error) => console_exit(error),
            Failure::Audit(error) => audit_exit(error),
            Failure::Device(error) => device_exit(error),
            Failure::Enrolment { error, .. } => enrolment_exit(error),
            Failure::Rollout { error, .. } => rollout_exit(error),
            Failure::Rotation(error) => rotation_exit(error),
            Failure::Policy(error) => policy_exit(error),
        }
    }

    /// What to do about it.
    fn hint(&self, typed: Typed<'_>) -> Option<String> {
        match self {
            Failure::CommandLine(_) => None,
            Failure::TwoProfiles { .. } => Some("name one of them".to_owned()),
            Failure::NoCode { profile, error } => code_hint(error, Some(profile)),
            Failure::Profile(ProfileError::NoDefault { all }) if !all.is_empty() => {
                Some(no_default_hint(all, typed))
            }
            Failure::Profile(error) => profile_hint(error),
            Failure::Session(error) => session_hint(error),
            Failure::Setup(error) => setup_hint(error),
            Failure::Handover(error) => handover_hint(error),
            Failure::Console(error) => console_hint(error),
            Failure::Audit(error) => audit_hint(error),
            Failure::Device(error) => device_hint(error),
            Failure::Enrolment { profile, error } => enrolment_hint(profile, error),
            Failure::Rollout {
                profile,
                group,
                target,
                is_undo,
                error,
            } => {
                let is_undo = *is_undo;
                let about = About {
                    profile,
                    group,
                    target: target.as_deref(),
                    is_undo,
                };
                rollout_hint(&about, error)
            }
            Failure::Rotation(error) => rotation_hint(error),
            Failure::Policy(error) => policy_hint(error),
            Failure::File(error) => file_hint(error),
            Failure::Unsaved(error) => unsaved_hint(error),
            Failure::Keychain(error) | Failure::NotForgotten { source: error, .. } => {
                Some(keychain_hint(error))
            }
            Failure::NotLookedFor { source, .. } => profile_hint(source),
            Failure::NoSerial { profile } => Some(device_of_console_hint(profile)),
            Failure::Seed(_) => Some(
                "the seed is what the AWS console shows under \"Show secret key\" when the device is set up; \
                 it cannot be had later: then set up a new virtual MFA device"
                    .to_owned(),
            ),
            Failure::NoSeedGiven => {
                Some("pipe it in, as in: daypass totp add PROFILE < FILE".to_owned())
            }
            Failure::NeedsYes { .. } => Some("add --yes to do it without a question".to_owned()),
            Failure::Variables(Unwritable::Unset) => Some("remove the lines from the file".to_owned()),
            Failure::Variables(_) => Some("daypass login --force gets a new session".to_owned()),
            Failure::SeedUnreadable(_) | Failure::Cancelled | Failure::Output(_) => None,
        }
    }

    /// The failure of this command line as it is shown: what happened, what caused it, what to do.
    pub fn render(&self, typed: Typed<'_>) -> String {
        match self {
            Failure::CommandLine(error) if error.use_stderr() => usage(error, typed),
            // Help and the version: clap writes them where they belong.
            Failure::CommandLine(error) => {
                let _ = error.print();
                String::new()
            }
            Failure::Session(SessionError::FailedBefore(told)) => {
                shape(&told.message, &told.causes, told.hint.as_deref())
            }
            other => {
                let hint = other.hint(typed);
                let shape = shape(&other.to_string(), &other.causes(), hint.as_deref());
                match other {
                    // To be pasted: lines of its own.
                    Failure::Enrolment { error, .. } => match error.policy() {
                        Some(policy) => format!("{shape}{policy}\n"),
                        None => shape,
                    },
                    _ => shape,
                }
            }
        }
    }
}

/// Renders a failed session so that those who wait for it are told the same.
pub fn tell(error: &SessionError) -> ToldFailure {
    let refused_by_keychain = error.of_keychain().is_some_and(|error| {
        matches!(
            error,
            KeychainError::Locked { .. } | KeychainError::PassFailed { .. }
        )
    });
    let lasts = refused_by_keychain
        || matches!(
            error,
            SessionError::Code(CodeError::Cancelled | CodeError::TimedOut | CodeError::Mistyped(_))
                | SessionError::Aws {
                    error: AwsError::InvalidCode { .. } | AwsError::UnknownDevice,
                    ..
                }
        );
    let mut hint = session_hint(error);
    if lasts {
        // Whoever is told the same without having been asked wonders where the question is.
        let later = "tools can ask again in ten seconds; daypass login asks at once";
        hint = Some(hint.map_or(later.to_owned(), |hint| {
            format!("{}; {later}", hint.trim_end_matches('.'))
        }));
    }
    ToldFailure {
        exit_code: session_exit(error) as u8,
        message: error.to_string(),
        causes: session_causes(error),
        hint,
        lasts,
        // Whoever fails knows.
        nobody_was_asked: false,
    }
}

/// `profile 'work'`, or `profiles 'work', 'play'`.
fn named(profiles: &[String]) -> String {
    let word = if profiles.len() == 1 {
        "profile"
    } else {
        "profiles"
    };
    format!("{word} '{}'", profiles.join("', '"))
}

/// The one shape of an error. On a terminal its lines end between words, and never in a command: whoever reads
/// a file of errors wants each of them whole.
fn shape(what: &str, causes: &[String], hint: Option<&str>) -> String {
    let (painter, width) = (Painter::stderr(), terminal::stderr_width());
    let line = |label: &str, painted: &str, text: &str| {
        let text = printable(text);
        // Below the label, but where that is long.
        let indent = if label.starts_with(' ') { 4 } else { 2 };
        let text = match width {
            Some(width) => hanging(&text, label.len() + 1, indent, width),
            None => text,
        };
        format!("{painted} {text}\n")
    };
    let error = painter.paint(Style::Red, "error:");
    let mut text = line("daypass: error:", &format!("daypass: {error}"), what);
    for cause in causes {
        text += &line("  caused by:", "  caused by:", cause);
    }
    if let Some(hint) = hint {
        let label = painter.paint(Style::Bold, "hint:");
        text += &line("  hint:", &format!("  {label}"), hint);
    }
    text
}

/// Clap's error in our shape: its first paragraph is what happened, its tips are the hint.
fn usage(error: &clap::Error, typed: Typed<'_>) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return error.to_string();
    }
    let text = error.to_string();
    let (mut what, mut tips) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(tip) = line.strip_prefix("tip: ") {
            // Whoever mistypes an option means an option.
            if !tip.starts_with("to pass '") {
                tips.push(tip);
            }
        } else if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        } else if !line.is_empty() {
            what.push(line.strip_prefix("error: ").unwrap_or(line));
        }
    }
    let mut what = what.join(" ");
    let of_code = error
        .get(ContextKind::InvalidArg)
        .is_some_and(|argument| argument.to_string().starts_with("--code"));
    if let (true, Some(value)) = (of_code, error.get(ContextKind::InvalidValue)) {
        // What was meant to be a code may be a password.
        what = what.replace(&format!("'{value}' "), "");
    }
    let hint = match tips.as_slice() {
        [] => typed.help(),
        tips => tips.join("; "),
    };
    shape(&what, &[], Some(&hint))
}
