//! Which daypass the shell finds.

use super::{Finding, Survey, path_word, survey::is_same};
use crate::setup::Short;

const CHECK: &str = "programs";

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let Some(own) = &survey.own_program else {
        return Vec::new();
    };
    match survey.programs.as_slice() {
        [] => vec![
            Finding::warn(CHECK, "no daypass is on PATH")
                .meaning(format!(
                    "this one is {}, which a shell does not find by its name",
                    Short(own)
                ))
                .mend(format!(
                    "export PATH={}:\"$PATH\", in the file that your shell reads at its start",
                    path_word(own.parent().unwrap_or(own))
                )),
        ],
        [first, others @ ..] => {
            let mut findings = Vec::new();
            if !is_same(first, own) {
                findings.push(
                    Finding::warn(
                        CHECK,
                        format!("a shell finds {} and not this daypass", Short(first)),
                    )
                    .meaning(format!(
                        "this one is {}; the two may be of different versions",
                        Short(own)
                    ))
                    .mend(format!(
                        "rm {}, or put the directory of the other before it in PATH",
                        path_word(first)
                    )),
                );
            }
            for other in others.iter().filter(|other| !is_same(other, own)) {
                findings.push(
                    Finding::warn(
                        CHECK,
                        format!("there is a second daypass on PATH: {}", Short(other)),
                    )
                    .meaning("shells and programs with another PATH may run that one")
                    .mend(format!("rm {}", path_word(other))),
                );
            }
            if findings.is_empty() {
                findings.push(Finding::ok(
                    CHECK,
                    format!("the shell finds this daypass, {}", Short(first)),
                ));
            }
            findings
        }
    }
}
