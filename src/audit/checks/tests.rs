//! Every check has something that it must find, and something near it that it must not.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::*;
use crate::{
    audit::{
        account::{Inputs, Known, RootSummary, Unknown, VirtualDevice},
        authorization_details::AuthorizationDetails,
        credential_report::{CredentialReport, Key, Password, ROOT, Row},
    },
    devices::MfaDevice,
    policy::judgement::Intent,
    time::parse_timestamp,
};

const ACCOUNT: &str = "123456789012";
const EIGHT_HOURS: Duration = Duration::from_secs(8 * 3_600);

fn now() -> Timestamp {
    parse_timestamp("2026-11-22T12:00:00Z").unwrap()
}

fn days_ago(days: i64) -> Option<Timestamp> {
    Some(now() - TimeDelta::days(days))
}

fn row(user: &str) -> Row {
    Row {
        user: user.to_owned(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/{user}"),
        created: days_ago(10),
        password: None,
        mfa_active: false,
        keys: Vec::new(),
    }
}

fn root() -> Row {
    Row {
        arn: format!("arn:aws:iam::{ACCOUNT}:root"),
        mfa_active: true,
        ..row(ROOT)
    }
}

fn with_mfa(row: Row) -> Row {
    Row {
        mfa_active: true,
        ..row
    }
}

fn with_password(row: Row, set: i64, used: Option<i64>) -> Row {
    Row {
        password: Some(Password {
            last_changed: days_ago(set),
            last_used: used.and_then(days_ago),
        }),
        ..row
    }
}

fn with_key(mut row: Row, made: i64, used: Option<i64>) -> Row {
    row.keys.push(Key {
        number: u8::try_from(row.keys.len() + 1).unwrap(),
        active: true,
        created: days_ago(made),
        last_used: used.and_then(days_ago),
    });
    row
}

fn none<T>() -> Known<T> {
    Err(Unknown::because("it was not read"))
}

/// An account of which only the credential report is known.
fn reported(rows: Vec<Row>) -> Inputs {
    let mut all = vec![root()];
    all.extend(rows);
    Inputs {
        account_id: None,
        credential_report: Ok(CredentialReport { rows: all }),
        details: none(),
        summary: none(),
        virtual_devices: none(),
        devices: none(),
        denied: std::collections::BTreeSet::new(),
    }
}

fn statement(effect: &str, condition: Value) -> Value {
    json!({"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition})
}

fn allow_all() -> Value {
    json!({"Effect": "Allow", "Action": "*", "Resource": "*"})
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

fn policy(name: &str, statements: &[Value]) -> Value {
    json!({
        "PolicyName": name,
        "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
    })
}

fn group(name: &str, statements: &[Value]) -> Value {
    json!({
        "GroupName": name,
        "Arn": format!("arn:aws:iam::{ACCOUNT}:group/{name}"),
        "GroupPolicyList": [policy("inline", statements)],
        "AttachedManagedPolicies": [],
    })
}

fn user(name: &str, groups: &[&str], statements: &[Value]) -> Value {
    let own = match statements {
        [] => json!([]),
        statements => json!([policy("own", statements)]),
    };
    json!({
        "UserName": name,
        "Arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
        "GroupList": groups,
        "UserPolicyList": own,
        "AttachedManagedPolicies": [],
    })
}

fn details(users: &[Value], groups: &[Value]) -> Known<AuthorizationDetails> {
    let text = json!({"UserDetailList": users, "GroupDetailList": groups, "Policies": []});
    Ok(AuthorizationDetails::read(text.to_string().as_bytes()).unwrap())
}

fn devices(of: &[(&str, &[&str])]) -> Known<HashMap<String, Known<Vec<MfaDevice>>>> {
    let of = of.iter().map(|(user, serials)| {
        let devices = serials.iter().map(|serial| MfaDevice::new(serial, None));
        ((*user).to_owned(), Ok(devices.collect()))
    });
    Ok(of.collect())
}

/// What a check says: the subjects that it found, with their severity, and what it could not look at.
fn ask(id: &str, inputs: Inputs) -> (Vec<String>, Vec<String>) {
    let intent = Intent {
        max_age: Some(EIGHT_HOURS),
    };
    let account = Account::of(inputs, &intent);
    let context = Context {
        account: &account,
        now: now(),
        max_age: EIGHT_HOURS,
    };
    let answer = (by_id(id).unwrap().ask)(&context);
    let mut found: Vec<String> = answer
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.severity, finding.subject))
        .collect();
    found.sort();
    (found, answer.unchecked)
}

fn found(id: &str, inputs: Inputs) -> Vec<String> {
    let (found, unchecked) = ask(id, inputs);
    assert_eq!(unchecked, Vec::<String>::new(), "{id}");
    found
}

const NOTHING: [&str; 0] = [];

#[test]
fn every_check_has_a_question_and_an_id_of_its_own() {
    for check in ALL {
        let same = ALL.iter().filter(|other| other.id == check.id);
        assert_eq!(same.count(), 1, "{}", check.id);
        assert!(check.question.ends_with('?'), "{}", check.id);
        assert!(!check.title.ends_with('.') && !check.remediation.is_empty());
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        assert!(check.id.bytes().all(is_word), "{}", check.id);
    }
}

#[test]
fn a_root_user_without_mfa_is_found_by_the_report_and_by_the_summary() {
    let without = || Inputs {
        credential_report: Ok(CredentialReport {
            rows: vec![Row {
                mfa_active: false,
                ..root()
            }],
        }),
        ..reported(vec![])
    };
    assert_eq!(found("root-mfa", without()), ["critical root"]);
    assert_eq!(found("root-mfa", reported(vec![])), NOTHING);
    // The summary is newer.
    let enabled = RootSummary {
        mfa_enabled: true,
        access_keys_present: false,
        password_present: true,
    };
    let newer = Inputs {
        summary: Ok(enabled),
        ..without()
    };
    assert_eq!(found("root-mfa", newer), NOTHING);
    let unknown = Inputs {
        credential_report: none(),
        ..reported(vec![])
    };
    assert_eq!(
        ask("root-mfa", unknown),
        (vec![], vec!["it was not read".to_owned()])
    );
}

/// Organizations take the credentials of the root users of their accounts away: nobody can sign in then.
#[test]
fn a_root_user_without_credentials_needs_no_mfa() {
    let ask_with = |id: &str, password_present, access_keys_present, row: Row| {
        let summary = RootSummary {
            mfa_enabled: false,
            access_keys_present,
            password_present,
        };
        let inputs = Inputs {
            credential_report: Ok(CredentialReport { rows: vec![row] }),
            summary: Ok(summary),
            virtual_devices: Ok(Vec::new()),
            ..reported(vec![])
        };
        ask(id, inputs).0
    };
    let row = || Row {
        mfa_active: false,
        ..root()
    };
    assert_eq!(ask_with("root-mfa", false, false, row()), NOTHING);
    assert_eq!(ask_with("root-hardware-mfa", false, false, row()), NOTHING);
    let critical = ["critical root"];
    assert_eq!(ask_with("root-mfa", true, false, row()), critical);
    assert_eq!(ask_with("root-mfa", false, true, row()), critical);
    let with_password = with_password(row(), 10, None);
    assert_eq!(ask_with("root-mfa", false, false, with_password), critical);
}

#[test]
fn a_root_user_with_keys_is_found_and_one_with_an_inactive_key_is_not() {
    let report = |root: Row| Inputs {
        credential_report: Ok(CredentialReport { rows: vec![root] }),
        ..reported(vec![])
    };
    let with = with_key(root(), 10, None);
    let mut inactive = with.clone();
    inactive.keys[0].active = false;
    assert_eq!(found("root-access-keys", report(with)), ["critical root"]);
    assert_eq!(found("root-access-keys", report(inactive)), NOTHING);
}

#[test]
fn a_virtual_device_of_the_root_user_is_found_and_a_hardware_one_is_not() {
    let device = |serial: &str, owner: &str| VirtualDevice {
        serial: format!("arn:aws:iam::{ACCOUNT}:mfa/{serial}"),
        owner: Some(format!("arn:aws:iam::{ACCOUNT}:{owner}")),
    };
    let with = |devices: Vec<VirtualDevice>| Inputs {
        virtual_devices: Ok(devices),
        ..reported(vec![])
    };
    let of_root = with(vec![device("root-account-mfa-device", "root")]);
    assert_eq!(found("root-hardware-mfa", of_root), ["medium root"]);
    let of_user = with(vec![device("ada", "user/ada"), device("root", "user/root")]);
    assert_eq!(found("root-hardware-mfa", of_user), NOTHING);
    let (nothing, unchecked) = ask("root-hardware-mfa", reported(vec![]));
    assert_eq!((nothing.len(), unchecked.len()), (0, 1));
}

#[test]
fn a_password_without_mfa_is_found_and_a_key_without_mfa_is_another_matter() {
    let rows = vec![
        with_password(row("ada"), 400, Some(3)),
        with_password(row("bob"), 20, None),
        with_mfa(with_password(row("cyd"), 400, Some(3))),
        with_key(row("dan"), 10, None),
    ];
    assert_eq!(
        found("console-without-mfa", reported(rows)),
        ["high user/ada", "high user/bob"]
    );
}

#[test]
fn a_password_without_mfa_is_told_with_its_age_and_last_use() {
    let account = Account::of(
        reported(vec![with_password(row("ada"), 400, Some(3))]),
        &Intent::default(),
    );
    let context = Context {
        account: &account,
        now: now(),
        max_age: EIGHT_HOURS,
    };
    let answer = (console_without_mfa::CHECK.ask)(&context);
    assert_eq!(
        answer.findings[0].what,
        "has a password (set 400 days ago, last used 3 days ago) and no MFA device"
    );
    assert_eq!(answer.findings[0].fix, "daypass enroll --user ada");
}

/// Whoever got it yesterday is to sign in yet.
#[test]
fn a_password_is_to_be_taken_away_only_where_nobody_has_ever_needed_it() {
    let fixes = |row: Row| {
        let account = Account::of(reported(vec![row]), &Intent::default());
        let context = Context {
            account: &account,
            now: now(),
            max_age: EIGHT_HOURS,
        };
        let answer = (console_without_mfa::CHECK.ask)(&context);
        answer.findings[0].fix.clone()
    };
    let enrol = "daypass enroll --user ada";
    assert_eq!(fixes(with_password(row("ada"), 400, Some(3))), enrol);
    assert_eq!(fixes(with_password(row("ada"), 1, None)), enrol);
    assert_eq!(
        fixes(with_password(row("ada"), 91, None)),
        "aws iam delete-login-profile --user-name ada"
    );
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

const VIRTUAL: &str = "arn:aws:iam::123456789012:mfa/phone";
const FIDO: &str = "arn:aws:iam::123456789012:u2f/user/ada/key-ABC";
const SMS: &str = "arn:aws:iam::123456789012:sms-mfa/ada";

#[test]
fn security_keys_alone_are_found_only_where_there_are_keys_for_the_command_line() {
    let inputs = Inputs {
        devices: devices(&[
            ("ada", &[FIDO]),
            ("bob", &[FIDO, VIRTUAL]),
            ("cyd", &[FIDO]),
            ("dan", &["GAHT12345678"]),
        ]),
        ..reported(vec![
            with_mfa(with_key(row("ada"), 1, None)),
            with_mfa(with_key(row("bob"), 1, None)),
            with_mfa(with_password(row("cyd"), 1, None)),
            with_mfa(with_key(row("dan"), 1, None)),
            with_key(row("eve"), 1, None),
        ])
    };
    assert_eq!(found("fido-only-with-keys", inputs), ["medium user/ada"]);
}

#[test]
fn telephones_and_single_devices_are_found() {
    let inputs = || Inputs {
        devices: devices(&[
            ("ada", &[SMS]),
            ("bob", &[VIRTUAL, FIDO]),
            ("cyd", &[VIRTUAL]),
        ]),
        ..reported(vec![
            with_mfa(row("ada")),
            with_mfa(row("bob")),
            with_mfa(row("cyd")),
            row("dan"),
        ])
    };
    assert_eq!(found("sms-device", inputs()), ["medium user/ada"]);
    assert_eq!(
        found("single-device", inputs()),
        ["low user/ada", "low user/cyd"]
    );
}

#[test]
fn a_device_of_nobody_is_found() {
    let device = |name: &str, owner: Option<&str>| VirtualDevice {
        serial: format!("arn:aws:iam::{ACCOUNT}:mfa/{name}"),
        owner: owner.map(str::to_owned),
    };
    let inputs = Inputs {
        virtual_devices: Ok(vec![device("ada", Some("ada")), device("left", None)]),
        ..reported(vec![])
    };
    let expected = format!("low device/arn:aws:iam::{ACCOUNT}:mfa/left");
    assert_eq!(found("unassigned-device", inputs), [expected]);
}

#[test]
fn a_key_is_old_after_ninety_days_and_unused_after_ninety_without_use() {
    let rows = || {
        let mut inactive = with_key(row("inactive"), 400, None);
        inactive.keys[0].active = false;
        vec![
            with_key(row("old-in-use"), 91, Some(1)),
            with_key(row("just-fits"), 90, Some(90)),
            with_key(row("never-used"), 91, None),
            with_key(with_key(row("two"), 400, Some(91)), 10, None),
            inactive,
        ]
    };
    assert_eq!(
        found("old-key", reported(rows())),
        [
            "medium user/never-used/key/1",
            "medium user/old-in-use/key/1",
            "medium user/two/key/1"
        ]
    );
    assert_eq!(
        found("unused-key", reported(rows())),
        ["medium user/never-used/key/1", "medium user/two/key/1"]
    );
}

#[test]
fn a_password_is_unused_after_ninety_days_without_a_sign_in() {
    let rows = vec![
        with_password(row("unused"), 400, Some(91)),
        with_password(row("never"), 91, None),
        with_password(row("in-use"), 400, Some(90)),
        with_password(row("new"), 5, None),
        row("none"),
    ];
    assert_eq!(
        found("unused-password", reported(rows)),
        ["medium user/never", "medium user/unused"]
    );
}

#[test]
fn what_is_missing_is_told_and_the_rest_is_checked() {
    let only_details = || Inputs {
        credential_report: none(),
        details: details(
            &[user("ada", &["open"], &[])],
            &[group("open", &[allow_all()])],
        ),
        ..reported(vec![])
    };
    assert_eq!(
        found("group-without-mfa", only_details()),
        ["high group/open"]
    );
    for id in [
        "console-without-mfa",
        "key-without-mfa",
        "old-key",
        "locked-out",
    ] {
        let expected = (Vec::new(), vec!["it was not read".to_owned()]);
        assert_eq!(ask(id, only_details()), expected, "{id}");
    }
    let newer = Inputs {
        details: details(
            &[user("ada", &[], &[allow_all()]), user("new", &[], &[])],
            &[],
        ),
        ..reported(vec![with_key(row("ada"), 1, None)])
    };
    let (found, unchecked) = ask("key-without-mfa", newer);
    assert_eq!(found, ["high user/ada/key/1"]);
    assert_eq!(unchecked, ["user 'new': is not in the credential report"]);
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
fn a_name_that_begins_with_a_dash_is_no_option_of_the_command_that_mends() {
    assert_eq!(value("ada"), " ada");
    assert_eq!(value("a;b"), " 'a;b'");
    assert_eq!(value("--profile=x"), "='--profile=x'");
    let inputs = reported(vec![with_password(row("-dash"), 400, None)]);
    let account = Account::of(inputs, &Intent::default());
    let context = Context {
        account: &account,
        now: now(),
        max_age: EIGHT_HOURS,
    };
    let answer = (console_without_mfa::CHECK.ask)(&context);
    assert_eq!(
        answer.findings[0].fix,
        "aws iam delete-login-profile --user-name=-dash"
    );
}

#[test]
fn a_telephone_is_taken_away_once_there_is_another_device() {
    let phone =
        |name: &str| MfaDevice::new(&format!("arn:aws:iam::{ACCOUNT}:sms-mfa/{name}"), None);
    let other = MfaDevice::new("GAHT12345678", None);
    let fixes = |devices: Vec<MfaDevice>| -> Vec<bool> {
        let inputs = Inputs {
            devices: Ok(HashMap::from([("ada".to_owned(), Ok(devices))])),
            ..reported(vec![with_mfa(row("ada"))])
        };
        let account = Account::of(inputs, &Intent::default());
        let context = Context {
            account: &account,
            now: now(),
            max_age: EIGHT_HOURS,
        };
        let findings = (sms_device::CHECK.ask)(&context).findings.into_iter();
        findings
            .map(|finding| {
                finding
                    .fix
                    .starts_with("daypass enroll --user ada && aws iam deactivate")
            })
            .collect()
    };
    assert_eq!(fixes(vec![phone("a"), phone("b")]), [true, false]);
    assert_eq!(fixes(vec![phone("a"), other]), [false]);
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
