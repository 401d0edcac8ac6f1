//! Which roles trust whom, by their trust policies: what can be known of who assumes a role without AWS's logs.

use serde_json::Value;

use crate::aws::iam::roles::ListedRole;

/// Whom a role trusts, of those it asks for no MFA.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trusted {
    /// The ARNs of users.
    pub users: Vec<String>,
    /// Whether it is everybody in the account whose own policies allow it.
    pub whole_account: bool,
}

/// Reads the trust policy of a role. What cannot be read trusts nobody.
pub fn trusted(role: &ListedRole, account_id: &str) -> Trusted {
    let text = role.trust_policy.as_deref().unwrap_or_default();
    let policy: Value = serde_json::from_str(text).unwrap_or_default();
    let mut trusted = Trusted::default();
    for statement in several(&policy["Statement"]) {
        if statement["Effect"] != "Allow" || asks_for_mfa(&statement["Condition"]) {
            continue;
        }
        let principal = &statement["Principal"];
        let principals = match principal {
            Value::String(_) => several(principal),
            principal => several(&principal["AWS"]),
        };
        for principal in principals.filter_map(Value::as_str) {
            let resource = principal.rsplit(':').next().unwrap_or_default();
            if resource.starts_with("user/") {
                trusted.users.push(principal.to_owned());
            }
            let is_of_account = principal.contains(&format!(":{account_id}:"));
            trusted.whole_account |=
                principal == "*" || principal == account_id || is_of_account && resource == "root";
        }
    }
    trusted
}

/// Whether a condition names one of the keys of MFA. Which operator it has is no matter here: whoever wrote it thought
/// of MFA.
fn asks_for_mfa(condition: &Value) -> bool {
    let operators = condition.as_object().into_iter().flatten();
    let mut keys = operators
        .filter_map(|(_, keys)| keys.as_object())
        .flat_map(|keys| keys.keys());
    keys.any(|key| {
        key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent")
            || key.eq_ignore_ascii_case("aws:MultiFactorAuthAge")
    })
}

/// The entries of a list, or the one that stands where a list could.
fn several(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(values) => values.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
    .iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Trusted {
        let role = ListedRole {
            name: "Admin".into(),
            arn: "arn:aws:iam::123456789012:role/Admin".into(),
            trust_policy: Some(text.to_owned()),
        };
        trusted(&role, "123456789012")
    }

    #[test]
    fn users_who_are_named_and_whole_accounts_are_found_in_every_form() {
        let ada = "arn:aws:iam::123456789012:user/team/ada";
        let root = "arn:aws:iam::123456789012:root";
        let other = "arn:aws:iam::210987654321:root";
        for (principal, users, whole_account) in [
            (format!(r#"{{"AWS": "{ada}"}}"#), &[ada][..], false),
            (
                format!(r#"{{"AWS": ["{other}", "{ada}", "{root}"]}}"#),
                &[ada],
                true,
            ),
            (format!(r#"{{"AWS": "{other}"}}"#), &[], false),
            (r#"{"AWS": "123456789012"}"#.to_owned(), &[], true),
            (r#""*""#.to_owned(), &[], true),
            (r#"{"Service": "ec2.amazonaws.com"}"#.to_owned(), &[], false),
        ] {
            let statement = format!(
                r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "sts:AssumeRole"}}"#
            );
            for text in [
                format!(r#"{{"Statement": {statement}}}"#),
                format!(r#"{{"Statement": [{statement}]}}"#),
            ] {
                let trusted = read(&text);
                assert_eq!(trusted.users, users, "{text}");
                assert_eq!(trusted.whole_account, whole_account, "{text}");
            }
        }
    }

    #[test]
    fn a_role_that_asks_for_mfa_goes_on_as_before_and_damaged_text_trusts_nobody() {
        let ada = r#""Principal": {"AWS": "arn:aws:iam::123456789012:user/ada"}"#;
        for text in [
            format!(
                r#"{{"Statement": {{"Effect": "Allow", {ada}, "Condition": {{"Bool": {{"aws:multifactorauthpresent": "true"}}}}}}}}"#
            ),
            format!(r#"{{"Statement": {{"Effect": "Deny", {ada}}}}}"#),
            "{".to_owned(),
            "[]".to_owned(),
            r#"{"Statement": ["x", 1]}"#.to_owned(),
        ] {
            assert_eq!(read(&text), Trusted::default(), "{text}");
        }
    }
}
