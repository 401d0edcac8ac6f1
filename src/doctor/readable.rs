//! Whether both files can be read, by daypass and by everybody else.

use super::{Finding, Hints, Survey};
use crate::{setup::Short, terminal::with_causes};

const CHECK: &str = "files";

pub(super) fn check(survey: &Survey, hints: &Hints) -> Vec<Finding> {
    let mut findings: Vec<Finding> = survey
        .broken
        .iter()
        .map(|error| {
            Finding::fail(CHECK, with_causes(error))
                .meaning("no AWS tool can use any profile of this file")
                .maybe_mend((hints.file)(error))
        })
        .collect();
    if !findings.is_empty() {
        findings.push(Finding::not_checked(
            "profiles",
            "the profiles are looked at once both files can be read",
        ));
        return findings;
    }
    let paths = [&survey.files.config, &survey.files.credentials]
        .map(|read| Short(&read.file.path).to_string());
    let [config, credentials] = paths;
    if survey.subjects.is_empty() && survey.named.is_none() {
        let finding = Finding::warn(
            CHECK,
            format!("no profile of {config} or {credentials} uses MFA or daypass"),
        );
        return vec![finding.mend("daypass setup")];
    }
    vec![Finding::ok(
        CHECK,
        format!("{config} and {credentials} can be read"),
    )]
}
