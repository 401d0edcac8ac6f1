//! What the evaluator says of the templates, and what IAM would.

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::policy::{
    caller::Caller,
    evaluation::{Decision, Evaluation},
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
                    // AWS lets no session without MFA into IAM.
                    let may_enrol = outcome.caller != Caller::SessionWithoutMfa;
                    assert_eq!(enrols, may_enrol && kind == Kind::SelfService, "{context}");
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

/// What the commands of daypass and the console ask of IAM for ada, and whether it takes MFA: of AWS's callers
/// without it the long-term key and the console, which alone may call IAM.
const ASKED: [(&str, &str, bool); 22] = [
    // daypass enroll, and Assign MFA device in the console.
    ("iam:GetUser", "user/ada", false),
    ("iam:ListMFADevices", "user/ada", false),
    ("iam:ListVirtualMFADevices", "mfa/*", false),
    ("iam:CreateVirtualMFADevice", "mfa/ada", false),
    ("iam:EnableMFADevice", "user/ada", false),
    ("iam:ResyncMFADevice", "user/ada", false),
    ("iam:EnableMFADevice", "user/team/blue/ada", false),
    ("iam:ChangePassword", "user/ada", false),
    ("iam:GetMFADevice", "user/ada", false),
    // A second device, as daypass enroll names it, and the end of one: daypass devices remove.
    ("iam:CreateVirtualMFADevice", "mfa/ada-2", true),
    ("iam:DeleteVirtualMFADevice", "mfa/ada", true),
    ("iam:DeleteVirtualMFADevice", "mfa/ada-2", true),
    ("iam:DeactivateMFADevice", "user/ada", true),
    // daypass rotate.
    ("iam:ListAccessKeys", "user/ada", true),
    ("iam:CreateAccessKey", "user/ada", true),
    ("iam:UpdateAccessKey", "user/ada", true),
    ("iam:DeleteAccessKey", "user/ada", true),
    // A thief.
    ("iam:CreateVirtualMFADevice", "mfa/thief", true),
    ("iam:CreateVirtualMFADevice", "mfa/adam", true),
    ("iam:EnableMFADevice", "user/grace", true),
    ("iam:EnableMFADevice", "user/team/grace", true),
    ("iam:CreateAccessKey", "user/grace", true),
];

/// Ada, who has the policy of self-service, and everything allowed besides.
fn ada(beside: &[&str]) -> Evaluation {
    let mut policies = vec![policy("mfa", enforcing(Kind::SelfService, hours(8), "aws"))];
    let beside = beside
        .iter()
        .map(|text| policy("other", Document::parse(text).unwrap()));
    policies.extend(beside);
    Evaluation::of(&Principal {
        kind: PrincipalKind::User,
        name: "ada".into(),
        policies,
        boundary: None,
        unknown_policies: Vec::new(),
    })
}

#[test]
fn what_a_newcomer_needs_takes_no_mfa_and_everything_else_does() {
    let admin = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let ada = ada(&[admin]);
    let fresh = |hours: u64| Caller::WithMfa {
        age: Duration::from_secs(hours * 3_600),
    };
    for (action, resource, takes_mfa) in ASKED {
        let resource = format!("arn:aws:iam::123456789012:{resource}");
        let decided = |caller| ada.decide(caller, action, &resource);
        let without = match takes_mfa {
            true => [Decision::Denied; 2],
            // IAM alone knows whether it is a passkey, which takes MFA.
            false if action == "iam:EnableMFADevice" => [Decision::Perhaps; 2],
            false => [Decision::Allowed; 2],
        };
        let callers = [Caller::LongTermKey, Caller::ConsoleWithoutMfa];
        assert_eq!(callers.map(decided), without, "{action} {resource}");
        assert_eq!(decided(fresh(7)), Decision::Allowed, "{action} {resource}");
        assert_eq!(decided(fresh(9)), Decision::Denied, "{action} {resource}");
    }
}

#[test]
fn the_policy_of_self_service_alone_is_enough_to_enrol_and_to_look_after_devices() {
    let ada = ada(&[]);
    let fresh = Caller::WithMfa {
        age: Duration::ZERO,
    };
    let own = [
        "user/ada",
        "mfa/ada",
        "mfa/ada-2",
        "mfa/*",
        "user/team/blue/ada",
    ];
    for (action, resource, takes_mfa) in ASKED {
        let is_own = own.contains(&resource) && !action.contains("AccessKey");
        let arn = format!("arn:aws:iam::123456789012:{resource}");
        let expected = if is_own {
            Decision::Allowed
        } else {
            Decision::Denied
        };
        assert_eq!(ada.decide(fresh, action, &arn), expected, "{action} {arn}");
        if is_own && !takes_mfa {
            let decision = ada.decide(Caller::LongTermKey, action, &arn);
            assert_ne!(decision, Decision::Denied, "{action} {arn}");
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
