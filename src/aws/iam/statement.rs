//! The statement of a policy that allows what was denied, for a user to send to the administrator.

use std::fmt;

use serde_json::json;

/// Permissions that are missing, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    actions: Vec<&'static str>,
    resource: String,
}

impl Statement {
    /// The statement that allows these actions, as `iam:CreateAccessKey`, on this resource, an ARN or `*`.
    pub fn new(actions: &[&'static str], resource: impl Into<String>) -> Self {
        Statement {
            actions: actions.to_vec(),
            resource: resource.into(),
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self
            .actions
            .iter()
            .map(|action| json!(action).to_string())
            .collect();
        let actions = match texts.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        // In the order in which people write it.
        write!(
            formatter,
            r#"{{"Effect": "Allow", "Action": {actions}, "Resource": {}}}"#,
            json!(self.resource)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_is_json_with_one_action_or_a_list_of_them() {
        let list = ["iam:ListAccessKeys", "iam:CreateAccessKey"];
        for (actions, expected) in [
            (&list[..1], json!("iam:ListAccessKeys")),
            (&list[..], json!(list)),
        ] {
            let text = Statement::new(actions, "a \"quoted\" resource").to_string();
            let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                parsed,
                json!({"Effect": "Allow", "Action": expected, "Resource": "a \"quoted\" resource"})
            );
        }
    }
}
