//! A credential report.
//!
//! Input: the file.

use daypass::audit::credential_report::CredentialReport;

use super::audited;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    match CredentialReport::parse(bytes) {
        Ok(report) => {
            for row in &report.rows {
                assert!(!row.user.is_empty() && !row.arn.is_empty());
                assert!(row.keys.len() <= 2);
            }
            audited::check(Ok(report), audited::missing());
        }
        Err(error) => {
            assert!((1..=lines).contains(&error.place.line), "{error}");
            assert!(
                (1..=bytes.len() + 1).contains(&error.place.column),
                "{error}"
            );
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
        }
    }
}
