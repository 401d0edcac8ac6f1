//! A user signs in to the console with a password alone.

use crate::{audit::credential_report::Password, time::Timestamp};

use super::{
    Answer, Check, Context, Finding, Severity, Subject, TOO_LONG, cis, days, fact, lacework,
    last_used, scout2, trivy, users::with_credentials, value,
};

pub(super) const CHECK: Check = Check {
    id: "console-without-mfa",
    title: "users with a console password have no MFA",
    severity: Severity::High,
    question: "Does every user with a console password have an MFA device?",
    references: &[
        cis("1.10"),
        trivy("AVD-AWS-0145"),
        lacework("lacework-global-39"),
        scout2("Lack of MFA"),
    ],
    remediation: "have the user enrol a device, or take a password away that nobody needs",
    ask,
};

/// Whether somebody has ever signed in with it, or may yet do so for the first time.
fn is_needed(password: &Password, user_created: Option<Timestamp>, now: Timestamp) -> bool {
    let set = password.last_changed.or(user_created);
    password.last_used.is_some() || set.is_some_and(|set| now - set <= TOO_LONG)
}

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    for (user, credentials) in with_credentials(context.account, &mut answer) {
        let Some(password) = &credentials.password else {
            continue;
        };
        if credentials.mfa_active {
            continue;
        }
        let set = match password.last_changed {
            Some(changed) => format!("set {} ago", days(context.now - changed)),
            None => "set nobody knows when".to_owned(),
        };
        let name = value(&user.name);
        answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::User(user.name.clone()),
            what: format!(
                "has a password ({set}, {}) and no MFA device",
                last_used(password.last_used, context.now)
            ),
            facts: vec![
                ("password_last_changed", fact(password.last_changed)),
                ("password_last_used", fact(password.last_used)),
            ],
            fix: if is_needed(password, credentials.created, context.now) {
                format!("daypass enroll --user{name}")
            } else {
                format!("aws iam delete-login-profile --user-name{name}")
            },
        });
    }
    answer
}
