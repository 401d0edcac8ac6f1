//! `iam:GetAccountAuthorizationDetails`: all users, groups, roles and policies of the account, and
//! how they hang together.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>

use super::{
    Action, Context, any_resource,
    attachments::attached_element,
    identity::{boundary_element, escape_document, group_element, is_of_account, role_element},
    managed_policies::{aws_element, element},
    page::Page,
    policy_versions,
};
use crate::{
    aws_managed::{self, AwsPolicy},
    constraints::Constraints,
    error::ApiError,
    groups::StoredGroup,
    model::{StoredRole, StoredUser, partition_of},
    permissions::Permissions,
    policies::StoredPolicy,
    reply::Xml,
    service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "GetAccountAuthorizationDetails",
    resource: any_resource,
    run,
};

/// An entry of one of the four lists, which are paged as one.
enum Entry<'a> {
    User(&'a StoredUser),
    Group(&'a StoredGroup),
    Role(&'a StoredRole),
    Policy(&'a StoredPolicy),
    AwsPolicy(&'static AwsPolicy),
}

const KINDS: [&str; 5] = [
    "User",
    "Role",
    "Group",
    "LocalManagedPolicy",
    "AWSManagedPolicy",
];

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let filter = context.parameters.members("Filter");
    let mut wanted = Vec::new();
    for (number, entry) in &filter {
        let kind = entry.get("").copied().unwrap_or_default();
        constraints.one_of(&format!("filter.{number}.member"), kind, &KINDS);
        wanted.push(kind);
    }
    constraints.check()?;
    let entries = entries(context, |kind| wanted.is_empty() || wanted.contains(&kind));
    let page = Page::of(context, entries.len())?;
    let entries = page.cut(&entries);
    let list =
        |pick: &dyn Fn(&Entry) -> Option<Xml>| entries.iter().filter_map(pick).collect::<Vec<_>>();
    let users = list(&|entry| match entry {
        Entry::User(user) => Some(user_detail(context, user)),
        _ => None,
    });
    let groups = list(&|entry| match entry {
        Entry::Group(group) => Some(group_detail(group)),
        _ => None,
    });
    let roles = list(&|entry| match entry {
        Entry::Role(role) => Some(role_detail(role)),
        _ => None,
    });
    let policies = list(&|entry| match entry {
        Entry::Policy(policy) => Some(policy_detail(context, policy)),
        Entry::AwsPolicy(policy) => {
            let versions = std::iter::once(policy_versions::aws_version(policy));
            Some(aws_element(context, policy).list("PolicyVersionList", versions))
        }
        _ => None,
    });
    let result = Xml::new()
        .list("UserDetailList", users.into_iter())
        .list("GroupDetailList", groups.into_iter())
        .list("RoleDetailList", roles.into_iter())
        .list("Policies", policies.into_iter());
    Ok(page.finish(result))
}

/// What the account has, of the kinds that are wanted. Of AWS's own policies it is those in use.
fn entries<'a>(context: &'a Context, wanted: impl Fn(&str) -> bool) -> Vec<Entry<'a>> {
    let state = &context.state;
    let mut entries = Vec::new();
    let is_own = |arn: &str| is_of_account(context, arn);
    if wanted("User") {
        let users = state.users.iter().filter(|user| !user.is_root());
        entries.extend(users.filter(|user| is_own(&user.arn)).map(Entry::User));
    }
    if wanted("Group") {
        let groups = state.groups.iter().filter(|group| is_own(&group.arn));
        entries.extend(groups.map(Entry::Group));
    }
    if wanted("Role") {
        let roles = state.roles.iter().filter(|role| is_own(&role.arn));
        entries.extend(roles.map(Entry::Role));
    }
    if wanted("LocalManagedPolicy") {
        let policies = state.policies.iter().filter(|policy| is_own(&policy.arn));
        entries.extend(policies.map(Entry::Policy));
    }
    if wanted("AWSManagedPolicy") {
        let (partition, account) = (partition_of(&context.caller.arn), &context.caller.account);
        let policies = aws_managed::ALL.iter().filter(|policy| {
            let arn = policy.arn(partition);
            state.attachments(&arn, account) + state.bounded(&arn, account) > 0
        });
        entries.extend(policies.map(Entry::AwsPolicy));
    }
    entries
}

fn user_detail(context: &Context, user: &StoredUser) -> Xml {
    let groups = context.state.groups_of(&user.arn).map(|group| &*group.name);
    let detail = Xml::new()
        .text("Path", &user.path)
        .text("UserName", &user.name)
        .text("UserId", &user.id)
        .text("Arn", &user.arn)
        .time("CreateDate", user.created)
        .texts("GroupList", groups);
    with_permissions(detail, "UserPolicyList", &user.permissions)
}

fn group_detail(group: &StoredGroup) -> Xml {
    with_permissions(group_element(group), "GroupPolicyList", &group.permissions)
}

fn role_detail(role: &StoredRole) -> Xml {
    let last_used = role.last_used.map_or(Xml::new(), |time| {
        Xml::new()
            .time("LastUsedDate", time)
            .text("Region", "us-east-1")
    });
    let detail = role_element(role)
        .list("InstanceProfileList", std::iter::empty())
        .group("RoleLastUsed", last_used);
    with_permissions(detail, "RolePolicyList", &role.permissions)
}

fn policy_detail(context: &Context, policy: &StoredPolicy) -> Xml {
    // The newest first.
    let versions = policy.versions.iter().rev();
    let versions = versions.map(|version| policy_versions::whole(policy, version));
    element(context, policy).list("PolicyVersionList", versions)
}

fn with_permissions(detail: Xml, inline: &str, permissions: &Permissions) -> Xml {
    let policies = permissions.inline.iter().map(|(name, document)| {
        Xml::new()
            .text("PolicyName", name)
            .text("PolicyDocument", &escape_document(document))
    });
    let attached = permissions.attached.iter().map(|arn| attached_element(arn));
    let mut detail = detail;
    // Lists without entries are left out of users and roles.
    if !permissions.inline.is_empty() || inline == "GroupPolicyList" {
        detail = detail.list(inline, policies);
    }
    detail = detail.list("AttachedManagedPolicies", attached);
    match boundary_element(permissions) {
        Some(boundary) => detail.and(boundary),
        None => detail,
    }
}
