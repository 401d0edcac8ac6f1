//! The users of an account, and the name of the account itself.

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{
            collected, document, moment,
            policies::{AttachedPolicy, attached},
        },
    },
    terminal::{excerpt, printable},
    time::Timestamp,
};

/// A user as IAM knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
    pub arn: String,
}

/// A user as the lists tell of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedUser {
    /// The name without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
    pub arn: String,
    /// Since when there is the user.
    pub created: Option<Timestamp>,
    /// When somebody last signed in with the password, if AWS knows of it.
    pub password_last_used: Option<Timestamp>,
}

pub(super) fn listed(user: aws_sdk_iam::types::User) -> ListedUser {
    ListedUser {
        name: printable(&user.user_name),
        arn: printable(&user.arn),
        created: moment(&user.create_date),
        password_last_used: user.password_last_used.as_ref().and_then(moment),
    }
}

/// Calls `ListUsers`: all users of the account.
///
/// # Errors
/// [`AwsError`].
pub fn list(aws: &Aws) -> Result<Vec<ListedUser>, AwsError> {
    const ACTION: &str = "iam:ListUsers";
    let request = super::client(aws).list_users();
    let users = collected!(aws, ACTION, request.into_paginator().items().send())?;
    Ok(users.into_iter().map(listed).collect())
}

/// Calls `GetLoginProfile`: whether a user has a password for the console.
///
/// # Errors
/// [`AwsError`], but not `NoSuchEntity`: that is the answer where there is none, and where there is no such user.
pub fn has_password(aws: &Aws, name: &str) -> Result<bool, AwsError> {
    const ACTION: &str = "iam:GetLoginProfile";
    let request = super::client(aws).get_login_profile().user_name(name);
    match aws.ask(ACTION, request.send()) {
        Ok(reply) if reply.login_profile.is_some() => Ok(true),
        Ok(_) => Err(AwsError::unreadable()),
        Err(AwsError::NoSuchEntity { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Calls `ListAttachedUserPolicies`.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such user.
pub fn attached_policies(aws: &Aws, name: &str) -> Result<Vec<AttachedPolicy>, AwsError> {
    const ACTION: &str = "iam:ListAttachedUserPolicies";
    let request = super::client(aws)
        .list_attached_user_policies()
        .user_name(name);
    let policies = collected!(aws, ACTION, request.into_paginator().items().send())?;
    attached(policies)
}

/// Calls `ListUserPolicies`: the names of the user's inline policies.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no such user.
pub fn inline_policies(aws: &Aws, name: &str) -> Result<Vec<String>, AwsError> {
    const ACTION: &str = "iam:ListUserPolicies";
    let request = super::client(aws).list_user_policies().user_name(name);
    let names = collected!(aws, ACTION, request.into_paginator().items().send())?;
    Ok(names.iter().map(|name| printable(name)).collect())
}

/// Calls `GetUserPolicy`: the text of an inline policy.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is none, `DamagedDocument`.
pub fn inline_policy(aws: &Aws, user: &str, name: &str) -> Result<String, AwsError> {
    const ACTION: &str = "iam:GetUserPolicy";
    let client = super::client(aws);
    let request = client.get_user_policy().user_name(user).policy_name(name);
    let reply = aws.ask(ACTION, request.send())?;
    document(
        || format!("the inline policy '{name}' of user '{user}'"),
        &reply.policy_document,
    )
}

/// Calls `GetUser`, for the user of the key if no name is given.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no user of that name, `Denied` where a policy forbids it,
/// which is common.
pub fn get_user(aws: &Aws, name: Option<&str>) -> Result<User, AwsError> {
    const ACTION: &str = "iam:GetUser";
    let request = super::client(aws)
        .get_user()
        .set_user_name(name.map(str::to_owned))
        .send();
    let reply = aws.ask(ACTION, request)?;
    let user = reply.user.ok_or_else(AwsError::unreadable)?;
    Ok(User {
        name: excerpt(&user.user_name),
        arn: excerpt(&user.arn),
    })
}

/// Calls `ListAccountAliases`: the name that the account's sign-in page has, if any.
///
/// # Errors
/// [`AwsError`], `Denied` above all.
pub fn account_alias(aws: &Aws) -> Result<Option<String>, AwsError> {
    const ACTION: &str = "iam:ListAccountAliases";
    let request = super::client(aws).list_account_aliases().send();
    let reply = aws.ask(ACTION, request)?;
    Ok(reply.account_aliases.first().map(|alias| excerpt(alias)))
}
