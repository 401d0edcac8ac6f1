use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::policy::{
    document::{Document, Version},
    principal::{Policy, PrincipalKind},
};

mod doubtful;
mod older;
mod reliance;

fn policy(name: &str, statements: &Value) -> Policy {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    Policy {
        name: name.into(),
        location: None,
        document: Arc::new(Document::parse(&text).unwrap()),
    }
}

pub(super) fn group(statements: &Value) -> Principal {
    Principal {
        kind: PrincipalKind::Group,
        name: "developers".into(),
        policies: vec![policy("mfa", statements)],
        boundary: None,
        unknown_policies: Vec::new(),
    }
}

fn judged(statements: &Value) -> Judgement {
    judge(&group(statements), &Intent::default())
}

fn hours(hours: u64) -> Option<Duration> {
    Some(Duration::from_secs(hours * 3600))
}

/// One line for each caller: how much, and the first witness with its statement and conditions.
fn told(judgement: &Judgement) -> String {
    let lines = judgement.outcomes.iter().map(|outcome| {
        let witness = outcome.witnesses.first().map(|witness| {
            let by = witness
                .allowed_by
                .as_ref()
                .map(|by| format!(" by {}[{}]", by.policy, by.index));
            let only_if = match witness.only_if.join(" and ") {
                conditions if conditions.is_empty() => conditions,
                conditions => format!(" if {conditions}"),
            };
            format!(
                ": {} on {}{}{only_if}",
                witness.action,
                witness.resource,
                by.unwrap_or_default()
            )
        });
        format!(
            "{}: {:?}{}\n",
            outcome.caller,
            outcome.possible,
            witness.unwrap_or_default()
        )
    });
    format!(
        "{:?}, {:?}, {}\n{}",
        judgement.verdict,
        judgement.basis,
        judgement
            .age_limit
            .map_or("no limit".into(), |limit| format!("{} s", limit.as_secs())),
        lines.collect::<String>()
    )
}

pub(super) fn everything(effect: &str, condition: &Value) -> Value {
    json!({"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition})
}

#[test]
fn the_rule_of_two_statements_on_the_age_is_enforced_with_its_limit() {
    let judgement = judged(&json!([
        everything("Deny", &json!({"Null": {"aws:MultiFactorAuthAge": "true"}})),
        everything(
            "Deny",
            &json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}})
        ),
    ]));
    insta::assert_snapshot!(told(&judgement), @"
    Enforced, AsIfAllAllowed, 28800 s
    long-term key: Nothing
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Something: * on *
    session with MFA, 7 h 59 min 59 s old: Something: * on *
    session with MFA, 8 h 1 s old: Nothing
    ");
}

#[test]
fn a_deny_with_bool_false_does_not_stop_long_term_keys() {
    let judgement = judged(&json!([
        everything("Allow", &json!({})),
        everything(
            "Deny",
            &json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}})
        ),
    ]));
    insta::assert_snapshot!(told(&judgement), @"
    NotEnforced, Own, no limit
    long-term key: Something: * on * by mfa[0]
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn a_deny_with_bool_if_exists_false_is_enforced_without_a_limit() {
    let judgement = judged(&json!([everything(
        "Deny",
        &json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    ),]));
    insta::assert_snapshot!(told(&judgement), @"
    Enforced, AsIfAllAllowed, no limit
    long-term key: Nothing
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Something: * on *
    ");
}

#[test]
fn an_allow_with_bool_if_exists_true_lets_long_term_keys_through() {
    let judgement = judged(&json!([everything(
        "Allow",
        &json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})
    ),]));
    insta::assert_snapshot!(told(&judgement), @"
    NotEnforced, Own, no limit
    long-term key: Something: * on * by mfa[0]
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn an_allow_with_bool_true_protects_only_what_it_allows() {
    let judgement = judged(&json!([
        everything("Allow", &json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
        {"Sid": "Reads", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"},
    ]));
    insta::assert_snapshot!(told(&judgement), @"
    Partly, Own, no limit
    long-term key: Something: s3:Get* on * by mfa[1]
    session without MFA: Something: s3:Get* on * by mfa[1]
    console sign-in without MFA: Something: s3:Get* on * by mfa[1]
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn for_all_values_lets_long_term_keys_through() {
    let judgement = judged(&json!([everything(
        "Allow",
        &json!({"ForAllValues:Bool": {"aws:MultiFactorAuthPresent": "true"}})
    ),]));
    insta::assert_snapshot!(told(&judgement), @"
    NotEnforced, Own, no limit
    long-term key: Something: * on * by mfa[0]
    session without MFA: Nothing
    console sign-in without MFA: Nothing
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

fn aws_own_self_service() -> Value {
    json!([
        {"Sid": "DenyAllExceptListedIfNoMFA", "Effect": "Deny",
         "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:GetMFADevice",
                       "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
                       "sts:GetSessionToken"],
         "Resource": "*",
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
    ])
}

#[test]
fn a_deny_that_leaves_enrolment_is_enforced() {
    insta::assert_snapshot!(told(&judged(&aws_own_self_service())), @"
    Enforced, AsIfAllAllowed, no limit
    long-term key: Enrolment: iam:CreateVirtualMFADevice on *
    session without MFA: Nothing
    console sign-in without MFA: Enrolment: iam:CreateVirtualMFADevice on *
    session with MFA, 0 s old: Something: * on *
    ");
}

#[test]
fn a_deny_that_leaves_the_removal_of_devices_is_partly() {
    let judgement = judged(&json!([
        {"Effect": "Deny", "NotAction": ["iam:*MFADevice*", "sts:GetSessionToken"], "Resource": "*",
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
    ]));
    insta::assert_snapshot!(told(&judgement), @"
    Partly, AsIfAllAllowed, no limit
    long-term key: Something: iam:DeactivateMFADevice on *
    session without MFA: Nothing
    console sign-in without MFA: Something: iam:DeactivateMFADevice on *
    session with MFA, 0 s old: Something: * on *
    ");
}

#[test]
fn what_depends_on_something_else_is_told_with_the_condition() {
    let judgement = judged(&json!([
        everything("Allow", &json!({})),
        everything(
            "Deny",
            &json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
                                   "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
        ),
    ]));
    insta::assert_snapshot!(told(&judgement), @"
    Partly, Own, no limit
    long-term key: Perhaps: * on * by mfa[0] if not NotIpAddress aws:SourceIp 192.0.2.0/24
    session without MFA: Perhaps: s3:GetObject on * by mfa[0] if not NotIpAddress aws:SourceIp 192.0.2.0/24
    console sign-in without MFA: Perhaps: * on * by mfa[0] if not NotIpAddress aws:SourceIp 192.0.2.0/24
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn a_deny_on_all_arns_leaves_what_has_none() {
    let judgement = judged(&json!([
        everything("Allow", &json!({})),
        {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:*:*:*:*",
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
    ]));
    insta::assert_snapshot!(told(&judgement), @"
    Partly, Own, no limit
    long-term key: Something: s3:ListAllMyBuckets on * by mfa[0]
    session without MFA: Something: s3:ListAllMyBuckets on * by mfa[0]
    console sign-in without MFA: Something: s3:ListAllMyBuckets on * by mfa[0]
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn policies_without_mfa_are_not_enforced() {
    let judgement =
        judged(&json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a/*"}]));
    insta::assert_snapshot!(told(&judgement), @"
    NotEnforced, Own, no limit
    long-term key: Something: s3:* on arn:aws:s3:::a/* by mfa[0]
    session without MFA: Something: s3:* on arn:aws:s3:::a/* by mfa[0]
    console sign-in without MFA: Something: s3:* on arn:aws:s3:::a/* by mfa[0]
    session with MFA, 0 s old: Something: s3:* on arn:aws:s3:::a/* by mfa[0]
    ");
}

#[test]
fn unknown_policies_may_allow_anything_but_not_what_is_denied() {
    let mut principal = group(&aws_own_self_service());
    principal
        .unknown_policies
        .push("arn:aws:iam::aws:policy/ReadOnlyAccess".into());
    insta::assert_snapshot!(told(&judge(&principal, &Intent::default())), @"
    Enforced, Own, no limit
    long-term key: Enrolment: iam:CreateVirtualMFADevice on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    session without MFA: Nothing
    console sign-in without MFA: Enrolment: iam:CreateVirtualMFADevice on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    session with MFA, 0 s old: Perhaps: * on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    ");
    principal.policies.clear();
    insta::assert_snapshot!(told(&judge(&principal, &Intent::default())), @"
    NotEnforced, Own, no limit
    long-term key: Perhaps: * on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    session without MFA: Perhaps: s3:GetObject on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    console sign-in without MFA: Perhaps: * on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    session with MFA, 0 s old: Perhaps: * on * if arn:aws:iam::aws:policy/ReadOnlyAccess, whose text is not known, allows it
    ");
}

#[test]
fn a_boundary_can_enforce_what_the_policies_do_not() {
    let mut principal = group(&json!([everything("Allow", &json!({}))]));
    principal.boundary = Some(policy(
        "boundary",
        &json!([
            everything("Allow", &json!({"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}})),
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*",
             "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}},
        ]),
    ));
    insta::assert_snapshot!(told(&judge(&principal, &Intent::default())), @"
    Partly, Own, no limit
    long-term key: Perhaps: s3:ListBucket on * by mfa[0] if StringEquals aws:RequestedRegion eu-west-1
    session without MFA: Perhaps: s3:ListBucket on * by mfa[0] if StringEquals aws:RequestedRegion eu-west-1
    console sign-in without MFA: Perhaps: s3:ListBucket on * by mfa[0] if StringEquals aws:RequestedRegion eu-west-1
    session with MFA, 0 s old: Something: * on * by mfa[0]
    ");
}

#[test]
fn there_is_nothing_to_protect_where_nothing_is_allowed() {
    for statements in [
        json!([]),
        everything("Deny", &json!({})),
        json!({"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "*"}),
        json!([
            everything("Allow", &json!({})),
            everything("Deny", &json!({}))
        ]),
    ] {
        assert_eq!(
            judged(&statements).verdict,
            Verdict::NothingAllowed,
            "{statements}"
        );
    }
}

#[test]
fn the_age_limit_is_the_smallest_past_which_nothing_is_possible() {
    let limit = |condition: &Value| judged(&json!([everything("Allow", condition)])).age_limit;
    assert_eq!(
        limit(&json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "28800"}})),
        hours(8)
    );
    assert_eq!(
        limit(&json!({"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "28800"}})),
        hours(8)
    );
    assert_eq!(
        limit(&json!({"NumericLessThan": {"aws:MultiFactorAuthAge": ["60", "3600"]}})),
        hours(1)
    );
    assert_eq!(
        limit(&json!({"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}})),
        hours(1)
    );
    assert_eq!(
        limit(&json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "1e99"}})),
        None
    );
    assert_eq!(
        limit(&json!({"Bool": {"aws:MultiFactorAuthPresent": true}})),
        None
    );
    assert_eq!(
        limit(&json!({"StringLike": {"aws:MultiFactorAuthAge": "???"}})),
        None
    );
    assert_eq!(
        limit(&json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}})),
        None
    );
    let both = judged(&json!([
        everything("Allow", &json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "28800"}})),
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
         "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "129600"}}},
    ]));
    assert_eq!(both.age_limit, hours(36));
}
