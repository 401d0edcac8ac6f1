//! A principal: whose policies are judged together.

use std::{fmt, sync::Arc};

use crate::policy::document::Document;

/// Somebody or something with policies.
#[derive(Debug, Clone)]
pub struct Principal {
    /// What it is.
    pub kind: PrincipalKind,
    /// Its name: of the user, the group or the role, or the files.
    pub name: String,
    /// All its identity policies: its own, attached ones, those of its groups.
    pub policies: Vec<Policy>,
    /// Its permissions boundary.
    pub boundary: Option<Policy>,
    /// Policies that it has and whose text is not known, such as AWS's own by their ARN.
    pub unknown_policies: Vec<String>,
}

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// An IAM user; policy variables such as `${aws:username}` stand for its name.
    User,
    /// An IAM group.
    Group,
    /// An IAM role.
    Role,
    /// Policies that were given together and say nothing of who has them.
    Policies,
}

impl fmt::Display for PrincipalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PrincipalKind::User => "user",
            PrincipalKind::Group => "group",
            PrincipalKind::Role => "role",
            PrincipalKind::Policies => "policies",
        })
    }
}

/// A policy with what people call it.
#[derive(Debug, Clone)]
pub struct Policy {
    /// What people call it, such as the name of a file, an ARN, `inline policy 'mfa' of group 'devs'`.
    pub name: String,
    /// Where it was read.
    pub location: Option<Location>,
    /// Its text. Shared, since one policy has many principals.
    pub document: Arc<Document>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1, at which the policy begins.
    pub line: Option<u32>,
}
