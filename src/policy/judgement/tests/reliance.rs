//! What is not to be relied on.

use super::*;

#[test]
fn an_age_that_no_session_reaches_is_no_limit() {
    let limit = |condition: &Value| judged(&json!([everything("Deny", condition)])).age_limit;
    for age in [
        "1152921504606846976",
        "18446744073709551615",
        "1e30",
        "99999999999",
    ] {
        let condition =
            json!({"NumericGreaterThanEqualsIfExists": {"aws:MultiFactorAuthAge": age}});
        assert_eq!(limit(&condition), None, "{age}");
    }
    let strange = json!({"StringNotEquals": {"aws:MultiFactorAuthAge": "18446744073709551615"}});
    assert_eq!(
        judged(&json!([everything("Allow", &strange)])).age_limit,
        None
    );
}

#[test]
fn a_policy_whose_only_key_is_misspelt_is_judged_by_what_it_leaves() {
    let judgement = judged(&json!([everything(
        "Deny",
        &json!({"BoolIfExists": {"aws:MultiFactorAuthPresence": "false"}})
    )]));
    assert_eq!(
        (judgement.verdict, judgement.basis),
        (Verdict::NotEnforced, Basis::AsIfAllAllowed)
    );
}

#[test]
fn what_is_apart_only_as_long_as_no_user_has_that_name_is_not_enforced() {
    let without_mfa = || json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    let verdict = |allowed: &str, excepted: &str| {
        judged(&json!([
            {"Effect": "Allow", "Action": "s3:*", "Resource": allowed},
            {"Effect": "Deny", "Action": "*", "NotResource": excepted, "Condition": without_mfa()},
        ]))
        .verdict
    };
    let home = |name: &str| format!("arn:aws:s3:::home/{name}");
    let own = home("${aws:username}");
    for (allowed, excepted) in [
        (home("alice"), own.clone()),
        (home("alice/*"), format!("{own}/*")),
        (home("a?"), own.clone()),
        (own.clone(), home("a*")),
        (home("x-${aws:username}"), own.clone()),
    ] {
        assert_ne!(
            verdict(&allowed, &excepted),
            Verdict::Enforced,
            "{allowed} {excepted}"
        );
    }
    for (allowed, excepted) in [
        (home("alice/x"), own.clone()),
        (home(""), own.clone()),
        (home("al ice"), own.clone()),
        (home("team/${aws:username}"), own.clone()),
        ("arn:aws:s3:::houses/alice".into(), own.clone()),
    ] {
        assert_eq!(
            verdict(&allowed, &excepted),
            Verdict::Enforced,
            "{allowed} {excepted}"
        );
    }
}

#[test]
fn a_boundary_that_may_name_the_user_lets_through() {
    let mut principal = group(&json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}"},
    ]));
    principal.boundary = Some(policy(
        "boundary",
        &json!([
            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/alice"},
            everything("Allow", &json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
        ]),
    ));
    assert_eq!(
        judge(&principal, &Intent::default()).verdict,
        Verdict::Partly
    );
}

#[test]
fn a_deny_with_a_variable_that_may_be_absent_is_not_relied_on() {
    let mut principal = group(&json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": ["*", "arn:aws:iam::*:user/${aws:username}"],
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
    ]));
    assert_eq!(
        judge(&principal, &Intent::default()).verdict,
        Verdict::Enforced
    );
    principal.kind = PrincipalKind::Role;
    let judgement = judge(&principal, &Intent::default());
    assert_eq!(judgement.verdict, Verdict::Partly);
    insta::assert_snapshot!(told(&judgement).lines().nth(1).unwrap_or_default(), @"long-term key: Perhaps: s3:* on * by mfa[0] if what ${aws:username} stands for leaves it open");
}

#[test]
fn a_condition_with_a_variable_means_something_else_in_the_old_version() {
    let condition = json!({"StringLike": {"s3:prefix": "${aws:username}/*"}});
    let mut with_mfa_too = condition.clone();
    with_mfa_too["BoolIfExists"] = json!({"aws:MultiFactorAuthPresent": "false"});
    let mut principal = group(&json!([everything("Allow", &condition)]));
    let mut old = policy("old", &json!([everything("Deny", &with_mfa_too)]));
    principal.policies.push(old.clone());
    assert_eq!(
        judge(&principal, &Intent::default()).verdict,
        Verdict::Enforced
    );
    let document = Document {
        version: Version::V2008,
        ..(*old.document).clone()
    };
    old.document = Arc::new(document);
    principal.policies[1] = old;
    assert_ne!(
        judge(&principal, &Intent::default()).verdict,
        Verdict::Enforced
    );
}
