//! The verdicts against an independent evaluator, `@cloud-copilot/iam-simulate`, on thousands of policies.
//!
//! It answers for one request at a time, so three things are compared: every decision about a request; that what we
//! name as a witness is allowed there; and that nothing is allowed there where we say that nothing is possible.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use daypass::policy::{
    caller::Caller,
    document::Document,
    evaluation::{Decision, Evaluation, actions::ENROLMENT},
    judgement::{Basis, Intent, Judgement, Possible, Verdict, judge},
    principal::{Policy, Principal, PrincipalKind},
};
use serde_json::{Map, Value, json};

use crate::{
    generated::{self, AGES, REQUESTS},
    presence,
    random::Random,
};

const PRINCIPALS: usize = 400;

/// What we say about one request.
struct Claim {
    caller: Caller,
    action: String,
    resource: String,
    is_allowed: bool,
    why: &'static str,
}

#[test]
fn an_independent_evaluator_agrees() {
    let Some(modules) = presence::node_modules() else {
        return;
    };
    let mut random = Random::new(7);
    let mut input = String::new();
    let mut all_claims: Vec<(String, Vec<Claim>)> = Vec::new();
    let mut pairs = 0;
    for _ in 0..PRINCIPALS {
        let (documents, boundary) = generated::principal(&mut random);
        let principal = principal(&documents, boundary.as_ref());
        pairs += Caller::WITHOUT_MFA.len() + AGES.len();
        for (documents, claims) in [
            (documents.clone(), decisions(&principal)),
            judged(documents, &principal),
        ] {
            let requests: Vec<Value> = claims.iter().map(request).collect();
            let case = json!({"policies": documents, "boundary": boundary, "requests": requests})
                .to_string();
            input.push_str(&case);
            input.push('\n');
            all_claims.push((case, claims));
        }
    }
    assert!(pairs >= 2_000);
    let answers = answers(&modules, input);
    assert_eq!(answers.len(), all_claims.len());
    let mut count = std::collections::BTreeMap::new();
    let mut disagreements = Vec::new();
    for ((case, claims), answers) in all_claims.iter().zip(&answers) {
        assert_eq!(claims.len(), answers.len());
        let case_names_resources = names_resources(case);
        for (claim, &answer) in claims.iter().zip(answers) {
            if claim.resource == "*" && case_names_resources {
                continue;
            }
            *count.entry((claim.why, claim.is_allowed)).or_insert(0) += 1;
            if claim.is_allowed != answer {
                let policies = case.split("\"requests\"").next().unwrap_or(case);
                disagreements.push(format!(
                    "{}: {} on {} as {}: {} here, {answer} there\n  {policies}",
                    claim.why, claim.action, claim.resource, claim.caller, claim.is_allowed
                ));
            }
        }
    }
    // Both answers have to be common, or the comparison would be worth little.
    for key in [
        ("decision", true),
        ("decision", false),
        ("witness", true),
        ("impossible", false),
        ("verdict", false),
    ] {
        assert!(
            count.get(&key).is_some_and(|&count| count > 500),
            "{key:?}: {count:?}"
        );
    }
    let some = disagreements
        .iter()
        .take(5)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        disagreements.is_empty(),
        "{} disagreements of {count:?}:\n{some}",
        disagreements.len()
    );
}

/// Whether a statement of a case names any resource but `*`.
///
/// A request without a resource is then another question there than here. In IAM its resource is `*` itself, which no
/// ARN matches: a Deny for all but some ARNs stops it, and an Allow for an ARN does not allow it. The other evaluator
/// takes the `*` of a request for some resource that it does not know, and answers whether there is one that will do.
fn names_resources(case: &str) -> bool {
    let case: Value = serde_json::from_str(case).expect("a case");
    let policies = case["policies"]
        .as_array()
        .into_iter()
        .flatten()
        .chain([&case["boundary"]]);
    let statements = policies.flat_map(|policy| match &policy["Statement"] {
        Value::Array(statements) => statements.clone(),
        one => vec![one.clone()],
    });
    let patterns = statements
        .flat_map(|statement| ["Resource", "NotResource"].map(|name| statement[name].clone()));
    patterns.into_iter().any(|patterns| match patterns {
        Value::Array(patterns) => patterns.iter().any(|pattern| pattern != "*"),
        Value::Null => false,
        pattern => pattern != "*",
    })
}

fn principal(documents: &[Value], boundary: Option<&Value>) -> Principal {
    let policy = |document: &Value| Policy {
        name: "policy".into(),
        location: None,
        document: Arc::new(Document::parse(&document.to_string()).expect("a document")),
    };
    Principal {
        kind: PrincipalKind::User,
        name: "ada".into(),
        policies: documents.iter().map(policy).collect(),
        boundary: boundary.map(policy),
        unknown_policies: Vec::new(),
    }
}

fn callers() -> impl Iterator<Item = Caller> {
    let with_mfa = AGES.map(|age| Caller::WithMfa {
        age: Duration::from_secs(age),
    });
    Caller::WITHOUT_MFA.into_iter().chain(with_mfa)
}

/// Every request for every caller.
fn decisions(principal: &Principal) -> Vec<Claim> {
    let evaluation = Evaluation::of(principal);
    let mut claims = Vec::new();
    for caller in callers() {
        for (action, resource) in REQUESTS {
            if is_limited(caller, action) {
                continue;
            }
            let decision = evaluation.decide(caller, action, resource);
            assert_ne!(decision, Decision::Perhaps, "all of it is about MFA");
            claims.push(Claim {
                caller,
                action: action.into(),
                resource: resource.into(),
                is_allowed: decision == Decision::Allowed,
                why: "decision",
            });
        }
    }
    claims
}

/// AWS lets such a session do nothing in IAM; no policy says so, and the other evaluator does not know.
fn is_limited(caller: Caller, action: &str) -> bool {
    caller == Caller::SessionWithoutMfa && action.starts_with("iam:")
}

/// The outcomes, with the policies that they are about.
fn judged(mut documents: Vec<Value>, principal: &Principal) -> (Vec<Value>, Vec<Claim>) {
    let judgement = judge(principal, &Intent::default());
    if judgement.basis == Basis::AsIfAllAllowed {
        documents.push(json!({"Version": "2012-10-17",
                              "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}));
    }
    let mut claims = Vec::new();
    for outcome in &judgement.outcomes {
        let caller = outcome.caller;
        if outcome.possible == Possible::Perhaps {
            // It is not known of which ages the digits are like that, and all else is about MFA.
            let is_about_digits = |condition: &String| {
                condition
                    .to_ascii_lowercase()
                    .contains("multifactorauthage")
            };
            let mut conditions = outcome
                .witnesses
                .iter()
                .flat_map(|witness| &witness.only_if);
            assert!(caller.mfa_age().is_some() && conditions.any(is_about_digits));
            continue;
        }
        claims.extend(outcome.witnesses.iter().map(|witness| {
            Claim {
                caller,
                action: some_action(&witness.action),
                resource: witness
                    .resource
                    .replace("${aws:username}", "ada")
                    .replace('*', "x"),
                is_allowed: true,
                why: "witness",
            }
        }));
        let is_enrolment = |action: &str| ENROLMENT.contains(&action);
        let impossible = REQUESTS
            .into_iter()
            .filter(|(action, _)| match outcome.possible {
                Possible::Nothing => !is_limited(caller, action),
                Possible::Enrolment => !is_limited(caller, action) && !is_enrolment(action),
                _ => false,
            });
        claims.extend(impossible.map(|(action, resource)| Claim {
            caller,
            action: action.into(),
            resource: resource.into(),
            is_allowed: false,
            why: "impossible",
        }));
    }
    claims.extend(told(&judgement));
    // A `*` that is all of a resource stays: it is the resource of requests that have none.
    for claim in &mut claims {
        if claim.resource == "x" {
            claim.resource = "*".into();
        }
    }
    (documents, claims)
}

/// What the verdict and the age limit say of all callers, be they listed or not.
fn told(judgement: &Judgement) -> Vec<Claim> {
    let is_stopped = |caller: Caller| match (judgement.verdict, caller.mfa_age()) {
        (Verdict::NothingAllowed, _) | (Verdict::Enforced, None) => true,
        (_, Some(age)) => judgement
            .age_limit
            .is_some_and(|limit| age > limit.as_secs()),
        _ => false,
    };
    let mut claims = Vec::new();
    for caller in callers().filter(|&caller| is_stopped(caller)) {
        for (action, resource) in REQUESTS {
            if !is_limited(caller, action) && !ENROLMENT.contains(&action) {
                claims.push(Claim {
                    caller,
                    action: action.into(),
                    resource: resource.into(),
                    is_allowed: false,
                    why: "verdict",
                });
            }
        }
    }
    claims
}

/// One of the actions that a pattern stands for.
fn some_action(pattern: &str) -> String {
    match pattern {
        "*" => "sqs:SendMessage".into(),
        pattern => pattern.replace(['*', '?'], "x"),
    }
}

fn request(claim: &Claim) -> Value {
    let mut context = Map::new();
    context.insert("aws:username".into(), "ada".into());
    if let Some(present) = claim.caller.mfa_present() {
        context.insert(
            "aws:MultiFactorAuthPresent".into(),
            present.to_string().into(),
        );
    }
    if let Some(age) = claim.caller.mfa_age() {
        context.insert("aws:MultiFactorAuthAge".into(), age.to_string().into());
    }
    json!({"action": claim.action, "resource": claim.resource, "context": context})
}

/// What the other evaluator says, in one process for all.
fn answers(modules: &std::path::Path, input: String) -> Vec<Vec<bool>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policies/evaluate.cjs");
    let mut node = Command::new("node")
        .arg(script)
        .env("NODE_PATH", modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let mut stdin = node.stdin.take().expect("its standard input");
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = node.wait_with_output().expect("its answers");
    writing
        .join()
        .expect("a thread")
        .expect("it reads everything");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("answers"))
        .collect()
}
