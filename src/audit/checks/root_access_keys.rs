//! The root user has access keys.

use super::{
    Answer, Check, Context, Finding, Severity, Subject, cis, lacework,
    root_mfa::security_credentials, trivy,
};

pub(super) const CHECK: Check = Check {
    id: "root-access-keys",
    title: "the root user has access keys",
    severity: Severity::Critical,
    question: "Is the root user without access keys?",
    references: &[
        cis("1.4"),
        trivy("AVD-AWS-0141"),
        lacework("lacework-global-34"),
    ],
    remediation: "sign in as the root user and delete its keys under Security credentials",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    match &context.account.root.has_keys {
        Ok(false) => {}
        Ok(true) => answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::Root,
            what: "no policy can restrict these keys, and none can ask them for MFA".to_owned(),
            facts: Vec::new(),
            fix: format!(
                "{} (Access keys, Delete)",
                security_credentials(context.account)
            ),
        }),
        Err(why) => answer.unknown(why),
    }
    answer
}
