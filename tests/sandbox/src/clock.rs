//! The sandbox's clock: the real one plus an offset.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Tells the time at the sandbox; moved by tests, so that eight hours take no time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: TimeDelta,
}

impl Clock {
    /// The moment it is now, in whole seconds: AWS dates nothing more finely, and a session's
    /// expiry minus its duration is to be its MFA time exactly.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.precise_now().trunc_subsecs(0)
    }

    /// The moment it is now, with its fraction: for those who wait for the next time step.
    #[allow(
        clippy::disallowed_methods,
        reason = "the sandbox has one clock, and this is the line that reads it"
    )]
    pub(crate) fn precise_now(&self) -> DateTime<Utc> {
        Utc::now()
            .checked_add_signed(self.offset)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Lets `duration` pass.
    pub(crate) fn advance(&mut self, duration: Duration) {
        self.offset = self
            .offset
            .checked_add(&delta(duration))
            .unwrap_or(TimeDelta::MAX);
    }

    /// Puts the clock `seconds` before (negative) or after the real one.
    pub(crate) fn set_offset(&mut self, seconds: i64) {
        self.offset = TimeDelta::try_seconds(seconds).unwrap_or_default();
    }
}

/// Converts to chrono's signed duration; what does not fit is the longest that does.
pub(crate) fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
