//! What AWS documents in two ways, or in none.

use super::*;

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
