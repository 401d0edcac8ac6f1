//! The account as a whole: the credential report, the authorization details, the summary.

use std::collections::BTreeMap;

use aws_sdk_iam::{
    operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput,
    types::{
        AttachedPermissionsBoundary, EntityType, GroupDetail, ManagedPolicyDetail, PolicyDetail,
        ReportStateType, RoleDetail, UserDetail,
    },
};

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{
            MOST_ENTRIES, document, moment,
            policies::{AttachedPolicy, attached},
        },
    },
    terminal::printable,
    time::Timestamp,
};

/// How far AWS is with the credential report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// It has begun to make one.
    Started,
    /// It is making one.
    InProgress,
    /// There is one, at most four hours old.
    Complete,
}

/// What there is of a credential report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportLookup {
    /// The report.
    Ready(CredentialReport),
    /// There is none: it has to be generated.
    NotPresent,
    /// There is none yet.
    InProgress,
    /// The one that there is is too old: it has to be generated anew.
    Expired,
}

/// The credential report: a line for each user, the root user first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialReport {
    /// Comma-separated values, as AWS wrote them.
    pub content: Vec<u8>,
    /// When it was made.
    pub generated: Option<Timestamp>,
}

/// Calls `GenerateCredentialReport`, which makes a new one where the last is older than four hours.
///
/// # Errors
/// [`AwsError`]: `LimitExceeded` where AWS makes too many.
pub fn generate_credential_report(aws: &Aws) -> Result<ReportState, AwsError> {
    const ACTION: &str = "iam:GenerateCredentialReport";
    let request = super::client(aws).generate_credential_report();
    let reply = aws.ask(ACTION, request.send())?;
    match reply.state {
        Some(ReportStateType::Started) => Ok(ReportState::Started),
        Some(ReportStateType::Inprogress) => Ok(ReportState::InProgress),
        Some(ReportStateType::Complete) => Ok(ReportState::Complete),
        _ => Err(AwsError::unreadable()),
    }
}

/// Calls `GetCredentialReport`.
///
/// # Errors
/// [`AwsError`].
pub fn credential_report(aws: &Aws) -> Result<ReportLookup, AwsError> {
    const ACTION: &str = "iam:GetCredentialReport";
    let request = super::client(aws).get_credential_report();
    let reply = match aws.ask(ACTION, request.send()) {
        Ok(reply) => reply,
        Err(AwsError::Refused { code, .. }) if code == "ReportNotPresent" => {
            return Ok(ReportLookup::NotPresent);
        }
        Err(AwsError::Refused { code, .. }) if code == "ReportInProgress" => {
            return Ok(ReportLookup::InProgress);
        }
        Err(AwsError::Refused { code, .. }) if code == "ReportExpired" => {
            return Ok(ReportLookup::Expired);
        }
        Err(error) => return Err(error),
    };
    let content = reply.content.ok_or_else(AwsError::unreadable)?;
    Ok(ReportLookup::Ready(CredentialReport {
        content: content.into_inner(),
        generated: reply.generated_time.as_ref().and_then(moment),
    }))
}

/// Calls `GetAccountSummary`: counts and quotas by AWS's names for them, such as `AccountMFAEnabled`.
///
/// # Errors
/// [`AwsError`].
pub fn summary(aws: &Aws) -> Result<BTreeMap<String, i32>, AwsError> {
    const ACTION: &str = "iam:GetAccountSummary";
    let request = super::client(aws).get_account_summary();
    let reply = aws.ask(ACTION, request.send())?;
    let map = reply.summary_map.ok_or_else(AwsError::unreadable)?;
    let entries = map.into_iter();
    Ok(entries
        .map(|(key, value)| (printable(key.as_str()), value))
        .collect())
}

/// What there is in an account that policies hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entity {
    /// Users.
    Users,
    /// Groups.
    Groups,
    /// Roles.
    Roles,
    /// The account's managed policies.
    LocalPolicies,
    /// AWS's managed policies that are in use.
    AwsPolicies,
}

impl From<Entity> for EntityType {
    fn from(entity: Entity) -> Self {
        match entity {
            Entity::Users => EntityType::User,
            Entity::Groups => EntityType::Group,
            Entity::Roles => EntityType::Role,
            Entity::LocalPolicies => EntityType::LocalManagedPolicy,
            Entity::AwsPolicies => EntityType::AwsManagedPolicy,
        }
    }
}

/// Who is in an account, with their policies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorizationDetails {
    /// The users.
    pub users: Vec<DetailedUser>,
    /// The groups.
    pub groups: Vec<DetailedGroup>,
    /// The roles.
    pub roles: Vec<DetailedRole>,
    /// The managed policies, of which those of AWS are the ones in use.
    pub policies: Vec<DetailedPolicy>,
}

/// The policies of a user, a group or a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    /// The managed ones.
    pub attached: Vec<AttachedPolicy>,
    /// The inline ones: names and texts.
    pub inline: Vec<(String, String)>,
    /// The ARN of the permissions boundary.
    pub boundary: Option<String>,
}

/// A user with the policies of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedUser {
    /// The name without the path.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// Since when there is the user.
    pub created: Option<Timestamp>,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// Its policies, without those of the groups.
    pub policies: Policies,
}

/// A group with its policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedGroup {
    /// The name without the path.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// Its policies.
    pub policies: Policies,
}

/// A role with its policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedRole {
    /// The name without the path.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// The text of its trust policy.
    pub trust_policy: Option<String>,
    /// Its policies.
    pub policies: Policies,
}

/// A managed policy with the text that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedPolicy {
    /// The name without the path.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// The version in force.
    pub default_version: String,
    /// Its text.
    pub text: String,
}

/// Calls `GetAccountAuthorizationDetails` for these entities, for all of them if none are named, page by page.
/// `told` hears after each page how many entries there are by now.
///
/// # Errors
/// [`AwsError`], `DamagedDocument` among them.
pub fn authorization_details(
    aws: &Aws,
    entities: &[Entity],
    mut told: impl FnMut(usize),
) -> Result<AuthorizationDetails, AwsError> {
    const ACTION: &str = "iam:GetAccountAuthorizationDetails";
    let filter: Vec<EntityType> = entities.iter().copied().map(EntityType::from).collect();
    let request = super::client(aws)
        .get_account_authorization_details()
        .set_filter((!filter.is_empty()).then_some(filter))
        // The most that IAM allows, for fewer calls; it may give less.
        .max_items(1_000);
    let mut pages = request.into_paginator().send();
    let mut details = AuthorizationDetails::default();
    aws.run(async {
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
            details.take(page)?;
            if details.len() > MOST_ENTRIES {
                return Err(AwsError::unreadable());
            }
            told(details.len());
        }
        Ok(())
    })?;
    Ok(details)
}

impl AuthorizationDetails {
    /// How many entries there are in all.
    pub fn len(&self) -> usize {
        self.users.len() + self.groups.len() + self.roles.len() + self.policies.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what a page has.
    fn take(&mut self, page: GetAccountAuthorizationDetailsOutput) -> Result<(), AwsError> {
        for user in page.user_detail_list.unwrap_or_default() {
            self.users.push(detailed_user(user)?);
        }
        for group in page.group_detail_list.unwrap_or_default() {
            self.groups.push(detailed_group(group)?);
        }
        for role in page.role_detail_list.unwrap_or_default() {
            self.roles.push(detailed_role(role)?);
        }
        for policy in page.policies.unwrap_or_default() {
            self.policies.push(detailed_policy(policy)?);
        }
        Ok(())
    }
}

fn detailed_user(user: UserDetail) -> Result<DetailedUser, AwsError> {
    let name = named(user.user_name)?;
    let groups = user.group_list.unwrap_or_default();
    Ok(DetailedUser {
        arn: named(user.arn)?,
        created: user.create_date.as_ref().and_then(moment),
        groups: groups.iter().map(|group| printable(group)).collect(),
        policies: Policies {
            inline: inline(user.user_policy_list, || format!("user '{name}'"))?,
            attached: attached(user.attached_managed_policies.unwrap_or_default())?,
            boundary: boundary(user.permissions_boundary),
        },
        name,
    })
}

fn detailed_group(group: GroupDetail) -> Result<DetailedGroup, AwsError> {
    let name = named(group.group_name)?;
    Ok(DetailedGroup {
        arn: named(group.arn)?,
        policies: Policies {
            inline: inline(group.group_policy_list, || format!("group '{name}'"))?,
            attached: attached(group.attached_managed_policies.unwrap_or_default())?,
            boundary: None,
        },
        name,
    })
}

fn detailed_role(role: RoleDetail) -> Result<DetailedRole, AwsError> {
    let name = named(role.role_name)?;
    let trust_policy = role.assume_role_policy_document.as_deref();
    Ok(DetailedRole {
        arn: named(role.arn)?,
        trust_policy: trust_policy
            .map(|text| document(|| format!("the trust policy of role '{name}'"), text))
            .transpose()?,
        policies: Policies {
            inline: inline(role.role_policy_list, || format!("role '{name}'"))?,
            attached: attached(role.attached_managed_policies.unwrap_or_default())?,
            boundary: boundary(role.permissions_boundary),
        },
        name,
    })
}

fn detailed_policy(policy: ManagedPolicyDetail) -> Result<DetailedPolicy, AwsError> {
    let arn = named(policy.arn)?;
    // moto leaves it out; it is the last part of the ARN.
    let name = match policy.policy_name {
        Some(name) => printable(&name),
        None => arn.rsplit('/').next().unwrap_or(&arn).to_owned(),
    };
    let versions = policy.policy_version_list.unwrap_or_default();
    let default = versions
        .into_iter()
        .find(|version| version.is_default_version)
        .ok_or_else(AwsError::unreadable)?;
    let default_version = named(default.version_id)?;
    let text = default.document.ok_or_else(AwsError::unreadable)?;
    Ok(DetailedPolicy {
        arn,
        text: document(|| format!("version {default_version} of '{name}'"), &text)?,
        default_version,
        name,
    })
}

/// A name or an ARN that AWS always gives.
fn named(text: Option<String>) -> Result<String, AwsError> {
    text.as_deref()
        .map(printable)
        .ok_or_else(AwsError::unreadable)
}

fn boundary(boundary: Option<AttachedPermissionsBoundary>) -> Option<String> {
    let arn = boundary?.permissions_boundary_arn;
    arn.as_deref().map(printable)
}

/// Inline policies; `whose` is what people call their owner.
fn inline(
    policies: Option<Vec<PolicyDetail>>,
    whose: impl Fn() -> String,
) -> Result<Vec<(String, String)>, AwsError> {
    policies
        .unwrap_or_default()
        .into_iter()
        .map(|policy| {
            let name = named(policy.policy_name)?;
            let text = policy.policy_document.ok_or_else(AwsError::unreadable)?;
            let what = || format!("the inline policy '{name}' of {}", whose());
            let text = document(what, &text)?;
            Ok((name, text))
        })
        .collect()
}
