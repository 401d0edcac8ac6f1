//! The policies of a group do not enforce MFA.

use crate::{
    audit::account::{Account, Group},
    policy::{
        caller::Caller,
        judgement::{Basis, Possible, Verdict},
    },
};

use super::{
    Answer, Check, Context, Finding, Severity, Subject,
    policies::{open_to, outcome, told, unknown_policies, witness},
    trivy, value,
};

pub(super) const CHECK: Check = Check {
    id: "group-without-mfa",
    title: "the policies of groups do not enforce MFA",
    severity: Severity::High,
    question: "Do the policies of every group enforce MFA?",
    references: &[trivy("AVD-AWS-0123")],
    remediation: "attach a policy to the group that denies everything without MFA: daypass policy apply",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let account = context.account;
    let mut answer = Answer::default();
    if let Some(why) = &account.gaps.groups {
        answer.unknown(why);
    }
    for group in &account.groups {
        let judgement = &group.policies.judgement;
        if matches!(
            judgement.verdict,
            Verdict::Enforced | Verdict::NothingAllowed
        ) {
            continue;
        }
        let worst = Caller::WITHOUT_MFA
            .into_iter()
            // Of those who can do as much, the key: it is what is stolen most.
            .rev()
            .filter_map(|caller| outcome(judgement, caller))
            .max_by_key(|outcome| outcome.possible);
        let Some(worst) = worst.filter(|worst| worst.possible >= Possible::Perhaps) else {
            continue;
        };
        let can = witness(worst).map_or_else(|| "more than enrol a device".to_owned(), told);
        let (severity, members) = members(account, group);
        answer.found(Finding {
            severity: if worst.possible == Possible::Something {
                severity
            } else {
                severity.min(Severity::Medium)
            },
            subject: Subject::Group(group.name.clone()),
            what: match judgement.basis {
                Basis::Own => format!("a {} can do {can}; {members}", worst.caller),
                Basis::AsIfAllAllowed => format!(
                    "its policies only deny, and let a {} do {can} where others allow it; {members}",
                    worst.caller
                ),
            },
            facts: vec![
                ("witness", can.into()),
                ("caller", worst.caller.to_string().into()),
                ("members", group.members.len().into()),
            ],
            fix: format!("daypass policy apply --group{}", value(&group.name)),
        });
    }
    unknown_policies(
        &mut answer,
        account.groups.iter().map(|group| &group.policies),
    );
    answer
}

/// Who is in the group, and how bad that makes it: where other policies stop all members, it is bad only for the next.
fn members(account: &Account, group: &Group) -> (Severity, String) {
    let count = match group.members.len() {
        0 => return (Severity::Low, "it has no members".to_owned()),
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    };
    let is_open = |name: &String| {
        let judged = account.user(name).map(|user| &user.policies);
        let Some(Ok(judged)) = judged else {
            return true;
        };
        let mut callers = Caller::WITHOUT_MFA.into_iter();
        callers.any(|caller| open_to(judged, caller).is_some())
    };
    if group.members.iter().any(is_open) {
        (CHECK.severity, count)
    } else {
        let text = format!("{count}, whom other policies stop");
        (Severity::Low, text)
    }
}
