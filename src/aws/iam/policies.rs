//! Managed policies and their versions.
//!
//! Where a request makes something and its answer was lost, it is not sent again: there would be two versions, or a
//! misleading refusal. The caller looks what became of it instead.

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{collected, document, moment},
    },
    terminal::printable,
    time::Timestamp,
};

/// The most versions that a policy may have. (IAM user guide, "IAM and STS quotas".)
pub const MOST_VERSIONS: usize = 5;

/// A managed policy as IAM knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The name without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:policy/PATH/NAME`.
    pub arn: String,
    /// The version in force, such as `v2`.
    pub default_version: String,
    /// How many users, groups and roles it is attached to.
    pub attachments: usize,
    /// What it says of itself; told by [`create`] and [`find`] only.
    pub description: Option<String>,
}

/// A policy that is attached to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedPolicy {
    /// The name without the path.
    pub name: String,
    /// The ARN, of an account's own policy or of one of AWS's.
    pub arn: String,
}

/// A version of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Such as `v2`.
    pub id: String,
    /// Whether it is the one in force.
    pub is_default: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
}

/// Calls `CreatePolicy`: a policy with its first version.
///
/// # Errors
/// [`AwsError`]: `EntityAlreadyExists` where the account has one of that name under any path, `LimitExceeded` for more
/// than 6,144 characters without white space, `Refused` with `MalformedPolicyDocument`.
pub fn create(aws: &Aws, name: &str, text: &str, description: &str) -> Result<Policy, AwsError> {
    const ACTION: &str = "iam:CreatePolicy";
    let request = super::unrepeated_client(aws)
        .create_policy()
        .policy_name(name)
        .policy_document(text)
        .description(description);
    let reply = aws.ask(ACTION, request.send())?;
    reply
        .policy
        .and_then(policy)
        .ok_or_else(AwsError::unreadable)
}

/// Calls `GetPolicy`.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is none.
pub fn find(aws: &Aws, arn: &str) -> Result<Policy, AwsError> {
    const ACTION: &str = "iam:GetPolicy";
    let request = super::client(aws).get_policy().policy_arn(arn);
    let reply = aws.ask(ACTION, request.send())?;
    reply
        .policy
        .and_then(policy)
        .ok_or_else(AwsError::unreadable)
}

/// Calls `ListPolicies` for the account's own.
///
/// # Errors
/// [`AwsError`].
pub fn list_local(aws: &Aws) -> Result<Vec<Policy>, AwsError> {
    const ACTION: &str = "iam:ListPolicies";
    let request = super::client(aws)
        .list_policies()
        .scope(aws_sdk_iam::types::PolicyScopeType::Local);
    let policies = collected!(aws, ACTION, request.into_paginator().items().send())?;
    let policies: Option<Vec<Policy>> = policies.into_iter().map(policy).collect();
    policies.ok_or_else(AwsError::unreadable)
}

/// Calls `DeletePolicy` for a policy with one version that is attached to nothing.
///
/// # Errors
/// [`AwsError`]: `DeleteConflict` where it is attached or has more versions, `NoSuchEntity` where there is none; the SDK
/// may have repeated a request whose answer was lost, so that this can also mean that it is done.
pub fn delete(aws: &Aws, arn: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DeletePolicy";
    let request = super::client(aws).delete_policy().policy_arn(arn);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `CreatePolicyVersion`, and puts the version in force.
///
/// # Errors
/// [`AwsError`]: `LimitExceeded` where there are five, or as [`create`].
pub fn create_version(aws: &Aws, arn: &str, text: &str) -> Result<PolicyVersion, AwsError> {
    const ACTION: &str = "iam:CreatePolicyVersion";
    let request = super::unrepeated_client(aws)
        .create_policy_version()
        .policy_arn(arn)
        .policy_document(text)
        .set_as_default(true);
    let reply = aws.ask(ACTION, request.send())?;
    reply
        .policy_version
        .and_then(version)
        .ok_or_else(AwsError::unreadable)
}

/// Calls `ListPolicyVersions`: all versions of a policy, without their texts.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such policy.
pub fn versions(aws: &Aws, arn: &str) -> Result<Vec<PolicyVersion>, AwsError> {
    const ACTION: &str = "iam:ListPolicyVersions";
    let request = super::client(aws).list_policy_versions().policy_arn(arn);
    let versions = collected!(aws, ACTION, request.into_paginator().items().send())?;
    let versions: Option<Vec<PolicyVersion>> = versions.into_iter().map(version).collect();
    versions.ok_or_else(AwsError::unreadable)
}

/// Calls `GetPolicyVersion`: the text of a version.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is none, `DamagedDocument`.
pub fn text(aws: &Aws, arn: &str, version: &str) -> Result<String, AwsError> {
    const ACTION: &str = "iam:GetPolicyVersion";
    let client = super::client(aws);
    let request = client
        .get_policy_version()
        .policy_arn(arn)
        .version_id(version);
    let reply = aws.ask(ACTION, request.send())?;
    let text = reply.policy_version.and_then(|version| version.document);
    document(
        || format!("version {version} of {arn}"),
        &text.ok_or_else(AwsError::unreadable)?,
    )
}

/// Calls `DeletePolicyVersion` for a version that is not in force.
///
/// # Errors
/// [`AwsError`]: `DeleteConflict` where it is, `NoSuchEntity` where there is none; the SDK may have repeated a request
/// whose answer was lost, so that this can also mean that it is done.
pub fn delete_version(aws: &Aws, arn: &str, version: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DeletePolicyVersion";
    let client = super::client(aws);
    let request = client
        .delete_policy_version()
        .policy_arn(arn)
        .version_id(version);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `SetDefaultPolicyVersion`: puts a version in force.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is none.
pub fn set_default_version(aws: &Aws, arn: &str, version: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:SetDefaultPolicyVersion";
    let client = super::client(aws);
    let request = client
        .set_default_policy_version()
        .policy_arn(arn)
        .version_id(version);
    super::done(aws.ask(ACTION, request.send()))
}

fn policy(policy: aws_sdk_iam::types::Policy) -> Option<Policy> {
    Some(Policy {
        name: printable(&policy.policy_name?),
        arn: printable(&policy.arn?),
        default_version: printable(&policy.default_version_id?),
        attachments: policy
            .attachment_count
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(0),
        description: policy.description.as_deref().map(printable),
    })
}

fn version(version: aws_sdk_iam::types::PolicyVersion) -> Option<PolicyVersion> {
    Some(PolicyVersion {
        id: printable(&version.version_id?),
        is_default: version.is_default_version,
        created: version.create_date.as_ref().and_then(moment),
    })
}

/// What a list of attached policies says.
pub(super) fn attached(
    policies: Vec<aws_sdk_iam::types::AttachedPolicy>,
) -> Result<Vec<AttachedPolicy>, AwsError> {
    let policies: Option<Vec<AttachedPolicy>> = policies
        .into_iter()
        .map(|policy| {
            Some(AttachedPolicy {
                name: printable(&policy.policy_name?),
                arn: printable(&policy.policy_arn?),
            })
        })
        .collect();
    policies.ok_or_else(AwsError::unreadable)
}
