//! Every check has something that it must find, and something near it that it must not.

use serde_json::{Value, json};

use super::*;
use crate::{
    audit::{
        account::{Inputs, Known, Unknown},
        authorization_details::AuthorizationDetails,
        credential_report::{CredentialReport, Key, Password, ROOT, Row},
    },
    policy::judgement::Intent,
    time::parse_timestamp,
};

mod credentials;
mod devices;
mod policies;
mod root;

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

fn allow_all() -> Value {
    json!({"Effect": "Allow", "Action": "*", "Resource": "*"})
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
