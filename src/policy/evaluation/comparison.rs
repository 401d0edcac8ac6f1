//! Whether one caller can do less than another.

use super::*;
use crate::policy::evaluation::rules::Reach;

impl Evaluation {
    /// Whether some statement allows anything besides enrolment, whoever asks and whatever is denied.
    pub fn allows_beyond_enrolment(&self) -> bool {
        let enrolment = Rule::enrolment();
        let allows = self
            .rules
            .iter()
            .filter(|rule| rule.effect == Effect::Allow && rule.reach != Reach::AtLeast);
        allows.into_iter().any(|rule| {
            rule.actions.is_everything() || self.search_in(rule, &[enrolment]) != Ok(None)
        })
    }

    /// Whether the same rules apply to both for the same reasons.
    pub fn is_the_same_for(&self, one: Caller, other: Caller) -> bool {
        self.view(one).fingerprint().0 == self.view(other).fingerprint().0
    }

    /// Whether `less` can do less than `more`, enrolment apart, where all that depends on something else than MFA is
    /// as both would have it. What cannot be searched counts as less.
    pub fn can_do_less(&self, less: Caller, more: Caller) -> bool {
        let enrolment = Rule::enrolment();
        let (less, more) = (self.view(less), self.view(more));
        if less.limits.is_empty() && less.fingerprint() == more.fingerprint() {
            return false;
        }
        // What `less` is not allowed at all, here or by the boundary.
        let allowed: Vec<&Rule> = less
            .allowing(Certainty::Perhaps)
            .map(|standing| standing.rule)
            .collect();
        let within: Option<Vec<&Rule>> = less
            .within(Certainty::Perhaps)
            .map(|within| within.map(|standing| standing.rule).collect());
        let denied = less.denying(Certainty::Perhaps, &[]);
        more.allowing(Certainty::Perhaps).any(|standing| {
            let stopping = more.denying(Certainty::Perhaps, &standing.depends_on);
            let without = |rules: &[&Rule]| {
                let blockers: Vec<&Rule> = stopping
                    .iter()
                    .copied()
                    .chain(rules.iter().copied())
                    .chain([enrolment])
                    .collect();
                more.find(standing, Certainty::Perhaps, &blockers) != Ok(None)
            };
            if without(&allowed) || within.as_deref().is_some_and(without) {
                return true;
            }
            denied.iter().any(|rule| {
                let blockers: Vec<&Rule> = stopping.iter().copied().chain([enrolment]).collect();
                more.find_within(standing, rule, Certainty::Perhaps, &blockers) != Ok(None)
            })
        })
    }
}
