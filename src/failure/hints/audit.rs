//! What to do where there is no audit.

use super::{aws::key_and_network_hint, path_word, session::client_hint, word};
use crate::audit::{
    authorization_details::DetailsError, checks, credential_report::Mistake, error::AuditError,
    ignore::LineError,
};
use crate::aws::error::AwsError;

/// Writes the report that the AWS CLI has into a file, once AWS has made it.
const REPORT: &str = "while aws iam generate-credential-report --output text | grep -v COMPLETE; do sleep 2; done; \
    aws iam get-credential-report --query Content --output text | base64 -d > report.csv";
const DETAILS: &str = "aws iam get-account-authorization-details > details.json";

pub(in crate::failure) fn audit_hint(error: &AuditError) -> Option<String> {
    match error {
        AuditError::Unreadable { path, .. } => Some(format!("ls -l {}", path_word(path))),
        AuditError::CredentialReport { source, .. } => match source.what {
            Mistake::Json => Some(format!("decode it: {REPORT}")),
            _ => Some(format!("get it anew: {REPORT}")),
        },
        AuditError::Details { source, .. } => match source {
            DetailsError::Unreadable(_) => None,
            _ => Some(format!("get it anew: {DETAILS}")),
        },
        AuditError::Ignore { source, .. } => Some(match source.what {
            LineError::NoSuchCheck { near: None, .. } => {
                let ids: Vec<&str> = checks::ALL.into_iter().map(|check| check.id).collect();
                format!("the checks are {}", ids.join(", "))
            }
            _ => "a line is CHECK SUBJECT DATE REASON, as in: \
                  old-key user/deploy/key/1 2027-01-31 replaced by a role in January"
                .to_owned(),
        }),
        AuditError::Earlier { .. } => {
            Some("daypass audit --format json > earlier.json writes one".to_owned())
        }
        AuditError::Accounts { .. } => Some(
            "write an account a line, or have all of the organization: --organization in the place of --accounts"
                .to_owned(),
        ),
        AuditError::TwoAccounts { .. } => Some("audit one account at a time".to_owned()),
        AuditError::Organization { profile, source } => match source {
            AwsError::Denied { .. } => Some(
                "ask as somebody of the management account who is allowed organizations:ListAccounts, or name the \
                 accounts: --accounts FILE"
                    .to_owned(),
            ),
            AwsError::Refused { .. } => Some("name the accounts: --accounts FILE".to_owned()),
            other => hint_of_request(profile, other),
        },
        AuditError::Nothing { profile, source } => match source {
            AwsError::Denied { .. } => Some(format!(
                "have AWS's policy arn:aws:iam::aws:policy/SecurityAudit attached to whoever asks, or audit files: \
                 {DETAILS}; daypass audit --authorization-details details.json"
            )),
            other => hint_of_request(profile, other),
        },
        AuditError::Client(error) => client_hint(error),
    }
}

fn hint_of_request(profile: &str, error: &AwsError) -> Option<String> {
    match error {
        AwsError::Expired | AwsError::UnknownKey => Some(format!(
            "AWS no longer takes this session or key: daypass login --force {}",
            word(profile)
        )),
        AwsError::Throttled => Some("wait a minute, then try again".to_owned()),
        other => key_and_network_hint(profile, other),
    }
}
