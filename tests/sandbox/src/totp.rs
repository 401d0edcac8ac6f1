//! One-time codes (RFC 6238: SHA-1, six digits, steps of 30 seconds).

use std::time::Duration;

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret};

const STEP_SECONDS: u64 = 30;

/// The number of the time step that `time` lies in.
pub(crate) fn step_at(time: DateTime<Utc>) -> u64 {
    u64::try_from(time.timestamp()).unwrap_or(0) / STEP_SECONDS
}

/// How many whole time steps fit into `duration`.
pub(crate) fn steps_in(duration: Duration) -> u64 {
    duration.as_secs() / STEP_SECONDS
}

/// How long it is from `time` to the beginning of `step`.
pub(crate) fn until(step: u64, time: DateTime<Utc>) -> Duration {
    let start = Duration::from_secs(step.saturating_mul(STEP_SECONDS));
    let now = Duration::from_millis(u64::try_from(time.timestamp_millis()).unwrap_or(0));
    start.saturating_sub(now)
}

/// The code of `step` for a device with this base32 seed.
///
/// A seed that is not base32 counts as the empty one: it has a code, which nobody will guess
/// to be asked for.
pub(crate) fn code(seed: &str, step: u64) -> String {
    let secret = Secret::try_from_base32(seed).unwrap_or_else(|_| Secret::from(Vec::new()));
    Builder::new()
        .with_secret(secret)
        .build_noncompliant()
        .generate(step.saturating_mul(STEP_SECONDS))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the SHA-1 rows, cut to six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(seed, seconds / STEP_SECONDS), expected, "at {seconds}");
        }
    }
}
