//! Policies under which more is possible with an old MFA than with a fresh one.

use super::*;

fn allowed(condition: &Value) -> Judgement {
    judged(&json!([everything("Allow", condition)]))
}

#[test]
fn what_only_an_old_mfa_can_do_is_not_nothing() {
    let judgement = allowed(&json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}));
    insta::assert_snapshot!(told(&judgement), @"
    Enforced, Own, no limit
    long-term key: Nothing
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Nothing
    session with MFA, 1 h 1 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn what_an_mfa_of_certain_ages_can_do_is_not_nothing() {
    let judgement = allowed(&json!({"StringLike": {"aws:MultiFactorAuthAge": "2*"}}));
    insta::assert_snapshot!(told(&judgement), @"
    Enforced, Own, no limit
    long-term key: Nothing
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Perhaps: * on * by mfa[0] if StringLike aws:MultiFactorAuthAge 2*
    ");
}

#[test]
fn ages_between_two_others_are_seen_too() {
    let judgement = allowed(&json!({
        "NumericGreaterThanEquals": {"aws:MultiFactorAuthAge": "3600"},
        "NumericLessThan": {"aws:MultiFactorAuthAge": "7200"},
    }));
    insta::assert_snapshot!(told(&judgement), @"
    Enforced, Own, 7200 s
    long-term key: Nothing
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Nothing
    session with MFA, 1 h old: Something: * on * by mfa[0]
    session with MFA, 1 h 59 min 59 s old: Something: * on * by mfa[0]
    session with MFA, 2 h 1 s old: Nothing
    ");
}

#[test]
fn more_ages_than_are_looked_at_do_not_hide_an_older_one() {
    let many: Vec<String> = (1..=500).map(|age| (age * 10).to_string()).collect();
    let judgement = judged(&json!([
        everything(
            "Deny",
            &json!({"NumericEquals": {"aws:MultiFactorAuthAge": many}})
        ),
        everything(
            "Allow",
            &json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "1000000"}})
        ),
    ]));
    assert_eq!(judgement.verdict, Verdict::Enforced);
    assert_eq!(judgement.age_limit, None);
}
