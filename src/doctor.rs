//! What is wrong with a set-up, and the command that mends it.
//!
//! [`Survey`] is what is there: files, environment, programs. [`Inquiry`] is what was asked of others: AWS, the
//! keychain, the `credential_process` itself. The checks judge both, one file each.

use crate::{
    aws::error::AwsError,
    keychain::KeychainError,
    profile::ProfileError,
    shared_files::SharedFileError,
    terminal::{path_word, word},
};

mod age_limit;
mod clock;
mod credential_process;
mod devices;
mod duplicates;
mod environment;
mod file_access;
mod finding;
mod inquiry;
mod key;
mod keychain;
mod leftovers;
mod process_run;
mod profiles;
mod programs;
mod readable;
mod settings;
mod shadowing;
mod sources;
mod survey;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Level};
pub use inquiry::{Inquiry, Scope};
pub use survey::{Subject, Survey};

/// What to do about errors of other modules: the one table of hints is above this module.
#[derive(Clone, Copy)]
pub struct Hints {
    /// About a profile.
    pub profile: fn(&ProfileError) -> Option<String>,
    /// About a file.
    pub file: fn(&SharedFileError) -> Option<String>,
    /// About a keychain.
    pub keychain: fn(&KeychainError) -> String,
    /// About what AWS said, for a profile.
    pub aws: fn(&str, &AwsError) -> Option<String>,
}

/// Judges what is there and what was asked: first what concerns all profiles, then each profile.
pub fn examine(survey: &Survey, inquiry: &Inquiry, hints: &Hints) -> Vec<Finding> {
    let mut findings = readable::check(survey, hints);
    findings.extend(duplicates::check(survey));
    findings.extend(file_access::check(survey));
    findings.extend(environment::check(survey));
    findings.extend(programs::check(survey));
    findings.extend(leftovers::check(survey));
    findings.extend(clock::check(survey, inquiry, hints));
    for subject in &survey.subjects {
        let of_profile = [
            profiles::check(survey, subject, hints),
            settings::check(survey, subject),
            sources::check(survey, subject),
            shadowing::check(survey, subject),
            key::check(survey, subject, inquiry, hints),
            keychain::check(subject, inquiry, hints),
            devices::check(subject, inquiry),
            age_limit::check(survey, subject, inquiry),
            credential_process::check(survey, subject, inquiry),
        ];
        let of_profile = of_profile.into_iter().flatten();
        findings.extend(of_profile.map(|finding| finding.of(&subject.name)));
    }
    findings
}
