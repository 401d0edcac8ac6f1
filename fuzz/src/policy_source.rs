//! Files that `policy check` reads: policies, templates, Terraform's files and plans.
//!
//! Input: the name of the file, then what is in it.

use daypass::policy::{
    document::Document,
    sources::{self, Source},
};

use super::{input, shown};

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let [name, text] = input::parts(bytes);
    let name = String::from_utf8_lossy(name).trim_end().to_owned();
    let source = match Source::from_bytes(&name, text.to_vec()) {
        Ok(source) => source,
        Err(error) => return shown::text(error.to_string(), true),
    };
    let reading = match sources::read(std::slice::from_ref(&source)) {
        Ok(reading) => reading,
        Err(error) => return shown::text(error.to_string(), true),
    };
    assert!(!reading.principals.is_empty(), "nobody, and no error");
    for principal in &reading.principals {
        let boundary = principal.boundary.as_ref();
        for policy in principal.policies.iter().chain(boundary) {
            policy_is_one(&policy.document);
            let location = policy.location.as_ref().expect("a place");
            assert_eq!(location.file, name);
            let lines = u32::try_from(text.split(|byte| *byte == b'\n').count()).expect("a count");
            assert!(
                location.line.is_none_or(|line| (1..=lines).contains(&line)),
                "no such line"
            );
        }
    }
    for note in &reading.notes {
        shown::text(note.to_string(), true);
    }
    // The same file says the same again.
    let again = sources::read(&[source]).expect("what was read once");
    assert_eq!(again.notes, reading.notes);
    assert_eq!(again.principals.len(), reading.principals.len());
}

/// Whatever it was read from, it is a policy as IAM has them.
fn policy_is_one(document: &Document) {
    let again = Document::from_value(&document.to_value()).expect("a policy");
    assert_eq!(again.version, document.version);
    assert_eq!(again.statements.len(), document.statements.len());
}
