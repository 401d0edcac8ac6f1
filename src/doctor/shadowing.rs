//! Static keys that some AWS tools put before a `credential_process`, and keys in both files.

use super::{Finding, Subject, Survey, word};
use crate::{profile::ReadFile, setup::Short};

const CHECK: &str = "static-keys";

pub(super) fn check(survey: &Survey, subject: &Subject) -> Vec<Finding> {
    let (config, credentials) = (&survey.files.config, &survey.files.credentials);
    let name = subject.name.as_str();
    let line = |read: &ReadFile, key| read.value(name, key).ok().flatten().map(|value| value.line);
    let process = line(config, "credential_process");
    let in_config = line(config, "aws_access_key_id");
    let in_credentials = line(credentials, "aws_access_key_id");
    let place = |read: &ReadFile, line: usize| format!("{}, line {line}", Short(&read.file.path));
    let mut findings = Vec::new();
    if let (Some(process), Some(keys)) = (process, in_credentials) {
        findings.push(
            Finding::fail(CHECK, format!(
                "[{name}] has keys ({}) and a credential_process ({})",
                place(credentials, keys),
                place(config, process)
            ))
            .meaning("the AWS CLI, boto3 and the SDKs for JavaScript and Go take the keys, expired or not, and never run \
                      daypass; the SDKs for Rust and Java run daypass; that for .NET refuses the profile")
            .mend(in_the_way(survey, name)),
        );
    }
    if let (Some(process), Some(keys), None) = (process, in_config, in_credentials) {
        findings.push(
            Finding::warn(CHECK, format!(
                "[{name}] has keys in the config file too ({}), besides its credential_process (line {process})",
                place(config, keys)
            ))
            .meaning("the SDKs for JavaScript and Go take the keys; the AWS CLI, boto3 and the SDKs for Rust and Java run daypass")
            .mend(format!("daypass setup {}", word(name))),
        );
    }
    if let (Some(config_line), Some(credentials_line)) = (in_config, in_credentials) {
        findings.push(
            Finding::warn(CHECK, format!(
                "[{name}] has keys in both files: {} and {}",
                place(config, config_line),
                place(credentials, credentials_line)
            ))
            .meaning("AWS tools take those of the credentials file; when one is replaced, the other stays behind")
            .mend(format!("in an editor, remove the keys from {}", Short(&config.file.path))),
        );
    }
    let is_long_term = credentials
        .value(name, "aws_access_key_id")
        .ok()
        .flatten()
        .is_some_and(|id| id.text.starts_with("AKIA"));
    if process.is_none()
        && is_long_term
        && credentials
            .value(name, "aws_session_token")
            .is_ok_and(|token| token.is_none())
    {
        findings.push(
            Finding::warn(
                CHECK,
                format!("AWS tools use the long-term key of [{name}] itself, without MFA"),
            )
            .meaning(
                "where a policy demands MFA, they are denied everything, whoever has logged in",
            )
            .mend(format!("daypass setup {}", word(name))),
        );
    }
    findings
}

/// What to do about keys that hide a `credential_process`.
fn in_the_way(survey: &Survey, name: &str) -> String {
    let credentials = &survey.files.credentials;
    let is_session = credentials
        .value(name, "aws_access_key_id")
        .ok()
        .flatten()
        .is_some_and(|id| id.text.starts_with("ASIA"));
    match is_session {
        true => format!(
            "in an editor, remove [{name}] from {}: it is a session",
            Short(&credentials.file.path)
        ),
        false => format!("daypass setup {}", word(name)),
    }
}
