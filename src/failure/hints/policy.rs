//! Policies that are not checked.

use std::io;

use crate::policy::{
    error::PolicyError,
    sources::{Fault, LONGEST_SOURCE, SourceError},
};

pub(in crate::failure) fn policy_hint(error: &PolicyError) -> Option<String> {
    let hint = match error {
        PolicyError::NoTerraform { .. } => {
            "name the directory of the module, or what terraform show -json prints of its plan"
        }
        PolicyError::StdinTwice => "name the other file",
        PolicyError::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            "- reads the policy from stdin"
        }
        PolicyError::Source(SourceError { fault, .. }) => return source_hint(fault),
        PolicyError::Unreadable { .. } => return None,
    };
    Some(hint.to_owned())
}

fn source_hint(fault: &Fault) -> Option<String> {
    let hint = match fault {
        Fault::TooLong => {
            let most = LONGEST_SOURCE >> 20;
            return Some(format!("give files of at most {most} MiB"));
        }
        Fault::NoPolicies | Fault::UnknownForm => {
            "daypass policy check --help shows what it reads; daypass policy show prints a policy"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
