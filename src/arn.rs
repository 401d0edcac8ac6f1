//! The names of what IAM knows: devices, users and roles.

use std::fmt;

use crate::terminal::misplaced;

/// `arn:PARTITION:iam::ACCOUNT:RESOURCE`, taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` and their like.
    pub(crate) partition: &'a str,
    /// The twelve digits.
    pub(crate) account_id: &'a str,
    /// `mfa/ada`, `role/Admin`.
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Parses the ARN of something that IAM knows.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, partition) = (parts.next()?, parts.next()?);
        let (service, region) = (parts.next()?, parts.next()?);
        let (account_id, resource) = (parts.next()?, parts.next()?);
        let known = arn == "arn"
            && (partition == "aws" || partition.starts_with("aws-"))
            && service == "iam"
            && region.is_empty()
            && account_id.len() == 12
            && account_id.bytes().all(|byte| byte.is_ascii_digit());
        known.then_some(Arn {
            partition,
            account_id,
            resource,
        })
    }
}

/// The ARN of a role: `arn:aws:iam::210987654321:role/Admin`, with or without a path before the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn(String);

/// A text that is no ARN of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not the ARN of a role: it looks like arn:aws:iam::123456789012:role/Admin")]
pub struct NotARole(String);

impl RoleArn {
    /// Parses the ARN of a role, in any partition.
    ///
    /// # Errors
    /// When it is none. Source: the IAM API reference, `RoleName` and `Path`: letters, digits, `_+=,.@-`,
    /// and any visible ASCII character in the path; 2,048 characters in all.
    pub fn parse(text: &str) -> Result<Self, NotARole> {
        let name = Arn::parse(text).and_then(|arn| arn.resource.strip_prefix("role/"));
        let is_fit = text.len() <= 2_048
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && name.is_some_and(|name| !name.is_empty() && !name.ends_with('/'));
        if is_fit {
            Ok(RoleArn(text.to_owned()))
        } else {
            Err(NotARole(misplaced(text)))
        }
    }

    /// The ARN as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account that the role is in.
    pub fn account_id(&self) -> &str {
        Arn::parse(&self.0).map_or("", |arn| arn.account_id)
    }

    /// The part of the AWS cloud that the role is in: `aws`, `aws-cn`, `aws-us-gov`.
    pub fn partition(&self) -> &str {
        Arn::parse(&self.0).map_or("aws", |arn| arn.partition)
    }

    /// The name without the path.
    pub fn role_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_every_partition_are_told_from_whatever_else_stands_there() {
        for (text, partition, name) in [
            ("arn:aws:iam::210987654321:role/Admin", "aws", "Admin"),
            (
                "arn:aws-cn:iam::210987654321:role/team/a/Admin",
                "aws-cn",
                "Admin",
            ),
            ("arn:aws-us-gov:iam::210987654321:role/x", "aws-us-gov", "x"),
        ] {
            let role = RoleArn::parse(text).unwrap();
            assert_eq!(role.partition(), partition);
            assert_eq!(role.account_id(), "210987654321");
            assert_eq!(role.role_name(), name);
        }
        for text in [
            "",
            "Admin",
            "arn:aws:iam::210987654321:user/ada",
            "arn:aws:iam::210987654321:role/",
            "arn:aws:iam::210987654321:role/path/",
            "arn:aws:iam::21098765432:role/Admin",
            "arn:aws:sts::210987654321:assumed-role/Admin/ada",
            "arn:aws:iam::210987654321:role/Ad min",
            "arn:aws:iam::210987654321:role/Adm\u{e9}n",
        ] {
            assert!(RoleArn::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_secret_in_the_place_of_a_role_is_not_repeated() {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let error = RoleArn::parse(secret).unwrap_err();
        assert!(!error.to_string().contains(secret), "{error}");
    }
}
