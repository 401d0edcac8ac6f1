//! The permissions that an enrolment takes, as a policy to ask the administrator for.

use serde_json::json;

use crate::{enrolment::subject::Subject, serial::Serial};

/// The policy that lets this user enrol this device, ready to paste, in the order that AWS writes its own.
pub fn policy(subject: &Subject, serial: &Serial) -> String {
    let (user, device) = (json!(subject.user_arn), json!(serial.as_str()));
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Sid": "MakeTheDevice",
      "Effect": "Allow",
      "Action": [
        "iam:CreateVirtualMFADevice",
        "iam:DeleteVirtualMFADevice"
      ],
      "Resource": {device}
    }},
    {{
      "Sid": "EnableTheDevice",
      "Effect": "Allow",
      "Action": [
        "iam:EnableMFADevice",
        "iam:ListMFADevices",
        "iam:ResyncMFADevice"
      ],
      "Resource": {user}
    }}
  ]
}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_this_user_and_this_device_and_nothing_else() {
        let subject = Subject::example();
        let serial = subject.serial("ada-2").unwrap();
        let policy: serde_json::Value = serde_json::from_str(&policy(&subject, &serial)).unwrap();
        let statements = policy["Statement"].as_array().unwrap();
        let resources: Vec<&str> = statements
            .iter()
            .filter_map(|statement| statement["Resource"].as_str())
            .collect();
        assert_eq!(
            resources,
            [
                "arn:aws-cn:iam::123456789012:mfa/ada-2",
                "arn:aws-cn:iam::123456789012:user/team/ada"
            ]
        );
    }
}
