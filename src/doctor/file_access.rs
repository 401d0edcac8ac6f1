//! Who else can read or change the files.

use super::{Finding, Survey, path_word, survey::Access};
use crate::{setup::Short, shared_files::Kind};

const CHECK: &str = "file-access";

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let mut findings: Vec<Finding> = survey.access.iter().filter_map(judge).collect();
    if findings.is_empty() && !survey.access.is_empty() {
        findings.push(Finding::ok(
            CHECK,
            "files and directories are yours, and closed to others",
        ));
    }
    findings
}

fn judge(access: &Access) -> Option<Finding> {
    let (path, mode) = (Short(&access.path), access.mode);
    let in_command = path_word(&access.path);
    if access.is_of_another {
        let finding = Finding::fail(CHECK, format!("{path} belongs to another user")).meaning(
            "its owner can change what your AWS tools do, and daypass may be unable to write it",
        );
        return Some(finding.mend(format!("sudo chown \"$USER\" {in_command}")));
    }
    let (others_read, others_write) = (mode & 0o044 != 0, mode & 0o022 != 0);
    let closing = |mode| format!("chmod {mode} {in_command}");
    match access.kind {
        Some(Kind::Credentials) if others_read || others_write => Some(
            Finding::fail(
                CHECK,
                format!("{path} is open to other users (mode {mode:04o})"),
            )
            .meaning("they can take your access keys and sessions")
            .mend(closing("600")),
        ),
        Some(Kind::Config) if others_write => Some(
            Finding::fail(
                CHECK,
                format!("other users can write {path} (mode {mode:04o})"),
            )
            .meaning("a credential_process that they put there runs as you")
            .mend(closing("600")),
        ),
        None if others_write => Some(
            Finding::fail(
                CHECK,
                format!("other users can write into {path} (mode {mode:04o})"),
            )
            .meaning("they can replace your files, and a credential_process of theirs runs as you")
            .mend(closing("700")),
        ),
        _ => None,
    }
}
