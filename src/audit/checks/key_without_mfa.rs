//! An access key can do without MFA what takes MFA.

use crate::{
    audit::{account::User, credential_report::Row},
    policy::{caller::Caller, judgement::Possible},
};

use super::{
    Answer, Check, Context, Finding, Severity, Subject, fact, last_used,
    policies::{enforcing_group, open_to, told, witness},
    users::{with_credentials, with_policies},
    value,
};

pub(super) const CHECK: Check = Check {
    id: "key-without-mfa",
    title: "access keys can be used without MFA",
    severity: Severity::High,
    question: "Is every active access key under policies that enforce MFA?",
    references: &[],
    remediation: "put the user under a policy that denies everything without MFA: daypass policy apply",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let account = context.account;
    let mut answer = Answer::default();
    let with_key = with_credentials(account, &mut answer)
        .into_iter()
        .filter(|(_, credentials)| credentials.active_keys().next().is_some());
    let group = enforcing_group(account, context.max_age);
    for (user, credentials, judged) in with_policies(account, with_key, &mut answer) {
        let Some(open) = open_to(judged, Caller::LongTermKey) else {
            continue;
        };
        let is_certain = open.possible == Possible::Something;
        let can = witness(open).map_or_else(|| "more than enrol a device".to_owned(), told);
        for key in credentials.active_keys() {
            answer.found(Finding {
                severity: if is_certain {
                    CHECK.severity
                } else {
                    Severity::Medium
                },
                subject: Subject::Key(user.name.clone(), key.number),
                what: format!(
                    "can do {can} without MFA; {}",
                    last_used(key.last_used, context.now)
                ),
                facts: vec![
                    ("witness", can.clone().into()),
                    ("certain", is_certain.into()),
                    ("last_used", fact(key.last_used)),
                ],
                fix: fix(user, credentials, group),
            });
        }
    }
    answer
}

/// A machine has no device: it would be locked out. `daypass policy apply` looks for such members; to add one to a group
/// that enforces MFA already, nobody does.
fn fix(user: &User, credentials: &Row, enforcing: Option<&str>) -> String {
    let may_be_a_machine = credentials.password.is_none() && !credentials.mfa_active;
    let unless = if may_be_a_machine {
        "if a person uses it: "
    } else {
        ""
    };
    let name = value(&user.name);
    match (enforcing, user.groups.as_slice()) {
        (Some(group), groups) if !groups.iter().any(|name| name == group) => format!(
            "{unless}aws iam add-user-to-group --user-name{name} --group-name{}",
            value(group)
        ),
        (_, [group, ..]) => format!("daypass policy apply --group{}", value(group)),
        (_, []) => format!(
            "{unless}daypass policy apply --group mfa --create-group && aws iam add-user-to-group --user-name{name} \
             --group-name mfa"
        ),
    }
}
