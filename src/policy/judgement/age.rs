//! The ages at which something changes for a session with MFA.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Outcome, Possible,
    verdict::{FRESH, Outcomes},
};
use crate::policy::{caller::Caller, evaluation::Age};

/// The most ages that are looked at. A policy has one or two.
const MOST_AGES: usize = 400;
/// The longest limit that is one, ten years: no session lives longer than a day and a half, and numbers that no float
/// tells from their neighbours would make the seconds beside them look the same.
const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;

/// The ages at which something may change, and the seconds beside them. Between those nothing does.
fn ages(outcomes: &Outcomes<'_>) -> (BTreeSet<u64>, BTreeSet<u64>) {
    let named: BTreeSet<u64> = outcomes
        .evaluation
        .all_rules()
        .flat_map(|rule| rule.conditions.iter())
        .flat_map(|(test, _)| test.ages())
        .filter(|age| (0.0..=LONGEST).contains(age))
        // Ages are whole seconds.
        .map(|age| age as u64)
        .collect();
    let ages = named
        .iter()
        .flat_map(|&age| [age.saturating_sub(1), age, age.saturating_add(1)])
        .chain([0])
        .collect();
    (named, ages)
}

fn aged(seconds: u64) -> Caller {
    Caller::WithMfa {
        age: Duration::from_secs(seconds),
    }
}

/// The smallest age past which nothing but enrolment is possible, if there is one.
///
/// It is enough to look at the ages that the conditions name and at the seconds beside them, from the oldest on.
pub(super) fn limit(outcomes: &mut Outcomes<'_>) -> Option<Duration> {
    let (named, ages) = ages(outcomes);
    let mut blocked = false;
    for &age in ages.iter().rev().take(MOST_AGES) {
        if outcomes.at(aged(age), Age::About).possible <= Possible::Enrolment {
            blocked = true;
            continue;
        }
        // The last age at which something is possible. `NumericLessThan 28800` stops at 28,800 and means it.
        let next = age.saturating_add(1);
        let limit = if !named.contains(&age) && named.contains(&next) {
            next
        } else {
            age
        };
        return blocked.then(|| Duration::from_secs(limit));
    }
    None
}

/// Where a fresh MFA is good for nothing and an older one is, adds the youngest of those.
pub(super) fn add_the_youngest(listed: &mut Vec<Outcome>, outcomes: &mut Outcomes<'_>) {
    let Some(fresh) = listed.iter().position(|outcome| outcome.caller == FRESH) else {
        return;
    };
    if listed[fresh].possible > Possible::Enrolment {
        return;
    }
    let (_, ages) = ages(outcomes);
    for &age in ages.iter().take(MOST_AGES) {
        let outcome = outcomes.outcome(aged(age));
        if outcome.possible > Possible::Enrolment {
            if !listed.iter().any(|listed| listed.caller == outcome.caller) {
                listed.insert(fresh + 1, outcome);
            }
            return;
        }
    }
    // All ages have been looked at, unless there are more, or some that nobody names.
    let mut rules = outcomes.evaluation.all_rules();
    let is_irregular =
        rules.any(|rule| rule.conditions.iter().any(|(test, _)| test.is_irregular()));
    if is_irregular || ages.len() > MOST_AGES {
        let whatever = outcomes.at(FRESH, Age::Any);
        if whatever.possible > Possible::Enrolment {
            listed[fresh] = whatever;
        }
    }
}
