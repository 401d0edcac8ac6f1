//! The access keys of a user.
//!
//! Without a user's name IAM takes the user whose key signed the request, which is not to be had from every
//! kind of credentials; so the name is said wherever it is known.

use aws_sdk_iam::types::{AccessKeyMetadata, StatusType};

use crate::{
    aws::{client::Aws, error::AwsError, iam::moment},
    credentials::{LongTermKey, is_access_key_id},
    secret::Secret,
    time::Timestamp,
};

/// What IAM tells of an access key. The secret is told once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// `AKIA…`
    pub access_key_id: String,
    /// Whether AWS takes requests that it signed.
    pub is_active: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
}

/// Calls `ListAccessKeys`: all keys of the user, the inactive ones too.
///
/// # Errors
/// [`AwsError`].
pub fn list(aws: &Aws, user: Option<&str>) -> Result<Vec<ListedKey>, AwsError> {
    const ACTION: &str = "iam:ListAccessKeys";
    let request = super::client(aws).list_access_keys();
    let pages = request.set_user_name(user.map(str::to_owned));
    let pages = pages.into_paginator().items().send();
    let keys = aws.ask(ACTION, pages.collect::<Result<Vec<_>, _>>())?;
    keys.into_iter()
        .map(listed)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(AwsError::unreadable)
}

fn listed(key: AccessKeyMetadata) -> Option<ListedKey> {
    let access_key_id = key.access_key_id.filter(|id| is_access_key_id(id))?;
    Some(ListedKey {
        access_key_id,
        is_active: key.status == Some(StatusType::Active),
        created: key.create_date.as_ref().and_then(moment),
    })
}

/// Calls `CreateAccessKey`.
///
/// It is not sent again when the answer is lost: AWS may have made the key by then, and would make another.
///
/// # Errors
/// [`AwsError`]. After one that [may have been done](AwsError::may_have_been_done), there may be a key whose secret nobody
/// has.
pub fn create(aws: &Aws, user: Option<&str>) -> Result<LongTermKey, AwsError> {
    const ACTION: &str = "iam:CreateAccessKey";
    let request = super::unrepeated_client(aws)
        .create_access_key()
        .set_user_name(user.map(str::to_owned))
        .send();
    let reply = aws.ask(ACTION, request)?;
    let key = reply.access_key.ok_or_else(AwsError::unreadable)?;
    let secret_access_key = Secret::new(key.secret_access_key);
    if !is_access_key_id(&key.access_key_id) {
        return Err(AwsError::unreadable());
    }
    Ok(LongTermKey {
        access_key_id: key.access_key_id,
        secret_access_key,
    })
}

/// Calls `UpdateAccessKey`: makes a key active, or inactive.
///
/// # Errors
/// [`AwsError`]; `NoSuchEntity` where there is none.
pub fn set_active(
    aws: &Aws,
    user: Option<&str>,
    access_key_id: &str,
    is_active: bool,
) -> Result<(), AwsError> {
    const ACTION: &str = "iam:UpdateAccessKey";
    let status = if is_active {
        StatusType::Active
    } else {
        StatusType::Inactive
    };
    let request = super::client(aws)
        .update_access_key()
        .set_user_name(user.map(str::to_owned))
        .access_key_id(access_key_id)
        .status(status)
        .send();
    super::done(aws.ask(ACTION, request))
}

/// Calls `DeleteAccessKey`, after which nobody can bring the key back.
///
/// # Errors
/// [`AwsError`]; `NoSuchEntity` where there is none.
pub fn delete(aws: &Aws, user: Option<&str>, access_key_id: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DeleteAccessKey";
    let request = super::client(aws)
        .delete_access_key()
        .set_user_name(user.map(str::to_owned))
        .access_key_id(access_key_id)
        .send();
    super::done(aws.ask(ACTION, request))
}

/// Calls `GetAccessKeyLastUsed`; `None` for a key that has never signed anything, as far as AWS has noted that
/// by now.
///
/// # Errors
/// [`AwsError`].
pub fn last_used(aws: &Aws, access_key_id: &str) -> Result<Option<Timestamp>, AwsError> {
    const ACTION: &str = "iam:GetAccessKeyLastUsed";
    let request = super::client(aws)
        .get_access_key_last_used()
        .access_key_id(access_key_id)
        .send();
    let reply = aws.ask(ACTION, request)?;
    let used = reply.access_key_last_used;
    Ok(used.and_then(|used| used.last_used_date.as_ref().and_then(moment)))
}
