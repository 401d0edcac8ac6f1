//! What IAM refuses in a policy document.
//!
//! The rules are those of the policy grammar,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>; the words
//! are AWS's.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::error::ApiError;

/// The operators of conditions, without `IfExists` and without `ForAllValues:` or `ForAnyValue:`.
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// How long the text is by IAM's measure, which counts no white space.
pub(crate) fn size(document: &str) -> usize {
    let counted = |character: &char| !character.is_ascii_whitespace();
    document.chars().filter(counted).count()
}

/// Refuses what is no identity-based policy.
pub(crate) fn check(document: &str) -> Result<(), ApiError> {
    let json = serde_json::from_str::<Value>(document).ok();
    let Some(Value::Object(policy)) = json else {
        return Err(malformed("Syntax errors in policy."));
    };
    only(&policy, &["Version", "Id", "Statement"])?;
    match policy.get("Version") {
        Some(Value::String(version)) if version == "2012-10-17" => {}
        _ => {
            return Err(malformed(
                "Policy document must be version 2012-10-17 or greater.",
            ));
        }
    }
    let statements = match policy.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => return Err(malformed("Syntax errors in policy.")),
    };
    let mut sids = BTreeSet::new();
    for statement in statements {
        let Value::Object(statement) = statement else {
            return Err(malformed("Syntax errors in policy."));
        };
        check_statement(statement)?;
        if let Some(sid) = statement.get("Sid").and_then(Value::as_str)
            && !sid.is_empty()
            && !sids.insert(sid)
        {
            return Err(malformed(
                "Statement IDs (SID) in a single policy must be unique.",
            ));
        }
    }
    Ok(())
}

fn check_statement(statement: &Map<String, Value>) -> Result<(), ApiError> {
    if statement.contains_key("Principal") || statement.contains_key("NotPrincipal") {
        return Err(malformed("Policy document should not specify a principal."));
    }
    only(
        statement,
        &[
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ],
    )?;
    match statement.get("Effect").and_then(Value::as_str) {
        Some("Allow" | "Deny") => {}
        _ => return Err(malformed("Syntax errors in policy.")),
    }
    match statement.get("Sid") {
        None => {}
        Some(Value::String(sid)) if sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {}
        Some(_) => {
            return Err(malformed(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the \
                 regular expression [0-9A-Za-z]*",
            ));
        }
    }
    let actions = one_of(
        statement,
        ["Action", "NotAction"],
        "Policy statement must contain actions.",
    )?;
    for action in actions {
        check_action(action)?;
    }
    let resources = one_of(
        statement,
        ["Resource", "NotResource"],
        "Policy statement must contain resources.",
    )?;
    for resource in resources {
        if resource != "*" && !resource.starts_with("arn:") {
            return Err(malformed(format!(
                "Resource {resource} must be in ARN format or \"*\"."
            )));
        }
    }
    statement.get("Condition").map_or(Ok(()), check_condition)
}

fn check_action(action: &str) -> Result<(), ApiError> {
    let vendor = action.split_once(':').map(|(vendor, _)| vendor);
    match vendor {
        _ if action == "*" => Ok(()),
        None | Some("") => Err(malformed(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        )),
        Some(vendor)
            if !vendor
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') =>
        {
            Err(malformed(format!("Vendor {vendor} is not valid")))
        }
        Some(_) => Ok(()),
    }
}

fn check_condition(condition: &Value) -> Result<(), ApiError> {
    let syntax = || malformed("Syntax errors in policy.");
    let operators = condition.as_object().ok_or_else(syntax)?;
    for (operator, keys) in operators {
        let name = ["ForAllValues:", "ForAnyValue:"]
            .iter()
            .find_map(|set| operator.strip_prefix(set))
            .unwrap_or(operator);
        let name = match name.strip_suffix("IfExists") {
            // Null is the one operator that asks for existence itself.
            Some("Null") => return Err(syntax()),
            Some(name) => name,
            None => name,
        };
        if !OPERATORS.contains(&name) {
            return Err(syntax());
        }
        for (key, value) in keys.as_object().ok_or_else(syntax)? {
            let is_scalar =
                |value: &Value| value.is_string() || value.is_boolean() || value.is_number();
            let is_value = match value {
                Value::Array(values) => values.iter().all(is_scalar),
                value => is_scalar(value),
            };
            if !key.contains(':') {
                return Err(malformed(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
                ));
            }
            if !is_value {
                return Err(syntax());
            }
        }
    }
    Ok(())
}

/// The texts of the one of two elements that a statement has to have.
fn one_of<'a>(
    statement: &'a Map<String, Value>,
    names: [&str; 2],
    missing: &str,
) -> Result<Vec<&'a str>, ApiError> {
    let value = match names.map(|name| statement.get(name)) {
        [Some(value), None] | [None, Some(value)] => value,
        [None, None] => return Err(malformed(missing)),
        [Some(_), Some(_)] => return Err(malformed("Syntax errors in policy.")),
    };
    let texts = match value {
        Value::String(text) => Some(vec![text.as_str()]),
        Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
        _ => None,
    };
    match texts {
        Some(texts) if texts.is_empty() => Err(malformed(missing)),
        Some(texts) => Ok(texts),
        None => Err(malformed("Syntax errors in policy.")),
    }
}

fn only(object: &Map<String, Value>, names: &[&str]) -> Result<(), ApiError> {
    if object.keys().all(|name| names.contains(&name.as_str())) {
        Ok(())
    } else {
        Err(malformed("Syntax errors in policy."))
    }
}

fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "MalformedPolicyDocument", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_grammar_does_not_have_is_refused_in_aws_s_words() {
        let good = json!({
            "Sid": "A", "Effect": "Deny", "NotAction": ["iam:*", "*"], "Resource": "*",
            "Condition": {"ForAllValues:BoolIfExists": {"aws:MultiFactorAuthPresent": [false, "x"]}},
        });
        let with = |name: &str, value: Value| {
            let mut statement = good.clone();
            statement[name] = value;
            statement
        };
        let without = |name: &str| {
            let mut statement = good.clone();
            statement.as_object_mut().unwrap().remove(name);
            statement
        };
        let syntax = "Syntax errors in policy.";
        let cases = [
            (good.clone(), None),
            (
                with("Sid", json!("a b")),
                Some("Statement IDs (SID) must be alpha-numeric"),
            ),
            (with("Effect", json!("allow")), Some(syntax)),
            (with("Action", json!("*")), Some(syntax)),
            (
                with("Principal", json!("*")),
                Some("should not specify a principal"),
            ),
            (with("Extra", json!("*")), Some(syntax)),
            (
                with("NotAction", json!("GetUser")),
                Some("must be prefaced by a vendor"),
            ),
            (with("NotAction", json!([])), Some("must contain actions")),
            (with("NotAction", json!(1)), Some(syntax)),
            (without("NotAction"), Some("must contain actions")),
            (without("Resource"), Some("must contain resources")),
            (
                with("Resource", json!("bucket")),
                Some("Resource bucket must be in ARN format"),
            ),
            (with("Condition", json!([])), Some(syntax)),
            (
                with("Condition", json!({"Boolean": {"aws:x": "y"}})),
                Some(syntax),
            ),
            (
                with("Condition", json!({"NullIfExists": {"aws:x": "y"}})),
                Some(syntax),
            ),
            (
                with("Condition", json!({"Bool": {"aws:x": {}}})),
                Some(syntax),
            ),
            (
                with("Condition", json!({"Bool": {"x": "y"}})),
                Some("must be prefaced by a vendor"),
            ),
        ];
        for (statement, expected) in cases {
            let document = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
            match (check(&document), expected) {
                (Ok(()), None) => {}
                (Err(error), Some(words)) => {
                    assert!(
                        error.message.contains(words),
                        "{document}: {}",
                        error.message
                    );
                }
                (outcome, _) => panic!("{document}: {outcome:?}"),
            }
        }
        let twice = json!({"Version": "2012-10-17", "Statement": [good, good]}).to_string();
        assert!(check(&twice).unwrap_err().message.contains("unique"));
    }

    #[test]
    fn a_policy_is_an_object_of_the_newer_version_with_statements() {
        for document in [
            "",
            "[]",
            "{",
            r#"{"Version": "2012-10-17"}"#,
            r#"{"Version": "2012-10-17", "Statement": []}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
            r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
            r#"{"Version": "2012-10-17", "Statement": "x"}"#,
            r#"{"Version": "2012-10-17", "Statement": ["x"]}"#,
            r#"{"Version": "2012-10-17", "Statements": []}"#,
        ] {
            assert_eq!(
                check(document).unwrap_err().code,
                "MalformedPolicyDocument",
                "{document}"
            );
        }
    }

    #[test]
    fn white_space_does_not_count() {
        assert_eq!(size("{ \"a\":\t\"b c\"\r\n}"), 10);
    }
}
