//! The session of a role: cached while it is fresh, else assumed anew with the MFA session of its source,
//! and without a second code.

use std::time::Duration;

use crate::{
    aws::{client::Aws, sts},
    cached_session::{self, FindError, Lookup, StoreError},
    credentials::{Freshness, RoleSession, Session, TemporaryCredentials},
    keychain::Questions,
    mfa::{memory::ToldFailure, turn::Turn},
    profile::{Files, KeySource, LONGEST_ROLE_SESSION, Profile, Role},
    session::{self, Request, SessionError, Wants, report},
    terminal::{Progress, trace, warn, with_causes},
    time,
};

/// How long one caller waits for another that may be assuming the same role. It is no question: who waits
/// in vain goes ahead.
const PATIENCE: Duration = Duration::from_secs(3);

/// A session of a role that is good now.
#[derive(Debug)]
pub struct Assumed {
    /// The session.
    pub session: RoleSession,
    /// Whether it was made just now.
    pub renewed: bool,
    /// Why it, or the session that it was made from, could not be saved.
    pub unsaved: Option<StoreError>,
}

/// Gets a session of `role`, the last of the profile's roles.
///
/// # Errors
/// [`SessionError`]: there is no MFA session, or AWS does not let the role be assumed with it.
pub fn obtain(
    files: &mut Files,
    profile: &Profile,
    role: &Role,
    request: &Request,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Assumed, SessionError> {
    let served = match standing(files, profile, role, request)? {
        Standing::Fresh(session) => return Ok(cached(session)),
        Standing::Good(session) => Some(session),
        Standing::None => None,
    };
    if request.at_least > LONGEST_ROLE_SESSION {
        return Err(SessionError::RoleTooLong {
            profile: role.profile.clone(),
            at_least: request.at_least,
        });
    }
    for role in &profile.roles {
        cached_session::check_role_section(files, profile, role)?;
    }
    // An early renewal for a tool is not worth a question.
    let may_ask = request.may_ask && (served.is_none() || request.wants != Wants::Good);
    match (assume(files, profile, request, may_ask, tell), served) {
        (Err(error), Some(session)) => {
            // Tools that cannot be helped now come again and again: what is still good is enough for them.
            if !matches!(error, SessionError::NobodyToAsk { .. }) || request.wants != Wants::Good {
                warn(format_args!(
                    "the session of the role could not be renewed yet: {}",
                    with_causes(&error)
                ));
            }
            Ok(cached(session))
        }
        (answer, _) => answer,
    }
}

/// How the cached session of a role stands towards a request.
enum Standing {
    /// It does as it is.
    Fresh(RoleSession),
    /// It is still good and should be renewed.
    Good(RoleSession),
    /// There is none.
    None,
}

fn standing(
    files: &Files,
    profile: &Profile,
    role: &Role,
    request: &Request,
) -> Result<Standing, SessionError> {
    // A keychain that has to be unlocked first is unlocked for the MFA session.
    let found = cached_session::find_role(files, profile, role, Questions::Forbidden);
    let session = match found {
        Ok(Lookup::Hit(session)) => session,
        Ok(Lookup::Miss(reason)) => {
            trace(1, || format!("[{}]: {reason}", role.section));
            return Ok(Standing::None);
        }
        Err(FindError::Keychain(_)) => return Ok(Standing::None),
        Err(error) => return Err(error.into()),
    };
    let (now, end) = (time::now(), session.credentials().expiration);
    let freshness = session.freshness(now);
    trace(1, || {
        let end = time::render_timestamp(end);
        format!("[{}]: {freshness:?}, good until {end}", role.section)
    });
    let is_too_short = end - now < time::delta(request.at_least);
    // A session of a quarter of an hour is in its refresh window from the beginning.
    let is_young = end - now > time::delta(role.duration) / 2;
    Ok(match freshness {
        Freshness::Expired => Standing::None,
        _ if is_too_short => Standing::None,
        Freshness::Valid => Standing::Fresh(session),
        Freshness::Expiring if is_young => Standing::Fresh(session),
        Freshness::Expiring => Standing::Good(session),
    })
}

/// Assumes the roles one after the other, with the MFA session or from where somebody has got to before.
fn assume(
    files: &mut Files,
    profile: &Profile,
    request: &Request,
    may_ask: bool,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Assumed, SessionError> {
    let mut unsaved = None;
    let start = match last_role_assumed(files, profile) {
        Some(start) => start,
        None => {
            let request = Request::new(Wants::Good, may_ask);
            let obtained = session::obtain(files, profile, &request, tell)?;
            unsaved = obtained.unsaved;
            (0, obtained.session)
        }
    };
    let _turn = take_turn(files, profile);
    files.read_credentials_again()?;
    // Whoever had the turn before may have done it all.
    if let Some(role) = profile.role()
        && let Standing::Fresh(session) = standing(files, profile, role, request)?
    {
        return Ok(cached(session));
    }
    let (first, mut session) = last_role_assumed(files, profile).unwrap_or(start);
    let questions = if may_ask {
        Questions::Allowed
    } else {
        Questions::Forbidden
    };
    let own = profile.roles.len() - 1;
    for (at, role) in profile.roles.iter().enumerate().skip(first) {
        explain_cut(role, request.wants);
        let duration = if at == own {
            role.duration.max(request.at_least)
        } else {
            role.duration
        };
        session.credentials = assume_one(&session.credentials, role, duration, profile)?;
        let assumed = RoleSession::new(session.clone());
        match cached_session::keep_role(files, profile, role, &assumed, questions) {
            Ok(edited) => report(&edited),
            Err(error) => unsaved = Some(error),
        }
    }
    Ok(Assumed {
        session: RoleSession::new(session),
        renewed: true,
        unsaved,
    })
}

/// The session of the role furthest along the chain, before the profile's own, that is still good; and the
/// number of roles that have been assumed then.
fn last_role_assumed(files: &Files, profile: &Profile) -> Option<(usize, Session)> {
    let (_, before) = profile.roles.split_last()?;
    before.iter().enumerate().rev().find_map(|(at, role)| {
        let found = cached_session::find_role(files, profile, role, Questions::Forbidden);
        match found {
            Ok(Lookup::Hit(session)) if session.freshness(time::now()) != Freshness::Expired => {
                Some((at + 1, session.into_session()))
            }
            _ => None,
        }
    })
}

/// Says why a session is shorter than the profile wants it: to a person, not to tools at every renewal.
fn explain_cut(role: &Role, wants: Wants) {
    let Some((asked, place)) = &role.cut_from else {
        return;
    };
    let text = format!(
        "duration_seconds of {} is cut to an hour for the role of profile '{}': AWS gives no more to a role that \
         is assumed with a session ({place})",
        time::render_duration(*asked),
        role.profile
    );
    match wants {
        Wants::Good => trace(1, || text),
        Wants::Best | Wants::Fresh => warn(text),
    }
}

fn assume_one(
    source: &TemporaryCredentials,
    role: &Role,
    duration: Duration,
    profile: &Profile,
) -> Result<TemporaryCredentials, SessionError> {
    let aws = Aws::new(source, &role.profile, &role.region)?.with_sts_endpoint(role.sts_endpoint);
    let _progress = Progress::show("daypass: asking AWS for the role ...");
    trace(1, || {
        format!("sts:AssumeRole of {} as {}", role.arn, role.session_name)
    });
    sts::assume_role(&aws, role, duration).map_err(|error| SessionError::Role {
        profile: role.profile.clone(),
        source_profile: profile.session_profile.clone(),
        role_arn: role.arn.clone(),
        error: Box::new(error),
    })
}

/// Keeps others from assuming the same role at the same time, which would do no harm but to the rate at
/// which AWS lets itself be asked. Whoever waits in vain goes ahead.
fn take_turn(files: &Files, profile: &Profile) -> Option<Turn> {
    let key = profile.key.as_ref().map(KeySource::access_key_id)?;
    Turn::take(&files.credentials.file.path, key, PATIENCE, || true).ok()
}

fn cached(session: RoleSession) -> Assumed {
    Assumed {
        session,
        renewed: false,
        unsaved: None,
    }
}
