//! `daypass audit`

use std::fs;

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use crate::support::{Home, Run};

mod comparing;
mod comparison;
mod denied;
mod devices_of_users;
mod files;
mod formats;
mod ignoring;
mod large;
mod live;
mod malformed;
mod many;
mod moto;
mod offline;
pub mod page;
mod seeded_account;

const ACCOUNT: &str = "123456789012";

/// The columns of a credential report, as AWS writes them.
const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,\
    password_last_changed,password_next_rotation,mfa_active,access_key_1_active,\
    access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
    access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
    cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

/// A moment so many days ago, as AWS writes it.
fn days_ago(days: i64) -> String {
    let moment = daypass::time::now() - TimeDelta::days(days) - TimeDelta::minutes(1);
    moment.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// A line of a credential report.
#[derive(Clone, Copy, Default)]
struct Line {
    mfa: bool,
    /// How many days ago the password was set and used.
    password: Option<(i64, Option<i64>)>,
    /// How many days ago the key was made and used.
    key: Option<(i64, Option<i64>)>,
}

impl Line {
    fn render(self, name: &str) -> String {
        let arn = match name {
            "<root_account>" => format!("arn:aws:iam::{ACCOUNT}:root"),
            name => format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
        };
        let ago = |days: Option<i64>, otherwise: &str| match days {
            Some(days) => days_ago(days),
            None => otherwise.to_owned(),
        };
        let (set, signed_in) = self.password.unwrap_or_default();
        let password = match self.password {
            Some(_) => format!(
                "true,{},{},N/A",
                ago(signed_in, "no_information"),
                days_ago(set)
            ),
            None => "false,N/A,N/A,N/A".to_owned(),
        };
        let key = match self.key {
            Some((made, used)) => {
                format!("true,{},{},eu-west-1,s3", days_ago(made), ago(used, "N/A"))
            }
            None => "false,N/A,N/A,N/A,N/A".to_owned(),
        };
        format!(
            "{name},{arn},{},{password},{},{key},false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
            days_ago(500),
            self.mfa
        )
    }
}

fn report(lines: &[(&str, Line)]) -> String {
    let lines = lines.iter().map(|(name, line)| line.render(name));
    let lines: Vec<String> = std::iter::once(COLUMNS.to_owned()).chain(lines).collect();
    lines.join("\n") + "\n"
}

fn allow_all() -> Value {
    json!({"Effect": "Allow", "Action": "*", "Resource": "*"})
}

/// Denies everything without MFA or with MFA older than eight hours.
fn enforcing() -> Value {
    let deny = |condition: Value| json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    json!([
        deny(json!({"Null": {"aws:MultiFactorAuthAge": "true"}})),
        deny(json!({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}})),
    ])
}

fn user(name: &str, groups: &[&str]) -> Value {
    json!({
        "Path": "/", "UserName": name, "UserId": format!("AIDA{}", name.to_uppercase()),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"), "CreateDate": "2025-01-01T00:00:00+00:00",
        "GroupList": groups, "AttachedManagedPolicies": [], "Tags": [],
    })
}

fn group(name: &str, statements: Value) -> Value {
    json!({
        "Path": "/", "GroupName": name, "GroupId": "AGPA1", "CreateDate": "2025-01-01T00:00:00+00:00",
        "Arn": format!("arn:aws:iam::{ACCOUNT}:group/{name}"), "AttachedManagedPolicies": [],
        "GroupPolicyList": [{
            "PolicyName": "policy",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        }],
    })
}

fn details(users: &[Value], groups: &[Value]) -> String {
    let details = json!({
        "UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": [], "Policies": [],
    });
    format!("{details:#}")
}

const ROOT: &str = "<root_account>";

/// A small company with one of most mistakes.
fn company() -> (String, String) {
    let with_mfa = Line {
        mfa: true,
        ..Line::default()
    };
    let report = report(&[
        (ROOT, with_mfa),
        (
            "ada",
            Line {
                password: Some((40, Some(2))),
                key: Some((40, Some(1))),
                ..with_mfa
            },
        ),
        (
            "bob",
            Line {
                password: Some((412, Some(3))),
                ..Line::default()
            },
        ),
        (
            "deploy",
            Line {
                key: Some((400, Some(5))),
                ..Line::default()
            },
        ),
    ]);
    let details = details(
        &[
            user("ada", &["developers"]),
            user("bob", &["developers"]),
            user("deploy", &["machines"]),
        ],
        &[
            group(
                "developers",
                json!([allow_all(), enforcing()[0], enforcing()[1]]),
            ),
            group("machines", allow_all()),
        ],
    );
    (report, details)
}

/// Writes the files of an account into the home.
fn write(home: &Home, (report, details): &(String, String)) {
    fs::write(home.path("report.csv"), report).expect("a report");
    fs::write(home.path("details.json"), details).expect("details");
}

/// Audits the files of the home.
fn audit(home: &Home, more: &[&str]) -> Run {
    let words = [
        "audit",
        "--credential-report",
        "report.csv",
        "--authorization-details",
        "details.json",
    ];
    home.daypass(words.into_iter().chain(more.iter().copied()))
        .run()
}

/// What is found of each check: `old-key user/deploy/key/1`.
fn found(run: &Run) -> Vec<String> {
    let findings = run.json()["findings"].clone();
    let findings = findings.as_array().expect("a list").iter();
    findings
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().expect("a text").to_owned();
            format!("{} {}", text("check"), text("subject"))
        })
        .collect()
}

/// The status of a check in the first account.
fn status(run: &Run, id: &str) -> String {
    let checks = run.json()["accounts"][0]["checks"].clone();
    let checks = checks.as_array().expect("a list").iter();
    let check = checks.clone().find(|check| check["id"] == id);
    check.expect(id)["status"]
        .as_str()
        .expect("a word")
        .to_owned()
}
