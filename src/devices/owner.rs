//! Whose devices a command is about.

use std::fmt;

use crate::{
    arn::Arn,
    aws::{iam::statement::Statement, sts::Identity},
};

/// A user, as the requests to IAM name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Who asks.
    identity: Identity,
    /// `--user`: whom an administrator asks for.
    named: Option<String>,
}

impl Owner {
    /// The user of the key, or the one that is named.
    pub fn new(identity: Identity, named: Option<String>) -> Self {
        Owner { identity, named }
    }

    /// The name for requests that are about the user of the key unless they name one.
    pub fn named(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// The name, if it is another user than the one who asks.
    pub fn other(&self) -> Option<&str> {
        self.named()
            .filter(|named| self.identity.user_name() != Some(named))
    }

    /// The user's name; the root user has none.
    pub fn name(&self) -> Option<&str> {
        self.named().or_else(|| self.identity.user_name())
    }

    /// The account of both.
    pub fn account_id(&self) -> &str {
        &self.identity.account_id
    }

    /// The part of the AWS cloud: `aws`, `aws-cn`, `aws-us-gov`.
    pub fn partition(&self) -> &str {
        let partition = self.identity.arn.split(':').nth(1);
        partition.filter(|text| !text.is_empty()).unwrap_or("aws")
    }

    /// The ARN for a policy: with the variable for the name where it is the user's own policy.
    pub fn policy_resource(&self) -> String {
        let (partition, account) = (self.partition(), self.account_id());
        if let Some(name) = self.other() {
            return format!("arn:{partition}:iam::{account}:user/{name}");
        }
        let own = Arn::parse(&self.identity.arn).map(|arn| arn.resource);
        let path = own.and_then(|resource| resource.rsplit_once('/'));
        let path = path.map_or("user", |(path, _)| path);
        format!("arn:{partition}:iam::{account}:{path}/${{aws:username}}")
    }

    /// The statement that allows an action on MFA devices of this user.
    ///
    /// Source: the service authorization reference for IAM: `DeleteVirtualMFADevice` is about a device,
    /// `ListVirtualMFADevices` about nothing in particular, all others about the user.
    pub fn statement(&self, action: &'static str) -> Statement {
        let resource = match action {
            "iam:DeleteVirtualMFADevice" => self.virtual_serial("*"),
            "iam:ListVirtualMFADevices" => "*".to_owned(),
            _ => self.policy_resource(),
        };
        Statement::new(&[action], resource)
    }

    /// The ARN that a virtual device of this name has.
    pub fn virtual_serial(&self, name: &str) -> String {
        format!(
            "arn:{}:iam::{}:mfa/{name}",
            self.partition(),
            self.account_id()
        )
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.other() {
            Some(name) => write!(
                formatter,
                "the user {name} of account {}",
                self.account_id()
            ),
            None => self.identity.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(arn: &str, named: Option<&str>) -> Owner {
        let identity = Identity {
            account_id: "123456789012".into(),
            arn: arn.into(),
        };
        Owner::new(identity, named.map(str::to_owned))
    }

    #[test]
    fn the_policy_names_the_user_by_a_variable_unless_it_is_somebody_else() {
        for (arn, named, resource) in [
            (
                "arn:aws:iam::123456789012:user/ada",
                None,
                "arn:aws:iam::123456789012:user/${aws:username}",
            ),
            (
                "arn:aws-cn:iam::123456789012:user/team/a/ada",
                None,
                "arn:aws-cn:iam::123456789012:user/team/a/${aws:username}",
            ),
            (
                "arn:aws:iam::123456789012:user/team/ada",
                Some("grace"),
                "arn:aws:iam::123456789012:user/grace",
            ),
            (
                "arn:aws:iam::123456789012:root",
                None,
                "arn:aws:iam::123456789012:user/${aws:username}",
            ),
        ] {
            assert_eq!(owner(arn, named).policy_resource(), resource);
        }
    }

    #[test]
    fn the_statement_is_about_what_the_action_is_about() {
        let ada = owner("arn:aws:iam::123456789012:user/ada", None);
        for (action, resource) in [
            (
                "iam:ListMFADevices",
                "arn:aws:iam::123456789012:user/${aws:username}",
            ),
            (
                "iam:DeleteVirtualMFADevice",
                "arn:aws:iam::123456789012:mfa/*",
            ),
            ("iam:ListVirtualMFADevices", "*"),
        ] {
            assert_eq!(ada.statement(action), Statement::new(&[action], resource));
        }
    }

    #[test]
    fn an_administrator_who_names_himself_asks_for_himself() {
        let own = owner("arn:aws:iam::123456789012:user/team/ada", Some("ada"));
        assert_eq!((own.other(), own.name()), (None, Some("ada")));
        assert_eq!(own.named(), Some("ada"));
        let other = owner("arn:aws:iam::123456789012:user/ada", Some("grace"));
        assert_eq!(other.to_string(), "the user grace of account 123456789012");
        let root = owner("arn:aws:iam::123456789012:root", None);
        assert_eq!(root.name(), None);
    }
}
