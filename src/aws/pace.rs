//! How many requests are on their way at the same time, and when the next is sent: pure, the clock is the caller's.
//!
//! IAM counts the requests of an account, tells nobody how many it takes, and refuses those above it. So there are a few
//! more as long as all are answered, half as many after a refusal, and none at all for a moment, longer each time. What
//! was refused is asked again: it has only come too early.

use std::time::Duration;

/// At the beginning.
const AT_FIRST: usize = 8;

/// At most.
const MOST: usize = 16;

/// The first pause after a refusal; the next is twice as long if nothing was answered since.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// How long refusals alone are taken for an answer that has yet to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// The pace of many requests of one kind. All moments are counted from one beginning.
#[derive(Debug)]
pub(super) struct Pace {
    at_once: usize,
    answers: usize,
    pause: Duration,
    /// Nothing is sent before. What was sent before the pause began is refused for the same reason as the first.
    resume_at: Duration,
    slowed_at: Option<Duration>,
    answered_at: Duration,
    patience: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Pace {
            at_once: AT_FIRST,
            answers: 0,
            pause: FIRST_PAUSE,
            resume_at: Duration::ZERO,
            slowed_at: None,
            answered_at: Duration::ZERO,
            patience: PATIENCE,
        }
    }

    /// The same for a test, which cannot wait as long.
    #[cfg(test)]
    pub(super) fn with_patience(patience: Duration) -> Self {
        Pace {
            patience,
            ..Pace::new()
        }
    }

    /// How many may be on their way.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// How long nothing is to be sent yet.
    pub(super) fn rest(&self, now: Duration) -> Option<Duration> {
        let rest = self.resume_at.saturating_sub(now);
        (!rest.is_zero()).then_some(rest)
    }

    /// A request was answered, whatever the answer is.
    pub(super) fn answered(&mut self, sent: Duration, now: Duration) {
        self.answered_at = now;
        if self.slowed_at.is_some_and(|slowed| sent <= slowed) {
            return;
        }
        self.pause = FIRST_PAUSE;
        self.answers += 1;
        // One more after each has been answered a few times.
        if self.answers >= self.at_once * 4 {
            self.answers = 0;
            self.at_once = (self.at_once + 1).min(MOST);
        }
    }

    /// A request was refused because there are too many.
    pub(super) fn refused(&mut self, sent: Duration, now: Duration) {
        if self.slowed_at.is_some_and(|slowed| sent <= slowed) {
            return;
        }
        self.at_once = (self.at_once / 2).max(1);
        self.answers = 0;
        self.slowed_at = Some(now);
        self.resume_at = now + self.pause;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    /// Whether there have been refusals alone for so long that there is no point in going on.
    pub(super) fn is_hopeless(&self, now: Duration) -> bool {
        now.saturating_sub(self.answered_at) > self.patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATENCY: Duration = Duration::from_millis(50);

    /// Asks a service that takes so many requests a second, and saves up as many for later; says how long it took, how
    /// many were refused, and how many were on their way at most.
    fn simulate(requests: usize, per_second: f64) -> (Duration, usize, usize) {
        let tick = Duration::from_millis(5);
        let (mut pace, mut now) = (Pace::new(), Duration::ZERO);
        let (mut left, mut refusals, mut most, mut tokens) = (requests, 0, 0, per_second);
        let mut under_way: Vec<(Duration, bool)> = Vec::new();
        while left > 0 || !under_way.is_empty() {
            assert!(now < Duration::from_secs(3_600), "it does not end");
            under_way.retain(|(sent, is_taken)| {
                let is_there = now >= *sent + LATENCY;
                match (is_there, is_taken) {
                    (true, true) => pace.answered(*sent, now),
                    (true, false) => {
                        pace.refused(*sent, now);
                        refusals += 1;
                        left += 1;
                    }
                    (false, _) => {}
                }
                !is_there
            });
            while left > 0 && pace.rest(now).is_none() && under_way.len() < pace.at_once() {
                let is_taken = tokens >= 1.0;
                tokens -= if is_taken { 1.0 } else { 0.0 };
                left -= 1;
                under_way.push((now, is_taken));
            }
            most = most.max(under_way.len());
            assert!(!pace.is_hopeless(now));
            tokens = (tokens + per_second * tick.as_secs_f64()).min(per_second);
            now += tick;
        }
        (now, refusals, most)
    }

    #[test]
    fn without_refusals_there_are_more_and_more_requests_up_to_a_limit() {
        let (took, refusals, most) = simulate(5_000, 1e9);
        assert_eq!((refusals, most), (0, MOST));
        // One after the other they would take 250 s.
        assert!(took < Duration::from_secs(25), "{took:?}");
    }

    #[test]
    fn a_service_that_takes_fewer_is_asked_hardly_more_often_than_it_takes() {
        for per_second in [2.0, 10.0, 20.0, 60.0] {
            let (took, refusals, most) = simulate(1_000, per_second);
            let at_best = 1_000.0 / per_second;
            assert!(
                took.as_secs_f64() < at_best * 1.5 + 5.0,
                "{per_second}: {took:?}"
            );
            // At most one for each answer, where it takes fewer than the pauses leave.
            assert!(refusals < 1_000, "{per_second}: {refusals}");
            assert!(most <= MOST);
        }
    }

    #[test]
    fn refusals_of_what_was_sent_together_slow_down_once() {
        let mut pace = Pace::new();
        let (sent, now) = (Duration::ZERO, LATENCY);
        for _ in 0..8 {
            pace.refused(sent, now);
        }
        assert_eq!(pace.at_once(), 4);
        assert_eq!(pace.rest(now), Some(FIRST_PAUSE));
        assert_eq!(pace.rest(now + FIRST_PAUSE), None);
        // What was sent before and is answered now does not speed it up.
        (0..100).for_each(|_| pace.answered(sent, now));
        assert_eq!(pace.at_once(), 4);
    }

    #[test]
    fn pauses_grow_as_long_as_nothing_is_answered_and_end_when_there_is_no_hope() {
        let (mut pace, mut now) = (Pace::new(), Duration::ZERO);
        let mut pauses = Vec::new();
        while !pace.is_hopeless(now) {
            now += LATENCY;
            pace.refused(now, now);
            let pause = pace.rest(now).unwrap();
            pauses.push(pause.as_millis());
            now += pause + LATENCY;
        }
        assert_eq!(
            pauses[..7],
            [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]
        );
        assert_eq!(pace.at_once(), 1);
        assert!(now < PATIENCE * 2, "{now:?}");
        pace.answered(now, now);
        assert!(!pace.is_hopeless(now + PATIENCE));
        pace.refused(now + LATENCY, now + LATENCY);
        assert_eq!(pace.rest(now + LATENCY), Some(FIRST_PAUSE));
    }
}
