//! Policy documents, and what is judged of them.
//!
//! Input: a document; a second one, after a line with `---`, is the permissions boundary.

use std::sync::Arc;

use daypass::policy::{
    document::Document,
    evaluation::{Decision, Evaluation},
    judgement::{Basis, Intent, Possible, Verdict, judge},
    principal::{Policy, Principal, PrincipalKind},
};

use super::shown;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (document, boundary) = text
        .split_once("\n---\n")
        .map_or((text, None), |(one, other)| (one, Some(other)));
    let Some(document) = read(document) else {
        return;
    };
    let policy = |document: Document| Policy {
        name: "policy".into(),
        location: None,
        document: Arc::new(document),
    };
    judged(&Principal {
        kind: PrincipalKind::Group,
        name: "developers".into(),
        policies: vec![policy(document)],
        boundary: boundary.and_then(read).map(policy),
        unknown_policies: Vec::new(),
    });
}

/// Reads a document, which has to be the same again when it has been written.
fn read(text: &str) -> Option<Document> {
    match Document::parse(text) {
        Ok(document) => {
            let again = Document::from_value(&document.to_value()).expect("what was written");
            assert_eq!(again.to_value(), document.to_value());
            Some(document)
        }
        Err(error) => {
            // A policy holds no secrets: what its elements are called may be shown, whatever it looks like.
            shown::text(error.to_string(), true);
            None
        }
    }
}

fn judged(principal: &Principal) {
    let judgement = judge(principal, &Intent::default());
    let mut evaluation = Evaluation::of(principal);
    if judgement.basis == Basis::AsIfAllAllowed {
        evaluation.allow_everything();
    }
    for outcome in &judgement.outcomes {
        let is_open = outcome.possible > Possible::Enrolment && outcome.caller.mfa_age().is_none();
        assert!(
            !(is_open && judgement.verdict == Verdict::Enforced),
            "open and enforced: {judgement:?}"
        );
        assert_eq!(
            outcome.witnesses.is_empty(),
            outcome.possible == Possible::Nothing
        );
        for witness in &outcome.witnesses {
            let is_certain = matches!(outcome.possible, Possible::Something);
            assert!(
                !is_certain || witness.only_if.is_empty(),
                "certain, with conditions"
            );
            // A witness without wildcards and variables is a request, which can be decided.
            let plain = |text: &str| !text.contains(['*', '?', '$', '\u{fffd}']);
            if is_certain && plain(&witness.action) && plain(&witness.resource) {
                let decision =
                    evaluation.decide(outcome.caller, &witness.action, &witness.resource);
                assert_eq!(decision, Decision::Allowed, "{witness:?}");
            }
        }
        if outcome.possible == Possible::Nothing {
            for (action, resource) in [
                ("s3:GetObject", "arn:aws:s3:::a/b"),
                ("ec2:DescribeInstances", "*"),
            ] {
                let decision = evaluation.decide(outcome.caller, action, resource);
                assert_eq!(
                    decision,
                    Decision::Denied,
                    "{action} for {}",
                    outcome.caller
                );
            }
        }
    }
}
