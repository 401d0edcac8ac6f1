//! A console password has not been used for 90 days.

use super::{
    Answer, Check, Context, Finding, Severity, Subject, TOO_LONG, cis, days, fact, lacework,
    last_used, trivy, users::with_credentials, value,
};

pub(super) const CHECK: Check = Check {
    id: "unused-password",
    title: "console passwords have not been used for 90 days",
    severity: Severity::Medium,
    question: "Was every console password used, or set, within the last 90 days?",
    references: &[
        cis("1.12"),
        trivy("AVD-AWS-0144"),
        trivy("AVD-AWS-0166"),
        lacework("lacework-global-41"),
    ],
    remediation: "take the password away",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    for (user, credentials) in with_credentials(context.account, &mut answer) {
        let Some(password) = &credentials.password else {
            continue;
        };
        let since = password.last_used.max(password.last_changed);
        let Some(since) = since.or(credentials.created) else {
            continue;
        };
        if context.now - since <= TOO_LONG {
            continue;
        }
        let set = password.last_changed.map(|changed| context.now - changed);
        let set = set.map_or(String::new(), |age| format!("; set {} ago", days(age)));
        answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::User(user.name.clone()),
            what: format!(
                "the password was {}{set}",
                last_used(password.last_used, context.now)
            ),
            facts: vec![
                ("password_last_changed", fact(password.last_changed)),
                ("password_last_used", fact(password.last_used)),
            ],
            fix: format!(
                "aws iam delete-login-profile --user-name{}",
                value(&user.name)
            ),
        });
    }
    answer
}
