//! Settings that nobody reads: mistyped ones.

use super::{Finding, Subject, Survey};
use crate::{profile::ReadFile, setup::Short};

const CHECK: &str = "settings";

/// The settings of daypass that people write.
const WRITTEN_BY_PEOPLE: [&str; 8] = [
    "daypass_access_key_id",
    "daypass_code_source",
    "daypass_keychain",
    "daypass_long_term_section",
    "daypass_mfa_age_limit",
    "daypass_session_section",
    "daypass_session_store",
    "daypass_totp",
];

/// What daypass itself keeps beside a session or a key.
const WRITTEN_BY_DAYPASS: [&str; 10] = [
    "daypass_mfa_serial",
    "daypass_mfa_time",
    "daypass_new_access_key_id",
    "daypass_new_secret_access_key",
    "daypass_old_access_key_id",
    "daypass_old_secret_access_key",
    "daypass_role_arn",
    "daypass_role_settings",
    "daypass_source_access_key_id",
    "daypass_source_profile",
];

/// The settings of other AWS tools that daypass works with.
const OF_AWS: [&str; 8] = [
    "credential_process",
    "duration_seconds",
    "external_id",
    "mfa_process",
    "mfa_serial",
    "role_arn",
    "role_session_name",
    "source_profile",
];

/// Further settings of other AWS tools, which are no slips of those.
const OTHERS_OF_AWS: [&str; 3] = [
    "credential_source",
    "source_identity",
    "role_session_duration",
];

pub(super) fn check(survey: &Survey, subject: &Subject) -> Vec<Finding> {
    let files = [&survey.files.config, &survey.files.credentials];
    files
        .into_iter()
        .flat_map(|read| unknown(read, &subject.name))
        .collect()
}

fn unknown(read: &ReadFile, profile: &str) -> Vec<Finding> {
    let Some(section) = read.document.profile(profile) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for key in section.keys() {
        let written = key.to_ascii_lowercase();
        let Some((near, is_ours)) = slip(&written) else {
            continue;
        };
        let line = section
            .value(&key)
            .ok()
            .flatten()
            .map_or(section.line(), |value| value.line);
        let place = format!("{}, line {line}", Short(&read.file.path));
        // As long as a secret, a key may be one that slipped.
        let shown = crate::terminal::misplaced(&written);
        let finding = match is_ours {
            true => Finding::warn(CHECK, format!("there is no setting {shown} ({place})"))
                .meaning("daypass and all other AWS tools ignore it"),
            false => Finding::warn(
                CHECK,
                format!(
                    "{shown} looks like a slip of {} ({place})",
                    near.unwrap_or_default()
                ),
            )
            .meaning("AWS tools ignore what they do not know"),
        };
        findings.push(match near {
            Some(near) => finding.mend(format!("write {near} in its place")),
            None => finding.mend("daypass --help lists the settings; take this one out"),
        });
    }
    findings
}

/// What a setting that does not exist was meant to be, if that can be told, and whether it would be one of
/// daypass's.
fn slip(key: &str) -> Option<(Option<&'static str>, bool)> {
    const ALIKE: f64 = 0.9;
    let is_known = |known: &[&str]| known.contains(&key);
    if is_known(&WRITTEN_BY_PEOPLE)
        || is_known(&WRITTEN_BY_DAYPASS)
        || is_known(&OF_AWS)
        || is_known(&OTHERS_OF_AWS)
    {
        return None;
    }
    let is_ours = ["daypass_", "daypass-"]
        .iter()
        .any(|beginning| key.starts_with(beginning));
    let candidates: &[&'static str] = if is_ours { &WRITTEN_BY_PEOPLE } else { &OF_AWS };
    let near = nearest(key, candidates, if is_ours { 0.8 } else { ALIKE });
    match (near, is_ours) {
        (None, false) => None,
        (near, is_ours) => Some((near, is_ours)),
    }
}

fn nearest(key: &str, candidates: &[&'static str], alike: f64) -> Option<&'static str> {
    // What all of them begin with says nothing.
    let tail = |text: &'_ str| {
        text.trim_start_matches("daypass")
            .trim_start_matches(['_', '-'])
            .to_owned()
    };
    let scored = candidates.iter().map(|known| {
        let score = strsim::normalized_damerau_levenshtein(&tail(key), &tail(known))
            .max(strsim::jaro(&tail(key), &tail(known)));
        (score, *known)
    });
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= alike).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_a_setting_that_exists() {
        for (key, near) in [
            ("daypass_mfa_agelimit", Some("daypass_mfa_age_limit")),
            ("daypass_age_limit", Some("daypass_mfa_age_limit")),
            ("daypass_session_sektion", Some("daypass_session_section")),
            ("daypass-totp", Some("daypass_totp")),
            ("mfa_serail", Some("mfa_serial")),
            ("mfaserial", Some("mfa_serial")),
            ("source_profil", Some("source_profile")),
            ("credentials_process", Some("credential_process")),
        ] {
            let found = slip(key).and_then(|(near, _)| near);
            assert_eq!(found, near, "{key}");
        }
        assert_eq!(slip("daypass_wallpaper"), Some((None, true)));
    }

    #[test]
    fn settings_of_others_are_theirs() {
        for key in [
            "region",
            "output",
            "s3",
            "services",
            "credential_source",
            "role_session_name",
            "sso_session",
            "aws_mfa_device",
            "mfa_device",
            "cli_pager",
            "ca_bundle",
            "source_identity",
            "session_tags",
            "daypass_totp",
            "daypass_mfa_time",
            "mfa_serial",
            "retry_mode",
            "assumed_role",
            "role_tags",
        ] {
            assert_eq!(slip(key), None, "{key}");
        }
    }
}
