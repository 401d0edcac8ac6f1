//! How long it takes to judge many principals, and policies that are made to be hard: `cargo bench --bench policy`.
//!
//! It measures with a clock and nothing else. That no answer takes long is tested by counting work, in
//! tests/policies/hostile.rs.

#![allow(clippy::print_stdout)] // it is what a benchmark does

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use daypass::policy::{
    document::Document,
    judgement::{Intent, Verdict, judge},
    principal::{Policy, Principal, PrincipalKind},
};
use serde_json::{Value, json};

const PRINCIPALS: usize = 5_000;
const POLICIES: usize = 10;

fn main() {
    for (name, guard) in [
        ("everything denied without MFA", strict()),
        ("all but enrolment denied without MFA", self_service()),
        ("no MFA at all", json!([])),
        ("Bool in place of BoolIfExists", broken()),
    ] {
        let principals: Vec<Principal> = (0..PRINCIPALS)
            .map(|number| principal(number, &guard))
            .collect();
        let start = Instant::now();
        let enforced = principals
            .iter()
            .filter(|principal| judge(principal, &Intent::default()).verdict == Verdict::Enforced)
            .count();
        told(
            &format!(
                "{PRINCIPALS} principals with {POLICIES} policies, {name}: {enforced} enforced"
            ),
            start.elapsed(),
        );
    }
    for (name, statements) in hostile() {
        let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let start = Instant::now();
        let read = Document::parse(&text);
        let verdict = read.map(|document| judge(&of(vec![document]), &Intent::default()).verdict);
        told(
            &format!("{name}, {} KiB: {verdict:?}", text.len() >> 10),
            start.elapsed(),
        );
    }
}

fn told(what: &str, took: Duration) {
    println!("{:>8.1} ms  {what}", took.as_secs_f64() * 1000.0);
}

fn of(documents: Vec<Document>) -> Principal {
    let policies = documents.into_iter().map(|document| Policy {
        name: "policy".into(),
        location: None,
        document: Arc::new(document),
    });
    Principal {
        kind: PrincipalKind::User,
        name: "ada".into(),
        policies: policies.collect(),
        boundary: None,
        unknown_policies: Vec::new(),
    }
}

/// Nine policies with rights, each of its own, and one that is to enforce MFA.
fn principal(number: usize, guard: &Value) -> Principal {
    let rights = (1..POLICIES).map(|policy| {
        json!([
            {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*", format!("service{policy}:*")],
             "Resource": ["arn:aws:s3:::shared/*", format!("arn:aws:s3:::bucket-{number}-{policy}/*")]},
            {"Effect": "Allow", "Action": ["ec2:Describe*", "logs:*", "cloudwatch:GetMetricData"], "Resource": "*",
             "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}},
        ])
    });
    let statements = rights.chain([guard.clone()]);
    let documents =
        statements.map(|statements| json!({"Version": "2012-10-17", "Statement": statements}));
    of(documents
        .map(|document| Document::from_value(&document).expect("a document"))
        .collect())
}

fn strict() -> Value {
    json!([
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:MultiFactorAuthAge": "true"}}},
        {"Effect": "Deny", "Action": "*", "Resource": "*",
         "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}}},
    ])
}

fn self_service() -> Value {
    json!([
        {"Effect": "Deny", "Resource": "*",
         "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:GetMFADevice",
                       "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"],
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
    ])
}

fn broken() -> Value {
    json!([{"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}])
}

fn hostile() -> Vec<(&'static str, Value)> {
    let without_mfa = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    let deny = |name: &str, patterns: Value| json!({"Effect": "Deny", name: patterns, "Resource": "*", "Condition": without_mfa});
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let many: Vec<String> = (0..40_000)
        .map(|number| format!("s3:GetObject{number:08}"))
        .collect();
    let tangled: Vec<String> = (0..400)
        .map(|number| format!("*{number}*a*?b*a*?b*{number}*"))
        .collect();
    let exceptions = (0..500).map(|number| {
        deny(
            "NotAction",
            json!([format!("s3:*{number}*"), format!("*{number}:Get*")]),
        )
    });
    vec![
        (
            "many actions denied",
            json!([allow, deny("Action", json!(many))]),
        ),
        (
            "many actions allowed",
            json!([{"Effect": "Allow", "Action": many, "Resource": "*"}]),
        ),
        (
            "one long pattern",
            json!([
                allow,
                deny("Action", json!(format!("s3:{}", "*a".repeat(1 << 19))))
            ]),
        ),
        (
            "tangled wildcards",
            json!([{"Effect": "Allow", "Action": tangled, "Resource": tangled}, deny("Action", json!(tangled))]),
        ),
        (
            "tangled exceptions",
            json!([{"Effect": "Allow", "Action": tangled, "Resource": tangled}, deny("NotAction", json!(tangled))]),
        ),
        (
            "hundreds of exceptions",
            exceptions.chain([allow.clone()]).collect(),
        ),
        (
            "hundreds of statements",
            (0..4_000).map(|_| allow.clone()).collect(),
        ),
        (
            "nested to the hilt",
            serde_json::from_str(&format!("{}{}", "[".repeat(100), "]".repeat(100))).expect("JSON"),
        ),
    ]
}
