//! What the evaluator says of the templates, and what IAM would.

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::policy::{
    caller::Caller,
    judgement::{Basis, Intent, Judgement, Possible, Verdict, judge},
    principal::{Policy, Principal, PrincipalKind},
};

const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];
const KINDS: [Kind; 2] = [Kind::Strict, Kind::SelfService];

fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3_600)
}

fn policy(name: &str, document: Document) -> Policy {
    Policy {
        name: name.into(),
        location: None,
        document: Arc::new(document),
    }
}

/// The judgement on a user who has this policy, and an administrator's beside it.
fn judged(kind: Kind, max_age: Duration, partition: &str) -> [Judgement; 2] {
    let own = policy("mfa", enforcing(kind, max_age, partition));
    let admin = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let admin = policy("admin", Document::parse(admin).unwrap());
    [vec![own.clone()], vec![own, admin]].map(|policies| {
        let principal = Principal {
            kind: PrincipalKind::Group,
            name: "devs".into(),
            policies,
            boundary: None,
            unknown_policies: Vec::new(),
        };
        let max_age = Some(max_age);
        judge(&principal, &Intent { max_age })
    })
}

fn every_judgement() -> impl Iterator<Item = (Kind, Duration, Judgement)> {
    let ages = [
        Duration::from_secs(900),
        hours(1),
        hours(8),
        hours(12),
        hours(36),
    ];
    let pairs = KINDS
        .into_iter()
        .flat_map(move |kind| ages.map(|age| (kind, age)));
    pairs.flat_map(|(kind, age)| {
        let of_partition = move |partition| judged(kind, age, partition);
        PARTITIONS
            .into_iter()
            .flat_map(of_partition)
            .map(move |judgement| (kind, age, judgement))
    })
}

#[test]
fn both_policies_enforce_mfa_and_its_age_whatever_else_is_allowed() {
    for (kind, age, judgement) in every_judgement() {
        let context = format!("{kind:?} {age:?} {judgement:#?}");
        assert_eq!(judgement.verdict, Verdict::Enforced, "{context}");
        assert_eq!(judgement.age_limit, Some(age), "{context}");
        assert_eq!(judgement.mistakes, Vec::new(), "{context}");
    }
}

#[test]
fn a_caller_without_mfa_can_enrol_at_most_and_one_with_mfa_can_do_what_others_allow() {
    for (kind, limit, judgement) in every_judgement() {
        let mut without_mfa = 0;
        for outcome in &judgement.outcomes {
            let context = format!("{kind:?} {limit:?} {outcome:#?}");
            match outcome.caller {
                Caller::WithMfa { age } if age > limit => {
                    assert_eq!(outcome.possible, Possible::Nothing, "{context}");
                }
                Caller::WithMfa { .. } => {
                    let most = match judgement.basis {
                        Basis::Own if kind == Kind::SelfService => Possible::Enrolment,
                        _ => Possible::Something,
                    };
                    assert!(outcome.possible >= most, "{context}");
                }
                _ => {
                    without_mfa += 1;
                    assert!(outcome.possible <= Possible::Enrolment, "{context}");
                    let enrols = outcome.witnesses.iter().any(|witness| {
                        witness.action == CREATE
                            && witness.resource.ends_with("mfa/${aws:username}")
                    });
                    assert_eq!(enrols, kind == Kind::SelfService, "{context}");
                }
            }
        }
        assert_eq!(without_mfa, Caller::WITHOUT_MFA.len());
    }
}

#[test]
fn without_mfa_no_device_is_taken_away_and_none_of_another_name_made() {
    for (kind, limit, judgement) in every_judgement() {
        for outcome in &judgement.outcomes {
            if outcome.caller.mfa_age().is_some() {
                continue;
            }
            for witness in &outcome.witnesses {
                let context = format!("{kind:?} {limit:?} {witness:#?}");
                assert!(!witness.action.contains("Delete"), "{context}");
                assert!(!witness.action.contains("Deactivate"), "{context}");
                if witness.action == CREATE {
                    assert!(
                        witness.resource.ends_with(":mfa/${aws:username}"),
                        "{context}"
                    );
                }
            }
        }
    }
}

#[test]
fn each_fits_into_a_managed_policy_and_keeps_its_rules() {
    for kind in KINDS {
        for partition in PARTITIONS {
            let document = enforcing(kind, hours(8), partition);
            let text = document.to_value().to_string();
            // Source: the IAM quotas; white space does not count.
            assert!(text.len() <= 6_144, "{kind:?}: {}", text.len());
            assert_eq!(Document::parse(&text).as_ref(), Ok(&document));
            let sids: Vec<&str> = document
                .statements
                .iter()
                .filter_map(|statement| statement.sid.as_deref())
                .collect();
            let is_word = |sid: &&str| sid.chars().all(|letter| letter.is_ascii_alphanumeric());
            assert!(sids.iter().all(is_word), "{sids:?}");
            let unique: BTreeSet<&str> = sids.iter().copied().collect();
            assert_eq!(unique.len(), document.statements.len(), "{sids:?}");
        }
    }
}

#[test]
fn every_arn_is_of_the_partition() {
    for kind in KINDS {
        for partition in PARTITIONS {
            let text = enforcing(kind, hours(8), partition).to_value().to_string();
            let own = text.matches(&format!("\"arn:{partition}:iam::*:")).count();
            assert_eq!(own, text.matches("\"arn:").count(), "{text}");
            assert_eq!(own > 0, kind == Kind::SelfService);
        }
    }
}
