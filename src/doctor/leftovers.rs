//! Sessions that belong to no profile any more, and what aws-mfa has left.

use std::collections::BTreeSet;

use super::{Finding, Survey, word};
use crate::{
    profile::{Files, Lineage, Selection, long_term_section},
    setup::Short,
    terminal::misplaced,
    time::{self, Timestamp},
};

const CHECK: &str = "leftovers";

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    if !survey.broken.is_empty() {
        return Vec::new();
    }
    let files = &survey.files;
    let credentials = &files.credentials;
    let in_use = sections_in_use(files);
    let path = Short(&credentials.file.path);
    let mut findings = Vec::new();
    for section in credentials.document.profile_names() {
        let end = end_of_session(files, &section);
        if files.holds_our_session(&section) {
            if !in_use.contains(&*section) {
                findings.push(of_daypass(&section, end, survey.now, &path));
            }
        } else if let Some(end) = end.filter(|end| *end <= survey.now)
            && !in_use.contains(&*section)
            && credentials
                .document
                .profile(&long_term_section(&section))
                .is_some()
        {
            findings.push(of_aws_mfa(&section, end, survey.now, &path));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            CHECK,
            "every session in the credentials file belongs to a profile",
        ));
    }
    findings
}

/// The sections in which the profiles of both files look for their sessions.
fn sections_in_use(files: &Files) -> BTreeSet<String> {
    let mut sections = BTreeSet::new();
    for name in files.profile_names() {
        let selection = Selection::from_arguments(Some(name.clone()));
        match Lineage::of(files, &selection) {
            Ok(lineage) => {
                sections.extend(lineage.role_sections(files));
                sections.insert(lineage.session_section);
            }
            // What a profile with mistakes would use is not known; this is what it mostly is.
            Err(_) => sections.extend([format!("{name}-mfa"), name]),
        }
    }
    sections
}

fn end_of_session(files: &Files, section: &str) -> Option<Timestamp> {
    let value = |key| files.credentials.value(section, key).ok().flatten();
    value("aws_session_token")?;
    time::parse_timestamp(&value("expiration")?.text)
}

fn of_daypass(section: &str, end: Option<Timestamp>, now: Timestamp, path: &Short<'_>) -> Finding {
    let ended = match end {
        Some(end) if end > now => format!("good until {}", time::render_local(end, now)),
        Some(end) => format!("ended {}", time::render_local(end, now)),
        None => "without an end".to_owned(),
    };
    let section = misplaced(section);
    Finding::warn(
        CHECK,
        format!("[{section}] of {path} holds a session of no profile ({ended})"),
    )
    .meaning("its profile was removed or renamed, or names another section now")
    .mend(format!(
        "in an editor, remove [{section}]; or forget all sessions: daypass logout --all"
    ))
}

fn of_aws_mfa(section: &str, end: Timestamp, now: Timestamp, path: &Short<'_>) -> Finding {
    let ended = time::render_local(end, now);
    Finding::warn(
        CHECK,
        format!(
            "[{}] of {path} holds a session of aws-mfa that ended {ended}",
            misplaced(section)
        ),
    )
    .meaning("AWS tools go on using it, and AWS refuses it with ExpiredToken")
    .mend(format!("daypass setup {}", word(section)))
}
