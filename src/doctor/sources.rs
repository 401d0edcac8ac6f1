//! `source_profile` without a role.

use super::{Finding, Subject, Survey, word};

const CHECK: &str = "source-profile";

pub(super) fn check(survey: &Survey, subject: &Subject) -> Vec<Finding> {
    let files = &survey.files;
    let name = subject.name.as_str();
    let value = |key| {
        [&files.config, &files.credentials]
            .into_iter()
            .find_map(|read| Some((read.value(name, key).ok()??, read)))
    };
    let Some((source, read)) = value("source_profile") else {
        return Vec::new();
    };
    if value("role_arn").is_some()
        || value("credential_process").is_some()
        || subject.profile.is_err()
    {
        return Vec::new();
    }
    let place = format!(
        "{}, line {}",
        crate::setup::Short(&read.file.path),
        source.line
    );
    vec![
        Finding::warn(CHECK, format!("it has a source_profile and no role_arn ({place})"))
            .meaning("AWS tools find no credentials here: they ignore source_profile without a role, and the SDK for Go refuses \
                      the profile; daypass gets a session with the key of the source")
            .mend(format!(
                "put role_arn = arn:aws:iam::ACCOUNT:role/NAME beside it; without a role, let AWS tools run daypass: \
                 daypass setup {}",
                word(name)
            )),
    ]
}
