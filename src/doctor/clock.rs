//! Whether AWS STS can be reached, and what time it is there.

use chrono::TimeDelta;

use super::{
    Finding, Hints, Survey,
    inquiry::{AskError, Door, Inquiry},
};
use crate::{terminal::with_causes, time::render_span};

const CHECK: &str = "sts";
const CLOCK: &str = "clock";

/// From here on a code of this machine's is one of another step.
const SPOILS_CODES: TimeDelta = TimeDelta::seconds(30);

/// From here on AWS refuses requests.
const IS_REFUSED: TimeDelta = TimeDelta::minutes(5);

pub(super) fn check(survey: &Survey, inquiry: &Inquiry, hints: &Hints) -> Vec<Finding> {
    if survey.subjects.is_empty() {
        return Vec::new();
    }
    if inquiry.is_offline {
        return vec![Finding::not_checked(
            CHECK,
            "AWS was not asked (--offline): its clock, keys, devices, policies",
        )];
    }
    let mut findings: Vec<Finding> = inquiry
        .places
        .iter()
        .map(|(door, answer)| reached(door, answer, hints))
        .collect();
    let offsets = inquiry
        .places
        .values()
        .filter_map(|answer| answer.as_ref().ok().copied().flatten());
    // They differ by what the answers took.
    if let Some(ahead) = offsets.min_by_key(|ahead| ahead.abs()) {
        findings.push(judge(ahead));
    }
    findings
}

fn reached(door: &Door, answer: &Result<Option<TimeDelta>, AskError>, hints: &Hints) -> Finding {
    let place = match &door.profile {
        Some(profile) => format!(
            "AWS STS in {}, at the address that '{profile}' names,",
            door.region
        ),
        None => format!("AWS STS in {}", door.region),
    };
    match answer {
        Ok(_) => Finding::ok(CHECK, format!("{place} answers")),
        Err(error) => {
            let mend = match error {
                AskError::Aws(aws) => {
                    (hints.aws)(door.profile.as_deref().unwrap_or("default"), aws)
                }
                AskError::Client(_) => {
                    Some("let AWS_CA_BUNDLE name a PEM file, or unset AWS_CA_BUNDLE".to_owned())
                }
            };
            Finding::fail(CHECK, format!("{place} does not answer: {}", with_causes(error)))
                .meaning("nobody can log in; sessions that are cached go on serving where AWS itself can be reached")
                .maybe_mend(mend)
        }
    }
}

fn judge(ahead: TimeDelta) -> Finding {
    let side = if ahead < TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    let off = ahead.abs();
    if off < SPOILS_CODES {
        let seconds = off.num_seconds();
        return Finding::ok(
            CLOCK,
            format!("this machine's clock is right, within {} s", seconds.max(1)),
        );
    }
    let what = format!("this machine's clock is {} {side} AWS's", render_span(off));
    let finding = if off < IS_REFUSED {
        Finding::warn(CLOCK, what).meaning("codes that are made on this machine are refused; at five minutes AWS refuses every request")
    } else {
        Finding::fail(CLOCK, what)
            .meaning("AWS refuses every request of every tool on this machine")
    };
    finding.mend("set the clock; on Linux: sudo timedatectl set-ntp true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn a_clock_is_judged_by_what_its_codes_and_its_requests_are_good_for() {
        for (seconds, level) in [
            (0, Level::Ok),
            (29, Level::Ok),
            (-29, Level::Ok),
            (30, Level::Warn),
            (-200, Level::Warn),
            (299, Level::Warn),
            (300, Level::Fail),
            (-4_000, Level::Fail),
        ] {
            let finding = judge(TimeDelta::seconds(seconds));
            assert_eq!(finding.level, level, "{seconds}");
            assert_eq!(finding.mend.is_some(), level > Level::Ok, "{seconds}");
        }
    }
}
