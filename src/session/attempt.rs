//! One attempt at a new session: in turn, with a code, from STS, into the cache.

use std::{borrow::Cow, path::Path, time::Duration};

use chrono::TimeDelta;

use crate::{
    aws::{client::Aws, iam::mfa_devices, sts},
    cached_session::{self, StoreError},
    credentials::{LongTermKey, Session},
    keychain::{KeychainError, Questions},
    long_term_key::{self, KeyError},
    mfa::{
        memory::{Caller, ToldFailure},
        source::{CodeError, CodeSource, SourceName},
        turn::{self, Turn, TurnError},
    },
    profile::{self, Files, KeySource, Profile, SessionStore},
    serial::Serial,
    session::{Obtained, Request, SessionError, Standing, Wants, cached, report, standing},
    terminal::{Progress, trace, warn, with_causes},
    time::{self, Timestamp},
};

/// How long a code that was given waits for its turn.
const GIVEN_CODE_WAITS: Duration = Duration::from_secs(2);

/// Everything that an attempt needs but the secret of the key, found before anybody is asked or kept waiting.
pub(super) struct Attempt<'a> {
    profile: Cow<'a, Profile>,
    request: &'a Request,
    caller: Caller,
    access_key_id: String,
    source: CodeSource,
    /// Whether the keychain may ask.
    questions: Questions,
    /// The access key id of the session that was cached before.
    before: Option<String>,
    /// When the caller began to wait.
    since: Timestamp,
}

impl<'a> Attempt<'a> {
    /// Makes sure that the session can be kept, that there is a long-term key and somebody to give a code.
    pub(super) fn prepare(
        files: &Files,
        profile: &'a Profile,
        request: &'a Request,
        caller: Caller,
        source: Option<CodeSource>,
        before: Option<String>,
    ) -> Result<Self, SessionError> {
        cached_session::check_section(files, profile)?;
        if request.wants == Wants::Fresh && profile.session_store == SessionStore::File {
            // A person who logs in wants the session kept: no code is spent if it cannot be.
            files.credentials.file.check_writable()?;
        }
        let since = time::now();
        let questions = if request.may_ask && caller != Caller::ServedTool {
            Questions::Allowed
        } else {
            Questions::Forbidden
        };
        let Some(key) = &profile.key else {
            return Err(KeyError::none(files, profile).into());
        };
        let access_key_id = key.access_key_id().to_owned();
        let Some(source) = source else {
            let last = Turn::glance(&files.credentials.file.path, &access_key_id);
            let serial = profile.mfa_serial.as_ref();
            return Err(match last.failure_for(caller, serial, since, time::now()) {
                Some(told) => SessionError::FailedBefore(told.clone()),
                // A terminal would not help.
                None if request.may_ask && profile.codes.only == Some(SourceName::Pinentry) => {
                    CodeError::NotSetUp(SourceName::Pinentry).into()
                }
                None => SessionError::NobodyToAsk {
                    profile: profile.name.clone(),
                },
            });
        };
        trace(1, || {
            format!("long-term key {access_key_id}, code from {}", source.name())
        });
        Ok(Attempt {
            profile: Cow::Borrowed(profile),
            request,
            caller,
            access_key_id,
            source,
            questions,
            before,
            since,
        })
    }

    /// Takes the turn, looks again, and makes a session unless somebody else has, or has just failed to.
    pub(super) fn run(
        mut self,
        files: &mut Files,
        tell: impl Fn(&SessionError) -> ToldFailure,
    ) -> Result<Obtained, SessionError> {
        let given = self.source.is_given();
        let mut turn = self.take_turn(files)?;
        files.read_again()?;
        if let Some(key) = profile::key_now(files, &self.profile)
            && key.access_key_id() != self.access_key_id
        {
            // It was replaced meanwhile: the turn is that of the new one.
            key.access_key_id().clone_into(&mut self.access_key_id);
            self.profile.to_mut().key = Some(key);
            turn = self.take_turn(files)?;
            files.read_again()?;
        }
        let serial = self.profile.mfa_serial.clone();
        let serial = serial.as_ref();
        match self.in_turn(files, &mut turn) {
            Ok(obtained) => {
                if obtained.renewed {
                    turn.remember(|memory| {
                        memory.forget_failure();
                        memory.add_key_sighting(time::now());
                    });
                }
                Ok(obtained)
            }
            Err(error) => {
                if !given {
                    remember(&mut turn, serial, &error, self.questions, tell);
                }
                Err(error)
            }
        }
    }

    fn take_turn(&self, files: &Files) -> Result<Turn, SessionError> {
        let (path, given) = (&files.credentials.file.path, self.source.is_given());
        take_turn(path, &self.access_key_id, self.caller, given).map_err(SessionError::Turn)
    }

    fn in_turn(&mut self, files: &Files, turn: &mut Turn) -> Result<Obtained, SessionError> {
        match standing(files, &self.profile, self.request, self.questions)? {
            Standing::Fresh(session) => return Ok(cached(session)),
            Standing::Good(session) if self.is_newer(&session) => {
                return Ok(cached(session));
            }
            Standing::Good(_) | Standing::None => {}
        }
        let serial = self.profile.mfa_serial.as_ref();
        if !self.source.is_given() {
            told_before(turn, self.caller, serial, self.since, self.questions)?;
        }
        // Not before it is needed: its secret may be in a keychain that asks to be unlocked.
        let key = long_term_key::read(files, &self.profile, self.questions)?;
        let session = self.make(&key, turn)?;
        // AWS has given it: a cache that cannot be written must not lose it.
        let unsaved = keep(files, &self.profile, &session, self.questions).err();
        Ok(Obtained {
            session,
            renewed: true,
            unsaved,
        })
    }

    /// Whether somebody else has made this session since the caller looked.
    fn is_newer(&self, session: &Session) -> bool {
        self.before.as_ref() != Some(&session.credentials.access_key_id)
    }

    /// Makes a session: device, code, `GetSessionToken`; a typed code that AWS refuses is asked for again.
    fn make(&mut self, key: &LongTermKey, turn: &mut Turn) -> Result<Session, SessionError> {
        let profile = &*self.profile;
        let aws = Aws::new(key, &profile.session_profile, &profile.region)?
            .with_sts_endpoint(profile.sts_endpoint);
        let serial = match &profile.mfa_serial {
            Some(serial) => serial.clone(),
            None => find_device(&aws, profile)?,
        };
        let duration = profile.duration.max(self.request.at_least);
        let mut tries = 1;
        loop {
            let code = self
                .source
                .code(&profile.session_profile, &serial, turn.memory())?;
            let answer = {
                let _progress = Progress::show("daypass: asking AWS for a session ...");
                trace(1, || format!("sts:GetSessionToken for {serial}"));
                sts::get_session_token(&aws, &serial, &code, duration)
            };
            match answer {
                Ok(issued) => {
                    turn.remember(|memory| memory.add_spent(&serial, &code, time::now()));
                    return Ok(Session {
                        mfa_time: mfa_time(issued.expiration, duration),
                        credentials: issued,
                        mfa_serial: serial,
                        source_access_key_id: key.access_key_id.clone(),
                    });
                }
                Err(error) => {
                    if error.is_refused_code() {
                        turn.remember(|memory| memory.add_spent(&serial, &code, time::now()));
                        let all = self.source.tries();
                        if tries < all {
                            tries += 1;
                            let causes = error.likely_causes(&serial);
                            let left = all + 1 - tries;
                            self.source
                                .say(&format!("{error} ({left} more to try). {causes}"));
                            if matches!(self.source, CodeSource::Seed(..)) {
                                let name = &profile.session_profile;
                                warn(format_args!(
                                    "AWS refused the code that the TOTP seed gave; if it refuses the next one \
                                     too, the seed is not that of {serial}: daypass totp add {name}"
                                ));
                            }
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
}

/// Looks for the session in a keychain that may have to ask, while nobody else makes it ask.
pub(super) fn look_in_turn(
    files: &Files,
    profile: &Profile,
    request: &Request,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Standing, SessionError> {
    let (since, questions) = (time::now(), Questions::Allowed);
    let caller = match request.wants {
        Wants::Fresh | Wants::Best => Caller::Person,
        Wants::Good => Caller::Tool,
    };
    let key = profile.key.as_ref().map(KeySource::access_key_id);
    let key = key.ok_or_else(|| KeyError::none(files, profile))?;
    let (path, given) = (&files.credentials.file.path, request.given.is_some());
    let mut turn = take_turn(path, key, caller, given).map_err(SessionError::Turn)?;
    let serial = profile.mfa_serial.as_ref();
    // Whoever had the turn before may have unlocked it.
    if let Ok(standing) = standing(files, profile, request, Questions::Forbidden) {
        return Ok(standing);
    }
    told_before(&turn, caller, serial, since, questions)?;
    let found = standing(files, profile, request, questions);
    if let Err(error) = &found {
        remember(&mut turn, serial, error, questions, tell);
    }
    found
}

/// Takes the turn for a long-term key; without a file for it, nobody is kept waiting.
fn take_turn(
    credentials: &Path,
    access_key_id: &str,
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
    match Turn::take(credentials, access_key_id, patience, waiting) {
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

/// Fails as somebody else just has, if that answers for this caller too.
fn told_before(
    turn: &Turn,
    caller: Caller,
    serial: Option<&Serial>,
    since: Timestamp,
    questions: Questions,
) -> Result<(), SessionError> {
    match turn
        .memory()
        .failure_for(caller, serial, since, time::now())
    {
        // Whoever may ask can do better.
        Some(told) if told.nobody_was_asked && questions == Questions::Allowed => Ok(()),
        Some(told) => Err(SessionError::FailedBefore(told.clone())),
        None => Ok(()),
    }
}

/// Remembers a failure for those who wait or come later.
fn remember(
    turn: &mut Turn,
    serial: Option<&Serial>,
    error: &SessionError,
    questions: Questions,
    tell: impl Fn(&SessionError) -> ToldFailure,
) {
    // What was told before stays as old as it is; a question that was torn down was answered by nobody:
    // the next in turn asks again.
    let is_nobodys = matches!(
        error,
        SessionError::FailedBefore(_)
            | SessionError::Code(CodeError::Interrupted | CodeError::Terminal(_))
    ) || matches!(error.of_keychain(), Some(KeychainError::Interrupted { .. }));
    if !is_nobodys {
        let mut told = tell(error);
        told.nobody_was_asked = questions == Questions::Forbidden && error.of_keychain().is_some();
        turn.remember(|memory| memory.set_failure(serial, told, time::now()));
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
    let devices = mfa_devices::list(aws, None).map_err(|source| SessionError::DeviceUnknown {
        profile: profile.session_profile.clone(),
        source,
    })?;
    let mut others = Vec::new();
    for device in &devices {
        match Serial::parse(&device.serial) {
            Ok(serial) => return Ok(serial),
            Err(error) => others.push(error),
        }
    }
    Err(SessionError::NoDevice {
        profile: profile.session_profile.clone(),
        others,
    })
}

fn keep(
    files: &Files,
    profile: &Profile,
    session: &Session,
    questions: Questions,
) -> Result<(), StoreError> {
    let edited = cached_session::keep(files, profile, session, questions)?;
    report(&edited);
    Ok(())
}
