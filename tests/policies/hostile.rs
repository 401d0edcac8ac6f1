//! Policies that are made to be hard: each has an answer or an error, and never takes long.
//!
//! What is counted is work, not time, so that a slow machine fails no test. `cargo bench --bench policy` measures time.

use std::sync::Arc;

use daypass::policy::{
    document::Document,
    evaluation::Evaluation,
    judgement::{Intent, Judgement, Verdict, judge},
    principal::{Policy, Principal, PrincipalKind},
};
use serde_json::{Value, json};

/// What one search may look at before it is given up, and some for what is under way then.
const MOST_WORK: u64 = 40_000_000;

fn principal(statements: &Value) -> Principal {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    Principal {
        kind: PrincipalKind::Group,
        name: "developers".into(),
        policies: vec![Policy {
            name: "policy".into(),
            location: None,
            document: Arc::new(Document::parse(&text).expect("a document")),
        }],
        boundary: None,
        unknown_policies: Vec::new(),
    }
}

fn judged(statements: &Value) -> Judgement {
    judge(&principal(statements), &Intent::default())
}

fn deny_without_mfa(name: &str, patterns: Value) -> Value {
    json!({"Effect": "Deny", name: patterns, "Resource": "*",
           "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}})
}

const ALLOW_ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

fn allow_all() -> Value {
    serde_json::from_str(ALLOW_ALL).expect("a statement")
}

#[test]
fn a_mebibyte_of_actions_is_judged() {
    let actions: Vec<String> = (0..40_000)
        .map(|number| format!("s3:GetObject{number:08}"))
        .collect();
    let open = judged(&json!([{"Effect": "Allow", "Action": actions, "Resource": "*"}]));
    assert_eq!(open.verdict, Verdict::NotEnforced);
    let closed = judged(&json!([
        {"Effect": "Allow", "Action": actions, "Resource": "*"},
        deny_without_mfa("Action", json!("*")),
    ]));
    assert_eq!(closed.verdict, Verdict::Enforced);
    // A Deny that long leaves something, and is looked through to find it.
    let holes = judged(&json!([
        allow_all(),
        deny_without_mfa("Action", json!(actions))
    ]));
    assert_ne!(holes.verdict, Verdict::Enforced);
}

#[test]
fn a_pattern_of_a_mebibyte_is_judged() {
    let long = "*a".repeat(1 << 19);
    let judgement = judged(&json!([
        allow_all(),
        deny_without_mfa("Action", json!(format!("s3:{long}")))
    ]));
    assert_ne!(judgement.verdict, Verdict::Enforced);
}

#[test]
fn thousands_of_wildcards_are_given_up_rather_than_called_enforced() {
    let tangled: Vec<String> = (0..200)
        .map(|number| format!("*{}*{number}", "a*?b*".repeat(number % 7 + 1)))
        .collect();
    for name in ["Action", "NotAction"] {
        let statements = json!([
            {"Effect": "Allow", "Action": tangled, "Resource": tangled},
            deny_without_mfa(name, json!(tangled)),
        ]);
        let judgement = judged(&statements);
        assert_ne!(judgement.verdict, Verdict::Enforced, "{name}");
    }
}

#[test]
fn hundreds_of_denials_by_exception_are_judged() {
    let mut statements: Vec<Value> = (0..300)
        .map(|number| {
            deny_without_mfa(
                "NotAction",
                json!([format!("s3:*{number}*"), format!("*{number}:Get*")]),
            )
        })
        .collect();
    statements.push(allow_all());
    // Whatever the answer is, it is no proof that nothing is left: an action may bear all these numbers.
    assert_ne!(judged(&json!(statements)).verdict, Verdict::NotEnforced);
    let exact: Vec<Value> = (0..300)
        .map(|number| deny_without_mfa("NotAction", json!([format!("s3:Get{number}")])))
        .collect();
    let mut exact = exact;
    exact.push(allow_all());
    assert_eq!(judged(&json!(exact)).verdict, Verdict::Enforced);
}

#[test]
fn the_work_for_one_principal_is_bounded() {
    let tangled: Vec<String> = (0..400)
        .map(|number| format!("*{number}*a*?b*a*?b*{number}*"))
        .collect();
    let statements = json!([
        {"Effect": "Allow", "Action": tangled, "Resource": tangled},
        deny_without_mfa("NotAction", json!(tangled)),
    ]);
    let principal = principal(&statements);
    let evaluation = Evaluation::of(&principal);
    for caller in daypass::policy::caller::Caller::WITHOUT_MFA {
        let _ = evaluation.beyond_enrolment(caller);
    }
    assert!(evaluation.work() < MOST_WORK, "{}", evaluation.work());
}

#[test]
fn five_thousand_principals_take_little_work_each() {
    // Ten policies each, as benches/policy.rs has them: about 11,000 tokens are looked at for one.
    let statements = json!([
        {"Effect": "Allow", "Action": ["s3:*", "ec2:Describe*", "logs:*"], "Resource": "*"},
        deny_without_mfa("NotAction", json!(["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices",
                                             "iam:GetUser", "sts:GetSessionToken"])),
    ]);
    let mut principal = principal(&statements);
    let policy = principal.policies[0].clone();
    principal.policies.resize(10, policy);
    let evaluation = Evaluation::of(&principal);
    for caller in daypass::policy::caller::Caller::WITHOUT_MFA {
        let _ = evaluation.beyond_enrolment(caller);
    }
    assert!(evaluation.work() < 20_000, "{}", evaluation.work());
    // What no statement allows takes no search.
    let before = evaluation.work();
    let key = daypass::policy::caller::Caller::LongTermKey;
    assert!(!evaluation.can(key, "iam:DeactivateMFADevice", "arn:*:iam::*:user/*", &[]));
    let work = evaluation.work() - before;
    assert!((1..200).contains(&work), "{work}");
}
