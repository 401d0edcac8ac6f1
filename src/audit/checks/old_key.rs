//! An access key is older than 90 days.

use super::{
    Answer, Check, Context, Finding, Severity, Subject, TOO_LONG, cis, days, fact, lacework,
    last_used, trivy, users::with_credentials, word,
};

pub(super) const CHECK: Check = Check {
    id: "old-key",
    title: "access keys are older than 90 days",
    severity: Severity::Medium,
    question: "Was every active access key made within the last 90 days?",
    references: &[
        cis("1.14"),
        trivy("AVD-AWS-0146"),
        lacework("lacework-global-43"),
    ],
    remediation: "have its owner replace it: daypass rotate",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    for (user, credentials) in with_credentials(context.account, &mut answer) {
        for key in credentials.active_keys() {
            let Some(age) = key.created.map(|created| context.now - created) else {
                continue;
            };
            if age <= TOO_LONG {
                continue;
            }
            answer.found(Finding {
                severity: CHECK.severity,
                subject: Subject::Key(user.name.clone(), key.number),
                what: format!(
                    "is {} old; {}",
                    days(age),
                    last_used(key.last_used, context.now)
                ),
                facts: vec![
                    ("created", fact(key.created)),
                    ("age_days", age.num_days().into()),
                    ("last_used", fact(key.last_used)),
                ],
                fix: format!("as {}: daypass rotate", word(&user.name)),
            });
        }
    }
    answer
}
