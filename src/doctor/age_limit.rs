//! Whether policies deny earlier than the profile counts on.

use std::time::Duration;

use super::{
    Finding, Subject, Survey,
    inquiry::{AskError, Inquiry},
};
use crate::{
    aws::{client::Aws, error::AwsError, iam::simulation},
    profile::place_of_age_limit,
    time::{render_argument, render_duration},
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

/// Asks at which MFA age policies begin to deny what they allow a minute after the code, if that is before
/// `counted_on`.
///
/// # Errors
/// [`AwsError`], `Denied` above all.
pub(super) fn ask(
    aws: &Aws,
    user_arn: &str,
    counted_on: Duration,
) -> Result<Option<Duration>, AwsError> {
    let allowed = |minutes: u64| {
        simulation::is_allowed(
            aws,
            user_arn,
            &ACTIONS,
            Duration::from_secs(minutes * MINUTE),
        )
    };
    search(counted_on.as_secs() / MINUTE, allowed)
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
    let Ok(profile) = &subject.profile else {
        return Vec::new();
    };
    let limit = profile.mfa_age_limit;
    let finding = match inquiry.age_limits.get(&subject.name) {
        None => return Vec::new(),
        Some(Ok(None)) => Finding::ok(
            CHECK,
            format!(
                "no policy ends a session before the MFA age of {}",
                render_duration(limit)
            ),
        ),
        Some(Ok(Some(shorter))) => {
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
                subject.name
            ))
        }
        Some(Err(AskError::Aws(AwsError::Denied { .. }))) => Finding::not_checked(
            CHECK,
            "at which MFA age policies deny: few users may ask that (iam:SimulatePrincipalPolicy)",
        ),
        Some(Err(error)) => {
            Finding::not_checked(CHECK, format!("at which MFA age policies deny: {error}"))
        }
    };
    vec![finding]
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
