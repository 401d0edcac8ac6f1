//! A group's policies enforce MFA, but not that it is fresh.

use crate::{
    policy::judgement::Verdict,
    time::{render_argument, render_duration},
};

use super::{
    Answer, Check, Context, Finding, Severity, Subject, policies::unknown_policies, value,
};

pub(super) const CHECK: Check = Check {
    id: "age-limit",
    title: "groups enforce no MFA age limit, or a longer one",
    severity: Severity::Low,
    question: "Do the policies of every group that enforces MFA limit its age?",
    references: &[],
    remediation: "add a condition on aws:MultiFactorAuthAge: daypass policy apply --max-age 8h",
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
        if judgement.verdict != Verdict::Enforced {
            continue;
        }
        let wanted = render_duration(context.max_age);
        let what = match judgement.age_limit {
            Some(limit) if limit <= context.max_age => continue,
            Some(limit) => format!(
                "a session with MFA is good for {}, where {wanted} is wanted",
                render_duration(limit)
            ),
            None => "a session with MFA is good as long as AWS lets it live, 36 hours at most"
                .to_owned(),
        };
        answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::Group(group.name.clone()),
            what,
            facts: vec![(
                "age_limit_seconds",
                judgement.age_limit.map(|limit| limit.as_secs()).into(),
            )],
            fix: format!(
                "daypass policy apply --group{} --max-age {}",
                value(&group.name),
                render_argument(context.max_age)
            ),
        });
    }
    unknown_policies(
        &mut answer,
        account.groups.iter().map(|group| &group.policies),
    );
    answer
}
