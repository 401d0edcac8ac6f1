//! What is asked of the policies of users and groups.

use super::*;

fn statement(effect: &str, condition: Value) -> Value {
    json!({"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition})
}

/// Denies everything without MFA, or with MFA older than so many seconds.
fn deny_all(limit: Option<u64>) -> Vec<Value> {
    let mut statements = vec![statement(
        "Deny",
        json!({"Null": {"aws:MultiFactorAuthAge": "true"}}),
    )];
    if let Some(limit) = limit {
        let condition =
            json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": limit.to_string()}});
        statements.push(statement("Deny", condition));
    }
    statements
}

/// Denies everything but the enrolment of one's own device without MFA.
fn deny_all_but_enrolment() -> Vec<Value> {
    vec![json!({
        "Effect": "Deny",
        "NotAction": [
            "iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices",
            "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken",
        ],
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    })]
}

#[test]
fn a_group_that_is_yet_to_be_made_is_made() {
    let fix = |row: Row| {
        let inputs = Inputs {
            details: details(&[user("ada", &[], &[allow_all()])], &[]),
            ..reported(vec![with_key(row, 1, None)])
        };
        let account = Account::of(inputs, &Intent::default());
        let context = Context {
            account: &account,
            now: now(),
            max_age: EIGHT_HOURS,
        };
        let answer = (key_without_mfa::CHECK.ask)(&context);
        answer.findings[0].fix.clone()
    };
    let expected = "daypass policy apply --group mfa --create-group && aws iam add-user-to-group --user-name ada \
         --group-name mfa";
    assert_eq!(fix(with_mfa(row("ada"))), expected);
    assert_eq!(fix(with_password(row("ada"), 1, None)), expected);
    // It may be a machine, which would be locked out.
    assert_eq!(fix(row("ada")), format!("if a person uses it: {expected}"));
}

#[test]
fn a_key_that_works_without_mfa_is_found_and_one_that_is_denied_everything_is_not() {
    let both = |effect: Vec<Value>| [vec![allow_all()], effect].concat();
    let inputs = Inputs {
        details: details(
            &[
                user("open", &[], &[allow_all()]),
                user("shut", &[], &both(deny_all(None))),
                user("by-group", &["mfa"], &[allow_all()]),
                user("enrolling", &[], &both(deny_all_but_enrolment())),
                user(
                    "broken",
                    &[],
                    &both(vec![statement(
                        "Deny",
                        json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
                    )]),
                ),
                user("powerless", &[], &[]),
                user(
                    "only-denied",
                    &[],
                    &[statement(
                        "Deny",
                        json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
                    )],
                ),
                user("without-key", &[], &[allow_all()]),
                user(
                    "from-home",
                    &[],
                    &[statement(
                        "Allow",
                        json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
                    )],
                ),
            ],
            &[group("mfa", &deny_all(Some(28_800)))],
        ),
        ..reported(
            [
                "open",
                "shut",
                "by-group",
                "enrolling",
                "broken",
                "powerless",
                "only-denied",
                "from-home",
            ]
            .map(|name| with_key(row(name), 10, Some(1)))
            .into_iter()
            .chain([row("without-key")])
            .collect(),
        )
    };
    assert_eq!(
        found("key-without-mfa", inputs),
        [
            "high user/broken/key/1",
            "high user/open/key/1",
            "medium user/from-home/key/1",
        ]
    );
}

#[test]
fn a_key_under_a_boundary_that_denies_is_not_found() {
    let boundary = format!("arn:aws:iam::{ACCOUNT}:policy/boundary");
    let mut bounded = user("bounded", &[], &[allow_all()]);
    bounded["PermissionsBoundary"] = json!({"PermissionsBoundaryArn": boundary});
    let text = |statements: &[Value]| {
        json!({
            "UserDetailList": [bounded.clone()],
            "GroupDetailList": [],
            "Policies": [{
                "PolicyName": "boundary", "Arn": boundary, "DefaultVersionId": "v1",
                "PolicyVersionList": [{
                    "VersionId": "v1", "IsDefaultVersion": true,
                    "Document": {"Version": "2012-10-17", "Statement": statements},
                }],
            }],
        })
    };
    let ask_with = |statements: &[Value]| {
        let text = text(statements).to_string();
        found(
            "key-without-mfa",
            Inputs {
                details: Ok(AuthorizationDetails::read(text.as_bytes()).unwrap()),
                ..reported(vec![with_key(row("bounded"), 10, None)])
            },
        )
    };
    let with_mfa_only = statement(
        "Allow",
        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    );
    assert_eq!(ask_with(&[allow_all()]), ["high user/bounded/key/1"]);
    assert_eq!(ask_with(&[with_mfa_only]), NOTHING);
}

#[test]
fn a_group_is_judged_by_what_its_policies_mean() {
    let mfa_present = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let inputs = Inputs {
        details: details(
            &[
                user("ada", &["open", "broken"], &[]),
                user("bob", &["stopped", "age"], &[]),
            ],
            &[
                group("open", &[allow_all()]),
                // A scanner that looks for the word would pass this one.
                group(
                    "broken",
                    &[statement("Allow", mfa_present.clone()), allow_all()],
                ),
                group("with-mfa", &[statement("Allow", mfa_present)]),
                // And fail this one.
                group("age", &[vec![allow_all()], deny_all(Some(28_800))].concat()),
                group("denies", &deny_all(None)),
                // Its one member is under the policies of `age` too.
                group("stopped", &[allow_all()]),
                group("empty", &[allow_all()]),
            ],
        ),
        ..reported(vec![row("ada"), row("bob")])
    };
    assert_eq!(
        found("group-without-mfa", inputs),
        [
            "high group/broken",
            "high group/open",
            "low group/empty",
            "low group/stopped"
        ]
    );
}

#[test]
fn a_broken_pattern_is_named_once_however_many_it_concerns() {
    let broken = statement(
        "Deny",
        json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
    );
    let whole = statement(
        "Deny",
        json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
    );
    let inputs = Inputs {
        details: details(
            &[user("ada", &["broken"], &[]), user("bob", &["broken"], &[])],
            &[
                group("broken", &[allow_all(), broken]),
                group("whole", &[allow_all(), whole]),
            ],
        ),
        ..reported(vec![row("ada"), row("bob")])
    };
    assert_eq!(
        found("broken-enforcement", inputs),
        ["high policy/inline policy 'inline' of group 'broken'"]
    );
}

/// What no statement alone is to blame for is a mistake of the policies together, and these are the group's.
#[test]
fn a_mistake_of_no_statement_is_that_of_the_group_and_not_of_each_member() {
    let open_enrolment = json!({
        "Effect": "Deny", "Resource": "*",
        "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:DeactivateMFADevice"],
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    });
    let inputs = Inputs {
        details: details(
            &[user("ada", &["open"], &[]), user("bob", &["open"], &[])],
            &[group("open", &[allow_all(), open_enrolment])],
        ),
        ..reported(vec![row("ada"), row("bob")])
    };
    assert_eq!(
        found("broken-enforcement", inputs),
        ["medium policy/group 'open'"]
    );
}

#[test]
fn a_group_without_an_age_limit_or_with_a_long_one_is_found() {
    let inputs = Inputs {
        details: details(
            &[],
            &[
                group("none", &deny_all(None)),
                group("long", &deny_all(Some(43_200))),
                group("fits", &deny_all(Some(28_800))),
                group("shorter", &deny_all(Some(3_600))),
                group("open", &[allow_all()]),
            ],
        ),
        ..reported(vec![])
    };
    assert_eq!(
        found("age-limit", inputs),
        ["low group/long", "low group/none"]
    );
}

#[test]
fn who_has_no_device_and_may_not_enrol_one_is_locked_out() {
    let shut = [vec![allow_all()], deny_all(Some(28_800))].concat();
    let self_service = [vec![allow_all()], deny_all_but_enrolment()].concat();
    let inputs = Inputs {
        details: details(
            &[
                user("out", &["shut"], &[]),
                user("has-device", &["shut"], &[]),
                user("may-enrol", &["self-service"], &[]),
                user("nobody", &["shut"], &[]),
                user("free", &[], &[allow_all()]),
            ],
            &[group("shut", &shut), group("self-service", &self_service)],
        ),
        ..reported(vec![
            with_password(with_key(row("out"), 10, None), 10, None),
            with_mfa(with_key(row("has-device"), 10, None)),
            with_key(row("may-enrol"), 10, None),
            row("nobody"),
            with_key(row("free"), 10, None),
        ])
    };
    assert_eq!(found("locked-out", inputs), ["medium user/out"]);
}

#[test]
fn a_policy_whose_text_is_missing_is_named() {
    let mut ada = user("ada", &["gone"], &[]);
    ada["AttachedManagedPolicies"] =
        json!([{"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]);
    let inputs = Inputs {
        details: details(&[ada], &[]),
        ..reported(vec![with_key(row("ada"), 1, None)])
    };
    let (_, unchecked) = ask("key-without-mfa", inputs);
    assert_eq!(
        unchecked,
        [
            "the text of policies 'arn:aws:iam::aws:policy/ReadOnlyAccess' and 'the policies of group 'gone'' \
          is not known"
        ]
    );
}

#[test]
fn a_key_is_put_under_a_group_that_limits_the_age_if_there_is_one() {
    let fix = |groups: &[Value]| {
        let inputs = Inputs {
            details: details(&[user("ada", &[], &[allow_all()])], groups),
            ..reported(vec![with_mfa(with_key(row("ada"), 1, None))])
        };
        let account = Account::of(inputs, &Intent::default());
        let context = Context {
            account: &account,
            now: now(),
            max_age: EIGHT_HOURS,
        };
        (key_without_mfa::CHECK.ask)(&context).findings[0]
            .fix
            .clone()
    };
    let endless = group("endless", &deny_all(None));
    let limited = group("limited", &deny_all(Some(28_800)));
    assert!(fix(std::slice::from_ref(&endless)).ends_with("--user-name ada --group-name endless"));
    assert!(fix(&[endless, limited]).ends_with("--user-name ada --group-name limited"));
}
