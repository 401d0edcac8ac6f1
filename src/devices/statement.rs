//! The statement of a policy that allows what was denied, for a user to send to the administrator.

use serde_json::json;

use crate::devices::owner::Owner;

/// A permission that is missing, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    action: &'static str,
    resource: String,
}

impl Statement {
    /// The statement that allows an action on MFA devices of this user.
    ///
    /// Source: the service authorization reference for IAM: `DeleteVirtualMFADevice` is about a device,
    /// `ListVirtualMFADevices` about nothing in particular, all others about the user.
    pub fn for_devices_of(owner: &Owner, action: &'static str) -> Self {
        let resource = match action {
            "iam:DeleteVirtualMFADevice" => owner.virtual_serial("*"),
            "iam:ListVirtualMFADevices" => "*".to_owned(),
            _ => owner.policy_resource(),
        };
        Statement { action, resource }
    }
}

impl std::fmt::Display for Statement {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // In the order in which people write it.
        write!(
            formatter,
            r#"{{"Effect": "Allow", "Action": {}, "Resource": {}}}"#,
            json!(self.action),
            json!(self.resource)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::sts::Identity;

    #[test]
    fn the_statement_is_json_about_the_right_resource() {
        let identity = Identity {
            account_id: "123456789012".into(),
            arn: "arn:aws:iam::123456789012:user/ada".into(),
        };
        let owner = Owner::new(identity, None);
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
            let text = Statement::for_devices_of(&owner, action).to_string();
            let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                parsed,
                json!({"Effect": "Allow", "Action": action, "Resource": resource})
            );
        }
    }
}
