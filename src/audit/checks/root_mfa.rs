//! The root user has no MFA.

use crate::audit::account::Account;

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
pub(super) fn security_credentials(account: &Account) -> String {
    let page = account.partition.security_credentials();
    format!("as the root user: {page}")
}

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
            fix: format!(
                "{} (Assign MFA device)",
                security_credentials(context.account)
            ),
        }),
        Err(why) => answer.unknown(why),
    }
    answer
}
