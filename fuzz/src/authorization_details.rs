//! Users, groups and policies, as the AWS CLI prints them.
//!
//! Input: the file.

use daypass::audit::authorization_details::{AuthorizationDetails, DetailsError};

use super::audited;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    match AuthorizationDetails::read(bytes) {
        Ok(details) => audited::check(audited::missing(), Ok(details)),
        Err(DetailsError::Malformed { line, what, .. }) => {
            assert!((1..=lines + 1).contains(&line), "{line}: {what}");
            assert!(!what.contains(char::is_control), "{what:?}");
        }
        Err(DetailsError::Empty) => assert!(bytes.iter().all(u8::is_ascii_whitespace)),
        Err(DetailsError::Unreadable(error)) => panic!("memory is readable: {error}"),
    }
}
