//! Who calls AWS, as far as MFA goes.

use std::{fmt, time::Duration};

use crate::time;

/// A caller that differs from the others in what AWS knows of its MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Caller {
    /// An IAM user's access key: neither key of MFA is there.
    LongTermKey,
    /// A session of GetSessionToken without MFA: `aws:MultiFactorAuthPresent` is false, there is no age.
    SessionWithoutMfa,
    /// A sign-in to the console with the password alone: as a session without MFA.
    ConsoleWithoutMfa,
    /// A session or a sign-in with MFA: `aws:MultiFactorAuthPresent` is true.
    WithMfa {
        /// `aws:MultiFactorAuthAge`, in whole seconds.
        age: Duration,
    },
}

impl Caller {
    /// The callers without MFA.
    pub const WITHOUT_MFA: [Caller; 3] = [
        Caller::LongTermKey,
        Caller::SessionWithoutMfa,
        Caller::ConsoleWithoutMfa,
    ];

    /// `aws:MultiFactorAuthPresent`, or none where the key is absent.
    pub fn mfa_present(self) -> Option<bool> {
        match self {
            Caller::LongTermKey => None,
            Caller::SessionWithoutMfa | Caller::ConsoleWithoutMfa => Some(false),
            Caller::WithMfa { .. } => Some(true),
        }
    }

    /// `aws:MultiFactorAuthAge` in seconds, or none where the key is absent.
    pub fn mfa_age(self) -> Option<u64> {
        match self {
            Caller::WithMfa { age } => Some(age.as_secs()),
            _ => None,
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caller::LongTermKey => f.write_str("long-term key"),
            Caller::SessionWithoutMfa => f.write_str("session without MFA"),
            Caller::ConsoleWithoutMfa => f.write_str("console sign-in without MFA"),
            Caller::WithMfa { age } => {
                write!(
                    f,
                    "session with MFA, {} old",
                    time::render_to_the_second(*age)
                )
            }
        }
    }
}
