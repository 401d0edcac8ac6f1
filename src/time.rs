//! The one clock, and how times and durations are read and written.

use std::time::Duration;

use chrono::{DateTime, Datelike, Local, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Utc};

use crate::terminal::misplaced;

/// A moment, in UTC.
pub type Timestamp = DateTime<Utc>;

/// Reads this machine's clock.
///
/// Everything that depends on the time of day starts here; clippy forbids the other ways.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Timestamp {
    Utc::now()
}

/// Parses an expiration: RFC 3339, or the `YYYY-MM-DD HH:MM:SS` (UTC) that aws-mfa writes.
///
/// A moment that RFC 3339 cannot say in UTC is none: no AWS tool could read it again. A leap second
/// ends with the second before it, since Python knows none.
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let moment = match DateTime::parse_from_rfc3339(text) {
        Ok(moment) => moment.with_timezone(&Utc),
        Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
            .ok()?
            .and_utc(),
    };
    let nanoseconds = moment.timestamp_subsec_nanos().min(999_999_999);
    let moment = Timestamp::from_timestamp(moment.timestamp(), nanoseconds)?;
    (0..=9_999).contains(&moment.year()).then_some(moment)
}

/// Renders a moment as the SDKs expect it: RFC 3339, whole seconds, `Z`.
pub fn render_timestamp(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A text that names no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a duration: write 8h, 90m, 1h30m or a number of seconds")]
pub struct NotADuration(pub String);

/// Parses a duration: `8h`, `90m`, `1h30m`, or a plain number of seconds.
///
/// # Errors
/// [`NotADuration`] when the text is none of these.
pub fn parse_duration(text: &str) -> Result<Duration, NotADuration> {
    let trimmed = text.trim();
    if trimmed.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(seconds) = trimmed.parse()
    {
        return Ok(Duration::from_secs(seconds));
    }
    match humantime::parse_duration(trimmed) {
        // A part of a second has no meaning in any setting of ours or of AWS's.
        Ok(duration) if duration.subsec_nanos() == 0 => Ok(duration),
        _ => Err(NotADuration(misplaced(text))),
    }
}

/// Renders a span of time for people: `7 h 45 min`, `12 min`, `40 s`.
pub fn render_span(span: TimeDelta) -> String {
    let mut seconds = span.num_seconds().abs();
    if seconds >= 600 {
        // To the nearest minute: a session of eight hours has not 7 h 59 min left when it begins.
        seconds += 30;
    }
    match (seconds / 3600, seconds % 3600 / 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Renders a setting's duration for people, exactly: `8 h`, `1 h 30 min`, `50 s`.
pub fn render_duration(duration: Duration) -> String {
    if duration.as_secs() > 60 && !duration.as_secs().is_multiple_of(60) {
        return format!("{} s", duration.as_secs());
    }
    render_span(delta(duration))
}

/// Renders a duration to the second: `8 h`, `7 h 59 min 59 s`, `1 min 1 s`.
pub fn render_to_the_second(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / 3_600, "h"),
        (seconds % 3_600 / 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, unit)| *count > 0 || seconds == 0 && *unit == "s")
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    parts.join(" ")
}

/// Renders a duration as it is typed: `12h`, `90m`, `50s`.
pub fn render_argument(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        seconds if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

/// Renders a moment in local time, as short as it can be: `17:31`, `tomorrow 02:10`, `2026-11-25 09:00`.
pub fn render_local(moment: Timestamp, now: Timestamp) -> String {
    render_in(&Local, moment, now)
}

/// Renders a moment like [`render_local`], in the time of a zone.
pub fn render_in<Z>(zone: &Z, moment: Timestamp, now: Timestamp) -> String
where
    Z: TimeZone<Offset: std::fmt::Display>,
{
    let (moment, now) = (moment.with_timezone(zone), now.with_timezone(zone));
    let time = moment.format("%H:%M");
    match (moment.date_naive() - now.date_naive()).num_days() {
        0 => time.to_string(),
        1 => format!("tomorrow {time}"),
        -1 => format!("yesterday {time}"),
        _ => moment.format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Renders the day of a moment in local time: `2026-11-22`.
pub fn render_date(moment: Timestamp) -> String {
    moment.with_timezone(&Local).format("%Y-%m-%d").to_string()
}

/// Renders a moment in local time as a part of a file's name: `2026-11-22T07-15-00`.
pub fn render_for_file_name(moment: Timestamp) -> String {
    let local = moment.with_timezone(&Local);
    local.format("%Y-%m-%dT%H-%M-%S").to_string()
}

/// Turns a duration into the difference of two moments; one too long to be meant is cut to 10,000 days.
pub fn delta(duration: Duration) -> TimeDelta {
    const LONGEST: TimeDelta = TimeDelta::days(10_000);
    TimeDelta::from_std(duration).map_or(LONGEST, |delta| delta.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_seconds_or_has_units() {
        for (text, seconds) in [
            ("8h", 28_800),
            ("28800", 28_800),
            ("1h30m", 5_400),
            ("1h 30m", 5_400),
            (" 90m ", 5_400),
            ("45s", 45),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        for text in [
            "",
            "eight hours",
            "8x",
            "-1h",
            "1.5",
            "500ms",
            "99999999999999999999999",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn expirations_are_read_as_rfc_3339_and_as_aws_mfa_wrote_them() {
        let expected = parse_timestamp("2026-11-22T17:31:04Z").unwrap();
        assert_eq!(render_timestamp(expected), "2026-11-22T17:31:04Z");
        assert_eq!(parse_timestamp("2026-11-22 17:31:04"), Some(expected));
        assert_eq!(parse_timestamp("2026-11-22T18:31:04+01:00"), Some(expected));
        assert_eq!(
            parse_timestamp("2026-11-22T17:31:04.5Z").map(render_timestamp),
            Some("2026-11-22T17:31:04Z".into())
        );
        assert_eq!(parse_timestamp("tomorrow"), None);
        assert_eq!(parse_timestamp(""), None);
    }

    #[test]
    fn a_moment_that_aws_tools_cannot_read_is_none() {
        for text in [
            "9999-12-31T23:59:59-00:01",
            "0000-01-01T00:00:00+00:01",
            "+262142-12-31 23:59:59",
            "-0001-01-01 00:00:00",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
        let leap = parse_timestamp("2016-12-31T23:59:60Z").unwrap();
        assert_eq!(render_timestamp(leap), "2016-12-31T23:59:59Z");
    }

    #[test]
    fn a_duration_that_is_to_be_typed_is_read_as_the_same() {
        for (seconds, text) in [(43_200, "12h"), (5_400, "90m"), (50, "50s"), (0, "0h")] {
            let duration = Duration::from_secs(seconds);
            assert_eq!(render_argument(duration), text);
            assert_eq!(parse_duration(text), Ok(duration));
        }
    }

    #[test]
    fn spans_are_told_in_hours_and_minutes() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_600, "1 h"),
            (27_900, "7 h 45 min"),
            (28_799, "8 h"),
            (599, "9 min"),
            (-120, "2 min"),
        ] {
            assert_eq!(render_span(TimeDelta::seconds(seconds)), text);
        }
    }
}
