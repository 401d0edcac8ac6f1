//! What AWS documents in two ways, or in none.

use super::*;
use crate::policy::evaluation::{Decision, Evaluation};

const PRESENT: &str = "aws:MultiFactorAuthPresent";

/// Whether MFA is not said to be enforced, and something is said to be possible.
fn is_left_open(statements: &Value) -> bool {
    let judgement = judged(statements);
    let may_do = |outcome: &Outcome| outcome.possible >= Possible::Perhaps;
    judgement.verdict != Verdict::Enforced
        && judgement.verdict != Verdict::NothingAllowed
        && judgement.outcomes.iter().any(may_do)
}

#[test]
fn an_allow_is_not_guarded_where_for_any_value_and_if_exists_say_different_things() {
    for operator in ["ForAnyValue:BoolIfExists", "ForAnyValue:StringLikeIfExists"] {
        let statements = json!([everything("Allow", &json!({operator: {PRESENT: "true"}}))]);
        assert!(is_left_open(&statements), "{operator}");
    }
}

#[test]
fn a_key_that_stands_twice_in_other_letters_decides_nothing() {
    let lower = PRESENT.to_ascii_lowercase();
    for condition in [
        json!({"Bool": {PRESENT: "true", lower.as_str(): "false"}}),
        json!({"Bool": {PRESENT: "true"}, "bool": {PRESENT: "false"}}),
        json!({"Bool": {PRESENT: "true"}, "BOOL": {lower.as_str(): "true"}}),
    ] {
        let statements = json!([everything("Allow", &condition)]);
        assert!(is_left_open(&statements), "{condition}");
    }
    let twice = json!({"Null": {"aws:MultiFactorAuthAge": "true"}, "null": {"aws:multifactorauthage": "true"}});
    assert!(is_left_open(&json!([
        everything("Allow", &json!({})),
        everything("Deny", &twice)
    ])));
    // Two operators are two conditions, whatever their keys.
    let both = json!({"Bool": {PRESENT: "true"}, "BoolIfExists": {lower.as_str(): "true"}});
    assert_eq!(
        judged(&json!([everything("Allow", &both)])).verdict,
        Verdict::Enforced
    );
}

#[test]
fn a_deny_of_all_but_an_empty_list_may_deny_nothing() {
    let without_mfa = json!({"Null": {"aws:MultiFactorAuthAge": "true"}});
    for deny in [
        json!({"Effect": "Deny", "NotAction": [], "Resource": "*"}),
        json!({"Effect": "Deny", "Action": "*", "NotResource": []}),
    ] {
        let mut deny = deny;
        deny["Condition"] = without_mfa.clone();
        let statements = json!([everything("Allow", &json!({})), deny]);
        assert!(is_left_open(&statements), "{statements}");
    }
    let allow = json!({"Effect": "Allow", "NotAction": [], "Resource": "*"});
    assert!(is_left_open(&json!([allow])));
}

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:name";

#[test]
fn a_deny_does_not_reach_across_colons_where_aws_does_not_say_so() {
    let without_mfa = json!({"Null": {"aws:MultiFactorAuthAge": "true"}});
    let denying = |resource: &str| {
        json!([
            {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION},
            {"Effect": "Deny", "Action": "*", "Resource": resource, "Condition": without_mfa},
        ])
    };
    for resource in [
        "arn:aws:lambda:*2:function:name",
        "arn:*a:eu-west-1:123456789012:function:name",
        "arn:aws:lambda:eu-west-1?123456789012:function:name",
    ] {
        let judgement = judged(&denying(resource));
        assert_ne!(judgement.verdict, Verdict::Enforced, "{resource}");
    }
    // What ends a field may go on behind it, and in the last field a colon is a letter like others.
    for resource in [
        "arn:*",
        "arn:aws:lambda:*",
        "arn:aws:lambda:*:function:name",
        "arn:*:lambda:eu-*:*:function:*",
        "arn:aws:lambda:eu-west-1:123456789012:f*e",
        "arn:aws:lambda:eu-west-1:123456789012:function?n?me",
    ] {
        let judgement = judged(&denying(resource));
        assert_eq!(judgement.verdict, Verdict::Enforced, "{resource}");
    }
}

#[test]
fn an_allow_of_all_but_some_arns_spares_no_more_than_aws_says() {
    let invoked_without_mfa = |but: &str| {
        let allow = json!({"Effect": "Allow", "Action": "lambda:*", "NotResource": but});
        let evaluation = Evaluation::of(&group(&json!([allow])));
        evaluation.decide(Caller::LongTermKey, "lambda:InvokeFunction", FUNCTION)
    };
    assert_eq!(invoked_without_mfa("arn:aws:lambda:*"), Decision::Denied);
    assert_eq!(
        invoked_without_mfa("arn:aws:lambda:*2:function:name"),
        Decision::Perhaps
    );
}

#[test]
fn a_deny_with_a_wildcard_for_the_service_is_certain_only_of_all_services() {
    let without_mfa = json!({"Null": {"aws:MultiFactorAuthAge": "true"}});
    let denying = |action: &str| {
        json!([
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
            {"Effect": "Deny", "Action": action, "Resource": "*", "Condition": without_mfa},
        ])
    };
    for action in ["s*", "s3*", "*Object", "s?:Get*", "s3?GetObject"] {
        let statements = denying(action);
        assert_ne!(judged(&statements).verdict, Verdict::Enforced, "{action}");
    }
    for action in [
        "*",
        "**",
        "*:*",
        "*:GetObject",
        "s3:*",
        "S3:*Object",
        "s3:Get?bject",
    ] {
        let statements = denying(action);
        assert_eq!(judged(&statements).verdict, Verdict::Enforced, "{action}");
    }
}
