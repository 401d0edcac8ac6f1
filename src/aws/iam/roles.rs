//! Roles, and whom they trust.

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{collected, document},
    },
    terminal::printable,
};

/// A role as IAM knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRole {
    /// The name without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
    pub arn: String,
    /// The text of its trust policy.
    pub trust_policy: Option<String>,
}

/// Calls `ListRoles`: all roles of the account, those of AWS's services too.
///
/// # Errors
/// [`AwsError`], `DamagedDocument` for a trust policy among them.
pub fn list(aws: &Aws) -> Result<Vec<ListedRole>, AwsError> {
    const ACTION: &str = "iam:ListRoles";
    let request = super::client(aws).list_roles();
    let roles = collected!(aws, ACTION, request.into_paginator().items().send())?;
    roles
        .into_iter()
        .map(|role| {
            let name = printable(&role.role_name);
            let trust_policy = role.assume_role_policy_document.as_deref();
            let trust_policy = trust_policy
                .map(|text| document(|| format!("the trust policy of role '{name}'"), text))
                .transpose()?;
            Ok(ListedRole {
                arn: printable(&role.arn),
                name,
                trust_policy,
            })
        })
        .collect()
}
