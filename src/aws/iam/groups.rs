//! Groups: who is in them, and what policies they have.

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{
            collected, document,
            policies::{AttachedPolicy, attached},
            users::{ListedUser, listed},
        },
    },
    terminal::printable,
};

/// A group as IAM knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:group/PATH/NAME`.
    pub arn: String,
}

impl From<aws_sdk_iam::types::Group> for Group {
    fn from(group: aws_sdk_iam::types::Group) -> Self {
        Group {
            name: printable(&group.group_name),
            arn: printable(&group.arn),
        }
    }
}

/// Calls `CreateGroup`.
///
/// It is not sent again when the answer is lost: the second answer would be that there is one.
///
/// # Errors
/// [`AwsError`]: `EntityAlreadyExists` where there is one, `LimitExceeded` at 300.
pub fn create(aws: &Aws, name: &str) -> Result<Group, AwsError> {
    const ACTION: &str = "iam:CreateGroup";
    let request = super::unrepeated_client(aws)
        .create_group()
        .group_name(name);
    let reply = aws.ask(ACTION, request.send())?;
    reply
        .group
        .map(Group::from)
        .ok_or_else(AwsError::unreadable)
}

/// Calls `GetGroup`: a group and all its members.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is none.
pub fn members(aws: &Aws, name: &str) -> Result<(Group, Vec<ListedUser>), AwsError> {
    const ACTION: &str = "iam:GetGroup";
    let request = super::client(aws).get_group().group_name(name);
    let pages = collected!(aws, ACTION, request.into_paginator().send())?;
    let mut group = None;
    let mut members = Vec::new();
    for page in pages {
        group = page.group.map(Group::from).or(group);
        members.extend(page.users.into_iter().map(listed));
    }
    Ok((group.ok_or_else(AwsError::unreadable)?, members))
}

/// Calls `DeleteGroup` for a group without members and policies.
///
/// # Errors
/// [`AwsError`]: `DeleteConflict` where there are some, `NoSuchEntity` where there is no such group; the SDK may have
/// repeated a request whose answer was lost, so that this can also mean that it is done.
pub fn delete(aws: &Aws, name: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DeleteGroup";
    let request = super::client(aws).delete_group().group_name(name);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `ListGroups`: all groups of the account.
///
/// # Errors
/// [`AwsError`].
pub fn list(aws: &Aws) -> Result<Vec<Group>, AwsError> {
    const ACTION: &str = "iam:ListGroups";
    let request = super::client(aws).list_groups();
    let groups = collected!(aws, ACTION, request.into_paginator().items().send())?;
    Ok(groups.into_iter().map(Group::from).collect())
}

/// Calls `ListGroupsForUser`: the groups that a user is in.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such user.
pub fn of_user(aws: &Aws, user: &str) -> Result<Vec<Group>, AwsError> {
    const ACTION: &str = "iam:ListGroupsForUser";
    let request = super::client(aws).list_groups_for_user().user_name(user);
    let groups = collected!(aws, ACTION, request.into_paginator().items().send())?;
    Ok(groups.into_iter().map(Group::from).collect())
}

/// Calls `AddUserToGroup`, which does nothing where the user is in it.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such group or user, `LimitExceeded` at ten groups.
pub fn add_user(aws: &Aws, group: &str, user: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:AddUserToGroup";
    let client = super::client(aws);
    let request = client.add_user_to_group().group_name(group).user_name(user);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `RemoveUserFromGroup`, which does nothing where the user is not in it.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such group or user.
pub fn remove_user(aws: &Aws, group: &str, user: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:RemoveUserFromGroup";
    let client = super::client(aws);
    let request = client
        .remove_user_from_group()
        .group_name(group)
        .user_name(user);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `AttachGroupPolicy`, which does nothing where the policy is attached.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such group or policy, `LimitExceeded` at ten policies.
pub fn attach_policy(aws: &Aws, group: &str, policy_arn: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:AttachGroupPolicy";
    let client = super::client(aws);
    let request = client
        .attach_group_policy()
        .group_name(group)
        .policy_arn(policy_arn);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `DetachGroupPolicy`.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where it is not attached; the SDK may have repeated a request whose answer was lost, so
/// that this can also mean that it is done.
pub fn detach_policy(aws: &Aws, group: &str, policy_arn: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DetachGroupPolicy";
    let client = super::client(aws);
    let request = client
        .detach_group_policy()
        .group_name(group)
        .policy_arn(policy_arn);
    super::done(aws.ask(ACTION, request.send()))
}

/// Calls `ListAttachedGroupPolicies`.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such group.
pub fn attached_policies(aws: &Aws, group: &str) -> Result<Vec<AttachedPolicy>, AwsError> {
    const ACTION: &str = "iam:ListAttachedGroupPolicies";
    let request = super::client(aws)
        .list_attached_group_policies()
        .group_name(group);
    let policies = collected!(aws, ACTION, request.into_paginator().items().send())?;
    attached(policies)
}

/// Calls `ListGroupPolicies`: the names of the group's inline policies.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such group.
pub fn inline_policies(aws: &Aws, group: &str) -> Result<Vec<String>, AwsError> {
    const ACTION: &str = "iam:ListGroupPolicies";
    let request = super::client(aws).list_group_policies().group_name(group);
    let names = collected!(aws, ACTION, request.into_paginator().items().send())?;
    Ok(names.iter().map(|name| printable(name)).collect())
}

/// Calls `GetGroupPolicy`: the text of an inline policy.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is none, `DamagedDocument`.
pub fn inline_policy(aws: &Aws, group: &str, name: &str) -> Result<String, AwsError> {
    const ACTION: &str = "iam:GetGroupPolicy";
    let client = super::client(aws);
    let request = client
        .get_group_policy()
        .group_name(group)
        .policy_name(name);
    let reply = aws.ask(ACTION, request.send())?;
    document(
        || format!("the inline policy '{name}' of group '{group}'"),
        &reply.policy_document,
    )
}

/// Calls `PutGroupPolicy`: writes an inline policy, in the place of one of that name.
///
/// # Errors
/// [`AwsError`]: `LimitExceeded` where the inline policies of the group are longer than 5,120 characters together.
pub fn put_inline_policy(aws: &Aws, group: &str, name: &str, text: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:PutGroupPolicy";
    let client = super::client(aws);
    let request = client
        .put_group_policy()
        .group_name(group)
        .policy_name(name)
        .policy_document(text);
    super::done(aws.ask(ACTION, request.send()))
}
