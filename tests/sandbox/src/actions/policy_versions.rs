//! The actions about the versions of managed policies.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html> and its kin.

use super::{
    Action, Context,
    identity::{delete_conflict, escape_document, limit_exceeded, policy_document},
    managed_policies::{self, check_document, not_found, of_aws, own, resource},
    page::Page,
};
use crate::{
    aws_managed::{self, AwsPolicy},
    constraints::Constraints,
    error::ApiError,
    policies::{MOST_VERSIONS, StoredPolicy, StoredVersion},
    reply::Xml,
    service::Service,
};

pub(super) const ACTIONS: &[Action] = &[
    action("CreatePolicyVersion", create),
    action("GetPolicyVersion", get),
    action("ListPolicyVersions", list),
    action("DeletePolicyVersion", delete),
    action("SetDefaultPolicyVersion", set_default),
];

const fn action(name: &'static str, run: fn(&mut Context) -> Result<Xml, ApiError>) -> Action {
    Action {
        service: Service::Iam,
        name,
        resource,
        run,
    }
}

fn create(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let arn = managed_policies::arn(context, &mut constraints);
    let text = policy_document(context, &mut constraints);
    constraints.check()?;
    check_document(text)?;
    let is_default = context.parameters.text("SetAsDefault") == Some("true");
    let now = context.now;
    let policy = own(context, arn)?;
    if policy.versions.len() >= MOST_VERSIONS {
        return Err(limit_exceeded(format!(
            "A managed policy can have up to {MOST_VERSIONS} versions. Before you create a new \
             version, you must delete an existing version."
        )));
    }
    let number = policy.add_version(text, is_default, now);
    let mut versions = policy.versions.iter();
    let version = versions.find(|version| version.number == number);
    // The answer has no document.
    let element = version.map(|version| element(policy, version));
    Ok(Xml::new().group("PolicyVersion", element.unwrap_or_default()))
}

fn get(context: &mut Context) -> Result<Xml, ApiError> {
    let (arn, id) = read(context)?;
    let of_aws = aws_managed::find(arn).filter(|policy| policy.version == id);
    let element = match (context.state.policy(arn), of_aws) {
        (Some(policy), _) => policy.version(id).map(|version| whole(policy, version)),
        (None, Some(policy)) => Some(aws_version(policy)),
        (None, None) => None,
    };
    let element = element.ok_or_else(|| no_such_version(arn, id))?;
    Ok(Xml::new().group("PolicyVersion", element))
}

fn list(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let arn = managed_policies::arn(context, &mut constraints);
    constraints.check()?;
    if !managed_policies::is_known(context, arn) {
        return Err(not_found(arn));
    }
    let versions: Vec<Xml> = match (context.state.policy(arn), aws_managed::find(arn)) {
        // The newest first.
        (Some(policy), _) => {
            let versions = policy.versions.iter().rev();
            versions.map(|version| element(policy, version)).collect()
        }
        (None, Some(policy)) => vec![aws_head(policy)],
        (None, None) => Vec::new(),
    };
    let page = Page::of(context, versions.len())?;
    let entries = page.cut(&versions).iter().cloned();
    Ok(page.finish(Xml::new().list("Versions", entries)))
}

fn delete(context: &mut Context) -> Result<Xml, ApiError> {
    let (arn, id) = read(context)?;
    let policy = own(context, arn)?;
    let version = policy.version(id).ok_or_else(|| no_such_version(arn, id))?;
    let number = version.number;
    if number == policy.default {
        return Err(delete_conflict(
            "Cannot delete the default version of a policy.",
        ));
    }
    policy.versions.retain(|version| version.number != number);
    Ok(Xml::new())
}

fn set_default(context: &mut Context) -> Result<Xml, ApiError> {
    let (arn, id) = read(context)?;
    let now = context.now;
    let policy = own(context, arn)?;
    let version = policy.version(id).ok_or_else(|| no_such_version(arn, id))?;
    policy.default = version.number;
    policy.updated = now;
    Ok(Xml::new())
}

/// What the answers have of a version, without its text.
pub(super) fn element(policy: &StoredPolicy, version: &StoredVersion) -> Xml {
    let is_default = version.number == policy.default;
    Xml::new()
        .text("VersionId", &version.id())
        .text("IsDefaultVersion", &is_default.to_string())
        .time("CreateDate", version.created)
}

/// The same with its text.
pub(super) fn whole(policy: &StoredPolicy, version: &StoredVersion) -> Xml {
    element(policy, version).text("Document", &escape_document(&version.document))
}

fn aws_head(policy: &AwsPolicy) -> Xml {
    Xml::new()
        .text("VersionId", policy.version)
        .text("IsDefaultVersion", "true")
        .time("CreateDate", of_aws())
}

/// The version of a policy of AWS's own, with its text.
pub(super) fn aws_version(policy: &AwsPolicy) -> Xml {
    aws_head(policy).text("Document", &escape_document(policy.document))
}

/// The ARN of the policy and the id of the version, of a policy that there is.
fn read<'a>(context: &Context<'a>) -> Result<(&'a str, &'a str), ApiError> {
    let mut constraints = Constraints::new();
    let arn = managed_policies::arn(context, &mut constraints);
    let id = constraints.required(context.parameters, "VersionId", "versionId");
    if !id.is_empty() {
        let pattern = r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?";
        let number = id.strip_prefix('v').unwrap_or_default();
        let is_number = number.starts_with(|first: char| ('1'..='9').contains(&first))
            && number
                .split('.')
                .next()
                .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        constraints.matches("versionId", id, pattern, is_number);
    }
    constraints.check()?;
    if !managed_policies::is_known(context, arn) {
        return Err(not_found(arn));
    }
    Ok((arn, id))
}

fn no_such_version(arn: &str, id: &str) -> ApiError {
    ApiError::no_such_entity(format!(
        "Policy {arn} version {id} does not exist or is not attachable."
    ))
}
