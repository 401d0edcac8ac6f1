//! How long a session may be asked for.

use std::time::Duration;

use crate::time::{self, NotADuration};

/// What `GetSessionToken` accepts for an IAM user. Source: the STS API reference, `DurationSeconds`.
const DURATIONS: std::ops::RangeInclusive<u64> = 900..=129_600;

/// A duration that `GetSessionToken` accepts: 15 minutes to 36 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionDuration(Duration);

/// A duration that `GetSessionToken` refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionDurationError {
    /// It is not a duration at all.
    #[error(transparent)]
    NotADuration(#[from] NotADuration),
    /// It is too short or too long for a role.
    #[error("AWS gives sessions of roles for 15m to 12h (900 to 43200 seconds), not for {}", time::render_duration(*.0))]
    OutOfRoleRange(Duration),
    /// It is too short or too long.
    #[error("AWS gives sessions of 15m to 36h (900 to 129600 seconds), not of {}", time::render_duration(*.0))]
    OutOfRange(Duration),
}

/// What `AssumeRole` accepts at most. Source: the STS API reference, `DurationSeconds`.
const ROLE_DURATIONS: std::ops::RangeInclusive<u64> = 900..=43_200;

/// A duration that `AssumeRole` may accept: 15 minutes to 12 hours; each role has a limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleDuration(Duration);

impl RoleDuration {
    /// Parses and checks a duration.
    ///
    /// # Errors
    /// When it is none, or outside 900 to 43,200 seconds.
    pub fn parse(text: &str) -> Result<Self, SessionDurationError> {
        let duration = time::parse_duration(text)?;
        if ROLE_DURATIONS.contains(&duration.as_secs()) {
            Ok(RoleDuration(duration))
        } else {
            Err(SessionDurationError::OutOfRoleRange(duration))
        }
    }

    /// The duration.
    pub fn get(self) -> Duration {
        self.0
    }
}

impl SessionDuration {
    /// Parses and checks a duration.
    ///
    /// # Errors
    /// When it is none, or outside 900 to 129,600 seconds.
    pub fn parse(text: &str) -> Result<Self, SessionDurationError> {
        let duration = time::parse_duration(text)?;
        if DURATIONS.contains(&duration.as_secs()) {
            Ok(SessionDuration(duration))
        } else {
            Err(SessionDurationError::OutOfRange(duration))
        }
    }

    /// The duration.
    pub fn get(self) -> Duration {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_an_hour_to_a_day_and_a_half() {
        for text in ["900", "15m", "36h", "129600"] {
            assert!(SessionDuration::parse(text).is_ok(), "{text}");
        }
        for text in ["899", "14m", "129601", "37h", "0", "soon"] {
            assert!(SessionDuration::parse(text).is_err(), "{text}");
        }
    }
}
