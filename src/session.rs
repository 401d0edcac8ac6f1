//! The flow: cached session → one turn per key → code → STS → cache.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;

use crate::{
    aws::{
        client::{Aws, ClientError},
        error::AwsError,
        iam, sts,
    },
    cached_session::{self, Lookup, SectionError, StoreError},
    credentials::{Freshness, LongTermKey, Session},
    long_term_key::{self, KeyError},
    mfa::{
        memory::{Caller, Memory, ToldFailure},
        source::{CodeError, CodeSource, GivenCode},
        turn::{self, Turn, TurnError},
    },
    profile::{Files, Profile},
    serial::{Serial, SerialError},
    shared_files::{Edited, ParseError, SharedFileError},
    terminal::{Progress, trace, warn, with_causes},
    time::{self, Timestamp},
};

/// How often AWS may refuse a typed code before daypass gives up.
const TRIES: usize = 3;

/// How long a code that was given waits for its turn.
const GIVEN_CODE_WAITS: Duration = Duration::from_secs(2);

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
}

/// What will do for a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Only a fresh session: a person wants to be logged in now (`login`).
    Fresh,
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
    /// The session section cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The credentials file.
        path: PathBuf,
        /// The line and what is wrong there.
        source: ParseError,
    },
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
    /// Somebody else has the turn and does not let go.
    #[error(transparent)]
    Turn(TurnError),
    /// Somebody else has just failed at the same.
    #[error("{}", .0.message)]
    FailedBefore(ToldFailure),
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
    let good = match standing(files, profile, request)? {
        Standing::Fresh(session) => return Ok(cached(session)),
        Standing::Good(session) => Some(session),
        Standing::None => None,
    };
    let given = request.given.as_ref();
    let source = CodeSource::choose(given, profile.mfa_process.as_deref(), request.may_ask)?;
    let caller = match (request.wants, &good) {
        (Wants::Fresh, _) => Caller::Person,
        (Wants::Good, Some(_)) => Caller::ServedTool,
        (Wants::Good, None) => Caller::Tool,
    };
    if let (Caller::ServedTool, Some(session)) = (caller, &good)
        && !is_worth_renewing(session, profile, source.as_ref())
    {
        return Ok(cached(session.clone()));
    }
    cached_session::check_section(files, profile)?;
    let path = files.credentials.file.path.clone();
    let since = time::now();
    let serial = profile.mfa_serial.as_ref();
    if let (None, Some(key)) = (&source, &profile.key) {
        let last = Turn::glance(&path, key.access_key_id());
        return Err(match last.failure_for(caller, serial, since) {
            Some(told) => SessionError::FailedBefore(told.clone()),
            None => SessionError::NobodyToAsk {
                profile: profile.name.clone(),
            },
        });
    }
    let key = long_term_key::read(files, profile)?;
    let Some(mut source) = source else {
        return Err(SessionError::NobodyToAsk {
            profile: profile.name.clone(),
        });
    };
    trace(1, || {
        format!(
            "long-term key {}, code from {}",
            key.access_key_id,
            source.name()
        )
    });
    let before = good.as_ref().map(|session| session.access_key_id.clone());
    let mut turn = match (take_turn(&path, &key, caller, source.is_given()), good) {
        (Err(TurnError::Busy), Some(session)) if caller == Caller::ServedTool => {
            return Ok(cached(session));
        }
        (turn, _) => turn.map_err(SessionError::Turn)?,
    };
    files.read_credentials_again()?;
    let good = match standing(files, profile, request)? {
        Standing::Fresh(session) => return Ok(cached(session)),
        // Somebody else has renewed it while we waited.
        Standing::Good(session) if before.as_ref() != Some(&session.access_key_id) => {
            return Ok(cached(session));
        }
        Standing::Good(session) => Some(session),
        Standing::None => None,
    };
    let answer = match turn.memory().failure_for(caller, serial, since) {
        Some(told) if !source.is_given() => Err(SessionError::FailedBefore(told.clone())),
        _ => renew(files, profile, &key, &mut source, &mut turn, tell),
    };
    match (answer, good) {
        (Err(error), Some(session)) if request.wants == Wants::Good => {
            warn(format_args!(
                "the session could not be renewed yet: {}",
                with_causes(&error)
            ));
            Ok(cached(session))
        }
        (answer, _) => answer,
    }
}

/// Makes a session in our turn and keeps it; a failure is kept for those who wait.
fn renew(
    files: &Files,
    profile: &Profile,
    key: &LongTermKey,
    source: &mut CodeSource,
    turn: &mut Turn,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Obtained, SessionError> {
    match make(key, profile, source, turn) {
        Ok(session) => {
            turn.remember(Memory::forget_failure);
            // AWS has given it: a cache that cannot be written must not lose it.
            let unsaved = keep(files, profile, &session).err();
            Ok(Obtained {
                session,
                renewed: true,
                unsaved,
            })
        }
        Err(error) => {
            // A question that was torn down was answered by nobody: the next one in turn asks again.
            let nobody_answered = matches!(
                error,
                SessionError::Code(CodeError::Interrupted | CodeError::Terminal(_))
            );
            if !source.is_given() && !nobody_answered {
                let told = tell(&error);
                turn.remember(|memory| memory.set_failure(profile.mfa_serial.as_ref(), told));
            }
            Err(error)
        }
    }
}

/// Whether to renew a session that is still good: only if that bothers nobody, and only in the second
/// half of its life. A session of a quarter of an hour is in its refresh window from the beginning;
/// renewing it at every call would spend a code, and half a minute of waiting for it, each time.
fn is_worth_renewing(session: &Session, profile: &Profile, source: Option<&CodeSource>) -> bool {
    let expiry = session.effective_expiry(profile.mfa_age_limit);
    let middle = session.mfa_time + (expiry - session.mfa_time) / 2;
    source.is_some_and(CodeSource::bothers_nobody) && time::now() > middle
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

fn standing(files: &Files, profile: &Profile, request: &Request) -> Result<Standing, SessionError> {
    let found = cached_session::lookup(&files.credentials.document, profile).map_err(|source| {
        SessionError::Unreadable {
            path: files.credentials.file.path.clone(),
            source,
        }
    })?;
    let session = match found {
        Lookup::Hit(session) => session,
        Lookup::Miss(reason) => {
            trace(1, || format!("[{}]: {reason}", profile.session_section));
            return Ok(Standing::None);
        }
    };
    let freshness = session.freshness(profile.mfa_age_limit, time::now());
    trace(1, || {
        let expiry = session.effective_expiry(profile.mfa_age_limit);
        format!(
            "[{}]: {freshness:?}, good until {}",
            profile.session_section,
            time::render_timestamp(expiry)
        )
    });
    Ok(match freshness {
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

fn take_turn(
    path: &Path,
    key: &LongTermKey,
    caller: Caller,
    code_is_given: bool,
) -> Result<Turn, TurnError> {
    let mut progress = None;
    let waiting = || {
        trace(1, || "another daypass is asking for a code".to_owned());
        if caller == Caller::Person {
            progress = Some(Progress::show(
                "daypass: another command is asking for a code for this key: waiting for it ...",
            ));
        }
        caller != Caller::ServedTool
    };
    let patience = if code_is_given {
        GIVEN_CODE_WAITS
    } else {
        turn::PATIENCE
    };
    match Turn::take(path, &key.access_key_id, patience, waiting) {
        // It needs nobody's question, and would be too old after somebody's.
        Err(TurnError::Busy) if code_is_given => Ok(Turn::unlocked()),
        Err(error @ TurnError::Unusable { .. }) => {
            trace(1, || {
                format!("{}; nobody is kept waiting", with_causes(&error))
            });
            Ok(Turn::unlocked())
        }
        other => other,
    }
}

/// Makes a session: device, code, `GetSessionToken`; a typed code that AWS refuses is asked for again.
fn make(
    key: &LongTermKey,
    profile: &Profile,
    source: &mut CodeSource,
    turn: &mut Turn,
) -> Result<Session, SessionError> {
    let aws = Aws::new(key, &profile.session_profile, &profile.region)?;
    let serial = match &profile.mfa_serial {
        Some(serial) => serial.clone(),
        None => find_device(&aws, profile)?,
    };
    let mut tries = 1;
    loop {
        let code = source.code(&profile.session_profile, &serial, turn.memory())?;
        let answer = {
            let _progress = Progress::show("daypass: asking AWS for a session ...");
            trace(1, || format!("sts:GetSessionToken for {serial}"));
            sts::get_session_token(&aws, &serial, &code, profile.duration)
        };
        match answer {
            Ok(issued) => {
                turn.remember(|memory| memory.add_spent(&serial, &code));
                return Ok(Session {
                    access_key_id: issued.access_key_id,
                    secret_access_key: issued.secret_access_key,
                    session_token: issued.session_token,
                    expiration: issued.expiration,
                    mfa_time: mfa_time(issued.expiration, profile.duration),
                    mfa_serial: serial,
                    source_access_key_id: key.access_key_id.clone(),
                });
            }
            Err(error) => {
                if error.is_refused_code() {
                    turn.remember(|memory| memory.add_spent(&serial, &code));
                    if source.can_try_again() && tries < TRIES {
                        tries += 1;
                        let causes = error.likely_causes(&serial);
                        let left = TRIES + 1 - tries;
                        source.say(&format!("{error} ({left} more to try). {causes}"));
                        continue;
                    }
                }
                return Err(SessionError::Aws {
                    profile: profile.name.clone(),
                    serial,
                    error,
                });
            }
        }
    }
}

/// The moment at which AWS accepted the code, on its own clock: the expiry minus the duration.
///
/// For the root user AWS cuts a longer duration to one hour without a word, which shows as a moment
/// further back than the five minutes that the two clocks may differ by.
fn mfa_time(expiration: Timestamp, duration: Duration) -> Timestamp {
    let moment = expiration - time::delta(duration);
    let now = time::now();
    if now - moment > TimeDelta::minutes(6) {
        now
    } else {
        moment
    }
}

/// Asks AWS for the user's devices: the last resort, since many policies deny it without MFA.
fn find_device(aws: &Aws, profile: &Profile) -> Result<Serial, SessionError> {
    trace(1, || {
        "no MFA device is named: iam:ListMFADevices".to_owned()
    });
    let serials = iam::list_mfa_devices(aws).map_err(|source| SessionError::DeviceUnknown {
        profile: profile.name.clone(),
        source,
    })?;
    let mut others = Vec::new();
    for serial in &serials {
        match Serial::parse(serial) {
            Ok(serial) => return Ok(serial),
            Err(error) => others.push(error),
        }
    }
    Err(SessionError::NoDevice {
        profile: profile.name.clone(),
        others,
    })
}

fn keep(files: &Files, profile: &Profile, session: &Session) -> Result<(), StoreError> {
    let file = &files.credentials.file;
    let edited = cached_session::store(file, &profile.session_section, session)?;
    report(&edited);
    Ok(())
}

/// Passes on what a change of a shared file had to warn of.
pub fn report(edited: &Edited) {
    for warning in &edited.warnings {
        warn(warning);
    }
}
