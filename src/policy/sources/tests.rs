//! Small files of each kind, and the principals that they are.

use std::fmt::Write;

use super::{Reading, Source, SourceError, read};
use crate::policy::principal::Policy;

mod aws_cli;
mod cloudformation;
mod elsewhere;
mod hostile;
mod terraform;
mod terraform_plan;
mod trivy;

fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

fn reading(files: &[(&str, &str)]) -> Result<Reading, SourceError> {
    let files: Vec<Source> = files
        .iter()
        .map(|(name, text)| source(name, text))
        .collect();
    read(&files)
}

/// What was read, a line for each statement.
fn shown(files: &[(&str, &str)]) -> String {
    let reading = match reading(files) {
        Ok(reading) => reading,
        Err(error) => return format!("error: {error}"),
    };
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect("a String takes all");
    for principal in &reading.principals {
        line(format!("{} {}", principal.kind, principal.name));
        for policy in &principal.policies {
            show(policy, &mut line);
        }
        if let Some(boundary) = &principal.boundary {
            line("  within".to_owned());
            show(boundary, &mut line);
        }
        for unknown in &principal.unknown_policies {
            line(format!("  unknown: {unknown}"));
        }
    }
    for note in &reading.notes {
        line(format!("note: {note}"));
    }
    text
}

fn show(policy: &Policy, line: &mut impl FnMut(String)) {
    let at = match &policy.location {
        Some(location) => match location.line {
            Some(number) => format!("{}:{number}", location.file),
            None => location.file.clone(),
        },
        None => "nowhere".to_owned(),
    };
    line(format!("  {} at {at}", policy.name));
    for statement in &policy.document.statements {
        let single = crate::policy::document::Document {
            version: policy.document.version,
            statements: vec![statement.clone()],
        };
        line(format!("    {}", single.to_value()["Statement"][0]));
    }
}
