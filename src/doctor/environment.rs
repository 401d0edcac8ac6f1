//! Variables that other AWS tools put before a profile, and which of them do.

use std::path::{Path, PathBuf};

use super::{Finding, Survey, path_word, word};
use crate::{
    environment::{KeyVariables, SHELL_PROFILE},
    setup::Short,
    shared_files::Kind,
    terminal::misplaced,
};

const CHECK: &str = "environment";

/// Which SDK lets the keys of the environment win. Measured with botocore 1.44, the SDK for JavaScript v3
/// and that for Go v2 (1.17); Java's and Rust's are from the sources of their default chains.
const WHO_PREFERS_KEYS: &str = "the AWS CLI, boto3 and the SDKs for Go, Java and Rust take them before AWS_PROFILE; the \
    SDK for JavaScript takes AWS_PROFILE first. Only --profile of the AWS CLI, or a profile that a program names \
    itself, comes before them (not in Rust)";

const UNSET_KEYS: &str = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(keys(survey));
    findings.extend(profile(survey));
    findings.extend(web_identity(survey));
    findings.extend(files(survey));
    findings.extend(endpoints(survey));
    if findings.is_empty() {
        findings.push(Finding::ok(
            CHECK,
            "no variable of the environment overrides a profile",
        ));
    }
    findings
}

fn keys(survey: &Survey) -> Option<Finding> {
    let KeyVariables {
        access_key_id,
        has_secret,
        has_token,
    } = &survey.key_variables;
    let (id, has_secret) = match (access_key_id, has_secret) {
        (None, false) => return None,
        (id, has_secret) => (id.as_deref(), *has_secret),
    };
    let profile = survey.variable(SHELL_PROFILE);
    let finding = match (id, has_secret) {
        (Some(""), _) => Finding::fail(CHECK, "AWS_ACCESS_KEY_ID is set, and not to the id of an access key")
            .meaning(WHO_PREFERS_KEYS)
            .mend(UNSET_KEYS),
        (Some(_), false) => Finding::fail(CHECK, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY")
            .meaning("the AWS CLI and boto3 fail with PartialCredentialsError unless they are given --profile")
            .mend(UNSET_KEYS),
        (None, _) => Finding::warn(CHECK, "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID")
            .meaning("no AWS tool uses it, and every program that you start can read it")
            .mend(UNSET_KEYS),
        (Some(id), true) if id.starts_with("AKIA") && *has_token => {
            Finding::fail(CHECK, "AWS_ACCESS_KEY_ID is a long-term key, and AWS_SESSION_TOKEN is set beside it")
                .meaning("AWS refuses the two together, with InvalidClientTokenId")
                .mend(UNSET_KEYS)
        }
        (Some(id), true) if id.starts_with("AKIA") => {
            Finding::fail(CHECK, format!("AWS_ACCESS_KEY_ID is set to a long-term key, {id}"))
                .meaning(format!("what is done with it is done without MFA: {WHO_PREFERS_KEYS}"))
                .mend(UNSET_KEYS)
        }
        (Some(_), true) => match profile {
            Some(profile) => {
                return Some(Finding::ok(
                    CHECK,
                    format!("this shell has the session of '{}', from daypass exec", misplaced(profile)),
                ));
            }
            None => Finding::warn(CHECK, "AWS_ACCESS_KEY_ID is set to the key of a session")
                .meaning(format!("it ends and is not renewed: {WHO_PREFERS_KEYS}"))
                .mend(UNSET_KEYS),
        },
    };
    Some(finding)
}

fn profile(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(name) = survey.variable("AWS_PROFILE")
        && survey.broken.is_empty()
        && !survey.files.know(name)
    {
        findings.push(
            Finding::fail(
                CHECK,
                format!("AWS_PROFILE names '{}', which no file has", misplaced(name)),
            )
            .meaning("every AWS tool that is given no other profile fails")
            .mend("unset AWS_PROFILE, or set it to one of: daypass status"),
        );
    }
    let (profile, default) = (
        survey.variable("AWS_PROFILE"),
        survey.variable("AWS_DEFAULT_PROFILE"),
    );
    if let Some(default) = default
        && Some(default) != profile
    {
        findings.push(
            Finding::warn(CHECK, format!("AWS_DEFAULT_PROFILE is set to '{}'", misplaced(default)))
                .meaning("boto3 and version 1 of the AWS CLI take it before AWS_PROFILE, the SDK for Go where AWS_PROFILE is not set; daypass and the other SDKs do not read it")
                .mend(format!("unset AWS_DEFAULT_PROFILE; export AWS_PROFILE={}", word(profile.unwrap_or(default)))),
        );
    }
    findings
}

fn web_identity(survey: &Survey) -> Option<Finding> {
    survey.variable("AWS_WEB_IDENTITY_TOKEN_FILE")?;
    survey.variable("AWS_ROLE_ARN")?;
    Some(
        Finding::warn(CHECK, "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are set")
            .meaning("the AWS CLI, boto3 and the SDK for Go assume that role instead of running the credential_process of AWS_PROFILE; that for JavaScript runs it")
            .mend("unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN"),
    )
}

fn files(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, kind) in [
        ("AWS_CONFIG_FILE", Kind::Config),
        ("AWS_SHARED_CREDENTIALS_FILE", Kind::Credentials),
    ] {
        let Some(value) = survey.variable(name) else {
            continue;
        };
        let path = match kind {
            Kind::Config => &survey.files.config.file.path,
            Kind::Credentials => &survey.files.credentials.file.path,
        };
        findings.extend(named_file(name, value, path, kind));
    }
    findings
}

fn named_file(name: &str, value: &str, path: &PathBuf, kind: Kind) -> Option<Finding> {
    let is_found = path.exists();
    if !path.is_absolute() {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        return Some(
            Finding::warn(
                CHECK,
                format!("{name} is a relative path: {}", misplaced(value)),
            )
            .meaning("in every directory it is another file")
            .mend(format!("export {name}={}", path_word(&absolute))),
        );
    }
    if !is_found && kind == Kind::Config {
        return Some(
            Finding::fail(
                CHECK,
                format!("{name} names {}, which is not there", Short(path)),
            )
            .meaning("every AWS tool reads that file and no other: there are no profiles")
            .mend(format!("unset {name}")),
        );
    }
    is_elsewhere(path, kind).then(|| {
        Finding::ok(
            CHECK,
            format!("{name} is set: AWS tools and daypass use {}", Short(path)),
        )
    })
}

fn is_elsewhere(path: &Path, kind: Kind) -> bool {
    let file = match kind {
        Kind::Config => "config",
        Kind::Credentials => "credentials",
    };
    std::env::home_dir().is_none_or(|home| home.join(".aws").join(file) != path)
}

fn endpoints(survey: &Survey) -> Option<Finding> {
    let is_ignored = survey
        .variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let set: Vec<&str> = [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_IAM",
    ]
    .into_iter()
    .filter(|name| survey.variable(name).is_some())
    .collect();
    if set.is_empty() || is_ignored {
        return None;
    }
    Some(
        Finding::warn(
            CHECK,
            format!(
                "requests do not go to AWS itself: {} is set",
                set.join(", ")
            ),
        )
        .meaning("daypass and newer AWS tools send keys' signatures and codes to that address")
        .mend(format!("unset {}, unless that is meant", set.join(" "))),
    )
}
