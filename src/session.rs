//! The flow: cached session → one turn per key → code → STS → cache.

use std::time::Duration;

use crate::{
    arn::RoleArn,
    aws::{client::ClientError, error::AwsError},
    cached_session::{self, FindError, Lookup, SectionError, StoreError},
    credentials::{Freshness, Session},
    keychain::{KeychainError, Questions},
    long_term_key::KeyError,
    mfa::{
        memory::{Caller, ToldFailure},
        source::{CodeError, CodeSource, GivenCode},
        turn::TurnError,
    },
    profile::{Files, Profile},
    serial::{Serial, SerialError},
    shared_files::{Edited, SharedFileError},
    terminal::{trace, warn, with_causes},
    time,
};

mod attempt;

use attempt::Attempt;

/// What a caller wants of a session.
#[derive(Debug, Clone)]
pub struct Request {
    /// A code on the command line.
    pub given: Option<GivenCode>,
    /// Renew even a fresh session.
    pub force: bool,
    /// Whether anybody may be asked.
    pub may_ask: bool,
    /// What will do.
    pub wants: Wants,
    /// How long it has to be good for at least.
    pub at_least: Duration,
}

impl Request {
    /// A request without a code, for as long as there is.
    pub fn new(wants: Wants, may_ask: bool) -> Self {
        Request {
            given: None,
            force: false,
            may_ask,
            wants,
            at_least: Duration::ZERO,
        }
    }
}

/// What will do for a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Only a fresh session: a person wants to be logged in now (`login`).
    Fresh,
    /// A fresh session if there is a way to one, and else whatever is still good: a person starts a
    /// program that should not end in the middle (`exec`).
    Best,
    /// Whatever is still good: a tool is to be served (`credential-process`).
    Good,
}

/// A session that is good now.
#[derive(Debug)]
pub struct Obtained {
    /// The session.
    pub session: Session,
    /// Whether it was made just now.
    pub renewed: bool,
    /// Why it could not be saved: it then serves this once only.
    pub unsaved: Option<StoreError>,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A code is needed, and there is no source for one.
    #[error("profile '{profile}' needs an MFA code, and nobody can be asked for it here")]
    NobodyToAsk {
        /// The profile.
        profile: String,
    },
    /// The session may not be kept where the profile says.
    #[error(transparent)]
    Section(#[from] SectionError),
    /// The session cannot be looked up.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The credentials file cannot be read.
    #[error(transparent)]
    File(#[from] SharedFileError),
    /// There is no long-term key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing names a device and AWS may not be asked for one.
    #[error("profile '{profile}' names no MFA device, and AWS does not tell which there are")]
    DeviceUnknown {
        /// The profile.
        profile: String,
        /// What AWS said.
        source: AwsError,
    },
    /// The user has no device that can give a code.
    #[error(
        "the user of profile '{profile}' has no MFA device that can give codes for the command line"
    )]
    NoDevice {
        /// The profile.
        profile: String,
        /// The devices there are, and why they do not serve.
        others: Vec<SerialError>,
    },
    /// The code source gave none.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The client could not be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// AWS gave no session.
    #[error("{error} (profile '{profile}')")]
    Aws {
        /// The profile.
        profile: String,
        /// Whose device.
        serial: Serial,
        /// What happened.
        error: AwsError,
    },
    /// AWS does not let the role be assumed.
    #[error("{error} (role {role_arn} of profile '{profile}')")]
    Role {
        /// The profile that names the role.
        profile: String,
        /// The profile with whose session it was tried.
        source_profile: String,
        /// The profile whose MFA session that goes back to.
        session_profile: String,
        /// The role.
        role_arn: RoleArn,
        /// What happened.
        error: Box<AwsError>,
    },
    /// AWS gives no session of that length to a role that is assumed with a session.
    #[error(
        "AWS gives the role of profile '{profile}' an hour at most, since it is assumed with a session, not {}",
        time::render_duration(*at_least)
    )]
    RoleTooLong {
        /// The profile that names the role.
        profile: String,
        /// What was asked for.
        at_least: Duration,
    },
    /// Somebody else has the turn and does not let go.
    #[error(transparent)]
    Turn(TurnError),
    /// Somebody else has just failed at the same.
    #[error("{}", .0.message)]
    FailedBefore(ToldFailure),
}

impl SessionError {
    /// Whether AWS refused the code itself: another one may do.
    pub fn is_refused_code(&self) -> bool {
        match self {
            SessionError::Aws { error, .. } => error.is_refused_code(),
            SessionError::Code(CodeError::Spent) => true,
            _ => false,
        }
    }

    /// What the keychain said, if it is the keychain that gave no session.
    pub fn of_keychain(&self) -> Option<&KeychainError> {
        match self {
            SessionError::Find(FindError::Keychain(error))
            | SessionError::Key(KeyError::Keychain { source: error, .. })
            | SessionError::Code(CodeError::Keychain { source: error, .. }) => Some(error),
            _ => None,
        }
    }
}

/// Gets a session that is good now: the cached one while it is fresh, else a new one.
///
/// `tell` renders a failure, so that those who wait for this one can be told the same.
///
/// # Errors
/// [`SessionError`]. The shared files are then as they were.
pub fn obtain(
    files: &mut Files,
    profile: &Profile,
    request: &Request,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Obtained, SessionError> {
    // Nobody is asked out of turn: thirty tools would open thirty windows.
    let quietly = standing(files, profile, request, Questions::Forbidden);
    let standing = match quietly {
        Err(error) if request.may_ask && error.of_keychain().is_some() => {
            attempt::look_in_turn(files, profile, request, &tell)?
        }
        other => other?,
    };
    let good = match standing {
        Standing::Fresh(session) => return Ok(cached(session)),
        Standing::Good(session) => Some(session),
        Standing::None => None,
    };
    let before = good
        .as_ref()
        .map(|session| session.credentials.access_key_id.clone());
    let given = request.given.as_ref();
    let source = CodeSource::choose(given, &profile.codes, request.may_ask)?;
    let served = match (request.wants, good) {
        (Wants::Good, Some(session)) if !is_worth_renewing(&session, profile, source.as_ref()) => {
            return Ok(cached(session));
        }
        (Wants::Best, Some(session)) if !is_worth_asking(&session, profile, source.as_ref()) => {
            return Ok(cached(session));
        }
        (Wants::Good | Wants::Best, good) => good,
        (Wants::Fresh, _) => None,
    };
    // An early renewal for a tool is not worth a question.
    let source = match (request.wants, &served) {
        (Wants::Good, Some(_)) => source.map(CodeSource::without_asking),
        _ => source,
    };
    let caller = match (request.wants, &served) {
        (Wants::Fresh | Wants::Best, _) => Caller::Person,
        (Wants::Good, Some(_)) => Caller::ServedTool,
        (Wants::Good, None) => Caller::Tool,
    };
    let answer = Attempt::prepare(files, profile, request, caller, source, before)
        .and_then(|attempt| attempt.run(files, tell));
    match (answer, served) {
        (Err(error), Some(session)) => {
            // Whoever failed or is at it has said so.
            if !matches!(error, SessionError::Turn(_) | SessionError::FailedBefore(_)) {
                warn(format_args!(
                    "the session could not be renewed yet: {}",
                    with_causes(&error)
                ));
            }
            Ok(cached(session))
        }
        (answer, _) => answer,
    }
}

/// Whether to renew a session that is still good: only if that bothers nobody, and only in the second
/// half of its life. A session of a quarter of an hour is in its refresh window from the beginning;
/// renewing it at every call would spend a code, and half a minute of waiting for it, each time.
fn is_worth_renewing(session: &Session, profile: &Profile, source: Option<&CodeSource>) -> bool {
    source.is_some_and(CodeSource::bothers_nobody)
        && session.is_past_middle(profile.mfa_age_limit, time::now())
}

/// Whether to ask a person who starts a program for a code before the session ends, for the same reason.
fn is_worth_asking(session: &Session, profile: &Profile, source: Option<&CodeSource>) -> bool {
    source.is_some() && session.is_past_middle(profile.mfa_age_limit, time::now())
}

/// How the cached session stands towards a request.
enum Standing {
    /// It does as it is.
    Fresh(Session),
    /// It is still good and should be renewed.
    Good(Session),
    /// There is none.
    None,
}

fn standing(
    files: &Files,
    profile: &Profile,
    request: &Request,
    questions: Questions,
) -> Result<Standing, SessionError> {
    let session = match cached_session::find(files, profile, questions)? {
        Lookup::Hit(session) => session,
        Lookup::Miss(reason) => {
            trace(1, || format!("[{}]: {reason}", profile.session_section));
            return Ok(Standing::None);
        }
    };
    let now = time::now();
    let freshness = session.freshness(profile.mfa_age_limit, now);
    let left = session.effective_expiry(profile.mfa_age_limit) - now;
    let is_too_short = left < time::delta(request.at_least);
    trace(1, || {
        let expiry = session.effective_expiry(profile.mfa_age_limit);
        format!(
            "[{}]: {freshness:?}, good until {}",
            profile.session_section,
            time::render_timestamp(expiry)
        )
    });
    Ok(match freshness {
        _ if is_too_short => Standing::None,
        Freshness::Valid if !request.force => Standing::Fresh(session),
        Freshness::Valid | Freshness::Expiring => Standing::Good(session),
        Freshness::Expired => Standing::None,
    })
}

fn cached(session: Session) -> Obtained {
    Obtained {
        session,
        renewed: false,
        unsaved: None,
    }
}

/// Passes on what a change of a shared file had to warn of.
pub fn report(edited: &Edited) {
    for warning in &edited.warnings {
        warn(warning);
    }
}
