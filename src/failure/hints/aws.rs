//! What AWS said.

use super::word;
use crate::{aws::error::AwsError, serial::Serial};

pub(super) fn aws_hint(profile: &str, serial: &Serial, error: &AwsError) -> Option<String> {
    match error {
        AwsError::InvalidCode { .. } => Some(error.likely_causes(serial)),
        AwsError::UnknownDevice => Some(format!(
            "the AWS console shows the right one under IAM, Security credentials; put it in the place of \
             {serial}: daypass setup {profile} --serial ARN; if there is none yet: daypass enroll {profile}",
            profile = word(profile)
        )),
        _ => key_and_network_hint(profile, error),
    }
}

/// What to do about a role that AWS does not let be assumed: the role of `profile`, with the session of
/// `source_profile`, which goes back to that of `session_profile`.
pub(super) fn role_hint(
    profile: &str,
    source_profile: &str,
    session_profile: &str,
    error: &AwsError,
) -> Option<String> {
    let log_in = format!("daypass login --force {}", word(session_profile));
    Some(match error {
        AwsError::Denied { message, .. } if message.contains("sts:TagSession") => format!(
            "the role's trust policy must allow sts:TagSession for session_tags, those that an earlier role hands \
             on included; have that added, or take the tags out of [profile {profile}]"
        ),
        AwsError::Denied { message, .. } if message.contains("sts:SetSourceIdentity") => format!(
            "the role's trust policy must allow sts:SetSourceIdentity, and a source_identity is the same for all \
             roles of a chain; have that added, or take source_identity out of [profile {profile}]"
        ),
        AwsError::Denied { .. } if source_profile == session_profile => format!(
            "ask whoever manages the role: it may not exist, its trust policy and the policies of the user of \
             '{session_profile}' must both allow it, and it may want an external_id or session_tags in [profile \
             {profile}], or a more recent MFA code: {log_in}"
        ),
        AwsError::Denied { .. } => format!(
            "ask whoever manages the role: it may not exist, its trust policy and the policies of the role of \
             '{source_profile}' must both allow it, and it may want an external_id or session_tags in [profile \
             {profile}]; a role that insists on MFA has to be assumed with source_profile = {session_profile}, since \
             AWS sees no MFA behind another role"
        ),
        AwsError::Refused { code, message, .. }
            if code == "ValidationError" && message.contains("MaxSessionDuration") =>
        {
            format!(
                "take duration_seconds out of [profile {profile}], or lower it: the role has a limit of its own"
            )
        }
        AwsError::Refused { .. } => format!(
            "correct the settings of the role in [profile {profile}]; daypass --help lists them"
        ),
        AwsError::Expired | AwsError::UnknownKey | AwsError::WrongSecret => {
            format!("AWS no longer takes the session of '{session_profile}': {log_in}")
        }
        AwsError::Throttled => "wait a minute, then try again".to_owned(),
        _ => return key_and_network_hint(profile, error),
    })
}

pub(super) fn key_and_network_hint(profile: &str, error: &AwsError) -> Option<String> {
    Some(match error {
        AwsError::InvalidCode { .. } | AwsError::UnknownDevice => return None,
        AwsError::Clock { .. } => {
            "set the clock (on Linux: sudo timedatectl set-ntp true), then try again".to_owned()
        }
        AwsError::UnknownKey => format!(
            "look in the AWS console, IAM, Security credentials, for an active access key of this user, and give it \
             to: daypass setup {}",
            word(profile)
        ),
        AwsError::WrongSecret => format!(
            "copy both halves of the access key of profile '{profile}' again: a secret is 40 characters, and AWS \
             shows it only once"
        ),
        AwsError::Expired => "use a long-term key (AKIA...)".to_owned(),
        AwsError::RegionDisabled { .. } => format!(
            "set region = us-east-1 in [profile {profile}], or have the region switched on in the account"
        ),
        AwsError::Denied { .. } => "ask the administrator of the AWS account for this permission".to_owned(),
        AwsError::Throttled => "wait a minute, then try again with a new code".to_owned(),
        AwsError::InvalidCodePair { .. }
        | AwsError::EntityAlreadyExists { .. }
        | AwsError::NoSuchEntity { .. }
        | AwsError::LimitExceeded { .. }
        | AwsError::DeleteConflict { .. }
        | AwsError::Refused { .. } => return None,
        AwsError::Unavailable { .. } => {
            "wait a minute, then try again; https://health.aws.amazon.com tells of trouble at AWS".to_owned()
        }
        AwsError::Unreadable { .. } | AwsError::DamagedDocument { .. } => {
            "a proxy or the sign-in page of a network may have answered instead: open a web page, and check \
             HTTPS_PROXY and AWS_ENDPOINT_URL"
                .to_owned()
        }
        AwsError::TimedOut | AwsError::Unreachable { .. } => {
            "check the network, HTTPS_PROXY and AWS_ENDPOINT_URL, then try again".to_owned()
        }
    })
}
