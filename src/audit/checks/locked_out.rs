//! A member of an enforcing group has no device, and is not allowed to enrol one.

use crate::{
    audit::credential_report::Row,
    policy::{
        caller::Caller,
        judgement::{Possible, Verdict},
    },
};

use super::{
    Answer, Check, Context, Finding, Severity, Subject,
    policies::outcome,
    users::{with_credentials, with_policies},
    value,
};

pub(super) const CHECK: Check = Check {
    id: "locked-out",
    title: "users without a device are locked out",
    severity: Severity::Medium,
    question: "Can every member of a group that enforces MFA enrol a first device?",
    references: &[],
    remediation: "enrol a device for them, or allow them to enrol one: daypass policy show --kind self-service",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let account = context.account;
    let mut answer = Answer::default();
    let signs_in = |credentials: &Row| credentials.password.is_some();
    let has_key = |credentials: &Row| credentials.active_keys().next().is_some();
    let without_device = with_credentials(account, &mut answer).into_iter();
    let without_device = without_device.filter(|(_, credentials)| {
        !credentials.mfa_active && (signs_in(credentials) || has_key(credentials))
    });
    for (user, credentials, judged) in with_policies(account, without_device, &mut answer) {
        let (signs_in, has_key) = (signs_in(credentials), has_key(credentials));
        let judgement = &judged.judgement;
        let is_shut = |caller| {
            outcome(judgement, caller).is_some_and(|left| left.possible == Possible::Nothing)
        };
        let is_locked_out = judgement.verdict == Verdict::Enforced
            && (!signs_in || is_shut(Caller::ConsoleWithoutMfa))
            && (!has_key || is_shut(Caller::LongTermKey));
        if !is_locked_out {
            continue;
        }
        let by = user.groups.iter().find(|name| {
            let mut groups = account.groups.iter();
            groups.any(|group| {
                group.name == **name && group.policies.judgement.verdict == Verdict::Enforced
            })
        });
        let has = match (signs_in, has_key) {
            (true, true) => "a password and a key",
            (true, false) => "a password",
            _ => "a key",
        };
        let by = match by {
            Some(group) => format!("the policies of group '{group}' deny"),
            None => "its policies deny".to_owned(),
        };
        answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::User(user.name.clone()),
            what: format!("has {has} and no MFA device, and {by} it the enrolment of one"),
            facts: vec![
                ("has_password", signs_in.into()),
                ("has_key", has_key.into()),
            ],
            fix: format!("daypass enroll --user{}", value(&user.name)),
        });
    }
    answer
}
