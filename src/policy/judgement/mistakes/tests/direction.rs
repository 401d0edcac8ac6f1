//! Conditions that are the wrong way round.

use super::*;

fn of_deny(condition: &Value) -> String {
    told(&found(&json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        everything("Deny", condition),
    ])))
}

fn of_allow(condition: &Value) -> String {
    told(&found(&json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition},
    ])))
}

#[test]
fn a_deny_of_those_without_the_key_leaves_sessions_without_mfa() {
    insta::assert_snapshot!(of_deny(&json!({"Null": {PRESENT: "true"}})), @r#"
    PresentWithoutValue at 1
    This Deny ('Null aws:MultiFactorAuthPresent true') stops only long-term keys: sessions and sign-ins without MFA have aws:MultiFactorAuthPresent, and it is false. A console sign-in without MFA can do s3:* on *.
    > Write "Null": {"aws:MultiFactorAuthAge": "true"} in its place: there is an age only with MFA.
    "#);
    let none_is_there = json!({"StringNotLike": {PRESENT: "*"}});
    assert!(of_deny(&none_is_there).starts_with("PresentWithoutValue at 1"));
}

#[test]
fn an_allow_of_those_with_the_key_lets_sessions_without_mfa_in() {
    insta::assert_snapshot!(of_allow(&json!({"Null": {PRESENT: "false"}})), @r#"
    PresentWithoutValue at 0
    This Allow ('Null aws:MultiFactorAuthPresent false') keeps only long-term keys out: sessions and sign-ins without MFA have aws:MultiFactorAuthPresent, too, and it is false. A console sign-in without MFA can do s3:* on *.
    > Write "Bool": {"aws:MultiFactorAuthPresent": "true"} in its place.
    "#);
    for condition in [
        json!({"Bool": {PRESENT: ["true", "false"]}}),
        json!({"StringLike": {PRESENT: "*"}}),
        json!({"Null": {PRESENT: "false"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
    ] {
        let told = of_allow(&condition);
        assert!(
            told.starts_with("PresentWithoutValue at 0"),
            "{condition}: {told}"
        );
    }
}

#[test]
fn a_deny_that_is_the_wrong_way_round_is_told() {
    insta::assert_snapshot!(of_deny(&json!({"BoolIfExists": {PRESENT: "true"}})), @r#"
    Inverted at 1
    This Deny ('BoolIfExists aws:MultiFactorAuthPresent true') is the wrong way round: it stops sessions with MFA, and not console sign-ins without MFA. A console sign-in without MFA can do s3:* on *.
    > Write "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"} in its place.
    "#);
    insta::assert_snapshot!(of_deny(&json!({"NumericLessThan": {AGE: "28800"}})), @r#"
    Inverted at 1
    This Deny ('NumericLessThan aws:MultiFactorAuthAge 28800') is the wrong way round: it stops sessions with MFA, and not long-term keys. A long-term key can do s3:* on *.
    > Write NumericGreaterThan in its place, and add a second Deny statement with the condition "Null": {"aws:MultiFactorAuthAge": "true"}.
    "#);
    for condition in [
        json!({"Bool": {PRESENT: "true"}}),
        json!({"Null": {AGE: "false"}}),
        json!({"StringNotEquals": {PRESENT: "false"}}),
    ] {
        let told = of_deny(&condition);
        assert!(told.starts_with("Inverted at 1"), "{condition}: {told}");
    }
}

#[test]
fn an_allow_that_is_the_wrong_way_round_is_told() {
    insta::assert_snapshot!(of_allow(&json!({"Bool": {PRESENT: "false"}})), @r#"
    Inverted at 0
    This Allow ('Bool aws:MultiFactorAuthPresent false') is the wrong way round: it holds for console sign-ins without MFA, and not for sessions with MFA. A console sign-in without MFA can do s3:* on *.
    > Write "Bool": {"aws:MultiFactorAuthPresent": "true"} in its place.
    "#);
    insta::assert_snapshot!(of_allow(&json!({"NumericGreaterThan": {AGE: "28800"}})), @"
    Inverted at 0
    This Allow ('NumericGreaterThan aws:MultiFactorAuthAge 28800') is the wrong way round: it holds only once the MFA is old. A session with an old MFA can do s3:* on *.
    > Write NumericLessThan in its place.
    ");
    for condition in [
        json!({"BoolIfExists": {PRESENT: "false"}}),
        json!({"Null": {AGE: "true"}}),
    ] {
        let told = of_allow(&condition);
        assert!(told.starts_with("Inverted at 0"), "{condition}: {told}");
    }
}

#[test]
fn enrolment_without_mfa_is_the_right_way_round() {
    let statements = json!([
        everything("Allow", &json!({"Bool": {PRESENT: "true"}})),
        {"Effect": "Allow", "Action": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
         "Resource": ["arn:aws:iam::*:mfa/${aws:username}", "arn:aws:iam::*:user/${aws:username}"],
         "Condition": {"BoolIfExists": {PRESENT: "false"}}},
    ]);
    assert_eq!(kinds(&statements), []);
}

#[test]
fn a_deny_of_some_with_mfa_may_be_meant_so() {
    let elsewhere =
        json!({"Bool": {PRESENT: "true"}, "StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}});
    assert_eq!(of_deny(&elsewhere), "");
}

#[test]
fn a_deny_that_stops_the_wrong_ones_comes_to_something_later_where_nothing_is_allowed_yet() {
    for (condition, kind) in [
        (
            json!({"Null": {PRESENT: "true"}}),
            "PresentWithoutValue at 1",
        ),
        (json!({"Bool": {PRESENT: "true"}}), "Inverted at 1"),
    ] {
        let told = told(&found(&json!([
            everything("Allow", &json!({"Bool": {PRESENT: "true"}})),
            everything("Deny", &condition),
        ])));
        assert!(told.contains(kind), "{condition}: {told}");
        assert!(
            told.contains("Nothing comes of it for now"),
            "{condition}: {told}"
        );
    }
}
