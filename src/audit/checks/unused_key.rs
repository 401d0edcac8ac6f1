//! An access key has not been used for 90 days.

use super::{
    Answer, Check, Context, Finding, Severity, Subject, TOO_LONG, cis, days, fact, lacework,
    last_used, trivy, users::with_credentials, value,
};

pub(super) const CHECK: Check = Check {
    id: "unused-key",
    title: "access keys have not been used for 90 days",
    severity: Severity::Medium,
    question: "Was every active access key used, or made, within the last 90 days?",
    references: &[
        cis("1.12"),
        trivy("AVD-AWS-0144"),
        trivy("AVD-AWS-0166"),
        lacework("lacework-global-41"),
    ],
    remediation: "deactivate the key, and delete it once nobody has missed it",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    for (user, credentials) in with_credentials(context.account, &mut answer) {
        for key in credentials.active_keys() {
            // A new key is not unused.
            let Some(since) = key.last_used.max(key.created).or(credentials.created) else {
                continue;
            };
            if context.now - since <= TOO_LONG {
                continue;
            }
            let made = key.created.map(|created| context.now - created);
            let made = made.map_or(String::new(), |age| format!("; made {} ago", days(age)));
            let name = value(&user.name);
            answer.found(Finding {
                severity: CHECK.severity,
                subject: Subject::Key(user.name.clone(), key.number),
                what: format!("{}{made}", last_used(key.last_used, context.now)),
                facts: vec![
                    ("created", fact(key.created)),
                    ("last_used", fact(key.last_used)),
                ],
                fix: format!(
                    "aws iam update-access-key --user-name{name} --status Inactive --access-key-id ID \
                     (aws iam list-access-keys --user-name{name})"
                ),
            });
        }
    }
    answer
}
