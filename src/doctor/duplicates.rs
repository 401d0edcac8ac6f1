//! Sections and settings that stand in a file twice.

use super::{Finding, Survey};
use crate::{setup::Short, terminal::misplaced};

const CHECK: &str = "duplicates";

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for read in [&survey.files.config, &survey.files.credentials] {
        let path = Short(&read.file.path);
        for duplicate in read.document.duplicates() {
            let section = misplaced(&duplicate.section);
            let (first, second) = (duplicate.first, duplicate.second);
            let (what, mend) = match duplicate.key {
                None => (
                    format!(
                        "{path}, line {second}: there is a second [{section}] (the first is in line {first})"
                    ),
                    format!("in an editor, move what is below line {second} under line {first}"),
                ),
                Some(key) => (
                    format!(
                        "{path}, line {second}: [{section}] has a second {} (the first is in line {first})",
                        misplaced(&key)
                    ),
                    format!(
                        "in an editor, remove line {first} or line {second}; SDKs take line {second}"
                    ),
                ),
            };
            let finding = Finding::fail(CHECK, what)
                .meaning("the AWS CLI and boto3 refuse the whole file for it, for every profile");
            findings.push(finding.mend(mend));
        }
    }
    if findings.is_empty() && survey.broken.is_empty() {
        findings.push(Finding::ok(CHECK, "no section or setting is there twice"));
    }
    findings
}
