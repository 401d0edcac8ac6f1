//! The session of a role: cached while it is fresh, else assumed anew with the MFA session of its source,
//! and without a second code.

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    aws::{client::Aws, error::AwsError, sts},
    cached_session::{self, FindError, Lookup, StoreError},
    credentials::{Freshness, RoleSession, Session, TemporaryCredentials},
    keychain::Questions,
    mfa::{
        memory::ToldFailure,
        turn::{Turn, TurnError},
    },
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
        // A person who logs in wants a fresh one.
        Standing::Good(session) if request.wants != Wants::Fresh => Some(session),
        Standing::Good(_) | Standing::None => None,
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
    let is_served_tool = served.is_some() && request.wants == Wants::Good;
    let source = Request {
        given: request.given.clone(),
        // An early renewal for a tool is not worth a question.
        ..Request::new(Wants::Good, request.may_ask && !is_served_tool)
    };
    let attempt = Attempt {
        profile,
        request,
        source,
        is_served_tool,
    };
    match (attempt.run(files, tell), served) {
        (Err(error), Some(session)) => {
            // Tools that cannot be helped now come again and again, and whoever failed has said so.
            let is_told = match error {
                SessionError::NobodyToAsk { .. } => request.wants == Wants::Good,
                SessionError::Turn(_) | SessionError::FailedBefore(_) => true,
                _ => false,
            };
            if !is_told {
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
        _ if request.force => Standing::Good(session),
        Freshness::Valid => Standing::Fresh(session),
        Freshness::Expiring if is_young => Standing::Fresh(session),
        Freshness::Expiring => Standing::Good(session),
    })
}

/// One attempt at a new session of the profile's role.
struct Attempt<'a> {
    profile: &'a Profile,
    request: &'a Request,
    /// What is wanted of the MFA session.
    source: Request,
    /// Whether a tool is only to get its session renewed early: it is not kept waiting.
    is_served_tool: bool,
}

impl Attempt<'_> {
    /// Assumes the roles one after the other, from where somebody has got to before or with the MFA session.
    fn run(
        &self,
        files: &mut Files,
        tell: impl Fn(&SessionError) -> ToldFailure,
    ) -> Result<Assumed, SessionError> {
        let mut refused = None;
        if let Some((first, session)) = last_role_assumed(files, self.profile) {
            let id = session.credentials.access_key_id.clone();
            match self.assume(files, first, session, None) {
                // AWS may have ended that session before its time: its role was changed, or made anew.
                Err(error) if is_refusal(&error) => refused = Some((id, error)),
                other => return other,
            }
        }
        // A refusal may have been meant, and is not worth a question.
        let was_denied = matches!(&refused, Some((_, error)) if is_denial(error));
        let source = Request {
            may_ask: self.source.may_ask && !was_denied,
            ..self.source.clone()
        };
        let (obtained, refused) =
            match (session::obtain(files, self.profile, &source, tell), refused) {
                (Ok(obtained), refused) => (obtained, refused.map(|(id, _)| id)),
                (Err(_), Some((_, denial))) if was_denied => return Err(denial),
                (Err(error), _) => return Err(error),
            };
        let assumed = self.assume(files, 0, obtained.session, refused.as_deref())?;
        Ok(Assumed {
            unsaved: assumed.unsaved.or(obtained.unsaved),
            ..assumed
        })
    }

    /// Assumes the roles from the one numbered `first`, with the session of the one before, or from where
    /// somebody else has got to meanwhile with a session that AWS has not `refused`.
    fn assume(
        &self,
        files: &mut Files,
        mut first: usize,
        mut session: Session,
        refused: Option<&str>,
    ) -> Result<Assumed, SessionError> {
        let (profile, request) = (self.profile, self.request);
        let _turn = self.take_turn(files)?;
        files.read_credentials_again()?;
        // Whoever had the turn before may have done it all.
        if let Some(role) = profile.role()
            && let Standing::Fresh(session) = standing(files, profile, role, request)?
        {
            return Ok(cached(session));
        }
        if let Some((further, newer)) = last_role_assumed(files, profile)
            && further > first
            && refused != Some(newer.credentials.access_key_id.as_str())
        {
            (first, session) = (further, newer);
        }
        let questions = if self.source.may_ask {
            Questions::Allowed
        } else {
            Questions::Forbidden
        };
        let mut unsaved = None;
        let own = profile.roles.len() - 1;
        for (at, role) in profile.roles.iter().enumerate().skip(first) {
            explain_cut(role, request.wants);
            let duration = if at == own {
                role.duration.max(request.at_least)
            } else {
                role.duration
            };
            session.credentials = assume_one(&session.credentials, profile, at, duration)?;
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

    /// Keeps others from assuming the same role at the same time, which would do no harm but to the rate at
    /// which AWS lets itself be asked. Whoever waits in vain goes ahead.
    fn take_turn(&self, files: &Files) -> Result<Option<Turn>, SessionError> {
        let Some(key) = self.profile.key.as_ref().map(KeySource::access_key_id) else {
            return Ok(None);
        };
        let path = &files.credentials.file.path;
        match Turn::take(path, key, PATIENCE, || !self.is_served_tool) {
            Err(error @ TurnError::Busy) if self.is_served_tool => Err(SessionError::Turn(error)),
            turn => Ok(turn.ok()),
        }
    }
}

/// Whether AWS does not take the session, or not for this role: another session may do.
fn is_refusal(error: &SessionError) -> bool {
    matches!(error, SessionError::Role { error, .. } if error.is_refusal())
}

/// Whether AWS takes the session, and not for this role.
fn is_denial(error: &SessionError) -> bool {
    matches!(error, SessionError::Role { error, .. } if matches!(**error, AwsError::Denied { .. }))
}

/// How much must be left of a session to assume the next role with it.
const ENOUGH: TimeDelta = TimeDelta::minutes(1);

/// The session of the role furthest along the chain, before the profile's own, that is still good; and the
/// number of roles that have been assumed then.
fn last_role_assumed(files: &Files, profile: &Profile) -> Option<(usize, Session)> {
    let (_, before) = profile.roles.split_last()?;
    before.iter().enumerate().rev().find_map(|(at, role)| {
        let found = cached_session::find_role(files, profile, role, Questions::Forbidden);
        match found {
            Ok(Lookup::Hit(session))
                if session.credentials().expiration - time::now() >= ENOUGH =>
            {
                Some((at + 1, session.into_session()))
            }
            _ => None,
        }
    })
}

/// Says why a session is shorter than the profile wants it: to a person, not to tools at every renewal.
fn explain_cut(role: &Role, wants: Wants) {
    let Some(text) = cut(role) else { return };
    match wants {
        Wants::Good => trace(1, || text),
        Wants::Best | Wants::Fresh => warn(text),
    }
}

fn cut(role: &Role) -> Option<String> {
    let (asked, place) = role.cut_from.as_ref()?;
    Some(format!(
        "duration_seconds of {} is cut to an hour for the role of profile '{}': AWS gives no more to a role that \
         is assumed with a session ({place})",
        time::render_duration(*asked),
        role.profile
    ))
}

/// Assumes the role numbered `at` with the session of the one before.
fn assume_one(
    source: &TemporaryCredentials,
    profile: &Profile,
    at: usize,
    duration: Duration,
) -> Result<TemporaryCredentials, SessionError> {
    let role = &profile.roles[at];
    let before = at.checked_sub(1).map(|before| &profile.roles[before]);
    let aws = Aws::new(source, &role.profile, &role.region)?.with_sts_endpoint(role.sts_endpoint);
    let _progress = Progress::show("daypass: asking AWS for the role ...");
    trace(1, || {
        format!("sts:AssumeRole of {} as {}", role.arn, role.session_name)
    });
    sts::assume_role(&aws, role, duration).map_err(|error| SessionError::Role {
        profile: role.profile.clone(),
        source_profile: before
            .map_or(&profile.session_profile, |before| &before.profile)
            .clone(),
        session_profile: profile.session_profile.clone(),
        role_arn: role.arn.clone(),
        error: Box::new(error),
    })
}

fn cached(session: RoleSession) -> Assumed {
    Assumed {
        session,
        renewed: false,
        unsaved: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        arn::RoleArn,
        profile::{Place, StsEndpoint},
    };

    #[test]
    fn a_person_is_told_what_was_cut_and_where_it_was_asked_for() {
        let mut role = Role {
            profile: "prod".to_owned(),
            arn: RoleArn::parse("arn:aws:iam::123456789012:role/Admin").unwrap(),
            session_name: "ada".to_owned(),
            duration: LONGEST_ROLE_SESSION,
            cut_from: None,
            external_id: None,
            tags: Vec::new(),
            transitive_tags: Vec::new(),
            source_identity: None,
            region: "eu-west-1".to_owned(),
            sts_endpoint: StsEndpoint::Regional,
            section: "prod-mfa".to_owned(),
            digest: String::new(),
        };
        assert_eq!(cut(&role), None);
        let place = Place::Line("/home/ada/.aws/config".into(), 7);
        role.cut_from = Some((Duration::from_secs(43_200), place));
        assert_eq!(
            cut(&role).as_deref(),
            Some(
                "duration_seconds of 12 h is cut to an hour for the role of profile 'prod': AWS gives no more to a \
                 role that is assumed with a session (/home/ada/.aws/config, line 7)"
            )
        );
    }
}
