//! The long-term key: whether it is there, whether AWS knows it, and how old it is.

use chrono::TimeDelta;

use super::{
    Finding, Hints, Subject, Survey,
    inquiry::{AskError, Inquiry, OfKey},
    word,
};
use crate::{
    long_term_key::KeyError, mfa::turn::Turn, profile::Profile, setup::Short, terminal::with_causes,
};

const CHECK: &str = "long-term-key";
const AGE: &str = "key-age";

/// The age from which benchmarks want a key replaced. Source: CIS AWS Foundations, "Ensure access keys are rotated
/// every 90 days or less".
const OLDEST_DAYS: i64 = 90;

pub(super) fn check(
    survey: &Survey,
    subject: &Subject,
    inquiry: &Inquiry,
    hints: &Hints,
) -> Vec<Finding> {
    let Ok(profile) = &subject.profile else {
        return Vec::new();
    };
    // That of another profile is that profile's affair.
    if profile.session_profile != subject.name && survey.subjects.len() > 1 {
        return Vec::new();
    }
    let name = word(&profile.session_profile);
    let Some(key) = &profile.key else {
        let credentials = Short(&survey.files.credentials.file.path).to_string();
        return vec![
            Finding::fail(
                CHECK,
                format!(
                    "it has no long-term key: {credentials} has no [{}-long-term]",
                    profile.session_profile
                ),
            )
            .meaning("there is nothing to get a session with")
            .mend(format!("daypass setup {name}")),
        ];
    };
    let id = key.access_key_id();
    let mut findings = Vec::new();
    let of_key = inquiry.keys.get(id);
    findings.extend(known(profile, id, of_key, hints));
    findings.extend(age(survey, id, &name, of_key));
    findings
}

fn known(profile: &Profile, id: &str, of_key: Option<&OfKey>, hints: &Hints) -> Option<Finding> {
    let of_key = of_key?;
    match &of_key.unreadable {
        // That is the keychain's own check.
        Some(KeyError::Keychain { .. } | KeyError::NotInKeychain { .. }) => return None,
        Some(error) => {
            let finding = Finding::fail(CHECK, with_causes(error));
            return Some(finding.mend(format!("daypass setup {}", word(&profile.session_profile))));
        }
        None => {}
    }
    Some(match of_key.identity.as_ref()? {
        Ok(identity) if identity.arn.ends_with(":root") => Finding::warn(
            CHECK,
            format!(
                "{id} is a key of the root user of account {}",
                identity.account_id
            ),
        )
        .meaning("no policy limits what it can do, and its sessions last an hour at most")
        .mend(format!(
            "make an IAM user with the rights that you need, then: daypass setup {}",
            word(&profile.session_profile)
        )),
        Ok(identity) => Finding::ok(CHECK, format!("AWS knows {id}: {}", identity.arn)),
        Err(AskError::Aws(error))
            if error.is_refusal()
                || matches!(error, crate::aws::error::AwsError::RegionDisabled { .. }) =>
        {
            Finding::fail(CHECK, format!("AWS refuses {id}: {error}"))
                .maybe_mend((hints.aws)(&profile.session_profile, error))
        }
        Err(error) => Finding::not_checked(
            CHECK,
            format!("AWS did not say whose key {id} is: {}", with_causes(error)),
        ),
    })
}

fn age(survey: &Survey, id: &str, name: &str, of_key: Option<&OfKey>) -> Option<Finding> {
    let listed = of_key.and_then(|of_key| of_key.listed.as_ref()?.as_ref().ok());
    let created = listed.and_then(|keys| keys.iter().find(|key| key.access_key_id == id)?.created);
    let (age, is_exact) = match created {
        Some(created) => (survey.now - created, true),
        // What this machine remembers needs no permission.
        None => {
            let memory = Turn::glance(&survey.files.credentials.file.path, id);
            (memory.key_age(survey.now)?, false)
        }
    };
    judge_age(id, name, age, is_exact)
}

fn judge_age(id: &str, name: &str, age: TimeDelta, is_exact: bool) -> Option<Finding> {
    let days = age.num_days();
    let or_older = if is_exact { "" } else { " or older" };
    if days <= OLDEST_DAYS {
        return is_exact.then(|| Finding::ok(AGE, format!("the long-term key is {days} days old")));
    }
    Some(
        Finding::warn(
            AGE,
            format!("the long-term key {id} is {days} days old{or_older}"),
        )
        .meaning("benchmarks want keys replaced every 90 days")
        .mend(format!("daypass rotate {name}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{error::AwsError, sts::Identity},
        doctor::{
            Level,
            tests::{hints, survey},
        },
    };

    #[test]
    fn a_key_is_old_after_ninety_days() {
        let level = |days, is_exact| {
            judge_age("AKIA", "work", TimeDelta::days(days), is_exact).map(|finding| finding.level)
        };
        assert_eq!(level(90, true), Some(Level::Ok));
        assert_eq!(level(90, false), None);
        assert_eq!(level(91, true), Some(Level::Warn));
        assert_eq!(level(91, false), Some(Level::Warn));
        let old = judge_age("AKIA", "work", TimeDelta::days(91), true).unwrap();
        assert_eq!(old.mend.as_deref(), Some("daypass rotate work"));
    }

    #[test]
    fn what_aws_says_of_a_key_is_told_with_what_mends_it() {
        let survey = survey("[profile work]\nmfa_process = x\n", "");
        let profile = survey.subjects[0].profile.as_ref().unwrap();
        let hints = Hints {
            aws: |_, _| Some("mend it".to_owned()),
            ..hints()
        };
        let identity = |name: &str| {
            Ok(Identity {
                account_id: "123456789012".to_owned(),
                arn: format!("arn:aws:iam::123456789012:{name}"),
            })
        };
        let denied = |error: AwsError| Err(AskError::from(error));
        let region = "eu-south-1".to_owned();
        for (identity, expected, has_mend) in [
            (identity("user/ada"), Level::Ok, false),
            (identity("user/root"), Level::Ok, false),
            (identity("root"), Level::Warn, true),
            (denied(AwsError::UnknownKey), Level::Fail, true),
            (denied(AwsError::WrongSecret), Level::Fail, true),
            (
                denied(AwsError::RegionDisabled { region }),
                Level::Fail,
                true,
            ),
            (
                denied(AwsError::InvalidCodePair { clock_ahead: None }),
                Level::NotChecked,
                false,
            ),
        ] {
            let of_key = OfKey {
                identity: Some(identity),
                ..OfKey::default()
            };
            let finding = known(profile, "AKIA", Some(&of_key), &hints).unwrap();
            assert_eq!(finding.level, expected, "{finding:?}");
            assert_eq!(finding.mend.is_some(), has_mend, "{finding:?}");
        }
        let of_key = OfKey {
            unreadable: Some(KeyError::NoSecret {
                section: "work".to_owned(),
                path: "credentials".into(),
            }),
            ..OfKey::default()
        };
        let finding = known(profile, "AKIA", Some(&of_key), &hints).unwrap();
        assert_eq!(finding.level, Level::Fail);
        assert!(finding.mend.is_some());
    }
}
