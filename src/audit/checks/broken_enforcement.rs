//! A policy is meant to enforce MFA and has one of the known mistakes.

use std::collections::{BTreeMap, HashMap};

use crate::policy::judgement::{Mistake, MistakeKind};

use super::{Answer, Check, Context, Finding, Severity, Subject, policies::unknown_policies};

pub(super) const CHECK: Check = Check {
    id: "broken-enforcement",
    title: "policies that should enforce MFA have mistakes",
    severity: Severity::High,
    question: "Is every policy that speaks of MFA free of the known mistakes?",
    references: &[],
    remediation: "mend the statement, and prove it: daypass policy check FILE",
    ask,
};

/// Where a mistake is: the policy, and the statement in it.
type Place = (String, Option<usize>, MistakeKind);

fn ask(context: &Context<'_>) -> Answer {
    let account = context.account;
    let mut answer = Answer::default();
    if let Some(why) = &account.gaps.groups {
        answer.unknown(why);
    }
    let of_groups = account.groups.iter().map(|group| {
        let name = format!("group '{}'", group.name);
        (name, &group.policies)
    });
    let of_users = account.users.iter().filter_map(|user| {
        let judged = user.policies.as_ref().ok()?;
        Some((format!("user '{}'", user.name), judged))
    });
    let mut places: BTreeMap<Place, (&Mistake, String, usize)> = BTreeMap::new();
    // Whose policies together have a mistake, by the list of mistakes: groups come first, and members share theirs.
    let mut first_owners: HashMap<usize, String> = HashMap::new();
    for (owner, judged) in of_groups.chain(of_users) {
        let of_list = first_owners.entry(judged.mistakes.as_ptr().addr());
        let first_owner = &*of_list.or_insert_with(|| owner.clone());
        for mistake in &*judged.mistakes {
            if !is_one_of_a_statement(mistake.kind) {
                continue;
            }
            let (policy, index) = match &mistake.statement {
                Some(statement) => (statement.policy.clone(), Some(statement.index)),
                None => (first_owner.clone(), None),
            };
            let place = places.entry((policy, index, mistake.kind));
            place
                .and_modify(|(_, _, owners)| *owners += 1)
                .or_insert((mistake, owner.clone(), 1));
        }
    }
    for ((policy, index, kind), (mistake, owner, owners)) in places {
        let sid = mistake
            .statement
            .as_ref()
            .and_then(|statement| statement.sid.clone());
        let at = match (index, &sid) {
            (Some(index), Some(sid)) => format!("statement {} '{sid}': ", index + 1),
            (Some(index), None) => format!("statement {}: ", index + 1),
            (None, _) => String::new(),
        };
        let others = match owners {
            1 => String::new(),
            2 => " and 1 other".to_owned(),
            more => format!(" and {} others", more - 1),
        };
        answer.found(Finding {
            severity: severity(kind),
            subject: Subject::Policy(policy),
            what: format!(
                "{at}{} (concerns {owner}{others})",
                first_sentence(&mistake.what)
            ),
            facts: vec![
                ("mistake", format!("{kind:?}").into()),
                ("statement", index.into()),
                ("sid", sid.into()),
                ("concerns", owners.into()),
            ],
            fix: mistake.fix.clone(),
        });
    }
    let groups = account.groups.iter().map(|group| &group.policies);
    let users = account
        .users
        .iter()
        .filter_map(|user| user.policies.as_ref().ok());
    unknown_policies(&mut answer, groups.chain(users));
    answer
}

/// What is wrong with the statement. What comes of it is told of the keys and groups that it concerns.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// The others have checks of their own, or are no mistakes of the one policy: an Allow without a condition stands
/// in most policies, and what it leaves open is told of the keys and groups that it concerns.
fn is_one_of_a_statement(kind: MistakeKind) -> bool {
    !matches!(
        kind,
        MistakeKind::EnrolmentLockedOut
            | MistakeKind::NoAgeLimit
            | MistakeKind::AgeLimitTooLong
            | MistakeKind::AllowWithoutCondition
    )
}

fn severity(kind: MistakeKind) -> Severity {
    match kind {
        MistakeKind::DenyWithBoolFalse
        | MistakeKind::AllowWithBoolIfExists
        | MistakeKind::ForAllValues
        | MistakeKind::AgeWithoutNull
        | MistakeKind::PresentWithoutValue
        | MistakeKind::Inverted
        | MistakeKind::Misspelt => Severity::High,
        _ => Severity::Medium,
    }
}
