//! An account as AWS tells of it now.
//!
//! What is denied is unknown, and the audit goes on without it; what would fail every request (a session that has
//! ended, no network) ends it.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::Duration,
};

use crate::{
    audit::{
        account::{Inputs, Known, RootSummary, Unknown, VirtualDevice},
        authorization_details::{
            AuthorizationDetails, GroupDetail, InlinePolicy, ManagedPolicy, PolicySet, UserDetail,
            parse_document,
        },
        credential_report::CredentialReport,
        freshness,
    },
    aws::{
        client::Aws,
        error::AwsError,
        iam::{
            account::{self, Entity, ReportLookup, ReportState},
            mfa_devices::{self, Assignment},
        },
    },
    terminal::trace,
};

mod devices;

/// How long AWS is waited for while it makes a credential report.
const REPORT_PATIENCE: Duration = Duration::from_secs(300);

/// How often a request is made again that AWS has throttled, after the SDK's own attempts; the pause before doubles
/// each time, from two seconds on.
const AGAIN: u32 = 5;

/// A credential report.
struct Report {
    content: CredentialReport,
    /// Whether it was made for this audit. AWS gives out one that is up to four hours old.
    is_new: bool,
}

/// Asks AWS for everything. `tell` hears what is being waited for.
///
/// # Errors
/// [`AwsError`] when no request can succeed any more, or all were refused.
pub fn read(
    aws: &Aws,
    account_id: Option<String>,
    tell: &dyn Fn(&str),
) -> Result<Inputs, AwsError> {
    let mut refusals = Vec::new();
    let summary = known(summary(aws, tell), &mut refusals)?;
    let report = known(report(aws, tell), &mut refusals)?;
    let details = known(details(aws, tell), &mut refusals)?;
    let virtual_devices = known(virtual_devices(aws, tell), &mut refusals)?;
    let credential_report = match report {
        Ok(Some(report)) => Ok(report),
        Ok(None) => Err(Unknown::because(
            "AWS has not finished a credential report in time",
        )),
        Err(why) => Err(why),
    };
    let nothing = summary.is_err()
        && credential_report.is_err()
        && details.is_err()
        && virtual_devices.is_err();
    if nothing && !refusals.is_empty() {
        return Err(refusals.swap_remove(0));
    }
    let devices = devices::read(aws, &credential_report, &details, &virtual_devices, tell)?;
    let mut denied: BTreeSet<&'static str> = refusals.iter().filter_map(denied_action).collect();
    denied.extend(devices.denied);
    let devices = devices.known;
    let credential_report = credential_report.map(|mut report| {
        freshness::renew(&mut report.content, &details, &devices);
        report.content
    });
    Ok(Inputs {
        account_id,
        credential_report,
        details,
        summary,
        virtual_devices,
        devices,
        denied,
    })
}

fn denied_action(error: &AwsError) -> Option<&'static str> {
    match error {
        AwsError::Denied { action, .. } => Some(action),
        _ => None,
    }
}

/// Takes a refusal for something unknown.
fn known<T>(
    reply: Result<T, AwsError>,
    refusals: &mut Vec<AwsError>,
) -> Result<Known<T>, AwsError> {
    match reply {
        Ok(value) => Ok(Ok(value)),
        Err(error) if is_of_one_request(&error) => {
            let why = why(&error);
            trace(1, || error.to_string());
            refusals.push(error);
            Ok(Err(why))
        }
        Err(error) => Err(error),
    }
}

/// Whether the next request may succeed all the same.
fn is_of_one_request(error: &AwsError) -> bool {
    matches!(
        error,
        AwsError::Denied { .. }
            | AwsError::Refused { .. }
            | AwsError::NoSuchEntity { .. }
            | AwsError::LimitExceeded { .. }
            | AwsError::Throttled
            | AwsError::Unavailable { .. }
            | AwsError::Unreadable { .. }
            | AwsError::DamagedDocument { .. }
    )
}

fn why(error: &AwsError) -> Unknown {
    match error {
        AwsError::Denied { action, .. } => Unknown::because(format!("{action} is denied")),
        AwsError::Throttled => Unknown::because(
            "AWS throttled the request, however often and slowly it was made: try it again later",
        ),
        other => Unknown::because(other.to_string()),
    }
}

/// Makes a request again that AWS has throttled, with longer and longer pauses.
fn patiently<T>(
    tell: &dyn Fn(&str),
    request: impl Fn() -> Result<T, AwsError>,
) -> Result<T, AwsError> {
    let mut pause = Duration::from_secs(2);
    for _ in 0..AGAIN {
        match request() {
            Err(AwsError::Throttled) => {}
            answered => return answered,
        }
        tell(&format!(
            "AWS is asked too often; waiting for {} s",
            pause.as_secs()
        ));
        thread::sleep(pause);
        pause *= 2;
    }
    request()
}

fn summary(aws: &Aws, tell: &dyn Fn(&str)) -> Result<RootSummary, AwsError> {
    tell("reading the account summary");
    root_of(&patiently(tell, || account::summary(aws))?)
}

/// What the summary tells of the root user. Source: the IAM API reference, `GetAccountSummary`.
fn root_of(summary: &BTreeMap<String, i32>) -> Result<RootSummary, AwsError> {
    let count = |name: &str| summary.get(name).copied();
    match (
        count("AccountMFAEnabled"),
        count("AccountAccessKeysPresent"),
    ) {
        (Some(mfa), Some(keys)) => Ok(RootSummary {
            mfa_enabled: mfa > 0,
            access_keys_present: keys > 0,
            // Summaries did not always tell.
            password_present: count("AccountPasswordPresent") != Some(0),
        }),
        _ => Err(AwsError::Refused {
            action: "iam:GetAccountSummary",
            code: "Incomplete".to_owned(),
            message: "the summary does not tell of the root user".to_owned(),
        }),
    }
}

fn report(aws: &Aws, tell: &dyn Fn(&str)) -> Result<Option<Report>, AwsError> {
    let mut is_new = false;
    let mut waited = Duration::ZERO;
    let mut pause = Duration::from_secs(1);
    // Who may not have one made may still read the last one, and so may whoever has asked too often.
    let mut refusal = None;
    loop {
        tell(&match waited.as_secs() {
            0 => "AWS is making a credential report".to_owned(),
            seconds => format!("AWS is making a credential report ({seconds} s)"),
        });
        let is_there = match patiently(tell, || account::generate_credential_report(aws)) {
            Ok(ReportState::Complete) => true,
            Ok(ReportState::Started) => {
                is_new = true;
                false
            }
            Ok(ReportState::InProgress) => false,
            Err(error @ (AwsError::Denied { .. } | AwsError::LimitExceeded { .. })) => {
                refusal = Some(error);
                true
            }
            Err(error) => return Err(error),
        };
        if is_there {
            tell("reading the credential report");
            match patiently(tell, || account::credential_report(aws))? {
                ReportLookup::Ready(report) => {
                    let content = parse(&report.content)?;
                    return Ok(Some(Report { content, is_new }));
                }
                ReportLookup::NotPresent | ReportLookup::Expired | ReportLookup::InProgress => {}
            }
            if let Some(refusal) = refusal {
                return Err(refusal);
            }
        }
        if waited >= REPORT_PATIENCE {
            return Ok(None);
        }
        thread::sleep(pause);
        waited += pause;
        pause = (pause * 2).min(Duration::from_secs(8));
    }
}

fn parse(content: &[u8]) -> Result<CredentialReport, AwsError> {
    CredentialReport::parse(content).map_err(|error| AwsError::Refused {
        action: "iam:GetCredentialReport",
        code: "Malformed".to_owned(),
        message: format!("the report cannot be read: {error}"),
    })
}

fn details(aws: &Aws, tell: &dyn Fn(&str)) -> Result<AuthorizationDetails, AwsError> {
    tell("reading users, groups and policies");
    let entities = [Entity::Users, Entity::Groups, Entity::LocalPolicies];
    let told = |count: usize| tell(&format!("reading users, groups and policies: {count}"));
    let listed = patiently(tell, || {
        account::authorization_details(aws, &entities, told)
    })?;
    // AWS's own policies by themselves: if one of them cannot be read, those of the account still can, and whoever has
    // it has a policy that is not known.
    let of_aws = patiently(tell, || {
        account::authorization_details(aws, &[Entity::AwsPolicies], |_| {})
    });
    let of_aws = match of_aws {
        Err(error) if is_of_one_request(&error) => {
            trace(1, || format!("without AWS's own policies: {error}"));
            Vec::new()
        }
        listed => listed?.policies,
    };
    let mut details = AuthorizationDetails::default();
    for user in listed.users {
        details.users.push(UserDetail {
            name: user.name,
            arn: user.arn,
            created: user.created,
            boundary: user.policies.boundary.clone(),
            policies: policy_set(user.policies),
            groups: user.groups,
        });
    }
    for group in listed.groups {
        details.groups.push(GroupDetail {
            name: group.name,
            arn: group.arn,
            policies: policy_set(group.policies),
        });
    }
    for policy in listed.policies.into_iter().chain(of_aws) {
        let document = parse_document(&policy.text).unwrap_or_else(Err);
        let managed = ManagedPolicy {
            name: policy.name,
            document,
        };
        details.policies.insert(policy.arn, managed);
    }
    Ok(details)
}

fn policy_set(policies: account::Policies) -> PolicySet {
    let inline = policies.inline.into_iter();
    PolicySet {
        inline: inline
            .map(|(name, text)| InlinePolicy {
                name,
                document: parse_document(&text).unwrap_or_else(Err),
            })
            .collect(),
        attached: policies
            .attached
            .into_iter()
            .map(|policy| policy.arn)
            .collect(),
    }
}

fn virtual_devices(aws: &Aws, tell: &dyn Fn(&str)) -> Result<Vec<VirtualDevice>, AwsError> {
    tell("reading the virtual MFA devices");
    let devices = patiently(tell, || mfa_devices::list_virtual(aws, Assignment::Any))?;
    let devices = devices.into_iter();
    Ok(devices
        .map(|device| VirtualDevice {
            // One that is enabled and whose owner AWS does not name is somebody's all the same.
            owner: device
                .user_arn
                .or(device.enabled_at.map(|_| "somebody".to_owned())),
            serial: device.serial,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_user_has_a_password_unless_the_summary_says_that_it_has_none() {
        let summary = |password: &[i32]| {
            let password = password
                .iter()
                .map(|count| ("AccountPasswordPresent", *count));
            let others = [("AccountMFAEnabled", 0), ("AccountAccessKeysPresent", 0)];
            let entries = others.into_iter().chain(password);
            let entries = entries.map(|(name, count)| (name.to_owned(), count));
            root_of(&entries.collect()).unwrap().password_present
        };
        assert!(summary(&[]));
        assert!(summary(&[1]));
        assert!(!summary(&[0]));
    }
}
