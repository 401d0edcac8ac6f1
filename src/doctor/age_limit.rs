//! Whether policies deny earlier than the profile counts on.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Finding, Subject, Survey, inquiry::Inquiry, word};
use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{account, simulation, users},
    },
    profile::{Profile, place_of_age_limit},
    time::{render_argument, render_duration, render_span},
};

const CHECK: &str = "mfa-age-limit";

/// What policies that enforce MFA deny, whatever else they leave open.
const ACTIONS: [&str; 4] = [
    "s3:ListAllMyBuckets",
    "ec2:DescribeInstances",
    "iam:ListUsers",
    "sts:AssumeRole",
];

const MINUTE: u64 = 60;

/// What is known of the MFA age at which policies deny.
pub(super) enum Limit {
    /// What AWS says that they would do: the age, if it is before the one that the profile counts on.
    Simulated(Option<Duration>),
    /// What they did to the session that there is, at this MFA age.
    Probed(TimeDelta, Probe),
}

/// What AWS said to calls that read next to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Probe {
    /// It answered this one: no policy denies it for this age.
    Answered(&'static str),
    /// A policy denies each of these by name, or with all others. Why, is not said: the age is one of the reasons
    /// that there may be.
    Denied(Vec<&'static str>),
    /// One is merely not allowed, which says nothing of an age.
    Unclear,
}

/// Asks at which MFA age policies begin to deny what they allow a minute after the code, if that is before
/// `counted_on`; or, of users who may not ask that, what policies do to a session of this `age`.
///
/// # Errors
/// [`AwsError`].
pub(super) fn ask(
    aws: &Aws,
    user_arn: &str,
    counted_on: Duration,
    age: TimeDelta,
) -> Result<Limit, AwsError> {
    let allowed = |minutes: u64| {
        simulation::is_allowed(
            aws,
            user_arn,
            &ACTIONS,
            Duration::from_secs(minutes * MINUTE),
        )
    };
    match search(counted_on.as_secs() / MINUTE, allowed) {
        Ok(limit) => Ok(Limit::Simulated(limit)),
        Err(denied @ AwsError::Denied { .. }) => {
            // Neither is among what policies that enforce MFA leave open for who has none yet.
            let answers = [
                users::account_alias(aws).map(|_| "iam:ListAccountAliases"),
                account::summary(aws).map(|_| "iam:GetAccountSummary"),
                Err(denied),
            ];
            Ok(Limit::Probed(age, probe(answers)?))
        }
        Err(error) => Err(error),
    }
}

/// What such answers say together.
fn probe(
    answers: impl IntoIterator<Item = Result<&'static str, AwsError>>,
) -> Result<Probe, AwsError> {
    let mut denied = Vec::new();
    let mut is_unclear = false;
    for answer in answers {
        match answer {
            Ok(action) => return Ok(Probe::Answered(action)),
            // Source: IAM User Guide, "Access denied error messages". What nothing allows is worded otherwise.
            Err(AwsError::Denied { action, message }) if message.contains("explicit deny") => {
                denied.push(action);
            }
            Err(AwsError::Denied { .. }) => is_unclear = true,
            Err(error) => return Err(error),
        }
    }
    Ok(if is_unclear {
        Probe::Unclear
    } else {
        Probe::Denied(denied)
    })
}

/// The first minute, rounded down, at which less is allowed than in the first one, if it is before `end`.
fn search<E>(
    end: u64,
    mut allowed: impl FnMut(u64) -> Result<Vec<(String, bool)>, E>,
) -> Result<Option<Duration>, E> {
    if end < 3 {
        return Ok(None);
    }
    let at_first: Vec<String> = allowed(1)?
        .into_iter()
        .filter_map(|(action, is_allowed)| is_allowed.then_some(action))
        .collect();
    let mut is_as_at_first = |minutes| {
        let now = allowed(minutes)?;
        Ok(at_first.iter().all(|action| {
            now.iter()
                .any(|(known, is_allowed)| known == action && *is_allowed)
        }))
    };
    if at_first.is_empty() || is_as_at_first(end - 1)? {
        return Ok(None);
    }
    let (mut good, mut bad) = (1, end - 1);
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        if is_as_at_first(middle)? {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Ok(Some(Duration::from_secs(good * MINUTE)))
}

pub(super) fn check(survey: &Survey, subject: &Subject, inquiry: &Inquiry) -> Vec<Finding> {
    let (Ok(profile), Some(answer)) = (&subject.profile, inquiry.age_limits.get(&subject.name))
    else {
        return Vec::new();
    };
    let limit = profile.mfa_age_limit;
    let finding = match answer {
        Ok(Limit::Simulated(None)) => Finding::ok(
            CHECK,
            format!(
                "no policy ends a session before the MFA age of {}",
                render_duration(limit)
            ),
        ),
        Ok(Limit::Simulated(Some(shorter))) => {
            let place = match place_of_age_limit(&survey.files, profile) {
                Some(place) => format!("daypass_mfa_age_limit, {place}"),
                None => "the limit unless configured".to_owned(),
            };
            Finding::warn(
                CHECK,
                format!(
                    "a policy denies at an MFA age of {}, and the profile counts on {} ({place})",
                    render_duration(*shorter),
                    render_duration(limit)
                ),
            )
            .meaning("from then on every AWS tool is denied everything, while daypass takes the session for good")
            .mend(format!(
                "put daypass_mfa_age_limit = {} into [profile {}]",
                render_argument(*shorter),
                profile.session_profile
            ))
        }
        Ok(Limit::Probed(age, probe)) => judge_probe(profile, *age, probe),
        Err(error) => {
            Finding::not_checked(CHECK, format!("at which MFA age policies deny: {error}"))
        }
    };
    vec![finding]
}

fn judge_probe(profile: &Profile, age: TimeDelta, probe: &Probe) -> Finding {
    /// A limit as short as this would be no limit but a ban.
    const TOO_YOUNG: TimeDelta = TimeDelta::minutes(10);
    const UNKNOWN: &str =
        "at which MFA age policies deny: few users may ask that (iam:SimulatePrincipalPolicy)";
    let so_far = render_span(age);
    let actions = match probe {
        Probe::Answered(action) => {
            let what = format!(
                "{UNKNOWN}; at the present age of {so_far} none denies {action} to the session"
            );
            return Finding::not_checked(CHECK, what);
        }
        Probe::Denied(actions) if age >= TOO_YOUNG => actions,
        Probe::Denied(_) | Probe::Unclear => return Finding::not_checked(CHECK, UNKNOWN),
    };
    let name = word(&profile.session_profile);
    // Down to where it was surely good nobody knows; this much is surely too long if the age is the reason.
    let below = Duration::from_secs(age.num_seconds().unsigned_abs() / MINUTE * MINUTE);
    Finding::warn(
        CHECK,
        format!(
            "policies deny {} to the session, whose MFA age is {so_far}; the profile counts on {}",
            actions.join(", "),
            render_duration(profile.mfa_age_limit)
        ),
    )
    .meaning(
        "one that denies all from a shorter age on does that; so does one that never allows these, whatever the age",
    )
    .mend(format!(
        "daypass login {name} --force, then daypass doctor {name}: if the new session is denied nothing, put a \
         daypass_mfa_age_limit below {} into [profile {}]",
        render_argument(below),
        profile.session_profile
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::{Level, tests::survey};

    /// What is found where a policy denies from this minute on.
    fn found(limit: u64, end: u64) -> Option<u64> {
        let mut calls = 0;
        let found = search::<()>(end, |minutes| {
            calls += 1;
            Ok(vec![
                ("a".to_owned(), minutes < limit),
                ("b".to_owned(), false),
                ("c".to_owned(), true),
            ])
        });
        assert!(calls < 12, "{calls}");
        found.unwrap().map(|limit| limit.as_secs() / MINUTE)
    }

    #[test]
    fn a_shorter_limit_is_found_to_the_minute() {
        for (limit, end, expected) in [
            (60, 480, Some(59)),
            (241, 480, Some(240)),
            (479, 480, Some(478)),
            (480, 480, None),
            (481, 480, None),
            (u64::MAX, 480, None),
            (1, 480, None),
            (2, 480, Some(1)),
            (2, 2, None),
        ] {
            assert_eq!(found(limit, end), expected, "{limit} {end}");
        }
    }

    fn denied(action: &'static str, message: &str) -> Result<&'static str, AwsError> {
        Err(AwsError::Denied {
            action,
            message: message.to_owned(),
        })
    }

    #[test]
    fn a_denial_says_something_of_the_age_only_where_a_policy_denies_by_itself() {
        let by_policy =
            |action| denied(action, "with an explicit deny in an identity-based policy");
        let by_none = |action| denied(action, "because no identity-based policy allows it");
        for (answers, expected) in [
            (
                vec![by_policy("a"), by_policy("b")],
                Probe::Denied(vec!["a", "b"]),
            ),
            (vec![by_policy("a"), by_none("b")], Probe::Unclear),
            (vec![by_none("a"), by_policy("b")], Probe::Unclear),
            (vec![by_policy("a"), Ok("b")], Probe::Answered("b")),
            (vec![by_none("a"), Ok("b")], Probe::Answered("b")),
        ] {
            assert_eq!(probe(answers).unwrap(), expected);
        }
        assert!(probe([by_policy("a"), Err(AwsError::Expired)]).is_err());
    }

    #[test]
    fn a_denial_soon_after_the_code_is_not_for_the_age() {
        let survey = survey("[profile work]\nmfa_process = x\n", "");
        let profile = survey.subjects[0].profile.as_ref().unwrap();
        let level =
            |minutes, probe| judge_probe(profile, TimeDelta::minutes(minutes), &probe).level;
        let denied = || Probe::Denied(vec!["a"]);
        assert_eq!(level(9, denied()), Level::NotChecked);
        assert_eq!(level(10, denied()), Level::Warn);
        assert_eq!(level(300, Probe::Unclear), Level::NotChecked);
        assert_eq!(level(300, Probe::Answered("a")), Level::NotChecked);
    }
}
