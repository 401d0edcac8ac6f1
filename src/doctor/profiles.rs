//! Whether a profile makes sense: its settings, its sources, its roles.

use super::{Finding, Hints, Subject, Survey};
use crate::{cached_session, profile::ProfileError, terminal::with_causes};

const CHECK: &str = "profile";

pub(super) fn check(survey: &Survey, subject: &Subject, hints: &Hints) -> Vec<Finding> {
    let profile = match &subject.profile {
        Ok(profile) => profile,
        Err(error) => {
            let finding = Finding::fail(CHECK, with_causes(error));
            let finding = match meaning(error) {
                Some(meaning) => finding.meaning(meaning),
                None => finding,
            };
            return vec![finding.maybe_mend((hints.profile)(error))];
        }
    };
    let mut findings = Vec::new();
    if let Err(error) = cached_session::check_section(&survey.files, profile) {
        findings.push(
            Finding::fail(CHECK, with_causes(&error))
                .meaning("daypass refuses to log this profile in")
                .mend(format!(
                    "take daypass_session_section out of [profile {}]",
                    profile.session_profile
                )),
        );
    }
    for role in profile
        .roles
        .iter()
        .filter(|role| role.profile == subject.name)
    {
        if let Some((_, place)) = &role.cut_from {
            findings.push(
                Finding::warn(CHECK, format!("duration_seconds of the role is more than an hour ({place})"))
                    .meaning("AWS gives no more to a role that is assumed with a session, and daypass cuts it; tools that \
                              assume the role themselves with the session fail")
                    .mend("write duration_seconds = 3600"),
            );
        }
    }
    if findings.is_empty() {
        let what = match profile.role() {
            Some(role) => format!(
                "it assumes {} with the session of '{}'",
                role.arn.as_str(),
                profile.session_profile
            ),
            None => "its settings can be used".to_owned(),
        };
        findings.push(Finding::ok(CHECK, what));
    }
    findings
}

fn meaning(error: &ProfileError) -> Option<&'static str> {
    Some(match error {
        ProfileError::Serial { .. } => "nobody can log in with it: AWS STS takes no code for it",
        ProfileError::SourceLoop { .. } => {
            "no AWS tool finds credentials for any profile of the circle"
        }
        ProfileError::NoSource { .. } | ProfileError::UnknownSource { .. } => {
            "no AWS tool can assume the role"
        }
        ProfileError::CredentialSource { .. } => return None,
        _ => "daypass does not use the profile until this is mended",
    })
}
