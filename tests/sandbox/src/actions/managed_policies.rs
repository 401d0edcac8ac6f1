//! The actions about managed policies.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html> and its kin.

use chrono::{DateTime, Utc};

use super::{
    Action, Context,
    identity::{
        already_exists, delete_conflict, is_of_account, limit_exceeded, path, policy_document,
        policy_name,
    },
    page::Page,
    tags::SessionTags,
};
use crate::{
    aws_managed::{self, AwsPolicy},
    constraints::Constraints,
    document,
    error::ApiError,
    model::partition_of,
    policies::{LONGEST, MOST_POLICIES, StoredPolicy, version_id},
    reply::Xml,
    service::Service,
};

pub(super) const ACTIONS: &[Action] = &[
    Action {
        service: Service::Iam,
        name: "CreatePolicy",
        resource: |context| {
            let name = context.parameters.text("PolicyName");
            format!("policy {}", name.unwrap_or("null"))
        },
        run: create,
    },
    Action {
        service: Service::Iam,
        name: "GetPolicy",
        resource,
        run: get,
    },
    Action {
        service: Service::Iam,
        name: "DeletePolicy",
        resource,
        run: delete,
    },
    Action {
        service: Service::Iam,
        name: "ListPolicies",
        resource: |context| {
            let path = context.parameters.text("PathPrefix").unwrap_or("/");
            format!("policy path {path}")
        },
        run: list,
    },
];

/// The resource of actions that are about a managed policy.
pub(super) fn resource(context: &Context) -> String {
    let arn = context.parameters.text("PolicyArn");
    format!("policy {}", arn.unwrap_or("null"))
}

/// Takes `PolicyArn`, within the limits of the API's own model.
pub(super) fn arn<'a>(context: &Context<'a>, constraints: &mut Constraints) -> &'a str {
    let arn = constraints.required(context.parameters, "PolicyArn", "policyArn");
    if !arn.is_empty() {
        constraints.length("policyArn", arn, 20, 2048);
    }
    arn
}

/// Whether the caller's account has the policy: its own ones and AWS's.
pub(super) fn is_known(context: &Context, arn: &str) -> bool {
    if partition_of(arn) != partition_of(&context.caller.arn) {
        return false;
    }
    aws_managed::find(arn).is_some()
        || is_of_account(context, arn) && context.state.policy(arn).is_some()
}

/// The policy of the account that this is the ARN of, to be changed.
pub(super) fn own<'a>(
    context: &'a mut Context,
    arn: &str,
) -> Result<&'a mut StoredPolicy, ApiError> {
    if aws_managed::find(arn).is_some() || !is_of_account(context, arn) {
        return Err(ApiError::access_denied(
            "Policy is outside your own account.",
        ));
    }
    context.state.policy_mut(arn).ok_or_else(|| not_found(arn))
}

pub(super) fn not_found(arn: &str) -> ApiError {
    ApiError::no_such_entity(format!("Policy {arn} was not found."))
}

/// Refuses a text that is too long, or no policy.
pub(super) fn check_document(text: &str) -> Result<(), ApiError> {
    document::check(text)?;
    if document::size(text) > LONGEST {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for PolicySize: {LONGEST}"
        )));
    }
    Ok(())
}

fn create(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = policy_name(context, &mut constraints);
    let path = path(context, "Path", "path", &mut constraints);
    let text = policy_document(context, &mut constraints);
    let description = context.parameters.text("Description").unwrap_or_default();
    constraints.length("description", description, 0, 1_000);
    let tags = SessionTags::read(context.parameters, &mut constraints);
    constraints.check()?;
    check_document(text)?;
    let (partition, account) = (partition_of(&context.caller.arn), &context.caller.account);
    let of_account = |policy: &&StoredPolicy| is_of_account(context, &policy.arn);
    let policies: Vec<_> = context.state.policies.iter().filter(of_account).collect();
    // Names are one's own whatever the path is, and do not tell cases apart.
    if policies
        .iter()
        .any(|policy| policy.name.eq_ignore_ascii_case(name))
    {
        return Err(already_exists(format!(
            "A policy called {name} already exists. Duplicate names are not allowed."
        )));
    }
    if policies.len() >= MOST_POLICIES {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for PoliciesPerAccount: {MOST_POLICIES}"
        )));
    }
    let arn = context
        .state
        .add_policy((partition, account), path, name, text);
    if let Some(policy) = context.state.policy_mut(&arn) {
        policy.description = description.to_owned();
        policy.tags = tags.tags;
    }
    let policy = context.state.policy(&arn);
    let element = policy.map(|policy| element(context, policy));
    Ok(Xml::new().group("Policy", element.unwrap_or_default()))
}

fn get(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let arn = arn(context, &mut constraints);
    constraints.check()?;
    if !is_known(context, arn) {
        return Err(not_found(arn));
    }
    let policy = context.state.policy(arn).map(|policy| {
        let entries = policy.tags.iter();
        let tags = entries.map(|(key, value)| Xml::new().text("Key", key).text("Value", value));
        described(element(context, policy), &policy.description).list("Tags", tags)
    });
    let of_aws = || {
        let policy = aws_managed::find(arn)?;
        Some(described(aws_element(context, policy), policy.description))
    };
    let element = policy.or_else(of_aws);
    Ok(Xml::new().group("Policy", element.unwrap_or_default()))
}

/// `GetPolicy` tells the description, lists do not.
fn described(element: Xml, description: &str) -> Xml {
    match description {
        "" => element,
        description => element.text("Description", description),
    }
}

fn delete(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let arn = arn(context, &mut constraints);
    constraints.check()?;
    let versions = own(context, arn)?.versions.len();
    let account = &context.caller.account;
    let state = &context.state;
    if state.attachments(arn, account) + state.bounded(arn, account) > 0 {
        return Err(delete_conflict(
            "Cannot delete a policy attached to entities.",
        ));
    }
    if versions > 1 {
        return Err(delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete \
             the policy's versions. The default version is deleted with the policy.",
        ));
    }
    context.state.policies.retain(|policy| policy.arn != arn);
    Ok(Xml::new())
}

fn list(context: &mut Context) -> Result<Xml, ApiError> {
    let parameters = context.parameters;
    let scope = parameters.text("Scope").unwrap_or("All");
    let mut constraints = Constraints::new();
    constraints.one_of("scope", scope, &["All", "AWS", "Local"]);
    let prefix = path(context, "PathPrefix", "pathPrefix", &mut constraints);
    constraints.check()?;
    let only_attached = parameters.text("OnlyAttached") == Some("true");
    let account = &context.caller.account;
    let is_wanted = |path: &str, arn: &str| {
        path.starts_with(prefix) && (!only_attached || context.state.attachments(arn, account) > 0)
    };
    let partition = partition_of(&context.caller.arn);
    let mut entries: Vec<Xml> = Vec::new();
    if scope != "AWS" {
        let policies = context.state.policies.iter();
        entries.extend(
            policies
                .filter(|policy| is_of_account(context, &policy.arn))
                .filter(|policy| is_wanted(&policy.path, &policy.arn))
                .map(|policy| element(context, policy)),
        );
    }
    if scope != "Local" {
        entries.extend(
            aws_managed::ALL
                .iter()
                .filter(|policy| is_wanted(policy.path, &policy.arn(partition)))
                .map(|policy| aws_element(context, policy)),
        );
    }
    let page = Page::of(context, entries.len())?;
    let entries = page.cut(&entries).iter().cloned();
    Ok(page.finish(Xml::new().list("Policies", entries)))
}

/// What a `<Policy>` of an answer contains.
pub(super) fn element(context: &Context, policy: &StoredPolicy) -> Xml {
    let state = &context.state;
    let account = &context.caller.account;
    Xml::new()
        .text("PolicyName", &policy.name)
        .text("PolicyId", &policy.id)
        .text("Arn", &policy.arn)
        .text("Path", &policy.path)
        .text("DefaultVersionId", &version_id(policy.default))
        .text(
            "AttachmentCount",
            &state.attachments(&policy.arn, account).to_string(),
        )
        .text(
            "PermissionsBoundaryUsageCount",
            &state.bounded(&policy.arn, account).to_string(),
        )
        .text("IsAttachable", "true")
        .time("CreateDate", policy.created)
        .time("UpdateDate", policy.updated)
}

/// The same of a policy of AWS's own.
pub(super) fn aws_element(context: &Context, policy: &AwsPolicy) -> Xml {
    let arn = policy.arn(partition_of(&context.caller.arn));
    let account = &context.caller.account;
    Xml::new()
        .text("PolicyName", policy.name)
        .text("PolicyId", policy.id)
        .text("Arn", &arn)
        .text("Path", policy.path)
        .text("DefaultVersionId", policy.version)
        .text(
            "AttachmentCount",
            &context.state.attachments(&arn, account).to_string(),
        )
        .text(
            "PermissionsBoundaryUsageCount",
            &context.state.bounded(&arn, account).to_string(),
        )
        .text("IsAttachable", "true")
        .time("CreateDate", of_aws())
        .time("UpdateDate", of_aws())
}

/// When AWS made its own policies.
pub(super) fn of_aws() -> DateTime<Utc> {
    DateTime::from_timestamp(1_423_247_160, 0).unwrap_or_default()
}
