//! The root user has no MFA.

use super::{Answer, Check, Context, Finding, Severity, Subject, cis, conformity, lacework, trivy};

pub(super) const CHECK: Check = Check {
    id: "root-mfa",
    title: "the root user has no MFA",
    severity: Severity::Critical,
    question: "Does the root user have an MFA device?",
    references: &[
        cis("1.5"),
        conformity("IAM-014"),
        trivy("AVD-AWS-0142"),
        lacework("lacework-global-35"),
    ],
    remediation: "sign in as the root user and assign a device under Security credentials",
    ask,
};

/// Where the root user manages itself.
pub(super) const SECURITY_CREDENTIALS: &str =
    "as the root user: https://console.aws.amazon.com/iam/home#/security_credentials";

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    let root = &context.account.root;
    match &root.has_mfa {
        Ok(true) => {}
        // CIS 5.0: without credentials it is neither possible nor necessary.
        Ok(false) if root.is_without_credentials() => {}
        Ok(false) => answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::Root,
            what: "whoever has the root user's password has the account".to_owned(),
            facts: Vec::new(),
            fix: format!("{SECURITY_CREDENTIALS} (Assign MFA device)"),
        }),
        Err(why) => answer.unknown(why),
    }
    answer
}
