//! When to renew, and when to ask (pure).
//!
//! All of it goes by this machine's clock at the moment: a laptop that slept wakes up in another hour, and
//! no time-out of any other clock has passed.

use chrono::TimeDelta;

use crate::{credentials::REFRESH_WINDOW, time::Timestamp};

use super::served::Woken;

/// How soon clients make us try again when there is nothing to serve them with: an SDK asks three times in
/// three seconds, and is not to cause three questions.
const CLIENTS_WAIT: TimeDelta = TimeDelta::seconds(10);

/// How long the first failure is let rest; each further one twice as long.
const FIRST_REST: TimeDelta = TimeDelta::seconds(60);
const LONGEST_REST: TimeDelta = TimeDelta::seconds(300);

/// How the credentials stand that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is time.
    Good,
    /// They are to be renewed, and are served meanwhile.
    Ending,
    /// They are good for nothing any more.
    Ended,
}

impl Phase {
    /// The phase at `now` of credentials that end at `end` and are served since `since`.
    ///
    /// Credentials that are short from the beginning are renewed in the second half of what they had.
    pub(super) fn at(now: Timestamp, since: Timestamp, end: Timestamp) -> Self {
        if end - now < TimeDelta::seconds(1) {
            Phase::Ended
        } else if now >= (end - REFRESH_WINDOW).max(since + (end - since) / 2) {
            Phase::Ending
        } else {
            Phase::Good
        }
    }
}

/// What has been tried for the credentials that are served.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    last: Option<Last>,
    /// When it was last tried for the sake of a client, or somebody was last asked.
    for_client: Option<Timestamp>,
    /// Whether somebody has said no to a question.
    declined: bool,
}

#[derive(Debug)]
struct Last {
    at: Timestamp,
    phase: Phase,
    rest: TimeDelta,
}

impl Schedule {
    /// Whether to try now.
    pub(super) fn is_due(
        &self,
        now: Timestamp,
        phase: Phase,
        woken: Woken,
        files_changed: bool,
    ) -> bool {
        let Some(last) = &self.last else {
            return phase != Phase::Good;
        };
        let age = now - last.at;
        // A clock that was set back says nothing of how long ago it was.
        let is_over = |rest| age >= rest || age < TimeDelta::zero();
        match phase {
            Phase::Good => false,
            _ if phase != last.phase || files_changed => true,
            Phase::Ended if woken == Woken::Client => self.for_client.is_none_or(|at| {
                let age = now - at;
                age >= CLIENTS_WAIT || age < TimeDelta::zero()
            }),
            _ => is_over(last.rest),
        }
    }

    /// Whether to ask, if a renewal needs a question: not again after a no, until there is nothing left and
    /// a client wants it.
    pub(super) fn may_ask(&self, phase: Phase, woken: Woken) -> bool {
        !self.declined || (phase == Phase::Ended && woken == Woken::Client)
    }

    /// A try has failed at `now`.
    pub(super) fn failed(&mut self, now: Timestamp, phase: Phase, woken: Woken) {
        if woken == Woken::Client {
            self.for_client = Some(now);
        }
        let rest = match &self.last {
            Some(last) if last.phase == phase => (last.rest * 2).min(LONGEST_REST),
            _ => FIRST_REST,
        };
        self.last = Some(Last {
            at: now,
            phase,
            rest,
        });
    }

    /// Somebody was asked until `now`, and gave no code.
    pub(super) fn asked(&mut self, now: Timestamp) {
        self.for_client = Some(now);
    }

    /// Nobody has answered the question of the last try: it may be put again at once.
    pub(super) fn unanswered(&mut self) {
        if let Some(last) = &mut self.last {
            last.rest = TimeDelta::zero();
        }
    }

    /// Somebody has said no.
    pub(super) fn declined(&mut self) {
        self.declined = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_timestamp;

    fn at(time: &str) -> Timestamp {
        parse_timestamp(&format!("2026-11-22T{time}Z")).unwrap()
    }

    #[test]
    fn credentials_are_renewed_in_their_last_twenty_minutes() {
        let phase = |now| Phase::at(at(now), at("09:00:00"), at("17:00:00"));
        assert_eq!(phase("16:39:59"), Phase::Good);
        assert_eq!(phase("16:40:00"), Phase::Ending);
        assert_eq!(phase("16:59:59"), Phase::Ending);
        assert_eq!(phase("17:00:00"), Phase::Ended);
        assert_eq!(phase("23:00:00"), Phase::Ended);
    }

    #[test]
    fn short_credentials_are_renewed_in_the_second_half_of_their_life() {
        let phase = |now| Phase::at(at(now), at("09:00:00"), at("09:15:00"));
        assert_eq!(phase("09:07:29"), Phase::Good);
        assert_eq!(phase("09:07:30"), Phase::Ending);
    }

    #[test]
    fn a_failure_rests_longer_each_time_and_the_end_begins_anew() {
        let mut schedule = Schedule::default();
        let due =
            |schedule: &Schedule, time, phase| schedule.is_due(at(time), phase, Woken::Time, false);
        assert!(!due(&schedule, "09:00:00", Phase::Good));
        assert!(due(&schedule, "09:00:00", Phase::Ending));
        schedule.failed(at("09:00:00"), Phase::Ending, Woken::Time);
        assert!(!due(&schedule, "09:00:59", Phase::Ending));
        assert!(due(&schedule, "09:01:00", Phase::Ending));
        schedule.failed(at("09:01:00"), Phase::Ending, Woken::Time);
        assert!(!due(&schedule, "09:02:59", Phase::Ending));
        assert!(due(&schedule, "09:03:00", Phase::Ending));
        assert!(due(&schedule, "09:01:01", Phase::Ended));
        assert!(due(&schedule, "08:00:00", Phase::Ending), "set back");
        let changed = schedule.is_due(at("09:01:01"), Phase::Ending, Woken::Time, true);
        assert!(changed, "somebody has logged in elsewhere");
    }

    #[test]
    fn a_client_makes_us_try_again_but_not_with_each_of_its_own_tries() {
        let mut schedule = Schedule::default();
        schedule.failed(at("09:00:00"), Phase::Ended, Woken::Time);
        let client = |schedule: &Schedule, time| {
            schedule.is_due(at(time), Phase::Ended, Woken::Client, false)
        };
        assert!(client(&schedule, "09:00:01"));
        schedule.failed(at("09:00:01"), Phase::Ended, Woken::Client);
        assert!(!client(&schedule, "09:00:04"));
        assert!(client(&schedule, "09:00:11"));
        schedule.asked(at("09:05:00"));
        assert!(!client(&schedule, "09:05:03"));
    }

    #[test]
    fn after_a_no_only_a_client_without_credentials_is_asked_for() {
        let mut schedule = Schedule::default();
        assert!(schedule.may_ask(Phase::Ending, Woken::Time));
        schedule.declined();
        assert!(!schedule.may_ask(Phase::Ending, Woken::Client));
        assert!(!schedule.may_ask(Phase::Ended, Woken::Time));
        assert!(schedule.may_ask(Phase::Ended, Woken::Client));
    }

    #[test]
    fn a_question_that_nobody_answered_is_put_again_at_once() {
        let mut schedule = Schedule::default();
        schedule.failed(at("09:00:00"), Phase::Ending, Woken::Time);
        schedule.unanswered();
        assert!(schedule.is_due(at("09:00:00"), Phase::Ending, Woken::Time, false));
    }
}
